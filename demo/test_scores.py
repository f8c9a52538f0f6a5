"""The demo station's scores and files: pytest demo/test_scores.py (needs ffprobe)."""

import json
import re
import shutil
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

import score as scores

HERE = Path(__file__).resolve().parent
SONGS = sorted((HERE / "scores").glob("*.song"))
STATION = json.loads((HERE / "station.json").read_text(encoding="utf-8"))
SONG_BYTES_LIMIT = 3_000_000
STATION_BYTES_LIMIT = 24_000_000
ART_BYTES_LIMIT = 60_000

HEAD = """title: Test
artist: Nobody
tune: after nobody
tempo: 120
bar: 16
voice lead pulse oct=5
voice low bass oct=2
voice kick kick
"""


def score_of(tmp_path, body):
    file = tmp_path / "test.song"
    file.write_text(HEAD + body, encoding="utf-8")
    return scores.load(file)


def names(files):
    return [f.stem for f in files]


@pytest.mark.parametrize("path", SONGS, ids=names(SONGS))
def test_every_score_parses_and_stays_in_range(path):
    score = scores.load(path)  # raises where a line does not fill its section or a bar line stands wrong
    assert score.notes
    for note in score.notes:
        assert 0 <= note.at < score.length and note.length > 0
        assert note.pitch == 0 or scores.LOWEST <= note.pitch <= scores.HIGHEST
        assert 0 < note.velocity <= 1


@pytest.mark.parametrize("path", SONGS, ids=names(SONGS))
def test_no_note_outlasts_its_section(path):
    score = scores.load(path)
    ends = sorted(end for _, _, end in score.spans)
    for note in score.notes:
        section_end = next(e for e in ends if note.at < e)
        assert note.at + note.length <= section_end


@pytest.mark.parametrize("path", SONGS, ids=names(SONGS))
def test_every_voice_is_heard_and_the_song_is_fifty_to_seventy_five_seconds(path):
    score = scores.load(path)
    assert {n.voice for n in score.notes} == set(score.voices)
    assert 50 <= score.seconds(score.length) + scores.TAIL_SECONDS <= 75


@pytest.mark.parametrize("path", SONGS, ids=names(SONGS))
def test_the_head_names_everything_the_catalogue_needs(path):
    head = scores.load(path).head
    assert re.fullmatch(r"[0-9a-f]{24}", head["id"])
    assert re.fullmatch(r"#[0-9a-f]{6}", head["colour"])
    assert head["tune"].startswith("after ") and head["title"] and head["artist"] and head["genre"]
    assert 2003 <= int(head["year"]) <= 2026


@pytest.mark.parametrize("body, words", [
    ("section a bars=1\nlead: c5:8 d5:4\norder: a\n", "notes fill 12 of 16"),
    ("section a bars=2\nlead: c5:8 d5:4 | e5:4 c5:16\norder: a\n", "bar line after 12"),
    ("section a bars=1\nlead: h5:16\norder: a\n", "'h5' is no note"),
    ("section a bars=1\nchords: Cmajor\nlow: ~ 1:16\norder: a\n", "'Cmajor' is no chord"),
    ("section a bars=1\nlow: ~ 1:16\norder: a\n", "needs chords"),
    ("section a bars=1\nchords: C\nlow: ~ 1:3\norder: a\n", "does not divide"),
    ("section a bars=1\nkick: x..\norder: a\n", "drum line"),
    ("section a bars=1\nflute: c5:16\norder: a\n", "no such voice"),
    ("section a bars=1\nlead: = low +12\norder: a\n", "nothing to copy"),
    ("section a bars=1\nlead: c5:16\norder: a b\n", "no section 'b'"),
    ("section a bars=1\nlead: c9:16\norder: a\n", "leaves the range"),
])
def test_a_wrong_score_is_refused_with_a_reason(tmp_path, body, words):
    with pytest.raises(scores.ScoreError, match=re.escape(words)):
        score_of(tmp_path, body)


def test_patterns_follow_the_chords(tmp_path):
    score = score_of(tmp_path, "section a bars=1\nchords: C:8 Am/E:8\nlow: ~ 1:2 b 3 4\norder: a\n")
    assert [n.pitch for n in score.notes] == [36, 36, 43, 48, 45, 40, 52, 57]


