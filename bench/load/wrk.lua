-- For wrk: sends the requests in the file named after "--" over and over; prints what it counted as JSON. A request in the file is a line
-- "METHOD TARGET CONTENT-TYPE LENGTH", then a body of so many bytes and a line break; see wrkRequests() in wrk.js.

local requests = {}
local position = 0
-- done() sees the globals of the thread that sends through this.
local sender

function setup(thread)
  sender = thread
end

local function read_request(file)
  local line = file:read("*l")
  if not line then return nil end
  local method, target, content_type, length = line:match("^(%S+) (%S+) (.+) (%d+)$")
  -- read(0) is nil at the end of a file
  local body = tonumber(length) > 0 and file:read(tonumber(length)) or nil
  file:read("*l")
  return wrk.format(method, target, body and { ["Content-Type"] = content_type }, body)
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  mean_nbytes = 0
  for request in read_request, file do
    requests[#requests + 1] = request
    mean_nbytes = mean_nbytes + #request
  end
  mean_nbytes = mean_nbytes / #requests
  file:close()
end

function request()
  if not has_begun then
    -- From now on wrk can be interrupted.
    has_begun = true
    io.stdout:write("load begins\n")
    io.stdout:flush()
  end
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  -- The kit reads the CPU clocks when it sees this line: the load has just ended, the rest is our own work.
  io.stdout:write("load ended\n")
  io.stdout:flush()
  local errors = summary.errors
  local counts = {}
  for i = 1, #latency do
    local us, count = latency(i)
    counts[i] = string.format("[%d,%d]", us, count)
  end
  io.stdout:write(
    string.format(
      '{"requests":%d,"durationUs":%d,"bytes":%d,"meanRequestBytes":%.1f,"failures":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d},',
      summary.requests, summary.duration, summary.bytes, sender:get("mean_nbytes"),
      errors.connect, errors.read, errors.write, errors.timeout, errors.status
    ),
    '"latencyUs":[', table.concat(counts, ","), "]}\n"
  )
end
