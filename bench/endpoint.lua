-- Posts one-click, each with another token, and counts what is not answered 200.
-- Arguments: the file of tokens, how many to leave out, how many each thread has.
local number = 0
local threads = {}

function setup(thread)
   thread:set("number", number)
   number = number + 1
   table.insert(threads, thread)
end

function init(arguments)
   local first = tonumber(arguments[2]) + number * tonumber(arguments[3])
   requests, at, refused, ran_out = {}, 0, 0, 0
   local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
   local file = io.open(arguments[1], "r")
   file:seek("set", first * 25)
   for _ = 1, tonumber(arguments[3]) do
      local token = file:read("*l")
      table.insert(requests, wrk.format("POST", "/unsubscribe?u=" .. token, headers, "List-Unsubscribe=One-Click"))
   end
   file:close()
end

function request()
   at = at + 1
   if at > #requests then
      at, ran_out = 1, 1
   end
   return requests[at]
end

function response(status)
   if status ~= 200 then
      refused = refused + 1
   end
end

function done(summary, latency)
   local refused, ran_out = 0, 0
   for _, thread in ipairs(threads) do
      refused = refused + thread:get("refused")
      ran_out = ran_out + thread:get("ran_out")
   end
   local errors = summary.errors
   io.write(string.format(
      'RESULT {"answered": %d, "seconds": %.3f, "refused": %d, "ran_out": %d, "failed": %d, "p50": %.2f, "p99": %.2f, "worst": %.2f}\n',
      summary.requests, summary.duration / 1e6, refused, ran_out,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
