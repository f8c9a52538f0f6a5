"""What plays now and next, and skipping it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.catalogue import INACTIVE_SONG, UNKNOWN_ID, make_catalogue, make_song, playlist_id, song_id
from support.client import Client, new_session, refused, succeeded
from support.server import NO_LIMITS, eventually
from support.times import instant


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=24, playlists=3)


def without_volatile(stream):
    """What may not change by itself between two reads."""

    def still(song):
        return {k: v for k, v in song.items() if k not in ("likes", "plays")}

    return {
        "nowPlaying": still(stream["nowPlaying"]),
        "queue": [still(s) for s in stream["queue"]],
        "playlistId": stream["playlistId"],
        # How many votes are needed depends on who listens, and who is here changes by itself.
        "skip": {k: v for k, v in stream["skip"].items() if k != "needed"},
    }


def slots(stream):
    return [stream["nowPlaying"], *stream["queue"]]


def assert_continuous(entries, start="startedAt"):
    for a, b in zip(entries, entries[1:]):
        assert b["seq"] == a["seq"] + 1
        assert b[start] == a["endsAt"]


# ----------------------------------------------------------------------------------------------- stream


def test_now_and_the_next_five(listener):
    stream = listener.data("/radio/stream")
    assert len(stream["queue"]) == 5
    assert_continuous(slots(stream))
    for song in slots(stream):
        assert instant(song["endsAt"]) - instant(song["startedAt"]) == song["duration"] * 1000
        assert song["_id"] != INACTIVE_SONG
    now, server = stream["nowPlaying"], instant(stream["serverTime"])
    assert instant(now["startedAt"]) <= server < instant(now["endsAt"])
    assert abs(server - time.time() * 1000) < 5000


def test_songs_on_the_air_are_whole_songs(listener):
    stream = listener.data("/radio/stream")
    for entry in slots(stream):
        song = listener.data(f"/songs/{entry['_id']}")
        assert {k: entry[k] for k in song} == song
    assert set(stream["nowPlaying"]) - set(song) == {"startedAt", "endsAt", "seq", "why"}


def test_six_songs_in_a_row_are_different_and_so_are_neighbouring_artists(listener):
    entries = slots(listener.data("/radio/stream"))
    assert len({s["_id"] for s in entries}) == 6
    assert all(a["artist"] != b["artist"] for a, b in zip(entries, entries[1:]))


def test_everybody_sees_the_same_and_nothing_changes_by_itself(listener, other, stranger):
    first = without_volatile(listener.data("/radio/stream"))
    for client in (other, stranger, listener):
        assert without_volatile(client.data("/radio/stream")) == first


def test_the_schedule_is_the_stream_with_reasons(listener):
    stream, schedule = listener.data("/radio/stream"), listener.data("/radio/schedule")["slots"]
    assert_continuous(schedule, "startsAt")
    assert [(s["seq"], s["song"]["_id"], s["startsAt"], s["endsAt"], s["why"]) for s in schedule] == [
        (s["seq"], s["_id"], s["startedAt"], s["endsAt"], s["why"]) for s in slots(stream)
    ]
    assert not any(s["skipped"] for s in schedule)


def test_time_is_in_milliseconds_and_passes(listener):
    before = time.time() * 1000
    samples = [listener.data("/time") for _ in range(5)]
    after = time.time() * 1000
    epochs = [s["epochMs"] for s in samples]
    assert epochs == sorted(epochs)
    assert before - 50 <= epochs[0] and epochs[-1] <= after + 50
    assert all(instant(s["serverTime"]) == s["epochMs"] for s in samples)


def test_reading_counts_as_nothing(listener):
    song = listener.data("/radio/stream")["nowPlaying"]
    for _ in range(3):
        listener.data("/radio/stream")
    assert listener.data(f"/songs/{song['_id']}")["plays"] == song["plays"]


# ----------------------------------------------------------------------------------------- small stations


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6])
def test_a_small_library_has_five_ahead_too(make_station, count):
    songs = {"songs": [make_song(n, artist=f"Artist {n}") for n in range(count)], "playlists": []}
    with make_station(songs) as station, Client(station) as client:
        stream = client.data("/radio/stream")
        assert len(stream["queue"]) == 5
        assert_continuous(slots(stream))
        ids = [s["_id"] for s in slots(stream)]
        assert set(ids) <= {song_id(n) for n in range(count)}
        if count == 1:
            assert all(s["why"]["code"] == "only_song" for s in stream["queue"])
        for distance in range(1, count // 2 + 1):
            assert all(a != b for a, b in zip(ids, ids[distance:])), f"the same song {distance} later"


def test_one_artist_only_relaxes_and_says_so(make_station):
    songs = {"songs": [make_song(n, artist="The Only Ones") for n in range(8)], "playlists": []}
    with make_station(songs) as station, Client(station) as client:
        queue = client.data("/radio/stream")["queue"]
        assert "relaxed_artist" in {s["why"]["code"] for s in queue}
        assert len({s["_id"] for s in queue}) == 5


def test_an_empty_station_waits_and_starts_with_its_first_song(make_station):
    station = make_station(None, *NO_LIMITS)
    with station, Client(station, session=new_session()) as client, Client(station, token=station.token) as curator:
        stream = client.data("/radio/stream")
        assert stream["nowPlaying"] is None and stream["queue"] == [] and stream["playlistId"] is None
        assert client.data("/radio/schedule")["slots"] == [] == client.data("/radio/history")["slots"]
        assert client.data("/songs")["songs"] == [] == client.data("/songs/popular")["songs"]
        assert client.data("/playlists")["playlists"] == [] == client.data("/playlists/featured")["playlists"]
        assert client.get("//health").status_code == 200
        song = succeeded(curator.post("/admin/songs", json={
            "title": "First", "artist": "Light", "duration": 60, "videoUrl": "https://cdn.example.org/first.mp4"}), 201)  # fmt: skip
        stream = client.data("/radio/stream")
        assert stream["nowPlaying"]["_id"] == song["_id"] and len(stream["queue"]) == 5
        succeeded(curator.delete(f"/admin/songs/{song['_id']}"))
        eventually(lambda: client.data("/radio/stream")["queue"] == [], what="an empty queue")


def test_what_was_shown_is_what_plays(make_station):
    songs = {"songs": [make_song(n, artist=f"Artist {n}", duration=2) for n in range(9)], "playlists": []}
    with make_station(songs, *NO_LIMITS) as station, Client(station) as client:
        promised = {s["seq"]: (s["_id"], s["startedAt"], s["endsAt"]) for s in slots(client.data("/radio/stream"))}
        first = min(promised)

        def third_song():
            stream = client.data("/radio/stream")
            now = stream["nowPlaying"]
            if now["seq"] in promised:
                assert (now["_id"], now["startedAt"], now["endsAt"]) == promised[now["seq"]]
            for s in slots(stream):
                assert promised.setdefault(s["seq"], (s["_id"], s["startedAt"], s["endsAt"])) == (s["_id"], s["startedAt"], s["endsAt"])
            return now["seq"] >= first + 2 and stream

        eventually(third_song, what="the third song")
        history = client.data("/radio/history")["slots"]
        assert [s["seq"] for s in history][-2:] == [first + 1, first]
        for slot in history:
            assert (slot["song"]["_id"], slot["startsAt"], slot["endsAt"]) == promised[slot["seq"]]
            assert not slot["skipped"]


def test_a_restart_goes_on_in_the_middle_of_the_song(make_station):
    station = make_station(make_catalogue(songs=12, playlists=1), *NO_LIMITS)
    with station:
        with Client(station) as client:
            before = without_volatile(client.data("/radio/stream"))
        station.restart()
        with Client(station) as client:
            assert without_volatile(client.data("/radio/stream")) == before
        station.kill()
        station.start()
        with Client(station) as client:
            assert without_volatile(client.data("/radio/stream")) == before


# -------------------------------------------------------------------------------------------- the curator


def test_a_pinned_song_is_next_and_says_so(listener, curator):
    before = listener.data("/radio/stream")
    playing = {s["_id"] for s in slots(before)}
    pin = next(song_id(n) for n in range(24) if song_id(n) not in playing)
    answer = succeeded(curator.post("/admin/radio/pin", json={"songId": pin}))
    after = listener.data("/radio/stream")
    assert without_volatile(after)["queue"] == without_volatile(answer)["queue"]
    assert after["queue"][0]["_id"] == pin and after["queue"][0]["why"]["code"] == "pinned"
    assert after["nowPlaying"]["seq"] == before["nowPlaying"]["seq"]
    assert len(after["queue"]) == 5
    assert_continuous(slots(after))
    assert [s["_id"] for s in after["queue"][1:]] == [s["_id"] for s in before["queue"][:4]]


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"songId": UNKNOWN_ID}, 404, "song_not_found"),
        ({"songId": INACTIVE_SONG}, 404, "song_not_found"),
        ({"songId": "abc"}, 400, None),
        ({"songId": 5}, 400, None),
        ({}, 400, None),
    ],
)
def test_a_pin_that_does_not_fit(curator, body, status, code):
    answer = curator.post("/admin/radio/pin", json=body)
    assert answer.status_code == status and (code is None or answer.json()["code"] == code)
    if status == 400:
        assert "songId" in answer.json()["error"]


def test_a_deactivated_song_leaves_the_queue_at_once(listener, curator):
    before = listener.data("/radio/stream")
    gone = before["queue"][2]["_id"]
    succeeded(curator.delete(f"/admin/songs/{gone}"))
    try:
        after = listener.data("/radio/stream")
        assert gone not in [s["_id"] for s in slots(after)]
        assert len(after["queue"]) == 5
        assert_continuous(slots(after))
        assert [s["_id"] for s in after["queue"][:2]] == [s["_id"] for s in before["queue"][:2]]
        assert gone not in [s["song"]["_id"] for s in listener.data("/radio/schedule")["slots"]]
    finally:
        succeeded(curator.patch(f"/admin/songs/{gone}", json={"isActive": True}))


def test_a_curators_skip_plays_the_next_now(listener, curator):
    before = listener.data("/radio/stream")
    answer = succeeded(curator.post("/admin/radio/next"))
    after = listener.data("/radio/stream")
    assert after["nowPlaying"]["_id"] == before["queue"][0]["_id"] == answer["nowPlaying"]["_id"]
    assert after["nowPlaying"]["seq"] == before["queue"][0]["seq"]
    assert abs(instant(after["nowPlaying"]["startedAt"]) - instant(after["serverTime"])) < 3000
    assert_continuous(slots(after))
    assert [s["_id"] for s in after["queue"][:4]] == [s["_id"] for s in before["queue"][1:]]
    newest = listener.data("/radio/history", params={"limit": 1})["slots"][0]
    assert newest["seq"] == before["nowPlaying"]["seq"] and newest["skipped"]
    assert newest["endsAt"] == after["nowPlaying"]["startedAt"]
    assert instant(newest["endsAt"]) < instant(before["nowPlaying"]["endsAt"])


def test_history_goes_back_page_by_page(listener, curator):
    for _ in range(5):
        succeeded(curator.post("/admin/radio/next"))
    whole = listener.data("/radio/history", params={"limit": 100})["slots"]
    now = listener.data("/radio/stream")["nowPlaying"]["seq"]
    assert [s["seq"] for s in whole][:5] == [now - n for n in range(1, 6)]
    seen, before = [], None
    while True:
        page = listener.data("/radio/history", params={"limit": 2} | ({"before": before} if before is not None else {}))
        seen += page["slots"]
        before = page["nextCursor"]
        if before is None:
            break
    assert [s["seq"] for s in seen] == [s["seq"] for s in whole]


@pytest.mark.parametrize("name, value", [("limit", "0"), ("limit", "x"), ("before", "x"), ("before", "-1")])
def test_a_parameter_of_history_that_does_not_fit_is_named(listener, name, value):
    assert name in refused(listener.get("/radio/history", params={name: value}), 400, "invalid_parameter")


# ----------------------------------------------------------------------------------------------- skipping


@pytest.fixture
def room(make_station):
    """A station where nobody skipped yet, and somebody alone in it."""
    with make_station(make_catalogue(songs=12, playlists=1), *NO_LIMITS) as station:
        with Client(station, session=new_session()) as client:
            client.station = station
            yield client


def test_alone_in_the_room_one_skips_at_once_but_not_twice(room):
    before = room.data("/radio/stream")
    assert before["skip"] == {"policy": "vote", "votes": 0, "needed": 1, "voted": False}
    result = succeeded(room.post("/radio/next"))
    assert result["skipped"] and result["nowPlaying"]["_id"] == before["queue"][0]["_id"]
    after = room.data("/radio/stream")
    assert after["nowPlaying"]["seq"] == before["nowPlaying"]["seq"] + 1
    answer = room.post("/radio/next")
    refused(answer, 429, "skip_too_soon")
    assert answer.json()["retryAfter"] <= 10
    assert room.data("/radio/stream")["nowPlaying"]["seq"] == after["nowPlaying"]["seq"]


def test_a_skip_that_names_the_song_that_plays(room):
    now = room.data("/radio/stream")["nowPlaying"]
    assert succeeded(room.post("/radio/next", json={"songId": now["_id"], "seq": now["seq"]}))["skipped"]


@pytest.mark.parametrize("body", [{"songId": UNKNOWN_ID}, {"seq": 999999}])
def test_a_skip_that_names_another_song_changes_nothing(room, body):
    before = room.data("/radio/stream")
    refused(room.post("/radio/next", json=body), 409, "song_over")
    assert without_volatile(room.data("/radio/stream"))["nowPlaying"] == without_volatile(before)["nowPlaying"]


@pytest.mark.parametrize("body", [{"songId": "abc"}, {"songId": 1}, {"seq": "x"}, {"seq": -1}, {"seq": 1.5}])
def test_a_skip_that_does_not_fit_is_named(room, body):
    answer = room.post("/radio/next", json=body)
    assert answer.status_code == 400 and next(iter(body)) in answer.json()["error"]


def test_many_skips_at_the_same_moment_skip_one_song(room):
    before = room.data("/radio/stream")["nowPlaying"]["seq"]

    def skip(_):
        with Client(room.station, session=room.session) as c:
            return c.post("/radio/next", json={"seq": before}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(skip, range(16)))
    assert codes.count(200) == 1 and set(codes) <= {200, 409, 429}
    assert room.data("/radio/stream")["nowPlaying"]["seq"] == before + 1


def test_policy_off(make_station):
    with make_station(make_catalogue(songs=8, playlists=1), "--radio.skip", "off") as station:
        with Client(station, session=new_session()) as client:
            assert client.data("/radio/stream")["skip"]["policy"] == "off"
            refused(client.post("/radio/next"), 403, "skip_off")


def test_policy_curator(make_station):
    with make_station(make_catalogue(songs=8, playlists=1), "--radio.skip", "curator") as station:
        with Client(station, session=new_session()) as client, Client(station, token=station.token) as curator:
            assert client.data("/radio/stream")["skip"]["policy"] == "curator"
            refused(client.post("/radio/next"), 401, "unauthorized")
            before = client.data("/radio/stream")
            assert succeeded(curator.post("/radio/next"))["skipped"]
            assert client.data("/radio/stream")["nowPlaying"]["_id"] == before["queue"][0]["_id"]


def test_the_policy_can_be_changed_while_the_station_plays(room):
    with Client(room.station, token=room.station.token) as curator:
        assert succeeded(curator.patch("/admin/rotation", json={"skipPolicy": "off"}))["skipPolicy"] == "off"
        assert room.data("/radio/stream")["skip"]["policy"] == "off"
        refused(room.post("/radio/next"), 403, "skip_off")
        succeeded(curator.patch("/admin/rotation", json={"skipPolicy": "vote"}))
        assert succeeded(room.post("/radio/next"))["skipped"]


def test_a_rotation_of_one_playlist_plays_its_songs_only(room):
    with Client(room.station, token=room.station.token) as curator:
        assert room.data("/radio/stream")["playlistId"] is None
        succeeded(curator.patch("/admin/rotation", json={"playlistId": playlist_id(0)}))
        assert room.data("/radio/stream")["playlistId"] == playlist_id(0)
        allowed = {s["_id"] for s in room.data(f"/playlists/{playlist_id(0)}")["songs"]}
        for _ in range(10):  # what was locked in before may finish
            succeeded(curator.post("/admin/radio/next"))
        assert {s["_id"] for s in slots(room.data("/radio/stream"))} <= allowed
        answer = curator.patch("/admin/rotation", json={"playlistId": UNKNOWN_ID})
        assert answer.status_code in (400, 404)
        succeeded(curator.patch("/admin/rotation", json={"playlistId": None}))
        assert room.data("/radio/stream")["playlistId"] is None
