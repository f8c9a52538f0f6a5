"""The verbs of the command line."""

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import clips, stores
from support.catalogue import UNKNOWN_ID, make_catalogue, make_playlist, make_song, playlist_id, song_id, write_catalogue
from support.client import Client, new_session, succeeded
from support.server import NO_LIMITS, REPOSITORY, StartFailed, Station, run, sentences

VERBS = ["serve", "demo", "scan", "import", "export", "backup", "check", "settings", "version", "help"]

SETTINGS = """http.listen http.threads http.trusted_proxies http.max_connections http.max_connections_per_address http.allowed_origins
    http.public_url store.data limits.like_per_hour limits.unlike_per_hour limits.comment_per_hour limits.play_per_hour
    limits.api_per_hour limits.session_like_per_hour comments.ttl_days radio.skip radio.quorum_per_address admin.token media.base_url
    log.level log.format""".split()


# -------------------------------------------------------------------------------------------------- talking


def test_version():
    for args in (["version"], ["--version"]):
        done = run(*args)
        assert done.returncode == 0 and re.match(r"popradio \d+\.\d+\.\d+", done.stdout), done


def test_help_names_every_verb():
    for args in (["help"], ["--help"], ["-h"]):
        done = run(*args)
        assert done.returncode == 0 and not done.stderr
        for verb in VERBS:
            assert re.search(rf"^\s*(popradio )?{verb}\b", done.stdout, re.M), verb


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_teaches_itself(verb):
    by_flag, by_verb = run(verb, "--help"), run("help", verb)
    assert by_flag.returncode == 0 and by_flag.stdout == by_verb.stdout
    assert f"popradio {verb}" in by_flag.stdout and len(by_flag.stdout.splitlines()) >= 3


def test_no_verb_at_all_is_a_question_for_help():
    done = run()
    assert done.returncode == 2 and "serve" in done.stdout + done.stderr


def test_no_colours_off_the_terminal(tmp_path):
    for args in (["help"], ["settings"], ["check", "--data", tmp_path / "d"], ["nonsense"]):
        done = run(*args, env={"NO_COLOR": ""})
        assert "\x1b" not in done.stdout + done.stderr


def complaint(done, *words):
    """The one sentence of a refused command line."""
    assert done.returncode != 0 and done.returncode > 0
    assert 1 <= len(sentences(done.stderr)) <= 3, done.stderr
    for word in words:
        assert str(word) in done.stderr, f"{word!r} is not in: {done.stderr}"
    return done.stderr


def test_a_verb_that_does_not_exist():
    complaint(run("sevre"), "sevre")


