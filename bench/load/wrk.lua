-- For wrk: sends the requests in the file named after "--" over and over; prints what it counted as JSON. A request in the file is a line
-- "METHOD TARGET CONTENT-TYPE LENGTH", then a body of so many bytes and a line break; see wrkRequests() in wrk.js. With "statuses" behind it
-- the answers are looked at, too, which takes time: that is no load to measure.

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

-- Of each status but 200: how many answers, and how the first one begins, as hexadecimal digits.
counts_by_status = {}
texts_by_status = {}
local text_nbytes = 200

local function count_status(status, _, body)
  if status == 200 then return end
  local key = tostring(status)
  counts_by_status[key] = (counts_by_status[key] or 0) + 1
  texts_by_status[key] = texts_by_status[key]
    or body:sub(1, text_nbytes):gsub(".", function(byte) return string.format("%02x", byte:byte()) end)
end

function init(args)
  -- wrk calls it if it is there.
  if args[2] == "statuses" then response = count_status end
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
  local texts = sender:get("texts_by_status")
  local statuses = {}
  for status, count in pairs(sender:get("counts_by_status")) do
    statuses[#statuses + 1] = string.format('{"status":%s,"count":%d,"text":"%s"}', status, count, texts[status])
  end
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
    '"statuses":[', table.concat(statuses, ","), "],",
    '"latencyUs":[', table.concat(counts, ","), "]}\n"
  )
end
