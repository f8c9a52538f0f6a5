"""The real servers behind a station: Redis, Redis Cluster, MongoDB, on free ports in temporary folders.

`POPRADIO_STORE` says what the suite runs on: embedded (the default), single (a Redis and a replica set of one) or cluster (a
Cluster of three primaries and a replica set of three). Then every data folder stands for a station of its own: it gets an
emptied Redis and a database name that nobody had before.

MongoDB starts once for all workers, because it is slow to start. A Redis is used again, emptied, when its test is over.
"""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
MODES = ("embedded", "single", "cluster")
MODE = os.environ.get("POPRADIO_STORE", "embedded")
REPLICA_SET = "popradio"
DEADLINE_S = 60  # how long a server may take to start; for a hang, not a race

# A server dies with the thread that started it, so that a killed run leaves none behind: this thread stays.
_starter = ThreadPoolExecutor(1)


def mongod():
    found = shutil.which("mongod") or str(REPOSITORY / ".tools/mongod/mongod")
    assert Path(found).is_file(), "these tests need a real MongoDB server: run ./dev mongod, or put mongod on PATH"
    return found


def wait_for(check, what, deadline_s=DEADLINE_S):
    end = time.monotonic() + deadline_s
    while not (result := check()):
        assert time.monotonic() < end, f"{what} did not happen within {deadline_s} s"
        time.sleep(0.02)
    return result


def free_port(also=0):
    """A port below those that the kernel gives away by itself, free just now; the one `also` above it too."""
    for _ in range(1000):
        port = random.SystemRandom().randrange(15_000, 21_000)
        try:
            for number in {port, port + also}:
                with socket.create_server(("127.0.0.1", number)):
                    pass
            return port
        except OSError:
            continue
    raise AssertionError("no port is free")


class Process:
    """One server, which may be killed, halted and started again on the same port and folder."""

    def __init__(self, also_port=0):
        self.also_port, self.env = also_port, None
        self.folder = Path(tempfile.mkdtemp(prefix="popradio-test-"))
        self.process = None
        for _ in range(5):  # somebody else may take the port between looking and starting
            self.port = free_port(also_port)
            self._launch()
            if self._answers():
                return
            self.kill()
        raise AssertionError(f"{type(self).__name__} does not start: {self.log()}")

    def _launch(self):
        def launch():
            with open(self.folder / "log", "ab") as log:
                env = os.environ | self.env if self.env else None
                return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, self.command())], stdin=subprocess.DEVNULL,
                                        stdout=log, stderr=log, cwd=self.folder, env=env)  # fmt: skip

        self.process = _starter.submit(launch).result()

    def _answers(self):
        return wait_for(lambda: self.process.poll() is not None or self.ready(), f"{type(self).__name__}'s start") and self.process.poll() is None

    def start(self):
        self._launch()
        assert self._answers(), f"{type(self).__name__} does not start again: {self.log()}"

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def halt(self):
        """Returns when no thread of it runs any more: the kernel stops them one by one."""
        self.process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")

        def stopped(thread):
            try:
                return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"
            except OSError:
                return True  # it ended meanwhile

        wait_for(lambda: all(stopped(thread) for thread in threads.iterdir()), "the halt")

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis(Process):
    """redis-server as `serve` wants it; `arguments` come after ours and win."""

    def __init__(self, *arguments, cluster=False, env=None):
        self.arguments, self.cluster, self.launch_env = arguments, cluster, env
        super().__init__(also_port=10_000 if cluster else 0)

    def _launch(self):
        self.env = self.launch_env
        super()._launch()

    def command(self):
        base = ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--save", "", "--appendonly", "yes",
                "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]  # fmt: skip
        if self.cluster:
            base += ["--cluster-enabled", "yes", "--cluster-node-timeout", 2000, "--cluster-port", self.port + self.also_port,
                     "--cluster-require-full-coverage", "no"]  # fmt: skip
        return base + list(self.arguments)

    cli_options = ()

    def cli(self, *command):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *map(str, [*self.cli_options, *command])], capture_output=True, text=True, timeout=30)
        return done.stdout.strip()

    def ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"


class SingleRedis:
    """`make` makes a server: an ordinary one, unless the test says otherwise."""

    def __init__(self, make=Redis):
        self.servers = [make()]
        self.url = self.servers[0].url

    def empty(self):
        for server in self.servers:
            assert server.cli("FLUSHALL") == "OK"

    def kill(self):
        for server in self.servers:
            server.kill()

    def start(self):
        for server in self.servers:
            server.start()

    def halt(self):
        for server in self.servers:
            server.halt()

    def go_on(self):
        for server in self.servers:
            server.go_on()

    def go_on_or_start(self):
        for server in self.servers:
            server.go_on() if server.is_running() else server.start()
        wait_for(lambda: all(server.cli("PING") == "PONG" for server in self.servers), "Redis' answer")

    def remove(self):
        for server in self.servers:
            server.remove()