@pytest.mark.parametrize(
    "args, words",
    [
        (["serve", "--limits.like_per_hou", "5"], ["limits.like_per_hou"]),
        (["serve", "--limits.like_per_hour", "many"], ["limits.like_per_hour", "many"]),
        (["serve", "--limits.like_per_hour", "-1"], ["limits.like_per_hour", "-1"]),
        (["serve", "--limits.like_per_hour", "5.5"], ["limits.like_per_hour", "5.5"]),
        (["serve", "--limits.like_per_hour", "99999999999999999999"], ["limits.like_per_hour"]),
        (["serve", "--limits.like_per_hour"], ["limits.like_per_hour"]),
        (["serve", "--threads", "-1"], ["threads"]),
        (["serve", "--threads", "100000"], ["threads", "100000"]),
        (["serve", "--threads", "zero"], ["threads", "zero"]),
        (["serve", "--listen", "nowhere"], ["listen", "nowhere"]),
        (["serve", "--listen", "127.0.0.1:99999"], ["listen", "99999"]),
        (["serve", "--http.trusted_proxies", "not-an-address"], ["http.trusted_proxies", "not-an-address"]),
        (["serve", "--http.allowed_origins", "not an origin"], ["http.allowed_origins", "not an origin"]),
        (["serve", "--http.public_url", "radio"], ["http.public_url", "radio"]),
        (["serve", "--radio.skip", "always"], ["radio.skip", "always"]),
        (["serve", "--log.level", "loud"], ["log.level", "loud"]),
        (["serve", "--log.format", "xml"], ["log.format", "xml"]),
        (["serve", "--comments.ttl_days", "soon"], ["comments.ttl_days", "soon"]),
        (["serve", "stray"], ["stray"]),
        (["backup"], ["FILE"]),
        (["import"], ["FILE"]),
        (["scan"], ["DIR"]),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, args, words):
    data = ["--data", tmp_path / "data"]
    complaint(run(*args, *data) if args[-1].startswith("--") is False else run(args[0], *data, *args[1:]), *words)
    assert not (tmp_path / "data" / "popradio.db").exists(), "nothing half done"


# ------------------------------------------------------------------------------------------------- settings


def test_settings_prints_every_setting_and_what_it_means():
    done = run("settings")
    assert done.returncode == 0
    for name in SETTINGS:
        assert re.search(rf"^\s*{re.escape(name)}\b", done.stdout, re.M), name


def line_of(output, name):
    return next(x for x in output.splitlines() if re.match(rf"\s*{re.escape(name)}\b", x))


def test_the_later_spelling_wins(tmp_path):
    name, env = "limits.like_per_hour", {"POPRADIO_LIMITS_LIKE_PER_HOUR": "12"}
    assert re.search(r"\b100\b", line_of(run("settings", cwd=tmp_path).stdout, name))
    (tmp_path / "popradio.toml").write_text("[limits]\nlike_per_hour = 11  # few\n")
    line = line_of(run("settings", cwd=tmp_path).stdout, name)
    assert re.search(r"\b11\b", line) and "popradio.toml" in line
    line = line_of(run("settings", cwd=tmp_path, env=env).stdout, name)
    assert re.search(r"\b12\b", line) and "POPRADIO_LIMITS_LIKE_PER_HOUR" in line
    line = line_of(run("settings", "--limits.like_per_hour", "13", cwd=tmp_path, env=env).stdout, name)
    assert re.search(r"\b13\b", line) and "12" not in line


def test_port_from_the_environment_is_understood():
    assert "8123" in line_of(run("settings", env={"PORT": "8123"}).stdout, "http.listen")


def test_secrets_are_not_printed():
    assert "very-secret-token" not in run("settings", "--admin.token", "very-secret-token-0123456789").stdout


@pytest.mark.parametrize(
    "toml, words",
    [
        ("[limits]\nlike_per_hou = 5\n", ["limits.like_per_hou", "popradio.toml"]),
        ("[limits]\nlike_per_hour = 'many'\n", ["limits.like_per_hour", "popradio.toml"]),
        ("[limits\n", ["popradio.toml"]),
        ("like_per_hour = 5\n", ["like_per_hour", "popradio.toml"]),
    ],
)
def test_a_settings_file_that_does_not_fit_is_named(tmp_path, toml, words):
    (tmp_path / "popradio.toml").write_text(toml)
    complaint(run("settings", cwd=tmp_path), *words)


def test_an_environment_that_does_not_fit_is_named(tmp_path):
    complaint(run("settings", env={"POPRADIO_LIMITS_LIKE_PER_HOUR": "abc"}), "POPRADIO_LIMITS_LIKE_PER_HOUR", "abc")
    complaint(run("settings", env={"POPRADIO_LIMITS_LIKE_PER_HUOR": "5"}), "POPRADIO_LIMITS_LIKE_PER_HUOR")


def test_a_token_of_ones_own_is_used(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1), "--admin.token", "a-token-of-my-own-0123456789abcdef")
    with station, Client(station, token="a-token-of-my-own-0123456789abcdef") as curator:
        succeeded(curator.get("/admin/rotation"))


# ---------------------------------------------------------------------------------------------------- check


