"""A folder of media becomes a station, and stays one when files move."""

import json
import os
import re
import shutil
import signal
import subprocess

import pytest
from support import clips
from support.client import Client, new_session, succeeded
from support.server import BINARY, NO_LIMITS, Station, run

NFO = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<musicvideo>
  <title>Take Me Higher &amp; Back</title>
  <artist>The Nightjars</artist>
  <genre>Synthpop</genre>
  <year>1986</year>
</musicvideo>
"""


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Made once; every test works on a copy."""
    folder = tmp_path_factory.mktemp("originals")
    clips.video(folder / "tagged.mp4", 21, 1, title="Love Story", artist="Taylor Swift", genre="Pop", date="2008")
    clips.video(folder / "Björk - Jóga.mp4", 22, 2)
    clips.video(folder / "The Nightjars" / "higher.mp4", 23, 3)
    (folder / "The Nightjars" / "higher.nfo").write_text(NFO)
    cover = clips.picture(folder.parent / "cover.jpg", "red")
    clips.audio(folder / "album" / "01 only sound.mp3", 24, 4, cover, title="Only Sound", artist="Ears", genre="Ambient", date="1999")
    clips.video(folder / "short.mp4", 5, 5, title="Too Short", artist="Nobody")
    (folder / "broken.mp4").write_bytes(bytes(range(256)) * 400)
    shutil.copy(folder / "tagged.mp4", folder / "copy of tagged.mp4")
    (folder / "notes.txt").write_text("not a song")
    (folder / ".hidden.mp4").write_bytes(b"x" * 1000)
    return folder


@pytest.fixture
def library(originals, tmp_path):
    shutil.copytree(originals, tmp_path / "library")
    return tmp_path / "library"


def scan(library, station):
    done = run("scan", library, "--data", station.data)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def songs_of(station):
    exported = json.loads(run("export", "--data", station.data).stdout)
    return {s["title"]: s for s in exported["songs"]}


def test_what_is_good_comes_in_with_its_names_and_what_is_not_is_named(library, make_station):
    station = make_station(None, *NO_LIMITS)
    said = scan(library, station)
    for name in ("short.mp4", "broken.mp4", "tagged.mp4"):
        assert name in said, said
    assert "notes.txt" not in said
    songs = songs_of(station)
    assert set(songs) == {"Love Story", "Jóga", "Take Me Higher & Back", "Only Sound"}
    love = songs["Love Story"]
    assert (love["artist"], love["genre"], love["releaseYear"], love["duration"]) == ("Taylor Swift", ["Pop"], 2008, 21)
    assert (songs["Jóga"]["artist"], songs["Jóga"]["duration"]) == ("Björk", 22)
    higher = songs["Take Me Higher & Back"]
    assert (higher["artist"], higher["genre"], higher["releaseYear"]) == ("The Nightjars", ["Synthpop"], 1986)
    assert songs["Only Sound"]["artist"] == "Ears"


def test_a_second_scan_touches_nothing(library, make_station):
    station = make_station(None, *NO_LIMITS)
    scan(library, station)
    first = json.loads(run("export", "--data", station.data).stdout)
    with station, Client(station, token=station.token) as curator:
        updated = {s["_id"]: s["updatedAt"] for s in curator.data("/admin/songs")["songs"]}
    scan(library, station)
    assert json.loads(run("export", "--data", station.data).stdout) == first
    with station, Client(station, token=station.token) as curator:
        assert {s["_id"]: s["updatedAt"] for s in curator.data("/admin/songs")["songs"]} == updated


