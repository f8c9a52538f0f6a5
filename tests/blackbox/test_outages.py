"""What goes on, and what is refused, while Redis or MongoDB is away; and how soon all is whole again."""

import os
import time
from contextlib import contextmanager

import pytest
from support import stores
from support.catalogue import make_catalogue, playlist_id, song_id, write_catalogue
from support.client import Client, new_session, refused, succeeded
from support.server import NO_LIMITS, StartFailed, Station, eventually, run

pytestmark = pytest.mark.distributed_only("an embedded station leans on no server")

SONGS = 60  # more than the cache of the popular ones holds
RECOVERY_S = 15  # it takes five seconds; machines that are busy get more
LIKED = f"/songs/{song_id(1)}"


@pytest.fixture(scope="module")
def servers():
    servers = stores.Servers(stores.MODE)
    yield servers
    servers.remove()


@pytest.fixture
def station(servers, tmp_path, request):
    """A running station on servers that the test may kill; they are whole and empty at the beginning."""
    servers.redis.empty()
    servers.database = f"outage{os.getpid()}-{abs(hash(request.node.name))}"
    station = Station(tmp_path / "data", *NO_LIMITS, env=servers.env)
    station.load(write_catalogue(tmp_path / "catalogue.json", make_catalogue(songs=SONGS, playlists=3)))
    station.start()
    yield station
    if station.process is not None:
        station.stop()
    for part in (servers.redis, servers.mongo):
        part.go_on_or_start()


def health(station):
    with Client(station) as client:
        answer = client.get("//health")
        assert client.get("//health/ready").status_code == 200
        assert client.get("//health/live").status_code == 200
        body = answer.json()
        down = {name for name, state in body["services"].items() if state != "ok"}
        assert (answer.status_code == 200) == (not down)
        assert set(body.get("since", {})) == down - {"radio"}
        return down


def is_down(station, *names):
    eventually(lambda: health(station) == set(names), RECOVERY_S, what=f"/health naming {names}")


@pytest.fixture
def measured(record_property):
    """`with measured(what):` — how long its body takes comes into the table at the end of the run."""

    @contextmanager
    def measure(what):
        began = time.monotonic()
        yield
        record_property("measured", f"{stores.MODE}: {what}: {time.monotonic() - began:.2f} s")

    return measure


def reads_and_plays(client, songs=SONGS):
    assert len(client.data("/songs", params={"limit": 100})["songs"]) == songs
    assert len(client.data("/songs/popular")["songs"]) > 0
    assert client.data("/playlists/featured")["playlists"]
    assert client.data(LIKED)["_id"] == song_id(1)
    radio = client.data("/radio/stream")
    assert radio["nowPlaying"] and len(radio["queue"]) == 5
    return radio["nowPlaying"]["_id"]


def no_likes(client):
    """Returns the session that was refused."""
    session = new_session()
    with Client(client.station, session=session) as other:
        refused(other.post(LIKED + "/like"), 503, "unavailable")
        refused(other.post(LIKED + "/play"), 503, "unavailable")
    return session


def no_comments(client):
    refused(client.post(LIKED + "/comments", json={"text": "hello"}), 503, "unavailable")


def can(client, path, **kwargs):
    return lambda: client.post(path, **kwargs).status_code in (200, 201, 409)


@pytest.mark.parametrize("how", ["killed", "halted"])
def test_redis_away(station, servers, how, measured):
    with Client(station, session=new_session()) as client:
        likes = succeeded(client.post(LIKED + "/like"))["likes"]
        client.data(LIKED)
        playing = reads_and_plays(client)
        servers.redis.kill() if how == "killed" else servers.redis.halt()
        is_down(station, "redis")
        refused_session = no_likes(client)
        assert reads_and_plays(client) == playing
        seen = client.data(LIKED)
        assert (seen["likes"], seen["isLikedByUser"]) == (likes, True)
        succeeded(client.post(LIKED + "/comments", json={"text": "still here"}), 201)
        servers.redis.start() if how == "killed" else servers.redis.go_on()
        with Client(station, session=new_session()) as other, measured(f"Redis, {how}, is back"):
            eventually(can(other, LIKED + "/like"), RECOVERY_S, what="a like")
            is_down(station)
        # A halted Redis finds in its sockets what was refused meanwhile: that like may count, then as its session's.
        with Client(station, session=refused_session) as late:
            came_late = late.data(LIKED)["isLikedByUser"]
        assert not (came_late and how == "killed")
        assert client.data(LIKED)["likes"] == likes + 1 + came_late


