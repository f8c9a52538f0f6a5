"""The limits of a station that has two nodes: exact while Redis counts for both, and never more than them while each counts alone."""

import itertools
import re
import uuid

import pytest
from support import stores
from support.catalogue import make_catalogue, song_id, write_catalogue
from support.client import Client, new_session
from support.server import Station, eventually

pytestmark = pytest.mark.distributed_only("an embedded station has one node")

READS, COMMENTS, LIKES = 120, 30, 100
FLAGS = ["--http.trusted_proxies", "127.0.0.1", "--limits.api_per_hour", READS]
ADDRESSES = (f"203.0.113.{n}" for n in itertools.count(1))
SONG = f"/songs/{song_id(1)}"
KNOWN_S = 20  # until they have heard of each other, on a machine that is busy


@pytest.fixture(scope="module")
def servers():
    servers = stores.Servers(stores.MODE)
    servers.database = f"limits-{uuid.uuid4().hex}"
    yield servers
    servers.remove()


@pytest.fixture(scope="module")
def nodes(servers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nodes")
    one, two = (Station(folder / name, *FLAGS, env=servers.env) for name in ("one", "two"))
    one.load(write_catalogue(folder / "songs.json", make_catalogue(songs=10, playlists=1)))
    with one, two:
        yield one, two


def both(nodes, address):
    """A client at each node, of one address and with sessions of their own."""
    return [Client(node, session=new_session(), address=address) for node in nodes]


def passed(clients, ask, ok, times):
    """How many of `times` requests pass, one here and one there."""
    codes = [ask(client).status_code for client, _ in zip(itertools.cycle(clients), range(times))]
    assert set(codes) <= {ok, 429}, sorted(set(codes))
    return codes.count(ok)


def comment(client):
    return client.post(SONG + "/comments", json={"text": "who counts?"})


def like(client):
    with Client(client.station, session=new_session(), address=client.http.headers["X-Forwarded-For"]) as somebody:
        return somebody.post(SONG + "/like")


def read(client):
    return client.get("/songs")


def test_comments_and_likes_are_counted_exactly(nodes):
    assert passed(both(nodes, next(ADDRESSES)), comment, 201, COMMENTS + 20) == COMMENTS
    assert passed(both(nodes, next(ADDRESSES)), like, 200, LIKES + 10) == LIKES


def test_reads_too_although_nodes_take_them_from_redis_in_advance(nodes):
    """What one node took and did not use passes there; given back, it passes at the other. More never do."""
    clients = both(nodes, next(ADDRESSES))
    total = passed(clients, read, 200, READS)
    assert total <= READS

    def all_of_them():
        nonlocal total
        total += passed(clients, read, 200, 4)
        return total >= READS

    eventually(all_of_them, 20, every_s=0.5, what=f"the last of {READS} reads")
    assert total + passed(clients, read, 200, 20) == READS


def test_one_node_alone_gets_all_of_it(nodes):
    [client, _] = both(nodes, next(ADDRESSES))
    assert passed([client], read, 200, READS + 20) == READS


def quota(client):
    """What a node lets pass of an address that nobody saw, for reads."""
    client.http.headers["X-Forwarded-For"] = next(ADDRESSES)
    return int(re.search(r'"api";q=(\d+)', read(client).headers["ratelimit-policy"])[1])


def test_without_redis_each_lets_its_share_pass(nodes, servers):
    servers.redis.kill()
    try:
        for client in both(nodes, next(ADDRESSES)):
            eventually(lambda client=client: client.get("//health").json()["services"]["redis"] != "ok", KNOWN_S, what="the outage")
            eventually(lambda client=client: quota(client) == READS // 2, KNOWN_S, what="half of the limit")
        assert passed(both(nodes, next(ADDRESSES)), read, 200, READS + 20) == READS
        assert passed(both(nodes, next(ADDRESSES)), comment, 201, COMMENTS + 20) == COMMENTS
        [client, _] = both(nodes, next(ADDRESSES))
        assert passed([client], read, 200, READS) == READS // 2
    finally:
        servers.redis.start()
    for client in both(nodes, next(ADDRESSES)):
        eventually(lambda client=client: quota(client) == READS, KNOWN_S, what="the whole limit")
    clients = both(nodes, next(ADDRESSES))
    assert passed(clients, comment, 201, COMMENTS + 20) == COMMENTS