def test_a_renamed_and_moved_file_keeps_its_likes(library, make_station):
    station = make_station(None, *NO_LIMITS)
    scan(library, station)
    before = songs_of(station)
    with station, Client(station, session=new_session()) as client:
        for title in ("Love Story", "Jóga"):
            succeeded(client.post(f"/songs/{before[title]['_id']}/like"))
        (library / "elsewhere").mkdir()
        (library / "Björk - Jóga.mp4").rename(library / "elsewhere" / "joga final version.mp4")
        (library / "copy of tagged.mp4").unlink()
        (library / "tagged.mp4").rename(library / "elsewhere" / "x.mp4")
        scan(library, station)  # while it runs
        for title in ("Love Story", "Jóga"):
            song = client.data(f"/songs/{before[title]['_id']}")
            assert song["likes"] == 1 and song["isLikedByUser"]
            film = client.get("/" + song["videoUrl"], headers={"Range": "bytes=0-99"})
            assert film.status_code == 206 and len(film.content) == 100
    assert {s["_id"] for s in songs_of(station).values()} == {s["_id"] for s in before.values()}


def test_a_new_file_comes_in_with_the_next_scan(library, make_station):
    station = make_station(None, *NO_LIMITS)
    scan(library, station)
    clips.video(library / "new.mp4", 21, 9, title="Brand New", artist="Somebody")
    with station, Client(station) as client:
        scan(library, station)
        assert "Brand New" in [s["title"] for s in client.data("/songs/recent")["songs"]]
        assert len(songs_of(station)) == 5


def test_the_shortest_length_is_a_setting(library, make_station):
    station = make_station(None, *NO_LIMITS)
    done = run("scan", library, "--data", station.data, "--media.min_duration_s", "4")
    assert done.returncode in (0, 1), done.stderr
    assert "Too Short" in songs_of(station)


