"""The document's table of limits, to the exact number. The stations here trust us as a proxy, so that every test has addresses of
its own."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.catalogue import make_catalogue, playlist_id, song_id
from support.client import Client, new_session, refused, succeeded

TRUST_US = ["--http.trusted_proxies", "127.0.0.1"]
NO_API_LIMIT = ["--limits.api_per_hour", "0"]

ADDRESSES = (f"203.0.113.{n}" for n in itertools.count(1))


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=10, playlists=3)


@pytest.fixture(scope="module")
def settings():
    """The document's numbers, but for the one over all requests: it would come first."""
    return TRUST_US + NO_API_LIMIT


@pytest.fixture
def address():
    return next(ADDRESSES)


def at(station, address, session=None):
    return Client(station, session=session or new_session(), address=address)


def like(station, address, session=None):
    with at(station, address, session) as c:
        return c.post(f"/songs/{song_id(1)}/like")


def unlike(station, address, session=None):
    with at(station, address, session) as c:
        return c.delete(f"/songs/{song_id(1)}/like")


def comment(station, address, session=None):
    with at(station, address, session) as c:
        return c.post(f"/songs/{song_id(1)}/comments", json={"text": "still here"})


def play(station, address, session=None):
    with at(station, address, session) as c:
        return c.post(f"/songs/{song_id(1)}/play")


def burst(count, call):
    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(lambda _: call(), range(count)))


def assert_exactly(answers, allowed, ok):
    codes = [a.status_code for a in answers]
    assert codes.count(ok) == allowed and codes.count(429) == len(codes) - allowed, sorted(set(codes))
    for a in answers:
        if a.status_code == 429:
            refused(a, 429, "rate_limited")
            assert 1 <= a.json()["retryAfter"] <= 3660
            assert 'r=0' in a.headers["ratelimit"]


# ------------------------------------------------------------------------------------- the exact number


def test_100_likes_an_hour_and_address(station, address):
    before = like_count(station)
    assert_exactly(burst(120, lambda: like(station, address)), 100, 200)
    assert like_count(station) == before + 100


def like_count(station):
    with at(station, next(ADDRESSES)) as c:
        return c.data(f"/songs/{song_id(1)}")["likes"]


def test_100_unlikes_an_hour_and_address(station, address):
    sessions = [new_session() for _ in range(110)]
    for n, session in enumerate(sessions):
        succeeded(like(station, f"198.51.100.{n}", session))
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda s: unlike(station, address, s), sessions))
    assert_exactly(answers, 100, 200)


def test_30_comments_an_hour_and_address(station, address):
    assert_exactly(burst(40, lambda: comment(station, address)), 30, 201)


def test_1000_plays_an_hour_and_address(station, address):
    with at(station, address) as c:
        answers = [c.post(f"/songs/{song_id(2)}/play") for _ in range(1010)]
    assert [a.status_code for a in answers] == [200] * 1000 + [429] * 10
    assert_exactly(answers, 1000, 200)


def test_200_likes_an_hour_and_session(make_station):
    station = make_station(
        make_catalogue(songs=4, playlists=1), *TRUST_US, *NO_API_LIMIT, "--limits.like_per_hour", "0", "--limits.unlike_per_hour", "0"
    )
    with station:
        with at(station, next(ADDRESSES)) as c:
            session = c.session
            for _ in range(200):
                succeeded(c.post(f"/songs/{song_id(1)}/like"))
                succeeded(c.delete(f"/songs/{song_id(1)}/like"))
            refused(c.post(f"/songs/{song_id(1)}/like"), 429, "rate_limited")
            refused(c.post(f"/playlists/{playlist_id(0)}/like"), 429, "rate_limited")
        refused(like(station, next(ADDRESSES), session), 429, "rate_limited")
        succeeded(like(station, next(ADDRESSES)))


def test_1000_requests_an_hour_and_address(make_station):
    with make_station(make_catalogue(songs=4, playlists=1), *TRUST_US) as station:
        mine, theirs = next(ADDRESSES), next(ADDRESSES)
        paths = itertools.cycle(["/songs", f"/songs/{song_id(1)}", "/radio/stream", "/time", "/songs/abc", "/playlists"])
        with at(station, mine) as c:
            codes = [c.get(next(paths)).status_code for _ in range(1000)]
            assert 429 not in codes
            refused(c.get("/songs"), 429, "rate_limited")
            refused(c.post(f"/songs/{song_id(1)}/play"), 429, "rate_limited")
            for free in ("//health", "//health/live", "//health/ready", "//metrics", "//openapi.json", "//docs"):
                assert c.get(free).status_code == 200
            assert c.http.get("/").status_code == 200
            assert c.get(f"//api/media/{song_id(1)}/art").status_code == 200
        with at(station, theirs) as c:
            succeeded(c.get("/songs"))


