-- wrk script: the same GET over and over, with a session; BENCH_PATH and BENCH_SESSION come from the environment.
wrk.path = os.getenv("BENCH_PATH")
wrk.headers["X-Session-Id"] = os.getenv("BENCH_SESSION")
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, summary.errors.status, latency:percentile(99)))
end
