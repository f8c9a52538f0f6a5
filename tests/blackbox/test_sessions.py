"""Anonymous sessions."""

import uuid

import pytest
from support.catalogue import make_catalogue, playlist_id, song_id
from support.client import Client, new_session, refused, succeeded
from support.server import NO_LIMITS
from support.times import instant


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=12, playlists=3)


WHERE = ["/songs", "/songs/popular", "/songs/recent", f"/songs/{song_id(1)}", f"/songs/{song_id(1)}/comments", "/playlists",
         "/playlists/featured", f"/playlists/{playlist_id(1)}", f"/playlists/{playlist_id(1)}/comments", "/radio/stream",
         "/sessions/me"]  # fmt: skip


@pytest.mark.parametrize("path", WHERE)
def test_who_sends_none_gets_one(stranger, path):
    first, second = (stranger.get(path).headers["x-session-id"] for _ in range(2))
    assert uuid.UUID(first).version == 4
    assert first != second


@pytest.mark.parametrize("path", WHERE)
def test_who_sends_one_keeps_it(listener, path):
    assert listener.get(path).headers["x-session-id"] == listener.session


@pytest.mark.parametrize(
    "session",
    ["3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17", "6fa459ea-ee8a-11ea-8b6f-0242ac130003", "018f3a5e-7b2c-7def-8123-456789abcdef",
     "3F2B8C1E-7D54-4C7E-9A61-2F0D5B8E4A18"],
)  # fmt: skip
def test_any_uuid_will_do(station, session):
    with Client(station, session=session) as client:
        assert client.get("/songs").headers["x-session-id"].lower() == session.lower()


NO_SESSIONS = ["abc", "a1b2c3d4e5f6g7h8", "3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a1", "3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a177",
               "{3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17}", "3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a1g", "3f2b8c1e 7d54 4c7e 9a61 2f0d5b8e4a17",
               "' OR 1=1 --", "x" * 2000]  # fmt: skip


@pytest.mark.parametrize("session", NO_SESSIONS, ids=range(len(NO_SESSIONS)))
@pytest.mark.parametrize("method, path", [("GET", "/songs"), ("GET", "/radio/stream"), ("GET", "/sessions/me"), ("DELETE", "/sessions/me"),
                                          ("POST", f"/songs/{song_id(1)}/like"), ("POST", f"/songs/{song_id(1)}/play")])  # fmt: skip
def test_what_is_no_uuid_is_400(stranger, method, path, session):
    refused(stranger.request(method, path, headers={"X-Session-Id": session}), 400, "invalid_session")


def test_two_session_headers_are_400(station):
    with Client(station) as client:
        headers = [("X-Session-Id", new_session()), ("X-Session-Id", new_session())]
        assert client.get("/songs", headers=headers).status_code == 400


def test_a_refused_session_changes_nothing(stranger):
    before = stranger.data(f"/songs/{song_id(2)}")
    stranger.post(f"/songs/{song_id(2)}/like", headers={"X-Session-Id": "nonsense"})
    stranger.post(f"/songs/{song_id(2)}/play", headers={"X-Session-Id": "nonsense"})
    after = stranger.data(f"/songs/{song_id(2)}")
    assert (after["likes"], after["plays"]) == (before["likes"], before["plays"])


def test_me(listener):
    me = listener.data("/sessions/me")
    assert me["sessionId"] == listener.session and me["liked"] == {"songs": [], "playlists": []}
    succeeded(listener.post(f"/songs/{song_id(3)}/like"))
    succeeded(listener.post(f"/songs/{song_id(4)}/like"))
    succeeded(listener.post(f"/playlists/{playlist_id(2)}/like"))
    succeeded(listener.delete(f"/songs/{song_id(3)}/like"))
    again = listener.data("/sessions/me")
    assert again["liked"] == {"songs": [song_id(4)], "playlists": [playlist_id(2)]}
    assert again["author"] == me["author"]
    assert instant(again["createdAt"]) <= instant(again["lastActivity"])


def test_first_seen_stays_and_last_activity_moves(listener):
    succeeded(listener.post(f"/songs/{song_id(5)}/like"))
    first = listener.data("/sessions/me")
    succeeded(listener.delete(f"/songs/{song_id(5)}/like"))
    second = listener.data("/sessions/me")
    assert second["createdAt"] == first["createdAt"]
    assert instant(second["lastActivity"]) >= instant(first["lastActivity"])


def test_forget_me_takes_everything_back(listener, other):
    song, playlist = f"/songs/{song_id(6)}", f"/playlists/{playlist_id(0)}"
    likes = other.data(song)["likes"], other.data(playlist)["likes"]
    succeeded(listener.post(song + "/like"))
    succeeded(listener.post(playlist + "/like"))
    succeeded(listener.post(song + "/comments", json={"text": "forget this"}), 201)
    succeeded(other.post(song + "/comments", json={"text": "keep this"}), 201)
    assert succeeded(listener.delete("/sessions/me")) == {"forgotten": True}
    assert (other.data(song)["likes"], other.data(playlist)["likes"]) == likes
    assert [c["text"] for c in other.data(song + "/comments")["comments"]] == ["keep this"]
    assert not listener.data(song)["isLikedByUser"]
    assert listener.data("/sessions/me")["liked"] == {"songs": [], "playlists": []}
    assert succeeded(listener.delete("/sessions/me")) == {"forgotten": True}
    assert succeeded(listener.post(song + "/like"))["likes"] == likes[0] + 1


def test_forgetting_survives_a_kill(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1), *NO_LIMITS)
    session = new_session()
    with station:
        with Client(station, session=session) as client:
            before = client.data(f"/songs/{song_id(1)}")["likes"]
            succeeded(client.post(f"/songs/{song_id(1)}/like"))
            succeeded(client.post(f"/songs/{song_id(1)}/comments", json={"text": "gone"}), 201)
            succeeded(client.delete("/sessions/me"))
        station.kill()
        station.start()
        with Client(station, session=session) as client:
            assert client.data(f"/songs/{song_id(1)}")["likes"] == before
            assert client.data(f"/songs/{song_id(1)}/comments")["comments"] == []


def test_a_session_survives_a_restart(make_station):
    station = make_station(make_catalogue(songs=4, playlists=1), *NO_LIMITS)
    session = new_session()
    with station:
        with Client(station, session=session) as client:
            succeeded(client.post(f"/songs/{song_id(1)}/like"))
            before = client.data("/sessions/me")
        station.restart()
        with Client(station, session=session) as client:
            after = client.data("/sessions/me")
    assert (after["createdAt"], after["author"], after["liked"]) == (before["createdAt"], before["author"], before["liked"])


def test_nobody_sees_another_ones_session(station, listener, other, stranger, curator):
    succeeded(listener.post(f"/songs/{song_id(7)}/like"))
    succeeded(listener.post(f"/songs/{song_id(7)}/comments", json={"text": "who am I"}), 201)
    for client in (other, stranger, curator):
        for path in [*WHERE, "/radio/history", "/radio/schedule", "//metrics", "//health"]:
            assert listener.session not in client.get(path).text
    for path in ("/admin/comments", "/admin/export", "/admin/analytics", f"/admin/songs/{song_id(7)}"):
        assert listener.session not in curator.get(path).text
    assert listener.session not in station.stderr()