def test_check_finds_a_good_station_good(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1))
    done = run("check", "--data", station.data)
    assert done.returncode == 0, done.stdout + done.stderr
    with station:
        assert run("check", "--data", station.data).returncode == 0


def test_check_says_what_is_wrong(tmp_path):
    (tmp_path / "data").write_text("in the way")
    done = run("check", "--data", tmp_path / "data")
    assert done.returncode == 1 and str(tmp_path / "data") in done.stdout + done.stderr
    if stores.MODE != "embedded":
        return
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "popradio.db").write_bytes(b"no database" * 1000)
    done = run("check", "--data", broken)
    assert done.returncode == 1 and "popradio.db" in done.stdout + done.stderr


# --------------------------------------------------------------------------------------------------- import


def titles(station):
    with Client(station) as client:
        return sorted(s["title"] for s in client.data("/songs", params={"limit": 100})["songs"])


def test_import_reports_and_again_changes_nothing(make_station, tmp_path):
    station = make_station(None)
    path = write_catalogue(tmp_path / "c.json", make_catalogue(songs=5, playlists=2))
    first = run("import", path, "--data", station.data)
    assert first.returncode == 0 and re.search(r"\b9\b", first.stdout), first.stdout  # 5 + 1 songs, 2 + 1 playlists
    before = run("export", "--data", station.data).stdout
    again = run("import", path, "--data", station.data)
    assert again.returncode == 0
    assert run("export", "--data", station.data).stdout == before


def test_import_into_a_running_station_is_visible_at_once(make_station, tmp_path):
    station = make_station(make_catalogue(songs=5, playlists=1), *NO_LIMITS)
    with station:
        assert len(titles(station)) == 5
        station.load(write_catalogue(tmp_path / "more.json", {"songs": [make_song(50, title="While it runs")]}))
        assert "While it runs" in titles(station)
        station.restart()
        assert "While it runs" in titles(station)


def test_records_that_do_not_fit_are_named_by_line_and_the_others_go_in(make_station, tmp_path):
    station = make_station(None)
    path = write_catalogue(tmp_path / "c.json", {
        "songs": [make_song(1), make_song(2, duration=-5), make_song(3, _id="no id"), make_song(4, videoUrl="javascript:x", audioUrl="")],
        "playlists": [make_playlist(1, [song_id(1)]), make_playlist(2, [UNKNOWN_ID])],
    })  # fmt: skip
    lines = path.read_text().splitlines()
    done = run("import", path, "--data", station.data)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    for needle in ("duration", "_id", "videoUrl", UNKNOWN_ID):
        line = next(x for x in said.splitlines() if needle in x)
        number = int(re.search(r"\d+", line.replace(path.name, ""))[0])
        assert 1 <= number <= len(lines), line
    exported = json.loads(run("export", "--data", station.data).stdout)
    assert [s["_id"] for s in exported["songs"]] == [song_id(1)]
    # A playlist that names an unknown song goes without it.
    assert {p["_id"]: p["songs"] for p in exported["playlists"]} == {playlist_id(1): [song_id(1)], playlist_id(2): []}


def test_the_named_line_is_where_the_record_begins(make_station, tmp_path):
    station = make_station(None)
    path = tmp_path / "c.json"
    path.write_text('{"songs": [\n  {"title":"Good","artist":"A","duration":60,"videoUrl":"https://x.example/a.mp4"},\n\n'
                    '  {"title":"Bad","artist":"A",\n   "duration":0,"videoUrl":"https://x.example/b.mp4"}\n]}\n')  # fmt: skip
    done = run("import", path, "--data", station.data)
    assert done.returncode == 1
    assert re.search(r"\b4\b[^\n]*duration", done.stdout + done.stderr), done.stdout + done.stderr