def test_a_folder_that_is_not_there(tmp_path):
    done = run("scan", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert done.returncode > 0 and "nowhere" in done.stderr


# ---------------------------------------------------------------------------------------------- its media


@pytest.fixture(scope="module")
def scanned(originals, tmp_path_factory):
    station = Station(tmp_path_factory.mktemp("scanned") / "data", *NO_LIMITS)
    scan(originals, station)
    with station:
        yield station


@pytest.fixture
def client(scanned):
    with Client(scanned, session=new_session()) as c:
        yield c


@pytest.fixture
def love(client):
    return client.data("/songs", params={"q": "Love Story"})["songs"][0]


def test_media_addresses_are_ours(client, love):
    base = f"/api/media/{love['_id']}"
    assert tuple(love[field].split("?")[0] for field in ("videoUrl", "audioUrl", "albumArt")) == (f"{base}/video", "", f"{base}/art")
    sound = client.data("/songs", params={"q": "Only Sound"})["songs"][0]
    assert sound["videoUrl"] == "" and sound["audioUrl"].split("?")[0].endswith("/audio")


def test_a_film_is_the_file_with_its_type_for_long_and_for_everybody(client, originals, love):
    answer = client.get("/" + love["videoUrl"])
    assert answer.status_code == 200 and answer.content == (originals / "tagged.mp4").read_bytes()
    assert answer.headers["content-type"] == "video/mp4" and answer.headers["accept-ranges"] == "bytes"
    assert "public" in answer.headers["cache-control"] and "max-age" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-session-id" not in answer.headers, "what caches keep must carry nobody's session"


@pytest.mark.parametrize(
    "range_, start, end",
    [("bytes=0-0", 0, 1), ("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-100", -100, None), ("bytes=10-99999999", 10, None),
     ("Bytes=5-6", 5, 7), ("bytes=-99999999", 0, None)],
)  # fmt: skip
def test_ranges(client, originals, love, range_, start, end):
    whole = (originals / "tagged.mp4").read_bytes()
    part = whole[start:end]
    answer = client.get("/" + love["videoUrl"], headers={"Range": range_})
    assert answer.status_code == 206 and answer.content == part
    first = start if start >= 0 else len(whole) + start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"


@pytest.mark.parametrize("range_", ["bytes=99999999-", "bytes=99999999-100000000", "bytes=-0"])
def test_a_range_behind_the_end(client, originals, love, range_):
    answer = client.get("/" + love["videoUrl"], headers={"Range": range_})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{(originals / 'tagged.mp4').stat().st_size}"


@pytest.mark.parametrize("range_", ["bytes=5-2", "bytes=a-b", "lines=0-5", "bytes", "bytes=", "bytes=1", "bytes=--5"])
def test_a_range_that_is_none_is_ignored(client, originals, love, range_):
    answer = client.get("/" + love["videoUrl"], headers={"Range": range_})
    assert answer.status_code == 200 and len(answer.content) == (originals / "tagged.mp4").stat().st_size


def test_conditions(client, love):
    tag = client.request("HEAD", "/" + love["videoUrl"]).headers["etag"]
    again = client.get("/" + love["videoUrl"], headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.content == b""
    part = client.get("/" + love["videoUrl"], headers={"Range": "bytes=0-9", "If-Range": tag})
    assert part.status_code == 206
    whole = client.get("/" + love["videoUrl"], headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert whole.status_code == 200 and len(whole.content) > 10


def test_head_of_a_film_says_how_long_it_is(client, originals, love):
    answer = client.request("HEAD", "/" + love["videoUrl"])
    assert answer.status_code == 200 and int(answer.headers["content-length"]) == (originals / "tagged.mp4").stat().st_size


def test_art_is_a_scaled_picture_from_a_frame_or_the_embedded_one(client):
    for song in client.data("/songs")["songs"]:
        art = client.get("/" + song["albumArt"])
        assert art.status_code == 200 and art.headers["content-type"] in ("image/jpeg", "image/webp"), song["title"]
        assert 200 < len(art.content) < 400_000


def test_audio_has_its_own_type(client):
    sound = client.data("/songs", params={"q": "Only Sound"})["songs"][0]
    answer = client.get("/" + sound["audioUrl"], headers={"Range": "bytes=0-99"})
    assert answer.status_code == 206 and answer.headers["content-type"] == "audio/mpeg"
    assert client.get(f"//api/media/{sound['_id']}/video").status_code == 404


@pytest.mark.parametrize("running", [False, True], ids=["alone", "through the server"])
def test_ctrl_c_ends_a_scan_at_its_next_step_and_says_what_was_done(originals, tmp_path, make_station, running):
    many = 120
    film = (originals / "tagged.mp4").read_bytes()
    for number in range(many):
        copy = tmp_path / "library" / f"Artist {number} - Song {number}.mp4"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(film + number.to_bytes(4, "big") * 64)  # another content, the same film
    station = make_station(None, *NO_LIMITS)
    if running:
        station.start()
    scanning = subprocess.Popen([str(BINARY), "scan", str(copy.parent), "--data", str(station.data)], env=station.environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert scanning.stdout.readline().startswith("added")
    os.killpg(scanning.pid, signal.SIGINT)  # as a terminal does it: whoever works for it hears it too
    said, complained = scanning.communicate(timeout=60)
    assert scanning.returncode == 1
    assert "stopped; what was found so far is kept" in complained
    assert re.search(r"^\d+ media files in .*: \d+ added$", said, re.M), said
    assert "broken" not in said
    kept = len(json.loads(run("export", "--data", station.data).stdout)["songs"])
    assert 0 < kept < many
    again = scan(copy.parent, station)
    assert f"{many} media files" in again and f"{many - kept} added, {kept} unchanged" in again


def test_a_file_that_vanished_is_404_and_the_station_goes_on(originals, tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    shutil.copy(originals / "tagged.mp4", folder / "here.mp4")
    station = Station(tmp_path / "data", *NO_LIMITS)
    scan(folder, station)
    with station, Client(station) as client:
        song = client.data("/songs")["songs"][0]
        (folder / "here.mp4").unlink()
        assert client.get("/" + song["videoUrl"]).status_code == 404
        (folder / "here.mp4").symlink_to("/etc/passwd")
        answer = client.get("/" + song["videoUrl"])
        assert answer.status_code == 404 and b"root:" not in answer.content
        assert client.data("/radio/stream")["nowPlaying"]["_id"] == song["_id"]
