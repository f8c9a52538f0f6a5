"""What is done to the cluster. A fault begins, is held for a moment that the seed chooses, and ends: what was killed is started
again, what was halted goes on, the cable is plugged in."""

import os
import signal
import time
from dataclasses import dataclass
from typing import Callable

import pymongo
import redis

from ledger import key_of
from stage import pick


@dataclass
class Fault:
    name: str
    what: str  # for the table of `--help`
    begin: Callable  # (stage, rng, ledger) -> what was hit
    end: Callable  # (stage, what was hit)
    hold_s: tuple = (0.1, 6.0)
    cable: bool = False  # needs namespaces
    always: bool = True  # else only when it is named


def redis_primary(stage, rng):
    return pick(rng, stage.primaries())


def redis_replica(stage, rng):
    return pick(rng, stage.replicas())


def mongo_primary(stage, rng):
    return pick(rng, [stage.mongo_primary()] if stage.mongo_primary() else [])


def mongo_secondary(stage, rng):
    return pick(rng, [mongo for mongo in stage.mongo if mongo.pid() and mongo.role() == "secondary"])


def node(stage, rng):
    return pick(rng, stage.nodes)


def worker(stage, rng):
    return stage.sync


def sends(number, choose):
    def begin(stage, rng, ledger):
        part = choose(stage, rng)
        os.kill(part.pid(), number)
        return part

    return begin


def start_again(stage, part):
    end = time.monotonic() + 5
    while part.pid() and time.monotonic() < end:
        time.sleep(0.01)
    part.start()


def go_on(stage, part):
    os.kill(part.pid(), signal.SIGCONT)


def unplugs(choose):
    def begin(stage, rng, ledger):
        part = choose(stage, rng)
        stage.network.unplug(part.name)
        return part

    return begin


def plug(stage, part):
    stage.network.plug(part.name)


def parts_from(choose, others):
    """A cut between a part and some others; everybody else hears both sides."""

    def begin(stage, rng, ledger):
        part = choose(stage, rng)
        stage.network.part(part.name, [other.name for other in others(stage) if other is not part])
        return part

    return begin


def joins(others):
    return lambda stage, part: stage.network.join(part.name, [other.name for other in others(stage) if other is not part])


def all_redis(stage):
    return stage.redis


def all_mongo(stage):
    return stage.mongo


def empty_redis(stage, rng, ledger):
    """As an operator's FLUSHALL: what the worker had carried to MongoDB comes back."""
    synced_at = time.monotonic()
    if trouble := stage.sync_once():
        raise RuntimeError(f"the sync before: {trouble}")
    time.sleep(rng.uniform(0.1, 2.0))
    ledger.synced_at, ledger.emptied_at = synced_at, time.monotonic()
    for part in stage.primaries():
        redis.Redis(part.host, part.port).flushall()
    ledger.emptied_at = time.monotonic()
    return stage.redis[0]


def plant(stage, rng, ledger):
    """Takes away and adds behind everybody's back what a drill must find: a like, a comment, a play too many."""
    target, session = rng.choice([(target, sid) for target, people in ledger.likes.items() for sid, known in people.items() if known.state])
    with stage.redis_client() as everywhere:
        everywhere.zrem(key_of(target, "likers"), session)
        everywhere.incr(key_of(rng.choice(sorted(ledger.plays)), "plays"))
    with pymongo.MongoClient(stage.mongo_url()) as client:
        client.get_database().comments.delete_one({"text": next(text for text, told in ledger.comments.items() if told)})
    return stage.redis[0]


def reload_nginx(stage, rng, ledger):
    stage.nginx.reload()
    return stage.nginx


def nothing(stage, part):
    pass


FAULTS = [
    Fault("redis-kill", "kill -9 of a Redis primary", sends(signal.SIGKILL, redis_primary), start_again),
    Fault("redis-halt", "SIGSTOP and SIGCONT of a Redis primary", sends(signal.SIGSTOP, redis_primary), go_on),
    Fault("replica-kill", "kill -9 of a Redis replica", sends(signal.SIGKILL, redis_replica), start_again),
    Fault("replica-halt", "SIGSTOP and SIGCONT of a Redis replica", sends(signal.SIGSTOP, redis_replica), go_on),
    Fault("mongo-kill", "kill -9 of the MongoDB primary", sends(signal.SIGKILL, mongo_primary), start_again),
    Fault("mongo-halt", "SIGSTOP and SIGCONT of the MongoDB primary", sends(signal.SIGSTOP, mongo_primary), go_on),
    Fault("secondary-kill", "kill -9 of a MongoDB secondary", sends(signal.SIGKILL, mongo_secondary), start_again),
    Fault("node-kill", "kill -9 of a node", sends(signal.SIGKILL, node), start_again, (0.1, 3.0)),
    Fault("node-halt", "SIGSTOP and SIGCONT of a node", sends(signal.SIGSTOP, node), go_on, (0.1, 6.0)),
    Fault("sync-kill", "kill -9 of the sync worker", sends(signal.SIGKILL, worker), start_again, (0.1, 3.0)),
    Fault("sync-halt", "SIGSTOP and SIGCONT of the sync worker", sends(signal.SIGSTOP, worker), go_on),
    Fault("nginx-reload", "a reload of NGINX", reload_nginx, nothing, (0.1, 1.0)),
    Fault("redis-empty", "FLUSHALL on every Redis primary", empty_redis, nothing, (0.1, 1.0)),
    Fault("redis-cut", "a Redis primary's cable pulled", unplugs(redis_primary), plug, cable=True),
    Fault("redis-split", "a Redis primary cut from the other Redis, nodes hear both", parts_from(redis_primary, all_redis),
          joins(all_redis), cable=True),
    Fault("mongo-cut", "the MongoDB primary's cable pulled", unplugs(mongo_primary), plug, cable=True),
    Fault("mongo-split", "the MongoDB primary cut from the other two, nodes hear both", parts_from(mongo_primary, all_mongo),
          joins(all_mongo), cable=True),
    Fault("node-cut", "a node's cable pulled", unplugs(node), plug, cable=True),
    Fault("node-redis", "a node cut from Redis", parts_from(node, all_redis), joins(all_redis), cable=True),
    Fault("node-mongo", "a node cut from MongoDB", parts_from(node, all_mongo), joins(all_mongo), cable=True),
    Fault("sync-cut", "the sync worker's cable pulled", unplugs(worker), plug, cable=True),
    Fault("planted", "a like and a comment deleted, a play added: the drill must find it", plant, nothing, (0.1, 0.2), always=False),
]  # fmt: skip