@pytest.mark.parametrize("how", ["killed", "halted"])
def test_mongodb_away(station, servers, how, measured):
    with Client(station, session=new_session()) as client:
        succeeded(client.post(LIKED + "/comments", json={"text": "before"}), 201)
        playing = reads_and_plays(client)
        servers.mongo.kill() if how == "killed" else servers.mongo.halt()
        is_down(station, "mongodb")
        assert reads_and_plays(client) == playing
        likes = succeeded(client.post(LIKED + "/like"))["likes"]
        succeeded(client.post(LIKED + "/play"))
        no_comments(client)
        servers.mongo.start() if how == "killed" else servers.mongo.go_on()
        with measured(f"MongoDB, {how}, is back"):
            eventually(can(client, LIKED + "/comments", json={"text": "after"}), RECOVERY_S, what="a comment")
            is_down(station)
        texts = [c["text"] for c in client.data(LIKED + "/comments")["comments"]]
        assert texts[-1] == "before" and set(texts) == {"before", "after"}
        assert client.data(LIKED)["likes"] == likes


def test_both_away(station, servers, measured):
    with Client(station, session=new_session()) as client:
        playing = reads_and_plays(client)
        servers.redis.kill()
        servers.mongo.kill()
        is_down(station, "redis", "mongodb")
        assert reads_and_plays(client) == playing
        no_likes(client)
        no_comments(client)
        servers.redis.start()
        servers.mongo.start()
        with measured("both, killed, are back"):
            eventually(can(client, LIKED + "/like"), RECOVERY_S, what="a like")
            eventually(can(client, LIKED + "/comments", json={"text": "after"}), RECOVERY_S, what="a comment")
            is_down(station)


def test_a_start_without_mongodb(station, servers, measured):
    with Client(station, session=new_session()) as client:
        likes = succeeded(client.post(LIKED + "/like"))["likes"]
        before = client.data("/radio/stream")
        popular = [s["_id"] for s in client.data("/songs/popular")["songs"]]
        songs = [s["_id"] for s in client.data("/songs", params={"limit": 100})["songs"]]
        featured = [p["_id"] for p in client.data("/playlists/featured")["playlists"]]
        author = client.data("/sessions/me")["author"]
        session = client.session
    station.stop()
    servers.mongo.kill()
    with measured("a start without MongoDB"):
        station.start()
    is_down(station, "mongodb")
    with Client(station, session=session) as client:
        assert [s["_id"] for s in client.data("/songs/popular")["songs"]] == popular
        assert [p["_id"] for p in client.data("/playlists/featured")["playlists"]] == featured
        assert client.data(f"/playlists/{playlist_id(0)}")["songs"]
        seen = client.data(f"/songs/{popular[0]}")
        assert [s["_id"] for s in client.data("/songs", params={"limit": 100})["songs"]] == songs
        now = client.data("/radio/stream")
        assert now["nowPlaying"]["_id"] == before["nowPlaying"]["_id"], "the same song goes on"
        assert [s["_id"] for s in now["queue"]] == [s["_id"] for s in before["queue"]]
        assert client.data("/sessions/me")["author"] == author
        assert song_id(1) in client.data("/sessions/me")["liked"]["songs"]
        with Client(station, session=new_session()) as other:
            after = succeeded(other.post(f"/songs/{popular[0]}/like"))["likes"]
        assert after == seen["likes"] + 1
        refused(client.post(f"/songs/{popular[0]}/comments", json={"text": "hello"}), 503, "unavailable")
        servers.mongo.start()
        with measured("MongoDB, away at the start, is back"):
            eventually(lambda: len(client.data("/playlists")["playlists"]) == 3, RECOVERY_S, what="every playlist")
            eventually(can(client, LIKED + "/comments", json={"text": "after"}), RECOVERY_S, what="a comment")
            is_down(station)
        assert client.data(LIKED)["likes"] == likes + (popular[0] == song_id(1))
        assert client.data(f"/songs/{popular[0]}")["likes"] == after
        assert client.data("/radio/stream")["nowPlaying"]["_id"] == before["nowPlaying"]["_id"]
    # What was played and liked meanwhile is stored: another start finds it.
    station.restart()
    with Client(station) as client:
        again = client.data("/radio/stream")
        assert again["nowPlaying"]["_id"] == before["nowPlaying"]["_id"]
        assert client.data(f"/songs/{popular[0]}")["likes"] == after


