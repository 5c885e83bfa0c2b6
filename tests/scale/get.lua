-- One request again and again: GET, or POST of $BODY. $TOKEN is the bearer token.
local token, body = os.getenv("TOKEN"), os.getenv("BODY")
if token then wrk.headers["Authorization"] = "Bearer " .. token end
if body then
  wrk.method, wrk.body = "POST", body
  wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency)
  local e = summary.errors
  print(string.format('{"rate": %.1f, "p50_us": %.1f, "p99_us": %.1f, "calls": %d, "failed": %d, "bytes": %d}',
    summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99), summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, summary.bytes))
end
