"""What a station of many machines costs: likes through Redis, reads beside the embedded station, more nodes, the sync worker."""
import contextlib
import http.client
import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from harness import (CONNECTIONS, LOAD_CORE, NO_LIMITS, PROGRAM, SERVER_CORE, SESSION, alternate, cpu_seconds, folder, free_port, import_catalogue,
                     load, make_catalogue, measured, median, mongo_client, process, settle, station, stores, wait_for_port)

ROUNDS = 3
SONGS = 300
INCREMENTS = 300_000
DIRTY_SONGS = 10_000
OUTBOX_LIKES = 200_000
NODES = (1, 2, 4)


@contextlib.contextmanager
def redis(scratch, *options):
    """A Redis with its append-only file, on the load's core: the node has the other one. Yields (process, port)."""
    port = free_port()
    home = scratch / f"redis-{port}"
    home.mkdir()
    command = ["redis-server", "--port", port, "--dir", home, "--appendonly", "yes", "--bind", "127.0.0.1", "--save", "", "--repl-diskless-sync-delay", "0", *options]
    with process(command, LOAD_CORE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        wait_for_port(port)
        yield running, port


def redis_info(port, section):
    """What `INFO` says of a section, by name."""
    printed = subprocess.run(["redis-cli", "-p", str(port), "info", section], check=True, capture_output=True, text=True).stdout
    return dict(line.split(":", 1) for line in printed.splitlines() if ":" in line)


def wait_for_replica(port, seconds=60):
    """Until this primary's replica has copied everything: it is online, and as far as the primary is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = redis_info(port, "replication")
        replica = dict(part.split("=", 1) for part in said.get("slave0", "").split(",") if "=" in part)
        if replica.get("state") == "online" and replica.get("offset") == said["master_repl_offset"]:
            return
        time.sleep(0.1)
    raise SystemExit(f"bench: the replica was not in step after {seconds} s")


def shared_by(flags, port):
    """The flags of `harness.stores`, with the Redis at this port in place of theirs."""
    return ["--redis", f"redis://127.0.0.1:{port}", *flags[2:]]


def fill(scratch, flags, songs):
    """A catalogue in the stores; its ids are in `scratch`/ids."""
    ids = make_catalogue(scratch / "songs.json", songs)
    (scratch / "ids").write_text("\n".join(ids) + "\n")
    subprocess.run([PROGRAM, "import", scratch / "songs.json", "--data", scratch / "node", *flags], check=True, stdout=subprocess.DEVNULL)
    return ids


def node(scratch, flags, *more, number=0):
    """A node with one thread, on the server's core."""
    return station(scratch / f"node-{number}", *NO_LIMITS, *flags, *more)


def incr(server, port):
    """`redis-benchmark -t incr`, unpipelined, with as many connections as the likes have: requests/s, and the server's CPU µs for each."""
    before = cpu_seconds(server.pid)
    command = ["redis-benchmark", "-p", port, "-t", "incr", "-c", CONNECTIONS, "-n", INCREMENTS, "-r", SONGS, "--csv"]
    printed = subprocess.run(["taskset", "-c", SERVER_CORE, *map(str, command)], check=True, capture_output=True, text=True).stdout
    return {"rps": float(re.search(r'"INCR","([\d.]+)"', printed)[1]), "redis": (cpu_seconds(server.pid) - before) / INCREMENTS * 1e6}


def likes(running, url, scratch, server):
    """Likes over HTTP; `redis` is what one costs Redis, CPU µs."""
    before, began = cpu_seconds(server.pid), cpu_seconds(running.pid)
    requests, seconds, failed, p99 = load(url, "like.lua", seconds=5, BENCH_SONGS=str(scratch / "ids"))
    settle(running.pid)
    if failed or requests == 0:
        raise SystemExit(f"bench: {failed} of {requests} likes failed")
    return {"rps": requests / seconds, "p99": p99, "cpu": (cpu_seconds(running.pid) - began) / requests * 1e6,
            "redis": (cpu_seconds(server.pid) - before) / requests * 1e6}


def bench_shared_likes():
    """Likes through one node and one Redis beside `redis-benchmark -t incr` on that Redis; and with a replica that must confirm each."""
    with folder() as scratch, stores(scratch) as flags, redis(scratch) as (server, port):
        flags = shared_by(flags, port)
        fill(scratch, flags, SONGS)
        with node(scratch, flags) as (running, url):
            us, plain = alternate(ROUNDS, lambda: likes(running, url, scratch, server), lambda: incr(server, port))
        print(f"shared-likes: {CONNECTIONS} connections, medians of {ROUNDS}; the node has one core, Redis and wrk share the other")
        print(f"  likes over HTTP       {median(us, 'rps'):9,.0f}/s  node {median(us, 'cpu'):5.1f} µs CPU, Redis {median(us, 'redis'):5.1f}  p99 {median(us, 'p99'):.2f} ms")
        print(f"  redis-benchmark incr  {median(plain, 'rps'):9,.0f}/s  Redis {median(plain, 'redis'):5.1f} µs CPU")
        print(f"  ratio                 {median(us, 'rps') / median(plain, 'rps'):.2f} as measured; with a core each, as wrk leaves them none: "
              f"{1e6 / max(median(us, 'cpu'), median(us, 'redis')) / median(plain, 'rps'):.2f} (wanted: at least 1)")
        with redis(scratch, "--replicaof", "127.0.0.1", str(port)) as _:
            wait_for_replica(port)
            with node(scratch, flags) as (free, free_url), node(scratch, flags, "--store.redis_replicas=1", number=1) as (proven, proven_url):
                plain, waited = alternate(ROUNDS, lambda: likes(free, free_url, scratch, server), lambda: likes(proven, proven_url, scratch, server))
        print(f"  with a replica        {median(plain, 'rps'):9,.0f}/s unconfirmed, {median(waited, 'rps'):,.0f}/s confirmed by WAIT "
              f"(p99 {median(plain, 'p99'):.2f} and {median(waited, 'p99'):.2f} ms): ratio {median(waited, 'rps') / median(plain, 'rps'):.2f}")


def bench_shared_reads():
    """GET /v1/radio/stream and GET /v1/songs of a node over Redis and MongoDB beside an embedded station's."""
    with folder() as scratch, stores(scratch) as flags:
        fill(scratch, flags, SONGS)
        import_catalogue(scratch / "data", scratch / "songs.json")
        with station(scratch / "data", *NO_LIMITS) as (alone, alone_url), node(scratch, flags) as (shared, shared_url):
            print(f"shared-reads: {CONNECTIONS} connections, medians of {ROUNDS}")
            for path in ("/v1/radio/stream", "/v1/songs?limit=20"):
                environment = {"BENCH_PATH": path, "BENCH_SESSION": SESSION}
                us, them = alternate(ROUNDS, lambda: measured(shared, shared_url, "get.lua", **environment),
                                     lambda: measured(alone, alone_url, "get.lua", **environment))
                print(f"  {path:<19} {median(us, 'rps'):9,.0f}/s, {median(us, 'cpu'):5.2f} µs CPU; embedded {median(them, 'rps'):9,.0f}/s, {median(them, 'cpu'):5.2f} µs: "
                      f"ratio {median(us, 'rps') / median(them, 'rps'):.2f} (wanted: at least 0.8)")


def bench_nodes():
    """CPU per request of one, two and four nodes that share the same load, all on one core."""
    with folder() as scratch, stores(scratch) as flags:
        fill(scratch, flags, SONGS)
        print("nodes: 64 connections in all, CPU µs per request over all nodes, medians of 3 (wanted: constant)")
        for count in NODES:
            with contextlib.ExitStack() as stack:
                nodes = [stack.enter_context(node(scratch, flags, number=number)) for number in range(count)]
                costs = {}
                for name, script, environment in (("stream", "get.lua", {"BENCH_PATH": "/v1/radio/stream", "BENCH_SESSION": SESSION}),
                                                  ("like", "like.lua", {"BENCH_SONGS": str(scratch / "ids")})):
                    costs[name] = [cost_over(nodes, script, environment) for _ in range(3)]
            print(f"  {count} node{'s' if count > 1 else ' '}  stream {sorted(costs['stream'])[1]:6.2f}  like {sorted(costs['like'])[1]:6.2f}")


def cost_over(nodes, script, environment):
    """CPU µs per request of these nodes together, each with its part of the connections."""
    used = lambda: sum(cpu_seconds(running.pid) for running, _ in nodes)  # noqa: E731
    before = used()
    with ThreadPoolExecutor(len(nodes)) as pool:
        found = list(pool.map(lambda one, seed: load(one[1], script, connections=CONNECTIONS // len(nodes), BENCH_SEED=str(seed), **environment),
                              nodes, range(len(nodes))))
    for running, _ in nodes:
        settle(running.pid)
    if any(failed for _, _, failed, _ in found):
        raise SystemExit(f"bench: {[failed for _, _, failed, _ in found]} of {[requests for requests, _, _, _ in found]} requests failed with {script}")
    return (used() - before) / sum(requests for requests, _, _, _ in found) * 1e6


def sync_once(scratch, flags):
    """One round of the sync worker; what it says of it."""
    found = subprocess.run([PROGRAM, "sync", "--once", "--data", scratch / "node", "--log.format=json", *flags], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in (found.stdout + found.stderr).splitlines() if line.startswith("{")]
    return next(line for line in lines if "sync completed" in line.values())


def play_each(url, ids):
    """One play of every song."""
    host = url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    for one in ids:
        connection.request("POST", f"/v1/songs/{one}/play", headers={"X-Session-Id": SESSION, "Content-Length": "0"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"bench: a play answered {answer.status}")


def sizes_in(flags):
    """What one of each kind takes, bytes: keys in Redis (a liker is one member of a song's set), documents with their indexes in MongoDB."""
    redis_port = flags[1].rsplit(":", 1)[1]
    ask = lambda *words: subprocess.run(["redis-cli", "-p", redis_port, *map(str, words)], check=True, capture_output=True, text=True).stdout.split()  # noqa: E731
    usage = lambda key: int(ask("memory", "usage", key, "samples", 0)[0])  # noqa: E731
    first = lambda pattern, most: ask("--scan", "--pattern", pattern)[:most]  # noqa: E731
    mean = lambda keys: sum(map(usage, keys)) / max(1, len(keys))  # noqa: E731
    likers = first("song:*:likers*", 100)
    sizes = {"session": mean(first("session:*", 100)), "a session's likes": mean(first("user:*", 100)),
             "liker": sum(map(usage, likers)) / sum(int(ask("zcard", key)[0]) for key in likers), "limit": mean(first("rate:*", 100))}
    database = mongo_client(int(re.search(r":(\d+)/", flags[3])[1])).get_default_database("popradio")
    documents = {}
    for name in ("likers", "sessions", "songs"):
        stats = database.command("collStats", name)
        if stats["count"]:
            documents[name.rstrip("s")] = (stats["storageSize"] + stats["totalIndexSize"]) / stats["count"]
    return {"redis": sizes, "mongo": documents}


def bench_sync():
    """What `popradio sync` carries: likes from the outbox, then 10,000 songs whose numbers changed."""
    with folder() as scratch, stores(scratch) as flags:
        ids = fill(scratch, flags, DIRTY_SONGS)
        with node(scratch, flags) as (_, url):
            sent = 0
            while sent < OUTBOX_LIKES:
                sent += load(url, "like.lua", seconds=5, BENCH_SONGS=str(scratch / "ids"))[0]
            outbox = sync_once(scratch, flags)
            play_each(url, ids)
            dirty = sync_once(scratch, flags)
        with station(scratch / "limited", *flags) as (_, url):
            play_each(url, ids[:1])
        sizes = sizes_in(flags)
    print("sync: one round of `popradio sync`")
    print(f"  outbox  {outbox['likers']:9,} likes and {outbox['songs']:,} songs in {outbox['ms'] / 1000:.2f} s: {outbox['likers'] / outbox['ms'] * 1000:,.0f} likes/s (wanted: at least 20,000)")
    print("  bytes in Redis: " + ", ".join(f"{name} {size:.0f}" for name, size in sizes["redis"].items())
          + "; in MongoDB, data and indexes: " + ", ".join(f"{name} {size:.0f}" for name, size in sizes["mongo"].items()))
    print(f"  numbers {dirty['songs']:9,} songs in {dirty['ms'] / 1000:.2f} s (wanted: under 2)")
