"""The catalogue of songs, and what listeners do with a song."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.catalogue import INACTIVE_SONG, UNKNOWN_ID, song_id
from support.client import Client, new_session, refused, succeeded

TOTAL = 64
SCRIPT = 'Quote " and \\ backslash </script>'


# ------------------------------------------------------------------------------------------------ listing


def test_a_page_has_twenty_songs_and_says_where_it_is(listener):
    page = listener.data("/songs")
    assert len(page["songs"]) == 20
    p = page["pagination"]
    assert (p["currentPage"], p["totalPages"], p["totalSongs"], p["limit"]) == (1, 4, TOTAL, 20)
    assert p["hasNext"] and not p["hasPrev"] and p["nextCursor"]


def test_the_last_page_is_short_and_has_no_next(listener):
    page = listener.data("/songs", params={"page": 4})
    assert len(page["songs"]) == TOTAL - 60
    p = page["pagination"]
    assert not p["hasNext"] and p["hasPrev"] and p["nextCursor"] is None


def test_a_page_behind_the_end_is_empty(listener):
    for number in (5, 10**30):
        page = listener.data("/songs", params={"page": number})
        assert page["songs"] == []
        assert not page["pagination"]["hasNext"]
        assert page["pagination"]["totalSongs"] == TOTAL


@pytest.mark.parametrize("limit, served", [(1, 1), (64, 64), (100, 64), (101, 64), (10**30, 64)])
def test_limit_is_served_up_to_a_hundred(listener, limit, served):
    page = listener.data("/songs", params={"limit": limit})
    assert len(page["songs"]) == served
    assert page["pagination"]["limit"] == min(limit, 100)


@pytest.mark.parametrize(
    "name, value",
    [
        ("page", "0"), ("page", "-1"), ("page", "abc"), ("page", "1.5"), ("page", "1e3"), ("page", " 1"), ("page", "0x1"),
        ("limit", "0"), ("limit", "-5"), ("limit", "ten"), ("limit", "2.0"), ("limit", "١"),
        ("sort", "loudest"), ("sort", "RECENT "), ("cursor", "no-cursor-of-ours"), ("cursor", "%00"),
    ],
)  # fmt: skip
def test_a_parameter_that_does_not_fit_is_named(listener, name, value):
    sentence = refused(listener.get("/songs", params={name: value}), 400, "invalid_parameter")
    assert name in sentence


def test_pages_together_are_the_whole_list_without_repeats(listener):
    ids = [s["_id"] for n in range(1, 5) for s in listener.data("/songs", params={"page": n})["songs"]]
    assert len(ids) == len(set(ids)) == TOTAL
    assert INACTIVE_SONG not in ids


@pytest.mark.parametrize("sort", ["recent", "popular", "likes", "plays"])
def test_following_cursors_gives_the_same_list_as_pages(listener, sort):
    by_page = [s["_id"] for n in range(1, 9) for s in listener.data("/songs", params={"page": n, "limit": 9, "sort": sort})["songs"]]
    by_cursor, cursor = [], None
    while True:
        params = {"limit": 9, "sort": sort} | ({"cursor": cursor} if cursor else {})
        page = listener.data("/songs", params=params)
        by_cursor += [s["_id"] for s in page["songs"]]
        cursor = page["pagination"]["nextCursor"]
        assert page["pagination"]["hasNext"] == (cursor is not None)
        if not cursor:
            break
    assert by_cursor == by_page


def test_a_cursor_does_not_repeat_a_song_when_one_is_added_meanwhile(listener, curator):
    first = listener.data("/songs", params={"limit": 10})
    new = succeeded(curator.post("/admin/songs", json={
        "title": "Newcomer", "artist": "Somebody", "duration": 60, "videoUrl": "https://cdn.example.org/new.mp4"}), 201)  # fmt: skip
    try:
        second = listener.data("/songs", params={"limit": 10, "cursor": first["pagination"]["nextCursor"]})
        assert not {s["_id"] for s in first["songs"]} & {s["_id"] for s in second["songs"]}
        assert listener.data("/songs", params={"limit": 1})["songs"][0]["_id"] == new["_id"]
    finally:
        succeeded(curator.delete(f"/admin/songs/{new['_id']}"))


def test_sorted_as_asked(listener):
    songs = {s: listener.data("/songs", params={"sort": s, "limit": 100})["songs"] for s in ("recent", "popular", "likes", "plays")}
    assert is_falling(songs["recent"], lambda s: s["createdAt"])
    assert is_falling(songs["popular"], lambda s: (s["likes"], s["plays"]))
    assert is_falling(songs["likes"], lambda s: s["likes"])
    assert is_falling(songs["plays"], lambda s: s["plays"])


def is_falling(items, key):
    keys = [key(i) for i in items]
    return all(a >= b for a, b in zip(keys, keys[1:]))


def test_recent_is_the_order_nobody_asked_for(listener):
    assert listener.data("/songs")["songs"] == listener.data("/songs", params={"sort": "recent"})["songs"]


def test_genre_filters(listener):
    page = listener.data("/songs", params={"genre": "Disco", "limit": 100})
    assert page["songs"] and all("Disco" in s["genre"] for s in page["songs"])
    assert page["pagination"]["totalSongs"] == len(page["songs"])
    assert listener.data("/songs", params={"genre": "disco", "limit": 100})["songs"] == page["songs"]
    assert listener.data("/songs", params={"genre": "Gregorian"})["songs"] == []


@pytest.mark.parametrize(
    "query, title",
    [
        ("beyonce", "Déjà Vu"), ("BEYONCÉ", "Déjà Vu"), ("deja vu", "Déjà Vu"), ("DÉJÀ", "Déjà Vu"),
        ("bjork", "Jóga"), ("sigur ros", "Hoppípolla"), ("hoppipolla", "Hoppípolla"),
        ("strasse", "99 Luftballons auf der Straße"), ("米津", "Lemon"), ("</script>", SCRIPT),
        ("Tom & Jerry", SCRIPT),
    ],
)  # fmt: skip
def test_search_is_blind_to_accents_and_case(listener, query, title):
    found = listener.data("/songs", params={"q": query})
    assert [s["title"] for s in found["songs"]] == [title]
    assert found["pagination"]["totalSongs"] == 1


def test_search_that_finds_nothing_is_an_empty_page(listener):
    page = listener.data("/songs", params={"q": "xyzzy"})
    assert page["songs"] == [] and page["pagination"]["totalSongs"] == 0 and not page["pagination"]["hasNext"]


def test_filters_and_search_work_together(listener):
    page = listener.data("/songs", params={"q": "song", "genre": "Rock", "sort": "likes", "limit": 5, "page": 2})
    assert len(page["songs"]) == 5
    assert all("Rock" in s["genre"] and "Song" in s["title"] for s in page["songs"])


def test_popular_is_the_fifty_with_the_most_likes_then_plays(listener):
    popular = listener.data("/songs/popular")["songs"]
    everything = listener.data("/songs", params={"limit": 100, "sort": "popular"})["songs"]
    assert len(popular) == 50
    assert popular == everything[:50]


def test_recent_is_the_fifty_newest(listener):
    recent = listener.data("/songs/recent")["songs"]
    assert len(recent) == 50
    assert recent == listener.data("/songs", params={"limit": 50})["songs"]


# --------------------------------------------------------------------------------------------- one song


def test_a_song_is_the_same_wherever_it_appears(listener):
    song = listener.data(f"/songs/{song_id(7)}")
    listed = next(s for s in listener.data("/songs", params={"limit": 100})["songs"] if s["_id"] == song_id(7))
    assert song == listed
    assert song["title"] == "Song 007" and song["duration"] == 187 and song["genre"] == ["Pop", "Disco"]
    assert song["createdAt"] == "2025-01-08T12:00:00.000Z"


def test_names_with_quotes_backslashes_and_markup_survive(listener):
    song = listener.data(f"/songs/{song_id(5)}")
    assert song["title"] == SCRIPT and song["artist"] == "Tom & Jerry <b>"


NO_IDS = ["abc", "1", song_id(1)[:-1], song_id(1) + "0", "z" * 24, "-" * 24, "%20" * 8, "12345678901234567890123g", "nan"]


@pytest.mark.parametrize("bad", NO_IDS)
@pytest.mark.parametrize(
    "method, path",
    [("GET", "/songs/{}"), ("POST", "/songs/{}/play"), ("POST", "/songs/{}/like"), ("DELETE", "/songs/{}/like"),
     ("GET", "/songs/{}/comments"), ("POST", "/songs/{}/comments")],
)  # fmt: skip
def test_what_is_no_id_is_400(listener, method, path, bad):
    body = {"json": {"text": "hello"}} if path.endswith("comments") and method == "POST" else {}
    refused(listener.request(method, path.format(bad), **body), 400, "invalid_id")


@pytest.mark.parametrize("unknown", [UNKNOWN_ID, INACTIVE_SONG], ids=["unknown", "inactive"])
@pytest.mark.parametrize(
    "method, path",
    [("GET", "/songs/{}"), ("POST", "/songs/{}/play"), ("POST", "/songs/{}/like"), ("DELETE", "/songs/{}/like"),
     ("GET", "/songs/{}/comments"), ("POST", "/songs/{}/comments")],
)  # fmt: skip
def test_an_unknown_or_inactive_song_is_404(listener, method, path, unknown):
    body = {"json": {"text": "hello"}} if path.endswith("comments") and method == "POST" else {}
    refused(listener.request(method, path.format(unknown), **body), 404, "song_not_found")


# ------------------------------------------------------------------------------------------------ plays


def plays(client, song):
    return client.data(f"/songs/{song}")["plays"]


def test_a_play_counts(listener):
    before = plays(listener, song_id(10))
    assert succeeded(listener.post(f"/songs/{song_id(10)}/play")) == {"songId": song_id(10), "plays": before + 1}
    assert succeeded(listener.post(f"/songs/{song_id(10)}/play"))["plays"] == before + 2
    assert plays(listener, song_id(10)) == before + 2


def test_a_play_needs_no_session_and_no_body(stranger):
    before = plays(stranger, song_id(11))
    answer = stranger.post(f"/songs/{song_id(11)}/play", content=b"")
    assert succeeded(answer)["plays"] == before + 1
    assert succeeded(stranger.post(f"/songs/{song_id(11)}/play", json={}))["plays"] == before + 2


def test_a_retry_with_the_same_key_counts_once(listener):
    before, key = plays(listener, song_id(12)), {"Idempotency-Key": str(uuid.uuid4())}
    answers = [listener.post(f"/songs/{song_id(12)}/play", headers=key) for _ in range(3)]
    assert [succeeded(a)["plays"] for a in answers] == [before + 1] * 3
    assert plays(listener, song_id(12)) == before + 1


def test_retries_at_the_same_moment_count_once(station):
    session, key = new_session(), {"Idempotency-Key": str(uuid.uuid4())}
    with Client(station, session=session) as client:
        before = plays(client, song_id(13))

        def play(_):
            with Client(station, session=session) as c:
                return succeeded(c.post(f"/songs/{song_id(13)}/play", headers=key))["plays"]

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(play, range(16))) == {before + 1}
        assert plays(client, song_id(13)) == before + 1


def test_another_key_song_or_session_is_another_play(listener, other):
    key = {"Idempotency-Key": "one-and-the-same"}
    before = plays(listener, song_id(14)), plays(listener, song_id(15))
    listener.post(f"/songs/{song_id(14)}/play", headers=key)
    listener.post(f"/songs/{song_id(14)}/play", headers={"Idempotency-Key": "another"})
    other.post(f"/songs/{song_id(14)}/play", headers=key)
    listener.post(f"/songs/{song_id(15)}/play", headers=key)
    assert (plays(listener, song_id(14)), plays(listener, song_id(15))) == (before[0] + 3, before[1] + 1)


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_does_not_fit_is_named(listener, key):
    before = plays(listener, song_id(16))
    answer = listener.post(f"/songs/{song_id(16)}/play", headers={"Idempotency-Key": key})
    assert "Idempotency-Key" in refused(answer, 400, "invalid_parameter")
    assert plays(listener, song_id(16)) == before


# ------------------------------------------------------------------------------------------------ likes


def test_like_again_unlike_again(listener, other):
    song = song_id(20)
    before = listener.data(f"/songs/{song}")["likes"]
    assert succeeded(listener.post(f"/songs/{song}/like")) == {"songId": song, "likes": before + 1, "isLiked": True}
    assert refused(listener.post(f"/songs/{song}/like"), 409, "already_liked") == "You've already liked this song"
    assert succeeded(other.post(f"/songs/{song}/like"))["likes"] == before + 2
    assert succeeded(listener.delete(f"/songs/{song}/like")) == {"songId": song, "likes": before + 1, "isLiked": False}
    refused(listener.delete(f"/songs/{song}/like"), 404, "not_liked")
    assert succeeded(other.delete(f"/songs/{song}/like"))["likes"] == before


def test_a_like_shows_everywhere_at_once_and_only_to_its_session(listener, other, stranger):
    now_playing = listener.data("/radio/stream")["nowPlaying"]["_id"]
    succeeded(listener.post(f"/songs/{now_playing}/like"))

    def sightings(client):
        seen = [client.data(f"/songs/{now_playing}")]
        seen += [s for s in client.data("/songs", params={"limit": 100})["songs"] if s["_id"] == now_playing]
        for _ in range(2):  # the second read may come from a cache
            seen += [s for s in client.data("/songs/popular")["songs"] if s["_id"] == now_playing]
        stream = client.data("/radio/stream")
        seen += [s for s in [stream["nowPlaying"], *stream["queue"]] if s["_id"] == now_playing]
        for playlist in client.data("/playlists", params={"limit": 100})["playlists"]:
            seen += [s for s in playlist["songs"] if s["_id"] == now_playing]
        return seen

    assert all(s["isLikedByUser"] for s in sightings(listener))
    assert not any(s["isLikedByUser"] for s in sightings(other) + sightings(stranger))
    assert len({s["likes"] for s in sightings(listener) + sightings(other)}) == 1
    succeeded(listener.delete(f"/songs/{now_playing}/like"))
    assert not any(s["isLikedByUser"] for s in sightings(listener))


def test_enough_likes_lift_a_song_into_popular_at_once(station, listener):
    popular = listener.data("/songs/popular")["songs"]
    outside = next(s for s in listener.data("/songs", params={"limit": 100, "sort": "popular"})["songs"][50:])
    gap = popular[-1]["likes"] - outside["likes"] + 1
    for _ in range(gap):
        with Client(station, session=new_session()) as c:
            succeeded(c.post(f"/songs/{outside['_id']}/like"))
    assert outside["_id"] in [s["_id"] for s in listener.data("/songs/popular")["songs"]]


def test_likes_at_the_same_moment_are_counted_exactly(station, listener):
    song = song_id(21)
    before = listener.data(f"/songs/{song}")["likes"]

    def like(_):
        with Client(station, session=new_session()) as c:
            return succeeded(c.post(f"/songs/{song}/like"))["likes"]

    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(like, range(64)))
    assert sorted(seen) == list(range(before + 1, before + 65))
    assert listener.data(f"/songs/{song}")["likes"] == before + 64


def test_one_session_that_likes_at_the_same_moment_likes_once(station, listener):
    song, session = song_id(22), new_session()
    before = listener.data(f"/songs/{song}")["likes"]

    def like(_):
        with Client(station, session=session) as c:
            return c.post(f"/songs/{song}/like").status_code

    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(like, range(32)))
    assert sorted(codes) == [200] + [409] * 31
    assert listener.data(f"/songs/{song}")["likes"] == before + 1


def test_a_like_without_a_session_belongs_to_the_one_that_is_returned(station, stranger):
    answer = stranger.post(f"/songs/{song_id(23)}/like")
    succeeded(answer)
    with Client(station, session=answer.headers["x-session-id"]) as client:
        assert client.data(f"/songs/{song_id(23)}")["isLikedByUser"]
        refused(client.post(f"/songs/{song_id(23)}/like"), 409, "already_liked")


@pytest.mark.parametrize("path", ["/songs/{}/like", "/songs/{}/play"])
def test_a_body_that_nobody_asked_for_must_still_be_json(listener, path):
    answer = listener.post(path.format(song_id(24)), content=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
    refused(answer, 415, "unsupported_media_type")
    answer = listener.post(path.format(song_id(24)), content=b" " * 16385, headers={"Content-Type": "application/json"})
    refused(answer, 413, "body_too_large")


def test_the_other_base_path_is_the_same_api(station, listener):
    with Client(station, session=listener.session, base="/api") as same:
        succeeded(same.post(f"/songs/{song_id(25)}/like"))
        assert same.data(f"/songs/{song_id(25)}") == listener.data(f"/songs/{song_id(25)}")
        assert listener.data(f"/songs/{song_id(25)}")["isLikedByUser"]


def test_answers_are_compact_utf8_json(listener):
    answer = listener.get(f"/songs/{song_id(4)}")
    assert "米津玄師".encode() in answer.content
    assert json.loads(answer.content)["data"]["title"] == "Lemon"
