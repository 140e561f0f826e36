-- For wrk: sends the request targets in the file named after "--", one per line, over and over; prints what it counted as JSON.

local requests = {}
local position = 0

function init(args)
  for target in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", target)
  end
end

function request()
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
      '{"requests":%d,"durationUs":%d,"bytes":%d,"failures":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d},',
      summary.requests, summary.duration, summary.bytes,
      errors.connect, errors.read, errors.write, errors.timeout, errors.status
    ),
    '"latencyUs":[', table.concat(counts, ","), "]}\n"
  )
end
