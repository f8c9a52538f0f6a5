"""Covers in the sizes of rows and cards: made once, from the whole cover, of songs of any age."""

import os
import re
import shutil
import subprocess

import pytest
from support import clips
from support.client import Client, new_session, succeeded
from support.server import NO_LIMITS, Station, run

WIDTHS = (96, 160, 320)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    square = clips.picture(folder.parent / "square.jpg", "red")
    clips.audio(folder / "square.mp3", 21, 1, square, title="Square", artist="Ears")
    clips.video(folder / "wide.mp4", 22, 2, title="Wide", artist="Eyes")
    clips.audio(folder / "bare.mp3", 23, 3, title="Bare", artist="Nobody")
    return folder


@pytest.fixture
def scanned(library, tmp_path):
    station = Station(tmp_path / "data", *NO_LIMITS)
    done = run("scan", library, "--data", station.data)
    assert done.returncode == 0, done.stderr
    with station:
        yield station


def art_of(client, title):
    return "/" + client.data("/songs", params={"q": title})["songs"][0]["albumArt"]


def dots(content, tmp_path):
    """Width and height, as a decoder sees them."""
    (tmp_path / "picture.jpg").write_bytes(content)
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", tmp_path / "picture.jpg"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return tuple(map(int, told.stdout.strip().split(",")))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_smaller_cover_fills_its_square_and_is_kept_as_long_as_the_whole(scanned, tmp_path, width):
    with Client(scanned, session=new_session()) as client:
        art = art_of(client, "Square")
        whole, small = client.get(art), client.get(f"{art}&w={width}")
    assert small.status_code == 200 and small.headers["content-type"] == "image/jpeg"
    assert dots(small.content, tmp_path) == (width, width) and len(small.content) < len(whole.content)
    assert small.headers["cache-control"] == whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["etag"] != whole.headers["etag"]
    with Client(scanned, session=new_session()) as client:
        again = client.get(f"{art}&w={width}", headers={"If-None-Match": small.headers["etag"]})
        assert again.status_code == 304 and not again.content
        bare = client.get(f"{art.split('?')[0]}?w={width}")
        assert bare.content == small.content and bare.headers["cache-control"] == "public, max-age=60"


def test_the_shorter_side_of_a_wide_picture_fills_the_square_and_none_is_blown_up(scanned, tmp_path):
    with Client(scanned, session=new_session()) as client:
        art = art_of(client, "Wide")
        assert dots(client.get(art).content, tmp_path) == (160, 90)
        assert dots(client.get(f"{art}&w=320").content, tmp_path) == (160, 90)
        shutil.rmtree(scanned.data / "covers")
        wide = client.get(f"{art}&w=96")
        assert wide.status_code == 200, "the folder may go at any time"
        assert dots(wide.content, tmp_path) == (160, 90), "a square of 90 dots is the most there is"


def test_a_drawn_cover_is_the_same_in_every_size(scanned):
    with Client(scanned, session=new_session()) as client:
        art = art_of(client, "Bare")
        whole, small = client.get(art), client.get(f"{art}&w=96")
    assert small.headers["content-type"] == "image/svg+xml" and small.content == whole.content
    assert "immutable" in small.headers["cache-control"]


@pytest.mark.parametrize("query", ["w=0", "w=97", "w=600", "w=", "w=-96", "w=096", "w=96&w=160", "w=wide"])
@pytest.mark.parametrize("title", ["Square", "Bare"])
def test_other_sizes_are_refused(scanned, title, query):
    with Client(scanned, session=new_session()) as client:
        answer = client.get(f"{art_of(client, title).split('?')[0]}?{query}")
    assert answer.status_code == 400 and answer.json()["code"] == "invalid_parameter"
    assert re.search(r"\bw\b", answer.json()["error"])


def test_a_smaller_cover_is_made_once_and_anew_when_the_song_changes(scanned):
    covers = scanned.data / "covers"
    with Client(scanned, session=new_session()) as client:
        song = client.data("/songs", params={"q": "Square"})["songs"][0]
        first = client.get(f"/{song['albumArt']}&w=96")
        made = {path: path.stat().st_mtime_ns for path in covers.rglob("*.jpg")}
        assert len(made) == 1 and client.get(f"/{song['albumArt']}&w=96").headers["etag"] == first.headers["etag"]
        with Client(scanned, token=scanned.token) as curator:
            succeeded(curator.patch(f"/admin/songs/{song['_id']}", json={"genre": ["Pop"]}))
        later = client.data("/songs", params={"q": "Square"})["songs"][0]["albumArt"]
        assert later != song["albumArt"] and client.get(f"/{later}&w=96").content == first.content
        assert len(list(covers.rglob("*.jpg"))) == 1, "what nobody asks for any more is gone"


def test_where_none_can_be_made_the_whole_one_is_sent_for_a_minute(library, tmp_path):
    """The folder for them is taken by a file: nothing can be written there."""
    station = Station(tmp_path / "data", *NO_LIMITS)
    assert run("scan", library, "--data", station.data).returncode == 0
    (station.data / "covers").write_text("in the way")
    with station, Client(station, session=new_session()) as client:
        art = art_of(client, "Square")
        answer = client.get(f"{art}&w=96")
        assert answer.status_code == 200 and answer.content == client.get(art).content
        assert answer.headers["cache-control"] == "public, max-age=60"


def test_a_link_in_place_of_a_cover_leads_nowhere(scanned, tmp_path):
    outside = clips.picture(tmp_path / "outside.jpg", "blue")
    with Client(scanned, session=new_session()) as client:
        art = art_of(client, "Square")
        (whole,) = (path for path in (scanned.data / "art").iterdir() if path.stem in art)
        whole.unlink()
        os.symlink(outside, whole)
        answer = client.get(f"{art}&w=96")
    assert answer.headers["content-type"] == "image/svg+xml", "a cover that is gone is drawn"
