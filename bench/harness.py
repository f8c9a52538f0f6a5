"""What every benchmark needs: stations, peers, load, CPU time. Everything runs on loopback, for a bounded time, in a temporary folder."""
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("POPRADIO_BIN", ROOT / "build" / "popradio"))
SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS = 64
SESSION = "6f1c2a8e-3b7d-4c11-9d3e-5a1f0c9b7e21"
NO_LIMITS = [f"--limits.{name}_per_hour=0" for name in ("api", "like", "unlike", "comment", "play", "session_like")]
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"bench: nothing listens on port {port} after {seconds} s")


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
        return answer.headers, answer.read()


def cpu_seconds(pid):
    """User and system time of a process, its waited-for children included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(fields[i]) for i in (11, 12, 13, 14)) / TICK


def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


@contextlib.contextmanager
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="popradio-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def process(command, core=None, **options):
    pinned = (["taskset", "-c", core] if core else []) + [str(part) for part in command]
    running = subprocess.Popen(pinned, **options)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def make_catalogue(path, count, seconds=None):
    """`count` songs in the document's fields, the same ones every time; of `seconds` each, or of three to five minutes."""
    dice = random.Random(2003)
    songs = [
        {
            "_id": f"{dice.getrandbits(96):024x}",
            "title": f"Love Story {i}",
            "artist": f"Artist {i % max(1, count // 8)}",
            "albumArt": f"https://cdn.popradio.com/albums/love-story-{i}.jpg",
            "videoUrl": f"https://cdn.popradio.com/videos/love-story-{i}.mp4",
            "audioUrl": f"https://cdn.popradio.com/audio/love-story-{i}.mp3",
            "duration": seconds or 180 + i % 120,
            "genre": ["Pop", "Country"],
            "releaseYear": 1990 + i % 35,
            "createdAt": f"2026-01-{1 + i % 28:02d}T10:00:00.{i % 1000:03d}Z",
        }
        for i in range(count)
    ]
    path.write_text(json.dumps({"songs": songs, "playlists": []}))
    return [song["_id"] for song in songs]


@contextlib.contextmanager
def station(data, *flags, core=SERVER_CORE, threads=1):
    """A running station; yields (process, base URL)."""
    command = [PROGRAM, "serve", "--data", data, "--listen", "127.0.0.1:0", "--threads", threads, "--log.level=warn", *flags]
    with process(command, core, stdout=subprocess.PIPE, text=True) as running:
        line = running.stdout.readline()
        match = re.search(r"listening on (http://\S+)", line)
        if not match:
            raise SystemExit(f"bench: the station did not start: {line!r}")
        yield running, match[1]


def import_catalogue(data, catalogue):
    subprocess.run([PROGRAM, "import", catalogue, "--data", data], check=True, stdout=subprocess.DEVNULL)


def load(url, script, seconds=3, connections=CONNECTIONS, core=LOAD_CORE, **environment):
    """Runs wrk; returns (requests, seconds, failed, p99 in milliseconds)."""
    command = ["taskset", "-c", core, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(ROOT / "bench" / script), url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment}).stdout
    requests, micros, failed, p99 = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", printed).groups())
    return requests, micros / 1e6, failed, p99 / 1000


def settle(pid, seconds=20):
    """Waits until the process rests, so that what it put off is counted as its own and disturbs nobody else's turn."""
    deadline = time.monotonic() + seconds
    used = cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        before, used = used, cpu_seconds(pid)
        if used - before <= 2 / TICK:
            return


def measured(running, *arguments, **options):
    """One load against one process: requests/s, CPU µs per request, what it put off included, p99 ms."""
    before = cpu_seconds(running.pid)
    requests, seconds, failed, p99 = load(*arguments, **options)
    settle(running.pid)
    if failed or requests == 0:
        raise SystemExit(f"bench: {failed} of {requests} requests failed")
    return {"rps": requests / seconds, "cpu": (cpu_seconds(running.pid) - before) / requests * 1e6, "p99": p99}


def alternate(rounds, *sides):
    """Runs each side in turn, `rounds` times, and returns the list of results of each."""
    results = [[] for _ in sides]
    for _ in range(rounds):
        for side, found in zip(sides, results):
            found.append(side())
    return results


def median(results, name):
    return statistics.median(result[name] for result in results)


def find_mongod():
    """The mongod on PATH, else the one that `./dev mongod` fetches."""
    found = shutil.which("mongod")
    if found:
        return found
    return subprocess.run([ROOT / "dev", "mongod"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def node_folder(name):
    """A folder of bench/ with Node.js packages of its own, installed."""
    here = ROOT / "bench" / name
    if not (here / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=here, check=True)
    return here


@contextlib.contextmanager
def peer(scratch, catalogue):
    """The Node.js server of the document's shape on the server core; Redis and MongoDB beside the load. Yields (process, URL)."""
    here = node_folder("peer")
    mongo_port, redis_port, port = free_port(), free_port(), free_port()
    (scratch / "mongo").mkdir()
    (scratch / "redis").mkdir()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with contextlib.ExitStack() as stack:
        stack.enter_context(process([find_mongod(), "--port", mongo_port, "--dbpath", scratch / "mongo", "--bind_ip", "127.0.0.1"], LOAD_CORE, **quiet))
        stack.enter_context(process(["redis-server", "--port", redis_port, "--dir", scratch / "redis", "--appendonly", "yes", "--bind", "127.0.0.1"], LOAD_CORE, **quiet))
        wait_for_port(mongo_port)
        wait_for_port(redis_port)
        command = ["node", here / "server.js", port, f"mongodb://127.0.0.1:{mongo_port}/popradio", f"redis://127.0.0.1:{redis_port}", catalogue]
        running = stack.enter_context(process(command, SERVER_CORE, stdout=subprocess.PIPE, text=True, env={**os.environ, "NODE_ENV": "production"}))
        if running.stdout.readline().strip() != "ready":
            raise SystemExit("bench: the peer did not start")
        yield running, f"http://127.0.0.1:{port}"


def mongo_client(port):
    """A client of one mongod; pymongo is in the tests' environment."""
    import sys
    sys.path[:0] = [str(path) for path in (ROOT / ".tools" / "venv" / "lib").glob("python3*/site-packages")]
    import pymongo
    return pymongo.MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=20_000)


@contextlib.contextmanager
def stores(scratch):
    """A Redis with its append-only file and a MongoDB replica set of one; yields the settings' flags."""
    redis_port, mongo_port = free_port(), free_port()
    for name in ("redis", "mongo"):
        (scratch / name).mkdir()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with contextlib.ExitStack() as stack:
        stack.enter_context(process(["redis-server", "--port", redis_port, "--dir", scratch / "redis", "--appendonly", "yes", "--bind", "127.0.0.1",
                                     "--save", ""], **quiet))
        stack.enter_context(process([find_mongod(), "--port", mongo_port, "--dbpath", scratch / "mongo", "--bind_ip", "127.0.0.1", "--replSet", "bench"],
                                    **quiet))
        wait_for_port(redis_port)
        wait_for_port(mongo_port)
        admin = mongo_client(mongo_port).admin
        admin.command("replSetInitiate", {"_id": "bench", "members": [{"_id": 0, "host": f"127.0.0.1:{mongo_port}"}]})
        while not admin.command("hello")["isWritablePrimary"]:
            time.sleep(0.1)
        yield ["--redis", f"redis://127.0.0.1:{redis_port}", "--mongo", f"mongodb://127.0.0.1:{mongo_port}/popradio?replicaSet=bench"]
