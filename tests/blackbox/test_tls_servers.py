"""A station whose Redis and MongoDB speak TLS alone, with certificates of an authority of the house."""

import subprocess
import uuid

import pytest
from support import stores
from support.catalogue import make_catalogue, song_id, write_catalogue
from support.certificates import make_certificates, tls_redis, tls_replica_set
from support.client import Client, new_session, refused, succeeded
from support.events import EventStream
from support.server import NO_LIMITS, Station, eventually, run

pytestmark = pytest.mark.distributed_only("an embedded station leans on no server")

SONG = f"/songs/{song_id(1)}"
RECOVERY_S = 15  # machines that are busy get more than the five seconds


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def redis(certificates):
    redis = (stores.RedisCluster if stores.MODE == "cluster" else stores.SingleRedis)(tls_redis(certificates))
    yield redis
    redis.remove()


@pytest.fixture(scope="module")
def mongo(certificates):
    mongo = tls_replica_set(certificates, 3 if stores.MODE == "cluster" else 1)
    yield mongo
    mongo.remove()


@pytest.fixture(scope="module")
def env(redis, mongo, certificates):
    return {
        "POPRADIO_STORE_REDIS": f"{redis.url.replace('redis://', 'rediss://')}?ca_file={certificates}/ca.pem",
        "POPRADIO_STORE_MONGO": mongo.url(f"tls-{uuid.uuid4().hex}", f"&tls=true&tlsCAFile={certificates}/ca.pem"),
    }


@pytest.fixture(scope="module")
def nodes(env, tmp_path_factory):
    """Two, so that events pass through Redis as well."""
    folder = tmp_path_factory.mktemp("nodes")
    one, two = (Station(folder / name, *NO_LIMITS, env=env) for name in ("one", "two"))
    one.load(write_catalogue(folder / "songs.json", make_catalogue(songs=20, playlists=2)))
    with one, two:
        yield one, two


def test_nobody_is_served_without_tls(redis):
    plain = subprocess.run(["redis-cli", "-p", str(redis.servers[0].port), "PING"], capture_output=True, text=True, timeout=10)
    assert "PONG" not in plain.stdout


def test_likes_comments_and_the_radio(nodes, env):
    one, two = nodes
    with Client(one, session=new_session()) as client, Client(two, session=client.session) as there:
        before = client.data(SONG)
        liked = succeeded(client.post(SONG + "/like"))
        assert liked["likes"] == before["likes"] + 1
        refused(there.post(SONG + "/like"), 409, "already_liked")
        played = succeeded(client.post(SONG + "/play", headers={"Idempotency-Key": "k" * 16}))
        assert succeeded(there.post(SONG + "/play", headers={"Idempotency-Key": "k" * 16}))["plays"] == played["plays"] == before["plays"] + 1
        succeeded(client.post(SONG + "/comments", json={"text": "over TLS"}), 201)
        assert [c["text"] for c in there.data(SONG + "/comments")["comments"]] == ["over TLS"]
        assert client.data("/radio/stream")["nowPlaying"] == there.data("/radio/stream")["nowPlaying"]
        eventually(lambda: there.data(SONG)["likes"] == liked["likes"], 15, what="the like at the other node")
        assert there.data(SONG)["isLikedByUser"]
        done = run("sync", "--once", "--data", one.data, env=env)
        assert done.returncode == 0, done.stderr
        counts = run("check", "--counts", "--data", one.data, env=env)
        assert counts.returncode == 0 and "agree with 1 like\n" in counts.stdout, counts.stdout
        succeeded(client.delete(SONG + "/like"))


def test_events_pass_from_node_to_node(nodes):
    one, two = nodes
    with Client(one, session=new_session()) as client, EventStream(two) as stream:
        stream.opening()
        song = client.data("/radio/stream")["nowPlaying"]["_id"]
        succeeded(client.post(f"/songs/{song}/comments", json={"text": "heard there"}), 201)
        stream.next("comment", where=lambda data: data["comment"]["text"] == "heard there")


def test_a_restart_finds_everything(nodes):
    one, _ = nodes
    with Client(one, session=new_session()) as client:
        liked = succeeded(client.post(SONG + "/like"))["likes"]
        session = client.session
    one.restart()
    with Client(one, session=session) as client:
        assert (client.data(SONG)["likes"], client.data(SONG)["isLikedByUser"]) == (liked, True)


def test_servers_that_went_away_are_found_again(nodes, redis, mongo):
    one, _ = nodes
    redis.kill()
    mongo.kill()
    with Client(one, session=new_session()) as client:
        eventually(lambda: client.get("//health").status_code == 503, RECOVERY_S, what="the outage")
        redis.start()
        mongo.start()
        eventually(lambda: client.post(SONG + "/like").status_code in (200, 409), RECOVERY_S, what="a like")
        eventually(lambda: client.post(SONG + "/comments", json={"text": "back"}).status_code == 201, RECOVERY_S, what="a comment")
        eventually(lambda: client.get("//health").status_code == 200, RECOVERY_S, what="a whole station")