class RedisCluster(SingleRedis):
    """Three primaries."""

    def __init__(self, make=Redis):
        self.servers = [make(cluster=True) for _ in range(3)]
        hosts = [f"127.0.0.1:{server.port}" for server in self.servers]
        create = ["redis-cli", *map(str, self.servers[0].cli_options), "--cluster", "create", *hosts, "--cluster-yes"]
        done = subprocess.run(create, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        self.url = "redis://" + ",".join(hosts)
        wait_for(self.is_whole, "a whole Cluster")

    def is_whole(self):
        return all(re.search(r"cluster_state:ok\s[\s\S]*cluster_known_nodes:3", server.cli("CLUSTER", "INFO")) for server in self.servers)


class Mongod(Process):
    def __init__(self, *arguments, replica_set=REPLICA_SET, env=None):
        self.arguments, self.replica_set, self.launch_env = arguments, replica_set, env
        super().__init__()

    def _launch(self):
        self.env = self.launch_env
        super()._launch()

    def command(self):
        base = [mongod(), "--port", self.port, "--bind_ip", "127.0.0.1", "--dbpath", self.folder, "--nounixsocket", "--quiet",
                "--oplogSize", "128", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false"]  # fmt: skip
        if self.replica_set:
            base += ["--replSet", self.replica_set]
        return base + list(self.arguments)

    def ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True  # it listens last of all
        except OSError:
            return False

    def client(self, **options):
        import pymongo

        return pymongo.MongoClient("127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=2000, **options)


class ReplicaSet:
    """`login`: (user, password) of one who may do everything, for members that ask for it; `client_options` are pymongo's."""

    def __init__(self, members=1, arguments=(), login=None, env=None, **client_options):
        self.client_options = client_options
        self.members = [Mongod(*arguments, env=env) for _ in range(members)]
        config = {
            "_id": REPLICA_SET,
            "members": [{"_id": n, "host": f"127.0.0.1:{member.port}"} for n, member in enumerate(self.members)],
            "settings": {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500},
        }
        with self.members[0].client(**client_options) as client:
            client.admin.command("replSetInitiate", config)
            if login:
                wait_for(lambda: client.admin.command("hello").get("isWritablePrimary"), "a primary")
                client.admin.command("createUser", login[0], pwd=login[1], roles=["root"])
        wait_for(self.is_whole, "a whole replica set")

    def url(self, database="", options=""):
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"mongodb://{hosts}/{database}?replicaSet={REPLICA_SET}{options}"

    def is_whole(self):
        import pymongo.errors

        states = []
        for member in self.members:
            try:
                with member.client(**self.client_options) as client:
                    hello = client.admin.command("hello")
                    states.append("primary" if hello.get("isWritablePrimary") else "secondary" if hello.get("secondary") else "")
            except pymongo.errors.PyMongoError:
                return False
        return sorted(states) == ["primary"] + ["secondary"] * (len(self.members) - 1)

    def kill(self):
        for member in self.members:
            member.kill()

    def start(self):
        for member in self.members:
            member.start()
        wait_for(self.is_whole, "a whole replica set")

    def halt(self):
        for member in self.members:
            member.halt()

    def go_on(self):
        for member in self.members:
            member.go_on()

    def go_on_or_start(self):
        for member in self.members:
            member.go_on() if member.is_running() else member.start()
        wait_for(self.is_whole, "a whole replica set")

    def remove(self):
        for member in self.members:
            member.remove()


class Servers:
    """A Redis and a MongoDB of a test's own, which it may kill."""

    def __init__(self, mode="single"):
        self.redis = RedisCluster() if mode == "cluster" else SingleRedis()
        self.mongo = ReplicaSet(3 if mode == "cluster" else 1)
        self.database = "popradio"

    @property
    def env(self):
        return {"POPRADIO_STORE_REDIS": self.redis.url, "POPRADIO_STORE_MONGO": self.mongo.url(self.database)}

    def remove(self):
        self.redis.remove()
        self.mongo.remove()


# ------------------------------------------------------------------------------------- the suite's own servers

_lock = threading.Lock()
_mongo_url = None  # with "{}" where the database's name goes
_taken = {}  # data folder -> (Redis, database)
_idle = []  # Redis servers that wait, emptied
_all = []


def use_mongo(url):
    global _mongo_url
    _mongo_url = url


def start_mongo():
    """Once for all workers, by the one that leads. Returns it and what use_mongo() wants."""
    replica_set = ReplicaSet(3 if MODE == "cluster" else 1)
    return replica_set, replica_set.url("{}")


def of(data):
    """The settings of the station of this data folder: what its environment holds. Nothing for an embedded one."""
    if MODE == "embedded" or data is None:
        return {}
    with _lock:
        key = str(data)
        if key not in _taken:
            if _idle:
                redis = _idle.pop()
            else:
                redis = RedisCluster() if MODE == "cluster" else SingleRedis()
                _all.append(redis)
            _taken[key] = (redis, f"test-{uuid.uuid4().hex}")
        redis, database = _taken[key]
        return {"POPRADIO_STORE_REDIS": redis.url, "POPRADIO_STORE_MONGO": _mongo_url.format(database)}


def redis_of(data):
    of(data)
    return _taken[str(data)][0]


def database_of(data):
    """(client, database) of pymongo; the caller closes the client."""
    import pymongo

    of(data)
    client = pymongo.MongoClient(_mongo_url.format(""), w="majority")
    return client, client[_taken[str(data)][1]]


def taken():
    with _lock:
        return set(_taken)


def give_back(folders):
    """After the stations of these folders have ended."""
    import pymongo

    with _lock:
        going = [_taken.pop(folder) for folder in folders if folder in _taken]
        if not going:
            return
        for redis, _ in going:
            redis.empty()
            _idle.append(redis)
    with pymongo.MongoClient(_mongo_url.format("")) as client:
        for _, database in going:
            client.drop_database(database)


def end():
    with _lock:
        for redis in _all:
            redis.remove()
        _all.clear()
        _idle.clear()
        _taken.clear()