def test_a_start_without_mongodb_and_without_its_timeline(station, servers, measured):
    """The copy in Redis is gone: something plays, and gives way to what is stored."""
    with Client(station) as client:
        stored = client.data("/radio/stream")["nowPlaying"]["_id"]
    station.stop()
    for server in servers.redis.servers:
        server.cli("DEL", "cache:timeline")
    servers.mongo.kill()
    station.start()
    with Client(station) as client:
        assert client.data("/radio/stream")["nowPlaying"]
        servers.mongo.start()
        with measured("the stored timeline, MongoDB away at the start, is back"):
            eventually(lambda: client.data("/radio/stream")["nowPlaying"]["_id"] == stored, RECOVERY_S, what="the stored timeline")


def test_a_start_without_redis(station, servers, measured):
    with Client(station, session=new_session()) as client:
        likes = succeeded(client.post(LIKED + "/like"))["likes"]
        plays = succeeded(client.post(LIKED + "/play"))["plays"]
        playing = reads_and_plays(client)
    station.stop()
    assert run("sync", "--once", "--data", station.data, env=servers.env).returncode == 0
    servers.redis.kill()
    with measured("a start without Redis"):
        station.start()
    is_down(station, "redis")
    with Client(station, session=client.session) as client:
        seen = client.data(LIKED)
        assert (seen["likes"], seen["plays"]) == (likes, plays), "as MongoDB remembers them"
        assert reads_and_plays(client) == playing
        no_likes(client)
        succeeded(client.post(LIKED + "/comments", json={"text": "hello"}), 201)
        servers.redis.start()
        with Client(station, session=new_session()) as other, measured("Redis, away at the start, is back"):
            eventually(can(other, LIKED + "/like"), RECOVERY_S, what="a like")
            is_down(station)
        assert client.data(LIKED)["likes"] == likes + 1
        eventually(lambda: client.data(LIKED)["isLikedByUser"], RECOVERY_S, what="the own like")


def test_an_emptied_redis_is_filled_before_anybody_likes(station, servers, measured):
    with Client(station, session=new_session()) as client, Client(station, session=new_session()) as other:
        likes = succeeded(client.post(LIKED + "/like"))["likes"]
        plays = succeeded(client.post(LIKED + "/play"))["plays"]
        assert run("sync", "--once", "--data", station.data, env=servers.env).returncode == 0
        servers.redis.empty()
        with measured("Redis, emptied, is filled again"):
            eventually(can(other, LIKED + "/like"), RECOVERY_S, what="a like")
        refused(client.post(LIKED + "/like"), 409, "already_liked")
        eventually(lambda: client.data(LIKED)["likes"] == likes + 1, RECOVERY_S, what="the likes")
        assert client.data(LIKED)["plays"] == plays


def test_a_start_without_both_says_so(station, servers):
    station.stop()
    servers.redis.kill()
    servers.mongo.kill()
    with pytest.raises(StartFailed) as failure:
        station.start()
    assert "MongoDB at" in failure.value.stderr and "Redis at" in failure.value.stderr


@pytest.mark.parametrize("part", ["redis", "mongo"])
def test_a_server_that_was_never_there_is_a_slip_of_the_pen(station, servers, part):
    """A known address that is silent is away; an unknown one is wrong."""
    station.stop()
    name = f"POPRADIO_STORE_{part.upper()}"
    wrong = {"redis": f"redis://127.0.0.1:{stores.free_port()}", "mongo": f"mongodb://127.0.0.1:{stores.free_port()}/popradio?replicaSet=popradio"}
    station.env = servers.env | {name: wrong[part]}
    with pytest.raises(StartFailed) as failure:
        station.start()
    assert wrong[part].split("/")[2] in failure.value.stderr and f"store.{part}" in failure.value.stderr
