-- wrk script: each request is one like of a random song by a new session. BENCH_SONGS names a file with one id on each line;
-- BENCH_SEED (0 to 7) tells apart several that run at once: with one seed they would be the same people, who have liked it already.
local songs = {}
for line in io.lines(os.getenv("BENCH_SONGS")) do songs[#songs + 1] = line end

local thread_count = 0
function setup(thread)
  thread:set("seed", (os.time() * 1000 + thread_count * 7919) * 8 + tonumber(os.getenv("BENCH_SEED") or 0))
  thread_count = thread_count + 1
end

function init() math.randomseed(seed) end

local random = math.random
function request()
  local session = string.format("%08x-%04x-4%03x-8%03x-%012x", random(0, 0xffffffff), random(0, 0xffff), random(0, 0xfff),
    random(0, 0xfff), random(0, 0xffffffffffff))
  return wrk.format("POST", "/v1/songs/" .. songs[random(#songs)] .. "/like", { ["X-Session-Id"] = session, ["Content-Length"] = "0" })
end

local failed = 0
function response(status) if status ~= 200 then failed = failed + 1 end end
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, summary.errors.status, latency:percentile(99)))
end
