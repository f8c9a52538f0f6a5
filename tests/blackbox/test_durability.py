"""What survives what: kill -9, a full disk, two servers on one folder, backups."""

import json
import os
import random
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
from collections import Counter
from contextlib import contextmanager

import httpx
import pytest
from support import stores
from support.catalogue import make_catalogue, playlist_id, song_id, write_catalogue
from support.client import Client, new_session, refused, succeeded
from support.server import BINARY, NO_LIMITS, Station, StartFailed, eventually, run, sentences
from support.words import different_text

FILE_ONLY = pytest.mark.embedded_only("about the database file of the embedded mode")

SONGS, PLAYLISTS = 12, 3
LIKEABLE = [f"/songs/{song_id(n)}" for n in range(SONGS)] + [f"/playlists/{playlist_id(n)}" for n in range(PLAYLISTS)]


# ------------------------------------------------------------------------------------------ the kill -9 loop


class Person:
    """A session that does one thing after the other and writes down what it was told. An answer that never came leaves a doubt."""

    def __init__(self):
        self.session = new_session()
        self.liked = {target: False for target in LIKEABLE}
        self.doubtful_likes = set()

    def act(self, client, rng, book):
        kind = rng.choice(["like", "like", "unlike", "comment", "play", "keyed play", "view"])
        target = rng.choice(LIKEABLE)
        song = rng.randrange(SONGS)
        if kind == "like":
            answer = self.try_like(client.post, target)
            if answer is not None:
                assert answer.status_code == (409 if self.liked[target] else 200), answer.text
                self.liked[target] = True
        elif kind == "unlike":
            answer = self.try_like(client.delete, target)
            if answer is not None:
                assert answer.status_code == (200 if self.liked[target] else 404), answer.text
                self.liked[target] = False
        elif kind == "comment":
            text = different_text()
            book.doubtful_comments[text] = target
            succeeded(client.post(target + "/comments", json={"text": text}), 201)
            book.comments[text] = book.doubtful_comments.pop(text)
        elif kind == "play":
            book.add(book.doubtful_plays, song, 1)
            succeeded(client.post(f"/songs/{song_id(song)}/play"))
            book.add(book.doubtful_plays, song, -1)
            book.add(book.plays, song, 1)
        elif kind == "keyed play":
            key = (self.session, song, str(uuid.uuid4()))
            book.doubtful_keys.add(key)
            succeeded(client.post(f"/songs/{song_id(song)}/play", headers={"Idempotency-Key": key[2]}))
            book.doubtful_keys.discard(key)
            book.keys.add(key)
            book.add(book.plays, song, 1)
        else:
            number = rng.randrange(PLAYLISTS)
            book.add(book.doubtful_views, number, 1)
            client.data(f"/playlists/{playlist_id(number)}")
            book.add(book.doubtful_views, number, -1)
            book.add(book.views, number, 1)

    def try_like(self, send, target):
        self.doubtful_likes.add(target)
        answer = send(target + "/like")
        self.doubtful_likes.discard(target)
        return answer


