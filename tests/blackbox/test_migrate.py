"""`popradio migrate`, `check --counts` and the sync worker's figures, on real servers."""

import random
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request

import pytest
from support import stores
from support.catalogue import make_catalogue, song_id, write_catalogue
from support.client import Client, new_session, succeeded
from support.server import BINARY, NO_LIMITS, Station, clean_environment, eventually, run

pytestmark = pytest.mark.embedded_only("it moves a station out of the data folder, and brings its own servers")

FANS, SONGS = 12, 30


@pytest.fixture(scope="module")
def servers():
    servers = stores.Servers()
    yield servers
    servers.remove()


@pytest.fixture
def there(servers):
    """The servers' flags, and nothing on them."""
    return emptied(servers)


def emptied(servers):
    servers.redis.empty()
    servers.database = f"move-{random.SystemRandom().getrandbits(48):x}"
    return ["--redis", servers.env["POPRADIO_STORE_REDIS"], "--mongo", servers.env["POPRADIO_STORE_MONGO"]]


@pytest.fixture
def cluster():
    """A Redis Cluster of three primaries and a replica set of three."""
    servers = stores.Servers("cluster")
    yield servers
    servers.remove()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with songs, likes, plays and comments in it; never changed."""
    folder = tmp_path_factory.mktemp("made")
    write_catalogue(folder / "songs.json", make_catalogue(SONGS, 3))
    station = Station(folder / "data", *NO_LIMITS)
    station.load(folder / "songs.json")
    with station:
        for number in range(FANS):
            fan = Client(station, new_session())
            for song in range(number, number + 5):
                succeeded(fan.post(f"/songs/{song_id(1 + song % SONGS)}/like"))
                succeeded(fan.post(f"/songs/{song_id(1 + song % SONGS)}/play"))
            succeeded(fan.post(f"/songs/{song_id(1 + number)}/comments", json={"text": f"so good {number}"}), 201)
    return folder / "data"


@pytest.fixture
def data(made, tmp_path):
    """A copy of it."""
    with sqlite3.connect(made / "popradio.db") as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "copy"),))
    source.close()
    (tmp_path / "data").mkdir(0o700)
    (tmp_path / "copy").rename(tmp_path / "data" / "popradio.db")
    return tmp_path / "data"


def move(way, data, there, *more, **options):
    origin, target = ("embedded", "distributed") if way == "there" else ("distributed", "embedded")
    return run("migrate", "--from", origin, "--to", target, "--data", data, *there, *more, **options)


def exported(data, *flags):
    done = run("export", "--data", data, *flags)
    assert done.returncode == 0, done.stderr
    return done.stdout


def likers(database):
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT session, target, liked_at FROM likes ORDER BY session, target").fetchall()
    connection.close()
    return rows


def test_it_says_what_it_needs():
    same = run("migrate", "--from", "embedded", "--to", "embedded", "--redis", "redis://x", "--mongo", "mongodb://x")
    assert same.returncode == 2 and "the same" in same.stderr
    nowhere = run("migrate", "--from", "embedded", "--to", "distributed")
    assert nowhere.returncode == 2 and "--redis" in nowhere.stderr
    for args in (["--from", "embedded"], ["--from", "sqlite", "--to", "embedded"]):
        assert run("migrate", *args).returncode == 2
    taught = run("migrate", "--help").stdout
    for word in ("--overwrite", "--dry-run", "Exit code", "again"):
        assert word in taught, word


def test_there_and_back(data, there, tmp_path):
    before, who = exported(data), likers(data / "popradio.db")
    looked = move("there", data, there, "--dry-run")
    assert looked.returncode == 0 and re.search(r"^songs +[1-9]\d+ +0$", looked.stdout, re.M), looked.stdout

    done = move("there", data, there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"^likes +{5 * FANS} +{5 * FANS} +yes$", done.stdout, re.M), done.stdout
    assert re.search(rf"^likes in Redis +{5 * FANS} +{5 * FANS} +yes$", done.stdout, re.M), done.stdout
    again = move("there", data, there)
    assert again.returncode == 1 and "--overwrite" in again.stderr
    assert exported(tmp_path / "node", *there) == before

    node = Station(tmp_path / "node", *there, *NO_LIMITS)
    with node:
        refused = move("back", tmp_path / "back", there)
        assert refused.returncode == 1 and "running on this Redis" in refused.stderr
        fan = Client(node, new_session())
        liked = succeeded(fan.post(f"/songs/{song_id(2)}/like"))
        succeeded(fan.delete(f"/songs/{song_id(2)}/like"))
        assert liked["likes"] >= 1
    back = move("back", tmp_path / "back", there)
    assert back.returncode == 0, back.stdout + back.stderr
    assert likers(tmp_path / "back" / "popradio.db") == who
    assert exported(tmp_path / "back") == before
    with Station(tmp_path / "back", *NO_LIMITS) as home:
        assert succeeded(Client(home, new_session()).get("/songs?limit=1"))


def test_there_and_back_with_a_cluster(data, cluster, tmp_path):
    """The same; what was there before is taken away on every primary, and the likes are spread over all of them."""
    there = emptied(cluster)
    before, who = exported(data), likers(data / "popradio.db")
    for overwrite in ([], ["--overwrite"]):
        done = move("there", data, there, *overwrite)
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(rf"^likes +{5 * FANS} +{5 * FANS} +yes$", done.stdout, re.M), done.stdout
        assert re.search(rf"^likes in Redis +{5 * FANS} +{5 * FANS} +yes$", done.stdout, re.M), done.stdout
        again = move("there", data, there)
        assert again.returncode == 1 and "--overwrite" in again.stderr
    assert all(server.cli("KEYS", "song:*:likers*") for server in cluster.redis.servers)
    assert exported(tmp_path / "node", *there) == before
    counts = run("check", "--counts", "--data", tmp_path / "node", *there)
    assert counts.returncode == 0 and f"agree with {5 * FANS} likes" in counts.stdout, counts.stdout

    node = Station(tmp_path / "node", *there, *NO_LIMITS)
    with node:
        fan = Client(node, new_session())
        for number in range(1, 11):
            succeeded(fan.post(f"/songs/{song_id(number)}/like"))
    back = move("back", tmp_path / "back", there)
    assert back.returncode == 0, back.stdout + back.stderr
    added = [row for row in likers(tmp_path / "back" / "popradio.db") if row not in who]
    assert len(added) == 10 and len(likers(tmp_path / "back" / "popradio.db")) == len(who) + 10
    with Station(tmp_path / "back", *NO_LIMITS) as home:
        assert Client(home, fan.session).data(f"/songs/{song_id(1)}")["isLikedByUser"]


def test_a_server_in_use_is_not_moved(data, there):
    with Station(data, *NO_LIMITS):
        done = move("there", data, there)
        assert done.returncode == 1 and "Stop it first" in done.stderr
    nothing = move("there", data.parent / "nowhere", there)
    assert nothing.returncode == 1 and "no station" in nothing.stderr


@pytest.mark.parametrize("way", ["there", "back"])
def test_killed_at_any_moment_it_goes_on(way, data, there, tmp_path):
    before = exported(data)
    if way == "back":
        assert move("there", data, there).returncode == 0
    target = data if way == "there" else tmp_path / "back"
    dice, killed, wait = random.Random(1989), 0, 0.02
    while True:
        origin, goal = ("embedded", "distributed") if way == "there" else ("distributed", "embedded")
        running = subprocess.Popen([str(BINARY), "migrate", "--from", origin, "--to", goal, "--data", str(target), *there],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment())  # fmt: skip
        try:
            out, err = running.communicate(timeout=dice.uniform(wait / 2, wait))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            out, err = running.communicate()
            killed, wait = killed + 1, wait * 1.25
            assert wait < 60, "it never ends"
            continue
        break
    assert killed > 3
    # The last kill may have come when all was done but the farewell.
    assert running.returncode == 0 or "--overwrite" in err, out + err
    if way == "there":
        assert exported(tmp_path / "node", *there) == before
    else:
        assert exported(target) == before
        assert likers(target / "popradio.db") == likers(data / "popradio.db")


def test_nothing_starts_on_half_a_station(data, there, tmp_path, servers):
    assert move("there", data, there).returncode == 0
    import pymongo

    with pymongo.MongoClient(servers.mongo.url(""), w="majority") as client:
        client[servers.database].station.insert_one({"_id": "carry", "text": "embedded 1 2\n3\n"})
    for verb in (["serve", "--listen", "127.0.0.1:0"], ["sync", "--once"], ["export"]):
        done = run(*verb, "--data", tmp_path / "node", *there)
        assert done.returncode != 0 and "popradio migrate" in done.stderr, (verb, done.stderr)


def test_the_counts_are_compared_and_put_right(data, there, tmp_path, servers):
    assert move("there", data, there).returncode == 0
    check = ["check", "--counts", "--data", tmp_path / "node", *there]
    good = run(*check)
    assert good.returncode == 0 and "agree with 60 likes" in good.stdout, good.stdout
    key = next(key for key in servers.redis.servers[0].cli("KEYS", "song:*:likes*").split() if song_id(1) in key)
    servers.redis.servers[0].cli("SET", key, 77)
    looked = run(*check, "--dry-run")
    assert looked.returncode == 1 and "Redis counts 77 likes" in looked.stdout, looked.stdout
    mended = run(*check)
    assert mended.returncode == 0 and "put right" in mended.stdout, mended.stdout
    again = run(*check)
    assert again.returncode == 0 and "agree with 60 likes" in again.stdout, again.stdout
    assert servers.redis.servers[0].cli("GET", key) != "77"


def test_the_embedded_counts_are_compared_too(data):
    assert "agree with 60 likes" in run("check", "--counts", "--data", data).stdout
    with Station(data, *NO_LIMITS):
        running = run("check", "--counts", "--data", data)
        assert running.returncode == 0 and "agree with 60 likes" in running.stdout, running.stdout
    with sqlite3.connect(data / "popradio.db") as database:
        database.execute("INSERT INTO likes (seq, session, target) SELECT 1000, session, target FROM likes LIMIT 1")
    database.close()
    with Station(data, *NO_LIMITS):
        assert run("check", "--counts", "--dry-run", "--data", data).returncode == 1
        mended = run("check", "--counts", "--data", data)
        assert mended.returncode == 0 and "1 likes stand in the file twice; put right" in mended.stdout, mended.stdout
        assert "agree with 60 likes" in run("check", "--counts", "--data", data).stdout


def test_the_sync_worker_shows_its_figures(data, there, tmp_path):
    assert move("there", data, there).returncode == 0
    worker = subprocess.Popen([str(BINARY), "sync", "--metrics", "127.0.0.1:0", "--data", str(tmp_path / "node"), *there],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environment())  # fmt: skip
    try:
        url = re.search(r"http://\S+/metrics", worker.stdout.readline())[0]

        def text():
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
                return answer.read().decode()

        eventually(lambda: "\npopradio_sync_rounds_total 1\n" in text(), 20, what="a round")
        shown = text()
        for name in re.findall(r"^(popradio_\w+)", shown, re.M):
            assert f"# TYPE {name} " in shown and f"# HELP {name} " in shown
        assert "\npopradio_sync_outbox_entries 0\n" in shown
        for path, code in (("/", 404), ("/metrics/x", 404)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url.replace("/metrics", path), timeout=10)
            assert refused.value.code == code
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
