-- What wrk sends, and the counts of what comes back: answers, "503, try again later", anything else.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  local picture = assert(io.open(os.getenv("PICTURE"), "rb"))
  wrk.method = "POST"
  wrk.body = picture:read("*a")
  picture:close()
  answered, busy, other = 0, 0, 0
end

function response(status)
  if status == 200 then
    answered = answered + 1
  elseif status == 503 then
    busy = busy + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = {answered = 0, busy = 0, other = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do
      sums[name] = sums[name] + thread:get(name)
    end
  end
  local errors = summary.errors
  print(string.format(
    "%d answered (%.0f a second), %d refused with 503, %d other statuses, %d lost connections; p50 %.1f ms, p99 %.1f ms",
    sums.answered, sums.answered / (summary.duration / 1e6), sums.busy, sums.other,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
