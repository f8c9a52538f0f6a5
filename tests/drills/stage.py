"""`./dev cluster`, made for drills: no limits, a door that is wide enough for a crowd at one address, and each part in a network
namespace of its own, so that its cable can be pulled. The small one has a single Redis, a single MongoDB and two nodes."""

import os
import random
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import redis

REPOSITORY = Path(__file__).resolve().parents[2]


def _load(path):
    spec = spec_from_loader("popradio_cluster", SourceFileLoader("popradio_cluster", str(path)))
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


cluster = _load(REPOSITORY / "deploy/cluster")
Failed = cluster.Failed

CABLED = [f"redis-{n}" for n in range(1, 7)] + [f"mongo-{n}" for n in range(1, 4)] + [f"node-{n}" for n in range(1, 4)] + ["sync"]
NOBODY = "02:00:00:00:00:01"  # an Ethernet address that no part has


def ip(*arguments, check=True):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise Failed(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.returncode == 0


class Network:
    """A bridge on this machine; behind it a namespace for each part with a virtual cable (veth). NGINX and the listeners are on
    the machine itself. Needs root and iproute2, and changes nothing but what it makes."""

    def __init__(self):
        self.tag = f"pr{os.getpid() % 10000}"
        self.prefix = f"10.231.{os.getpid() % 250}"
        self.bridge = f"{self.tag}b"
        self.gateway = f"{self.prefix}.1"

    @staticmethod
    def possible():
        """Whether this machine lets us make a namespace."""
        if os.getuid() != 0 or not ip("netns", "add", f"pr-try-{os.getpid()}", check=False):
            return False
        return ip("netns", "del", f"pr-try-{os.getpid()}", check=False)

    def address(self, name):
        return f"{self.prefix}.{CABLED.index(name) + 11}"

    def space(self, name):
        return f"{self.tag}-{name}"

    def cable(self, name):
        return f"{self.tag}v{CABLED.index(name)}"

    def up(self):
        ip("link", "add", self.bridge, "type", "bridge")
        ip("addr", "add", f"{self.gateway}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")
        for name in CABLED:
            space, cable = self.space(name), self.cable(name)
            ip("netns", "add", space)
            ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("link", "set", cable, "master", self.bridge, "up")
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "eth0", "up")

    def down(self):
        ip("link", "del", self.bridge, check=False)
        for name in CABLED:
            ip("netns", "del", self.space(name), check=False)

    def unplug(self, name):
        """What it sends goes nowhere, and nothing arrives: no connection is told."""
        ip("link", "set", self.cable(name), "down")

    def plug(self, name):
        ip("link", "set", self.cable(name), "up")

    def part(self, name, others):
        """The two do not hear each other any more; everybody else hears both."""
        for here, there in [(name, other) for other in others] + [(other, name) for other in others]:
            ip("-n", self.space(here), "neigh", "replace", self.address(there), "lladdr", NOBODY, "dev", "eth0", "nud", "permanent")

    def join(self, name, others):
        for here, there in [(name, other) for other in others] + [(other, name) for other in others]:
            ip("-n", self.space(here), "neigh", "del", self.address(there), "dev", "eth0", check=False)


class Stage(cluster.Cluster):
    """The cluster that is drilled."""

    def __init__(self, folder, network=None, redis_replicas=1, small=False):
        self.network, self.redis_replicas = network, redis_replicas
        if small:
            self.redis_count, self.redis_replicas, self.mongo_count, self.node_count = 1, 0, 1, 2
        super().__init__(folder, no_limits=True)

    def host(self, name):
        if self.network is None:
            return cluster.LOOPBACK
        return self.network.gateway if name == "nginx" else self.network.address(name)

    def wrapped(self, name, command):
        if self.network is None or name not in CABLED:
            return command
        return ["ip", "netns", "exec", self.network.space(name), *command]

    def raise_it(self):
        if self.network:
            self.network.up()
        self.up()

    def strike_it(self):
        self.down()
        if self.network:
            self.network.down()

    def url(self):
        return f"https://127.0.0.1:{self.nginx.port}"

    def redis_client(self, **options):
        """All of Redis, past the nodes; to be closed."""
        if self.redis_count == 1:
            return redis.Redis(self.redis[0].host, self.redis[0].port, **options)
        running = [redis.cluster.ClusterNode(one.host, one.port) for one in self.redis if one.pid()]
        return redis.cluster.RedisCluster(startup_nodes=running, **options)

    def primaries(self):
        return [one for one in self.redis if one.pid() and one.role() == "primary"]

    def replicas(self):
        return [one for one in self.redis if one.pid() and one.role() == "replica"]

    def mongo_primary(self):
        return next((mongo for mongo in self.mongo if mongo.pid() and mongo.role() == "primary"), None)

    def trouble(self):
        """What is not as it should be, in words, or None. Every primary of a Cluster has its replica in step."""
        for part in self.parts:
            if trouble := part.trouble():
                return f"{part.name}: {trouble}"
        roles = [one.role() for one in self.redis]
        if self.redis_count > 1 and not roles.count("primary") == roles.count("replica") == self.redis_count / 2:
            return f"the roles of Redis are {roles}"
        for one in self.redis if self.redis_count > 1 else []:
            known = one.cli("INFO", "replication")
            if "role:slave" in known and "master_link_status:up" not in known:
                return f"{one.name} is not in step"
            if "role:master" in known and "connected_slaves:0" in known:
                return f"{one.name} has no replica"
        if sorted(mongo.role() for mongo in self.mongo) != ["primary"] + ["secondary"] * (self.mongo_count - 1):
            return "the replica set is not whole"
        return None

    def sync_once(self):
        """A second worker beside the first writes everything to MongoDB. Returns what went wrong, or None."""
        done = subprocess.run(
            self.sync.program("sync", "--once"), capture_output=True, text=True, env=self.sync.environment(), cwd=self.folder, timeout=60
        )
        return None if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def pick(rng: random.Random, parts):
    """One of the parts; there must be one."""
    if not parts:
        raise Failed("there is nothing to hit: the part is away already")
    return rng.choice(list(parts))
