-- wrk's side of bench/traffic.py: goes round the bodies of a file, a new id in each where one is asked for.
local path, key = os.getenv("BENCH_PATH"), os.getenv("BENCH_KEY")
local fresh = os.getenv("BENCH_FRESH")
local headers = { ["Content-Type"] = "application/json", ["x-api-key"] = key }
local pause = tonumber(os.getenv("BENCH_PAUSE") or "0") -- milliseconds between an answer and the next request, on average
local bodies, ready, count = {}, {}, 0
local run = tostring(os.time()) .. "-" .. tostring(math.floor(os.clock() * 1e9))

for line in io.lines(os.getenv("BENCH_BODIES")) do
  bodies[#bodies + 1] = line
end

function init()
  for i, body in ipairs(bodies) do
    if not body:find(fresh, 1, true) then
      ready[i] = wrk.format("POST", path, headers, body)
    end
  end
end

function request()
  count = count + 1
  local i = count % #bodies + 1
  return ready[i] or wrk.format("POST", path, headers, (bodies[i]:gsub(fresh, run .. "-" .. count)))
end

if pause > 0 then
  function delay()
    return math.floor(2 * pause * math.random() + 0.5)
  end
end