@pytest.mark.parametrize(
    "name, content",
    [("a.json", "{"), ("a.json", "[]"), ("a.json", '{"songs":7}'), ("a.json", ""), ("a.json", '{"songs":[{"title":"x"}'), ("a.csv", ""),
     ("a.csv", "these,are,no,fields\n1,2,3,4\n"), ("a.json", b"\xff\xfe\x00")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_changes_nothing(make_station, tmp_path, name, content):
    station = make_station(make_catalogue(songs=3, playlists=1))
    before = run("export", "--data", station.data).stdout
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    complaint(run("import", tmp_path / name, "--data", station.data), name)
    assert run("export", "--data", station.data).stdout == before


def test_a_file_that_is_not_there_or_of_no_known_kind(tmp_path):
    complaint(run("import", tmp_path / "nothing.json", "--data", tmp_path / "d"), "nothing.json")
    (tmp_path / "song.xyz").write_text("x")
    complaint(run("import", tmp_path / "song.xyz", "--data", tmp_path / "d"), "song.xyz")


def test_csv(make_station, tmp_path):
    station = make_station(None)
    (tmp_path / "c.csv").write_text(
        "title,artist,duration,videoUrl,genre,releaseYear\r\n"
        '"Love, Story",Taylor Swift,235,https://cdn.popradio.com/videos/love-story.mp4,Pop,2008\r\n'
        '"Say ""hi""",Ünïcode,61,https://cdn.popradio.com/videos/hi.mp4,,\r\n'
        "No length,Somebody,,https://cdn.popradio.com/videos/x.mp4,,\r\n"
    )
    done = run("import", tmp_path / "c.csv", "--data", station.data)
    assert done.returncode == 1
    assert re.search(r"\b4\b[^\n]*duration", done.stdout + done.stderr)
    songs = {s["title"]: s for s in json.loads(run("export", "--data", station.data).stdout)["songs"]}
    assert set(songs) == {"Love, Story", 'Say "hi"'}
    assert songs["Love, Story"]["releaseYear"] == 2008 and songs["Love, Story"]["genre"] == ["Pop"]
    assert songs['Say "hi"']["artist"] == "Ünïcode" and songs['Say "hi"']["duration"] == 61


@pytest.mark.parametrize("name", ["list.m3u", "list.m3u8"])
def test_m3u(make_station, tmp_path, name):
    station = make_station(None)
    (tmp_path / name).write_text(
        "#EXTM3U\n"
        "#EXTINF:235,Taylor Swift - Love Story\nhttps://cdn.popradio.com/videos/love-story.mp4\n\n"
        "# a remark\n"
        "#EXTINF:61,Björk - Jóga\nhttps://cdn.popradio.com/audio/joga.mp3\n"
        "#EXTINF:-1,Nobody - Endless\nhttps://cdn.popradio.com/audio/endless.mp3\n"
    )
    done = run("import", tmp_path / name, "--data", station.data)
    assert done.returncode == 1, "a song without a length is refused"
    songs = {s["title"]: s for s in json.loads(run("export", "--data", station.data).stdout)["songs"]}
    assert set(songs) == {"Love Story", "Jóga"}
    assert songs["Love Story"]["artist"] == "Taylor Swift" and songs["Love Story"]["duration"] == 235
    assert songs["Love Story"]["videoUrl"].endswith(".mp4") and songs["Jóga"]["audioUrl"].endswith(".mp3")


# --------------------------------------------------------------------------------------------------- export


def test_export_and_import_give_the_same_station(make_station, tmp_path):
    station = make_station(make_catalogue(songs=10, playlists=3), *NO_LIMITS)
    with station:
        for n in range(4):
            with Client(station, session=new_session()) as client:
                for k in range(n + 1):
                    succeeded(client.post(f"/songs/{song_id(k)}/like"))
                succeeded(client.post(f"/songs/{song_id(1)}/play"))
                succeeded(client.post(f"/playlists/{playlist_id(1)}/like"))
                client.data(f"/playlists/{playlist_id(1)}")
                succeeded(client.post(f"/songs/{song_id(2)}/comments", json={"text": f"So good, said visitor {n}", "atMs": n * 9000}), 201)
                succeeded(client.post(f"/playlists/{playlist_id(0)}/comments", json={"text": f"Again, said visitor {n}"}), 201)
        running = run("export", "--data", station.data)
        assert running.returncode == 0

    def public(s):
        with s, Client(s) as client:
            return {
                "songs": client.data("/songs", params={"limit": 100})["songs"],
                "popular": client.data("/songs/popular")["songs"],
                "playlists": client.data("/playlists", params={"limit": 100})["playlists"],
                "featured": client.data("/playlists/featured")["playlists"],
                "comments": client.data(f"/songs/{song_id(2)}/comments"),
                "moments": client.data(f"/songs/{song_id(2)}/comments", params={"around": 9000}),
                "more comments": client.data(f"/playlists/{playlist_id(0)}/comments"),
            }

    assert run("export", "--data", station.data).stdout == running.stdout, "the same with and without a server"
    (tmp_path / "station.json").write_text(running.stdout)
    copy = Station(tmp_path / "copy", *NO_LIMITS)
    copy.load(tmp_path / "station.json")
    assert run("export", "--data", copy.data).stdout == running.stdout
    there = public(copy)
    assert there == public(station)
    assert len({c["author"] for c in there["comments"]["comments"]}) == 4
    assert [c["atMs"] for c in there["moments"]["comments"]] == [0, 9000, 18000]
    # A file that goes on to a third station, by way of the curator's REST this time, is still the same.
    third = Station(tmp_path / "third", *NO_LIMITS)
    with third, Client(third, token=third.token) as curator:
        report = succeeded(curator.post("/admin/import", content=running.stdout, headers={"Content-Type": "application/json"}))
        assert report["refused"] == [] and report["comments"] == 8
        assert json.loads(curator.get("/admin/export").text) == json.loads(running.stdout)


def test_the_name_of_an_imported_author_is_no_way_to_have_the_comments_forgotten(make_station, tmp_path):
    """Two stations make other sessions of one name, so no session can be worked out from the name."""
    catalogue = make_catalogue(songs=2, playlists=1)
    catalogue["comments"] = [{"targetType": "song", "targetId": song_id(1), "author": "velvet-comet-42", "text": "hello", "atMs": 1000}]
    for name in ("one", "two"):
        station = Station(tmp_path / name, *NO_LIMITS)
        station.load(write_catalogue(tmp_path / "c.json", catalogue))
        with station, Client(station, session=new_session()) as client:
            (seen,) = client.data(f"/songs/{song_id(1)}/comments")["comments"]
            assert (seen["author"], seen["isMine"], seen["atMs"]) == ("velvet-comet-42", False, 1000)
    assert len({session_of_the_only_comment(tmp_path / name) for name in ("one", "two")}) == 2


def session_of_the_only_comment(data):
    if stores.MODE == "embedded":
        return sqlite3.connect(data / "popradio.db").execute("SELECT hex(session) FROM comments").fetchone()[0]
    client, database = stores.database_of(data)
    with client:
        return database.comments.find_one()["sessionId"]


def test_import_tells_how_far_it_is_while_it_converts(make_station, tmp_path):
    (tmp_path / "old").mkdir()
    for n in range(2):
        plain = clips.video(tmp_path / "clips" / f"{n}.mp4", 2, n)
        clips.ffmpeg("-i", plain, "-c:v", "mpeg2video", "-r", "25", "-c:a", "copy", tmp_path / "old" / f"{n}.mkv")
    songs = [{"title": f"Old {n}", "artist": "A", "videoUrl": f"old/{n}.mkv"} for n in range(2)]
    path = write_catalogue(tmp_path / "c.json", {"songs": songs})
    station = make_station(None, *NO_LIMITS)
    done = run("import", path, "--data", station.data, timeout=120)
    assert done.returncode == 0, done.stderr
    form = r"\d of 2 files(, [\d.]+ files/s, [\d:]+ left)?(, converting .*)?"  # no rate in the first second
    assert all(re.fullmatch(form, line) for line in done.stderr.splitlines()), done.stderr
    assert "2 of 2 files" in done.stderr.splitlines()[-1], done.stderr
    assert "files/s" not in done.stdout
    again = run("import", path, "--data", station.data, timeout=120)
    assert again.returncode == 0 and "2 unchanged" in again.stdout


def test_export_of_nothing_is_an_empty_catalogue(tmp_path):
    with Station(tmp_path / "data"):
        exported = json.loads(run("export", "--data", tmp_path / "data").stdout)
    assert exported["songs"] == [] == exported["playlists"]


def test_export_holds_no_session_and_no_fingerprint(make_station):
    station = make_station(make_catalogue(songs=3, playlists=1), *NO_LIMITS)
    session = new_session()
    with station, Client(station, session=session) as client:
        succeeded(client.post(f"/songs/{song_id(1)}/comments", json={"text": "hello", "userFingerprint": "fp-secret"}), 201)
        exported = run("export", "--data", station.data).stdout
    assert session not in exported and "fp-secret" not in exported and "hello" in exported


# ----------------------------------------------------------------------------------------------------- demo


@pytest.mark.skipif(not any((REPOSITORY / "demo" / "media").glob("*.mp4")), reason="the demo's films are not rendered yet")
def test_demo_makes_a_station_that_plays_and_leaves_one_that_is_there_alone(make_station):
    station = make_station(None, *NO_LIMITS)
    done = run("demo", "--data", station.data, timeout=300)
    assert done.returncode == 0, done.stderr
    with station, Client(station, session=new_session()) as client:
        songs = client.data("/songs", params={"limit": 100})["songs"]
        assert len(songs) >= 8 and all(50 <= s["duration"] <= 75 for s in songs)
        assert len(client.data("/playlists")["playlists"]) == 3 and len(client.data("/playlists/featured")["playlists"]) == 2
        now = client.data("/radio/stream")["nowPlaying"]
        film = client.get("/" + now["videoUrl"], headers={"Range": "bytes=0-1023"})
        assert film.status_code == 206 and film.headers["content-type"] == "video/mp4" and len(film.content) == 1024
        assert client.get("/" + now["albumArt"]).headers["content-type"].startswith("image/")
    before = run("export", "--data", station.data).stdout
    run("demo", "--data", station.data)
    assert run("export", "--data", station.data).stdout == before


# ----------------------------------------------------------------------------------------------------- logs


def test_json_logs_are_json_and_quiet(make_station):
    station = make_station(make_catalogue(songs=3, playlists=1), "--log.format", "json", *NO_LIMITS)
    with station:
        with Client(station, session=new_session()) as client:
            for _ in range(20):
                client.data("/songs")
        lines = [x for x in station.stderr().splitlines() if x.strip()]
        assert len(lines) < 15, "one line per request is too many"
        for line in lines:
            assert isinstance(json.loads(line), dict)


def test_starting_twice_in_a_row_needs_no_rest(make_station):
    station = make_station(make_catalogue(songs=3, playlists=1))
    for _ in range(5):
        station.start()
        station.stop()


def test_two_servers_started_at_once_leave_one(make_station):
    """Whoever comes second is told so, however close the race."""
    station = make_station(make_catalogue(songs=3, playlists=1))
    rivals = [Station(station.data, log=station.data.parent / f"rival{n}.log") for n in range(3)]
    def attempt(rival):
        try:
            return rival.start()
        except StartFailed as failure:
            return failure

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(attempt, rivals))
    running = [r for r in results if isinstance(r, Station)]
    try:
        assert len(running) == 1
        assert all(r.code > 0 and str(station.data) in r.stderr for r in results if isinstance(r, StartFailed))
    finally:
        for r in running:
            r.stop()