class Book:
    """What all of them were told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.comments, self.doubtful_comments = {}, {}
        self.plays, self.doubtful_plays = Counter(), Counter()
        self.views, self.doubtful_views = Counter(), Counter()
        self.keys, self.doubtful_keys = set(), set()

    def add(self, counter, key, number):
        with self.lock:
            counter[key] += number


def all_comments(client):
    found = Counter()
    for target in LIKEABLE:
        cursor = None
        while True:
            page = client.data(f"{target}/comments", params={"limit": 100} | ({"cursor": cursor} if cursor else {}))
            found.update(c["text"] for c in page["comments"])
            cursor = page["nextCursor"]
            if not cursor:
                break
    return found


def verify(station, people, book, base):
    """Compares the station with the books. What was in doubt is settled by what the station says now."""
    likers = Counter()
    for person in people:
        with Client(station, session=person.session) as client:
            me = client.data("/sessions/me")["liked"]
            now = {f"/songs/{i}" for i in me["songs"]} | {f"/playlists/{i}" for i in me["playlists"]}
            assert len(now) == len(me["songs"]) + len(me["playlists"])
            for target in LIKEABLE:
                if target not in person.doubtful_likes:
                    assert (target in now) == person.liked[target], f"{target} of {person.session}: an acknowledged change is lost"
                person.liked[target] = target in now
            person.doubtful_likes.clear()
            likers.update(now)

    with Client(station, session=new_session()) as client:
        # Keys in doubt are sent again: after that each of them counts exactly once. Known ones are sent again, too.
        again = list(book.doubtful_keys) + random.sample(sorted(book.keys), min(20, len(book.keys)))
        for session, song, key in again:
            with Client(station, session=session) as c:
                succeeded(c.post(f"/songs/{song_id(song)}/play", headers={"Idempotency-Key": key}))
        for key in book.doubtful_keys:
            book.keys.add(key)
            book.plays[key[1]] += 1
        book.doubtful_keys.clear()

        songs = {s["_id"]: s for s in client.data("/songs", params={"limit": 100})["songs"]}
        lists = {p["_id"]: p for p in client.data("/playlists", params={"limit": 100})["playlists"]}
        for target in LIKEABLE:
            record = (songs | lists)[target.rsplit("/", 1)[1]]
            assert record["likes"] == base[record["_id"]]["likes"] + likers[target], f"{target}: counter and likers differ"
        for number in range(SONGS):
            counted = songs[song_id(number)]["plays"] - base[song_id(number)]["plays"]
            assert book.plays[number] <= counted <= book.plays[number] + book.doubtful_plays[number], f"plays of song {number}"
            book.plays[number], book.doubtful_plays[number] = counted, 0
        for number in range(PLAYLISTS):
            counted = lists[playlist_id(number)]["views"] - base[playlist_id(number)]["views"]
            assert book.views[number] <= counted <= book.views[number] + book.doubtful_views[number], f"views of playlist {number}"
            book.views[number], book.doubtful_views[number] = counted, 0

        found = all_comments(client)
        lost = [t for t in book.comments if found[t] != 1]
        assert not lost, f"{len(lost)} acknowledged comments are not there exactly once"
        for text, target in book.doubtful_comments.items():
            assert found[text] <= 1
            if found[text]:
                book.comments[text] = target
        book.doubtful_comments.clear()
        assert set(found) == set(book.comments)


def load(station, people, book, rng, stop):
    """Starts a thread per person. Returns the threads and a list of what went wrong in them."""
    faults = []

    def live(person, seed):
        own = random.Random(seed)
        with Client(station, session=person.session) as client:
            while not stop.is_set():
                try:
                    person.act(client, own, book)
                except httpx.TransportError:
                    return
                except AssertionError as fault:
                    faults.append(fault)
                    return

    threads = [threading.Thread(target=live, args=(p, rng.random())) for p in people]
    for t in threads:
        t.start()
    return threads, faults


@pytest.mark.timeout(900)
def test_kill_9_loses_nothing_that_was_acknowledged_and_counts_nothing_twice(make_station, request):
    seed = request.config.getoption("--seed")
    seed = random.randrange(2**32) if seed is None else seed
    print(f"--seed {seed}")
    rng = random.Random(seed)
    random.seed(seed)
    station = make_station(make_catalogue(songs=SONGS, playlists=PLAYLISTS), *NO_LIMITS)
    station.start()
    with Client(station) as client:
        records = client.data("/songs", params={"limit": 100})["songs"] + client.data("/playlists", params={"limit": 100})["playlists"]
        base = {r["_id"]: r for r in records}
    people, book = [Person() for _ in range(8)], Book()
    for round_number in range(request.config.getoption("--rounds")):
        stop = threading.Event()
        threads, faults = load(station, people, book, rng, stop)
        time.sleep(rng.uniform(0.05, 0.6))
        station.kill()
        stop.set()
        for t in threads:
            t.join(40)
            assert not t.is_alive()
        assert not faults, f"round {round_number}: {faults[0]}"
        if rng.random() < 0.3:  # killed while it recovers
            process = subprocess.Popen(
                [str(a) for a in serve_command(station)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=station.environment()
            )
            time.sleep(rng.uniform(0.0, 0.15))
            process.kill()
            process.wait()
        station.start()
        verify(station, people, book, base)
    assert len(book.comments) > 10 and len(book.keys) > 10, "the loop did nothing worth checking"
    station.restart()
    verify(station, people, book, base)
    if stores.MODE != "embedded":
        station.stop()
        agrees_with_mongodb(station, people, book, base)
    print(f"{len(book.comments)} comments, {sum(book.plays.values())} plays, {sum(book.views.values())} views, "
          f"{sum(sum(p.liked.values()) for p in people)} likes at the end")  # fmt: skip


def agrees_with_mongodb(station, people, book, base):
    """After a sync MongoDB has the same likers, counters and comments, each once."""
    done = run("sync", "--once", "--data", station.data)
    assert done.returncode == 0, done.stderr
    client, database = stores.database_of(station.data)
    with client:
        likers = Counter()
        for like in database.likers.find({"liked": True}):
            likers[like["_id"].rsplit(":", 1)[0]] += 1
        wanted = Counter(target[1:].replace("s/", ":", 1) for person in people for target, liked in person.liked.items() if liked)
        assert likers == wanted
        for kind, name, counted in (("songs", "plays", book.plays), ("playlists", "views", book.views)):
            for record in database[kind].find():
                number = base.get(str(record["_id"]))
                if number is None:  # nobody sees it, nobody counted it
                    assert not record["isActive"]
                    continue
                assert record["likes"] == number["likes"] + wanted[f"{kind[:-1]}:{record['_id']}"], record["title"]
                known = {song_id(n) if kind == "songs" else playlist_id(n): count for n, count in counted.items()}
                assert record[name] == number[name] + known.get(str(record["_id"]), 0), record["title"]
        assert Counter(c["text"] for c in database.comments.find()) == Counter(book.comments.keys())


def serve_command(station):
    return [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", station.data, *station.args]


def test_sigterm_finishes_what_is_in_flight(make_station):
    station = make_station(make_catalogue(songs=SONGS, playlists=PLAYLISTS), *NO_LIMITS)
    station.start()
    with Client(station) as client:
        records = client.data("/songs", params={"limit": 100})["songs"] + client.data("/playlists", params={"limit": 100})["playlists"]
        base = {r["_id"]: r for r in records}
    people, book, stop = [Person() for _ in range(8)], Book(), threading.Event()
    threads, faults = load(station, people, book, random.Random(1), stop)
    time.sleep(0.5)
    started = time.monotonic()
    station.stop()
    assert time.monotonic() - started < 10
    stop.set()
    for t in threads:
        t.join(40)
    # A server that is about to go may say 503; it may not lose what it acknowledged.
    assert all("503" in str(f) for f in faults), faults
    for fault in faults:
        for person in people:
            person.doubtful_likes |= set(LIKEABLE)
    station.start()
    verify(station, people, book, base)


# ------------------------------------------------------------------------------------------------ full disk


@contextmanager
def small_disk(path, megabytes):
    path.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"needs the right to mount a small tmpfs: {done.stderr.strip() or 'mount failed'}")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=False)


def fill(path):
    with open(path, "wb", buffering=0) as filler:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                pass


@FILE_ONLY
def test_a_full_disk_is_503_until_there_is_room(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small tmpfs")
    with small_disk(tmp_path / "disk", 12) as disk:
        station = Station(disk / "data", *NO_LIMITS, log=tmp_path / "station.stderr")
        station.load(write_catalogue(tmp_path / "catalogue.json", make_catalogue(songs=6, playlists=2)))
        song, session = f"/songs/{song_id(1)}", new_session()
        with station, Client(station, session=session) as client:
            succeeded(client.post(song + "/like"))
            likes, plays = (client.data(song)[k] for k in ("likes", "plays"))
            fill(disk / "filler")

            accepted, answer = [], None
            end = time.monotonic() + 60
            while time.monotonic() < end:
                text = different_text() + "💕" * 350
                answer = client.post(song + "/comments", json={"text": text})
                if answer.status_code != 201:
                    break
                accepted.append(text)
            refused(answer, 503, "unavailable")

            # Nothing that was refused is remembered, and reading goes on.
            with Client(station, session=new_session()) as other:
                refused(other.post(song + "/like"), 503, "unavailable")
                refused(other.post(song + "/play"), 503, "unavailable")
                seen = other.data(song)
                assert (seen["likes"], seen["plays"], seen["isLikedByUser"]) == (likes, plays, False)
                refused(client.delete(song + "/like"), 503, "unavailable")
                assert client.data(song)["isLikedByUser"]
                assert client.data(f"/playlists/{playlist_id(1)}")["title"]
                assert client.get("//health").status_code == 503
                assert client.data("/radio/stream")["nowPlaying"]
                page = client.data(song + "/comments", params={"limit": 100})["comments"]
                assert [c["text"] for c in page] == accepted[::-1][:100]

                (disk / "filler").unlink()
                eventually(lambda: other.post(song + "/like").status_code == 200, deadline_s=20, what="a like")
                assert other.data(song)["likes"] == likes + 1
            succeeded(client.post(song + "/comments", json={"text": "there is room"}), 201)
            eventually(lambda: client.get("//health").status_code == 200, what="good health")
            station.kill()
            station.start()
            with Client(station, session=session) as again:
                assert again.data(song)["likes"] == likes + 1
                newest = again.data(song + "/comments", params={"limit": 2})["comments"]
                assert [c["text"] for c in newest] == ["there is room", accepted[-1]] if accepted else ["there is room"]


# ---------------------------------------------------------------------------------------------------- starts


def fails_to_start(station, *words):
    with pytest.raises(StartFailed) as failure:
        station.start()
        station.kill()
    said = failure.value.stderr.strip()
    assert failure.value.code not in (0, None) and failure.value.code > 0, "ended by a signal"
    assert 1 <= len(sentences(said)) <= 3, said
    for word in words:
        assert str(word).lower() in said.lower(), f"{word!r} is not in: {said}"
    return said


def test_a_second_server_on_the_same_folder_is_refused(make_station):
    first = make_station(make_catalogue(songs=4, playlists=1), *NO_LIMITS)
    with first:
        second = Station(first.data)
        fails_to_start(second, first.data)
        with Client(first, session=new_session()) as client:
            succeeded(client.post(f"/songs/{song_id(1)}/like"))
        assert run("export", "--data", first.data).returncode == 0, "the first one's socket must have survived"


def test_a_folder_whose_server_was_killed_can_be_used_again(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1))
    station.start()
    station.kill()
    assert run("export", "--data", station.data).returncode == 0, "a dead server's socket is no server"
    station.start()
    with Client(station) as client:
        assert client.data("/songs")["pagination"]["totalSongs"] == 4


@FILE_ONLY
def test_a_newer_schema_stops_the_start_and_stays_as_it_is(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1))
    database = station.data / "popradio.db"
    with sqlite3.connect(database) as db:
        known = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("PRAGMA user_version=9999")
    assert known >= 1
    fails_to_start(station, "9999")
    for verb in (["export"], ["backup", station.data / "copy.db"], ["import", station.data.parent / "data.json"]):
        done = run(*verb, "--data", station.data)
        assert done.returncode != 0 and "9999" in done.stderr
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 9999
        db.execute(f"PRAGMA user_version={known}")
    with station, Client(station) as client:
        assert client.data("/songs")["pagination"]["totalSongs"] == 4


@FILE_ONLY
def test_a_database_that_is_none(tmp_path):
    station = Station(tmp_path / "data")
    station.data.mkdir()
    (station.data / "popradio.db").write_bytes(b"this is no database at all\n" * 100)
    fails_to_start(station, "popradio.db")
    assert (station.data / "popradio.db").read_bytes().startswith(b"this is no database"), "never touch what is not ours"


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("in the way")
    fails_to_start(Station(tmp_path / "data"), tmp_path / "data")


def test_a_busy_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        station = Station(tmp_path / "data", "--listen", address)
        fails_to_start(station, address.split(":")[1])


def test_another_station_on_the_same_port_is_refused_too(tmp_path):
    """Listeners that share a port for the sake of many cores must not share it with another station."""
    with Station(tmp_path / "one") as first:
        fails_to_start(Station(tmp_path / "two", "--listen", f"127.0.0.1:{first.port}"), first.port)


# --------------------------------------------------------------------------------------------------- backups


@FILE_ONLY
def test_a_backup_of_a_running_station_is_a_station(make_station, tmp_path):
    station = make_station(make_catalogue(songs=SONGS, playlists=PLAYLISTS), *NO_LIMITS)
    station.start()
    with Client(station) as client:
        records = client.data("/songs", params={"limit": 100})["songs"] + client.data("/playlists", params={"limit": 100})["playlists"]
        base = {r["_id"]: r for r in records}
    before, during = [Person() for _ in range(2)], [Person() for _ in range(4)]
    book, stop = Book(), threading.Event()
    with Client(station, session=before[0].session) as client:
        for target in LIKEABLE[:5]:
            succeeded(client.post(target + "/like"))
        succeeded(client.post(f"/songs/{song_id(1)}/comments", json={"text": "in the backup"}), 201)
    threads, faults = load(station, during, book, random.Random(2), stop)
    done = run("backup", tmp_path / "backup.db", "--data", station.data)
    stop.set()
    for t in threads:
        t.join(40)
    assert done.returncode == 0, done.stderr
    assert not faults
    station.stop()

    copy = Station(tmp_path / "restored", *NO_LIMITS)
    copy.data.mkdir()
    (tmp_path / "backup.db").rename(copy.data / "popradio.db")
    with copy, Client(copy, session=before[0].session) as client:
        liked = client.data("/sessions/me")["liked"]
        assert len(liked["songs"]) == 5 and liked["playlists"] == []
        assert "in the backup" in [c["text"] for c in client.data(f"/songs/{song_id(1)}/comments", params={"limit": 100})["comments"]]
        likers = Counter()
        for person in before + during:
            with Client(copy, session=person.session) as c:
                me = c.data("/sessions/me")["liked"]
                likers.update(me["songs"] + me["playlists"])
        for song in client.data("/songs", params={"limit": 100})["songs"]:
            assert song["likes"] == base[song["_id"]]["likes"] + likers[song["_id"]], "a backup in the middle of a like"
        succeeded(client.post(f"/songs/{song_id(9)}/like"))


@FILE_ONLY
def test_a_backup_never_overwrites(make_station, tmp_path):
    station = make_station(make_catalogue(songs=4, playlists=1))
    target = tmp_path / "precious.txt"
    target.write_text("precious")
    done = run("backup", target, "--data", station.data)
    assert done.returncode != 0 and "precious.txt" in done.stderr
    assert target.read_text() == "precious"


@FILE_ONLY
def test_a_backup_that_cannot_be_written_says_so(make_station, tmp_path):
    station = make_station(make_catalogue(songs=4, playlists=1))
    done = run("backup", tmp_path / "nowhere" / "backup.db", "--data", station.data)
    assert done.returncode != 0 and "nowhere" in done.stderr


@FILE_ONLY
def test_a_backup_without_a_server_works_too(make_station, tmp_path):
    station = make_station(make_catalogue(songs=4, playlists=1))
    assert run("backup", tmp_path / "cold.db", "--data", station.data).returncode == 0
    (tmp_path / "cold").mkdir()
    (tmp_path / "cold.db").rename(tmp_path / "cold" / "popradio.db")
    first = json.loads(run("export", "--data", station.data).stdout)
    assert json.loads(run("export", "--data", tmp_path / "cold").stdout) == first


# ------------------------------------------------------------------------------------------------- comments


def test_comments_expire_for_good(make_station):
    """A comment older than its time is neither shown nor kept; the clock cannot be moved, so the comment is moved back."""
    station = make_station(make_catalogue(songs=4, playlists=1), *NO_LIMITS)
    path = f"/songs/{song_id(1)}/comments"
    with station, Client(station, session=new_session()) as client:
        succeeded(client.post(path, json={"text": "old"}), 201)
        succeeded(client.post(path, json={"text": "young"}), 201)
    exported = json.loads(run("export", "--data", station.data).stdout)
    for comment in exported["comments"]:
        if comment["text"] == "old":
            comment |= {"createdAt": "2020-01-01T00:00:00.000Z", "expireAt": "2020-01-31T00:00:00.000Z"}
    other = Station(station.data.parent / "other", *NO_LIMITS)
    other.load(write_catalogue(station.data.parent / "moved.json", exported))
    with other, Client(other) as client:
        assert [c["text"] for c in client.data(path)["comments"]] == ["young"]