# ---------------------------------------------------------------------------------- what counts, and for whom


def test_songs_and_playlists_share_a_limit(station, address):
    for _ in range(50):
        succeeded(like(station, address))
    for _ in range(50):
        with at(station, address) as c:
            succeeded(c.post(f"/playlists/{playlist_id(1)}/like"))
    refused(like(station, address), 429, "rate_limited")


def test_limits_do_not_know_each_other(station, address):
    burst(101, lambda: like(station, address))
    succeeded(comment(station, address), 201)
    succeeded(play(station, address))


def test_addresses_do_not_know_each_other(station, address):
    burst(31, lambda: comment(station, address))
    refused(comment(station, address), 429, "rate_limited")
    succeeded(comment(station, next(ADDRESSES)), 201)


def test_what_is_refused_for_another_reason_does_not_count(station, address):
    session = new_session()
    succeeded(like(station, address, session))
    for _ in range(105):
        refused(like(station, address, session), 409, "already_liked")
    for _ in range(35):
        with at(station, address) as c:
            refused(c.post(f"/songs/{song_id(1)}/comments", json={"text": ""}), 400, "invalid_text")
    assert_exactly([like(station, address) for _ in range(100)], 99, 200)
    succeeded(comment(station, address), 201)


def test_an_ipv6_address_counts_with_its_64(station):
    for n in range(30):
        succeeded(comment(station, f"2001:db8:1:2:{n:x}::{n + 1:x}"), 201)
    refused(comment(station, "2001:db8:1:2:ffff::1"), 429, "rate_limited")
    refused(comment(station, "2001:0DB8:0001:0002::abcd"), 429, "rate_limited")
    succeeded(comment(station, "2001:db8:1:3::1"), 201)


def test_an_ipv4_address_in_ipv6_spelling_is_the_same(station, address):
    for _ in range(30):
        succeeded(comment(station, address), 201)
    refused(comment(station, f"::ffff:{address}"), 429, "rate_limited")


def test_the_rightmost_address_that_is_not_trusted_counts(station, address):
    for n in range(30):
        succeeded(comment(station, f"192.0.2.{n}, {address}, 127.0.0.1"), 201)
    refused(comment(station, f"192.0.2.99, {address}"), 429, "rate_limited")


@pytest.mark.parametrize("header", ["nonsense", "", "unknown", "1.2.3.4.5", "203.0.113.1:", ",,,", "x" * 3000])
def test_a_forwarded_address_that_is_none_breaks_nothing(station, header):
    assert play(station, header).status_code in (200, 400)


def test_nobody_else_can_say_where_they_come_from(make_station):
    with make_station(make_catalogue(songs=4, playlists=1), *NO_API_LIMIT) as station:
        for n in range(30):
            succeeded(comment(station, f"203.0.113.{n}"), 201)
        refused(comment(station, "203.0.113.99"), 429, "rate_limited")


# ----------------------------------------------------------------------------------------------- headers

ITEM = re.compile(r'"([a-z_]+)"((?:;[a-z]+=\d+)+)')


def limits(value):
    """{'like': {'q': 100, 'w': 3600}} of '"like";q=100;w=3600'."""
    out = {}
    for part in value.split(","):
        match = ITEM.fullmatch(part.strip())
        assert match, value
        out[match[1]] = {k: int(v) for k, v in (p.split("=") for p in match[2].strip(";").split(";"))}
    return out


