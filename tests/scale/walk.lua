-- Takes objects through their acts, one after the other on each connection: cases from their application to their agreement, or those of
-- $COLLECTION by $ACTS. wrk has to run with as many threads as connections: then an answer belongs to the request before it. $STEPS
-- are the bodies, a line each; SUBJECT in them is one of $SUBJECTS, another for each connection.
local bodies = {}
for line in os.getenv("STEPS"):gmatch("[^\n]+") do bodies[#bodies + 1] = line end
local collection, acts = os.getenv("COLLECTION") or "/v1/mediation/cases", {""}
for act in (os.getenv("ACTS") or "accept assign recordSession agree"):gmatch("%a+") do acts[#acts + 1] = ":" .. act end
local subjects = {}
for subject in (os.getenv("SUBJECTS") or ""):gmatch("%w+") do subjects[#subjects + 1] = subject end
local threads, count = {}, 0

function setup(thread)
  count = count + 1
  thread:set("number", count)
  threads[count] = thread
end

function init()
  step, case, etag, made, concluded, wrong, first_wrong, sequence = 1, "", "", 0, 0, 0, "", 0
  headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json"}
  run = os.getenv("RUN")
end

function request()
  sequence = sequence + 1
  local body = '{"requestId":"' .. run .. "-" .. number .. "-" .. sequence .. '"' ..
    (step > 1 and ',"etag":"' .. etag .. '"' or "") .. (#bodies[step] > 2 and "," or "") .. bodies[step]:sub(2):gsub("SUBJECT", subjects[1 + number % math.max(1, #subjects)] or "")
  return wrk.format("POST", collection .. (step > 1 and "/" .. case .. acts[step] or ""), headers, body)
end

function response(status, _, body)
  if status ~= 200 then
    wrong, step = wrong + 1, 1
    if first_wrong == "" then first_wrong = status .. " " .. body:sub(1, 200):gsub('[\\"]', "'") end
    return
  end
  made = made + 1
  if step == 1 then case = body:match('"id":"(%w+)"') end
  etag = body:match('"etag":"(%w+)"')
  if step == #acts then concluded = concluded + 1 end
  step = step % #acts + 1
end

function done(summary, latency)
  local all, ends, failed, why = 0, 0, 0, ""
  for _, thread in ipairs(threads) do
    all, ends, failed = all + thread:get("made"), ends + thread:get("concluded"), failed + thread:get("wrong")
    if why == "" then why = thread:get("first_wrong") end
  end
  local e = summary.errors
  print(string.format('{"transitions": %d, "concluded": %d, "seconds": %.4f, "p50_us": %.1f, "p99_us": %.1f, "failed": %d, "why": "%s"}',
    all, ends, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    failed + e.connect + e.read + e.write + e.timeout, why))
end