def test_a_copy_is_moved_in_pitch_and_time_and_a_section_in_pitch(tmp_path):
    score = score_of(tmp_path, "section a bars=1 transpose=2\nlow: = lead -24 late=4\nlead: c5:4 e5 g5 r\norder: a\n")
    assert [(n.pitch, n.at) for n in score.notes if n.voice == "lead"] == [(74, 0), (78, 4), (81, 8)]
    assert [(n.pitch, n.at) for n in score.notes if n.voice == "low"] == [(50, 4), (54, 8), (57, 12)]


def test_the_clock_follows_a_ramp(tmp_path):
    score = score_of(tmp_path, "section a bars=1\nlead: c5:16\nsection b bars=1 tempo=120>60\nlead: c5:16\norder: a b\n")
    assert score.seconds(16) == pytest.approx(2.0)
    assert 2.0 < score.seconds(32) - score.seconds(16) < 4.0
    assert score.seconds(Fraction(1, 2)) == pytest.approx(0.0625)


def test_für_elise_is_für_elise():
    score = scores.load(HERE / "scores" / "fur-elise.song")
    tune = [n.pitch for n in score.notes if n.voice == "ring"][:9]
    assert tune == [76, 75, 76, 75, 76, 71, 74, 72, 69]


def test_the_catalogue_has_every_score_once():
    assert {s["_id"] for s in STATION["songs"]} == {scores.load(p).head["id"] for p in SONGS}
    ids = [x["_id"] for x in STATION["songs"] + STATION["playlists"]]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[0-9a-f]{24}", i) for i in ids)


def test_playlists_hold_songs_that_exist():
    assert [p["isFeatured"] for p in STATION["playlists"]].count(True) == 2
    known = {s["_id"] for s in STATION["songs"]}
    subsets = [frozenset(p["songs"]) for p in STATION["playlists"]]
    assert len(set(subsets)) == len(subsets) == 3
    for playlist in STATION["playlists"]:
        assert len(playlist["songs"]) >= 4 and len(set(playlist["songs"])) == len(playlist["songs"]) and set(playlist["songs"]) <= known
        assert playlist["title"] and playlist["description"]
        assert 0 < (HERE / playlist["cover"]).stat().st_size <= ART_BYTES_LIMIT


def boxes(file):
    """The names of an MP4's outer boxes, in order."""
    out, data, at = [], file.read_bytes(), 0
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        if size == 1:
            size = struct.unpack(">Q", data[at + 8:at + 16])[0]
        out.append(name.decode("latin-1"))
        at += size or len(data)
    return out


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed")
@pytest.mark.parametrize("song", STATION["songs"], ids=[s["title"] for s in STATION["songs"]])
def test_a_video_is_what_the_catalogue_says(song):
    file = HERE / song["file"]
    assert file.stat().st_size <= SONG_BYTES_LIMIT
    said = json.loads(subprocess.run(["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", file], check=True, capture_output=True).stdout)
    video = next(s for s in said["streams"] if s["codec_type"] == "video")
    audio = next(s for s in said["streams"] if s["codec_type"] == "audio")
    assert (video["codec_name"], video["profile"], video["pix_fmt"], video["width"], video["height"]) == ("h264", "High", "yuv420p", 1280, 720)
    assert (audio["codec_name"], audio["channels"]) == ("aac", 2)
    assert song["duration"] == round(float(said["format"]["duration"]))
    assert abs(float(video["duration"]) - float(audio["duration"])) < 0.2
    assert (said["format"]["tags"]["title"], said["format"]["tags"]["artist"]) == (song["title"], song["artist"])
    order = boxes(file)
    assert order.index("moov") < order.index("mdat")
    assert 0 < (HERE / song["art"]).stat().st_size <= ART_BYTES_LIMIT


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not installed")
@pytest.mark.parametrize("song", STATION["songs"], ids=[s["title"] for s in STATION["songs"]])
def test_a_video_can_be_entered_every_two_seconds(song):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", HERE / song["file"]],
                          check=True, capture_output=True, text=True).stdout
    keys = sorted(float(line.split(",")[0]) for line in said.splitlines() if ",K" in line)
    assert keys[0] < 0.1 and max(b - a for a, b in zip(keys, keys[1:])) <= 2.05


def test_all_videos_together_stay_small():
    assert sum((HERE / s["file"]).stat().st_size for s in STATION["songs"]) <= STATION_BYTES_LIMIT