def test_headers_count_down(make_station):
    with make_station(make_catalogue(songs=4, playlists=1), *TRUST_US) as station:
        address = next(ADDRESSES)
        with at(station, address) as c:
            for n in range(3):
                answer = c.get("/songs")
                assert limits(answer.headers["ratelimit-policy"]) == {"api": {"q": 1000, "w": 3600}}
                left = limits(answer.headers["ratelimit"])["api"]
                assert left["r"] == 999 - n and 0 <= left["t"] <= 3660
            answer = c.post(f"/songs/{song_id(1)}/like")
            policy = limits(answer.headers["ratelimit-policy"])
            assert policy["like"] == {"q": 100, "w": 3600} and policy["api"]["q"] == 1000
            assert limits(answer.headers["ratelimit"])["like"]["r"] == 99
            answer = c.post(f"/songs/{song_id(1)}/comments", json={"text": "hello"})
            assert limits(answer.headers["ratelimit-policy"])["comment"] == {"q": 30, "w": 3600}
            answer = c.delete(f"/songs/{song_id(1)}/like")
            assert limits(answer.headers["ratelimit-policy"])["unlike"] == {"q": 100, "w": 3600}
            answer = c.post(f"/songs/{song_id(1)}/play")
            assert limits(answer.headers["ratelimit-policy"])["play"] == {"q": 1000, "w": 3600}


def test_no_limit_no_header(make_station):
    flags = ["--limits.api_per_hour", "0", "--limits.play_per_hour", "0"]
    with make_station(make_catalogue(songs=4, playlists=1), *TRUST_US, *flags) as station:
        with at(station, next(ADDRESSES)) as c:
            for _ in range(1100):
                answer = c.post(f"/songs/{song_id(1)}/play")
                succeeded(answer)
            assert "ratelimit" not in answer.headers and "ratelimit-policy" not in answer.headers


def test_each_number_is_a_setting(make_station):
    flags = [a for n, name in enumerate(("like", "unlike", "comment", "play", "session_like"), 2) for a in (f"--limits.{name}_per_hour", n)]
    with make_station(make_catalogue(songs=4, playlists=1), *TRUST_US, *NO_API_LIMIT, *flags) as station:
        address = next(ADDRESSES)
        assert_exactly([comment(station, address) for _ in range(6)], 4, 201)
        assert_exactly([play(station, address) for _ in range(7)], 5, 200)
        sessions = [new_session() for _ in range(4)]
        assert_exactly([like(station, address, s) for s in sessions], 2, 200)
        for s in sessions[2:]:
            succeeded(like(station, next(ADDRESSES), s))
        assert_exactly([unlike(station, address, s) for s in sessions], 3, 200)


# --------------------------------------------------------------------------------------------- lasting


def test_limits_survive_a_restart_and_a_kill(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1), *TRUST_US, "--limits.api_per_hour", "60")
    with station:
        talker, reader = next(ADDRESSES), next(ADDRESSES)
        for _ in range(30):
            succeeded(comment(station, talker), 201)
        with at(station, reader) as c:
            for _ in range(60):
                succeeded(c.get("/songs"))
        station.restart()
        refused(comment(station, talker), 429, "rate_limited")
        with at(station, reader) as c:
            refused(c.get("/songs"), 429, "rate_limited")
        station.kill()
        station.start()
        refused(comment(station, talker), 429, "rate_limited")


# ------------------------------------------------------------------------------------------------ tokens


def test_ten_wrong_tokens_a_minute(station, address):
    with Client(station, token="wrong", address=address) as c:
        for _ in range(10):
            refused(c.get("/admin/rotation"), 401, "unauthorized")
        answer = c.get("/admin/rotation")
        refused(answer, 429, "rate_limited")
        assert answer.json()["retryAfter"] <= 61
    with Client(station, token=station.token, address=address) as c:
        refused(c.get("/admin/rotation"), 429, "rate_limited")
    with Client(station, token=station.token, address=next(ADDRESSES)) as c:
        succeeded(c.get("/admin/rotation"))


def test_right_tokens_are_no_tries(station, address):
    with Client(station, token=station.token, address=address) as c:
        for _ in range(30):
            succeeded(c.get("/admin/rotation"))


@pytest.mark.parametrize("header", ["", "Bearer", "Basic {}", "{}", "Bearer {}x", "Bearer x{}", "Bearer {} {}", "Token {}"])
def test_what_looks_like_a_token_is_none(station, address, header):
    value = header.replace("{}", station.token)
    with Client(station, address=address, headers={"Authorization": value}) as c:
        refused(c.get("/admin/rotation"), 401, "unauthorized")


def test_the_scheme_may_be_written_in_any_case(station, address):
    with Client(station, address=address, headers={"Authorization": f"bearer {station.token}"}) as c:
        succeeded(c.get("/admin/rotation"))
