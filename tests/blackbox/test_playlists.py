"""Playlists: listing, views, likes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.catalogue import INACTIVE_PLAYLIST, INACTIVE_SONG, UNKNOWN_ID, make_catalogue, playlist_id, song_id
from support.client import Client, new_session, refused, succeeded


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=20, playlists=25)


def test_paged_like_songs(listener):
    page = listener.data("/playlists")
    p = page["pagination"]
    assert len(page["playlists"]) == 20
    assert (p["currentPage"], p["totalPages"], p["totalPlaylists"], p["hasNext"], p["hasPrev"]) == (1, 2, 25, True, False)
    rest = listener.data("/playlists", params={"page": 2})
    assert len(rest["playlists"]) == 5 and not rest["pagination"]["hasNext"] and rest["pagination"]["nextCursor"] is None
    ids = [x["_id"] for x in page["playlists"] + rest["playlists"]]
    assert len(set(ids)) == 25 and INACTIVE_PLAYLIST not in ids


def test_cursors_give_the_same_list(listener):
    ids, cursor = [], None
    while True:
        page = listener.data("/playlists", params={"limit": 7} | ({"cursor": cursor} if cursor else {}))
        ids += [x["_id"] for x in page["playlists"]]
        cursor = page["pagination"]["nextCursor"]
        if not cursor:
            break
    assert ids == [x["_id"] for x in listener.data("/playlists", params={"limit": 100})["playlists"]]


def test_featured_first_then_the_newest(listener):
    lists = listener.data("/playlists", params={"limit": 100})["playlists"]
    keys = [(x["isFeatured"], x["createdAt"]) for x in lists]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("name, value", [("page", "0"), ("limit", "x"), ("limit", "-1"), ("cursor", "nonsense")])
def test_a_parameter_that_does_not_fit_is_named(listener, name, value):
    assert name in refused(listener.get("/playlists", params={name: value}), 400, "invalid_parameter")


def test_featured_are_those_of_the_curator(listener):
    featured = listener.data("/playlists/featured")["playlists"]
    assert {x["_id"] for x in featured} == {playlist_id(0), playlist_id(1)}
    assert all(x["isFeatured"] for x in featured)


def test_songs_are_embedded_whole_in_order_and_only_active_ones(listener):
    wanted = [song_id((0 * 5 + k * 3) % 20) for k in range(6)]
    for playlist in (
        listener.data(f"/playlists/{playlist_id(0)}"),
        next(x for x in listener.data("/playlists", params={"limit": 100})["playlists"] if x["_id"] == playlist_id(0)),
        next(x for x in listener.data("/playlists/featured")["playlists"] if x["_id"] == playlist_id(0)),
    ):
        ids = [s["_id"] for s in playlist["songs"]]
        assert ids == wanted and INACTIVE_SONG not in ids
        assert playlist["songs"][0] == listener.data(f"/songs/{wanted[0]}")


def test_opening_counts_a_view_and_listing_does_not(listener):
    views = listener.data(f"/playlists/{playlist_id(3)}")["views"]
    assert listener.data(f"/playlists/{playlist_id(3)}")["views"] == views + 1
    listener.data("/playlists")
    listener.data("/playlists/featured")
    listed = next(x for x in listener.data("/playlists", params={"limit": 100})["playlists"] if x["_id"] == playlist_id(3))
    assert listed["views"] == views + 1


def test_head_counts_no_view(listener):
    views = listener.data(f"/playlists/{playlist_id(4)}")["views"]
    assert listener.request("HEAD", f"/playlists/{playlist_id(4)}").status_code == 200
    assert listener.data(f"/playlists/{playlist_id(4)}")["views"] == views + 1


def test_views_at_the_same_moment_are_counted_exactly(station, listener):
    before = listener.data(f"/playlists/{playlist_id(5)}")["views"]

    def view(_):
        with Client(station) as c:
            return c.data(f"/playlists/{playlist_id(5)}")["views"]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(view, range(40))) == list(range(before + 1, before + 41))


def test_like_again_unlike_again(listener, other):
    path = f"/playlists/{playlist_id(6)}"
    before = listener.data(path)["likes"]
    assert succeeded(listener.post(path + "/like")) == {"playlistId": playlist_id(6), "likes": before + 1, "isLiked": True}
    refused(listener.post(path + "/like"), 409, "already_liked")
    assert listener.data(path)["isLikedByUser"] and not other.data(path)["isLikedByUser"]
    assert succeeded(other.post(path + "/like"))["likes"] == before + 2
    assert succeeded(listener.delete(path + "/like")) == {"playlistId": playlist_id(6), "likes": before + 1, "isLiked": False}
    refused(listener.delete(path + "/like"), 404, "not_liked")


def test_a_song_and_a_playlist_with_likes_are_told_apart(listener):
    succeeded(listener.post(f"/playlists/{playlist_id(7)}/like"))
    me = listener.data("/sessions/me")
    assert me["liked"] == {"songs": [], "playlists": [playlist_id(7)]}


def test_likes_at_the_same_moment_are_counted_exactly(station, listener):
    path = f"/playlists/{playlist_id(8)}"
    before = listener.data(path)["likes"]

    def like(_):
        with Client(station, session=new_session()) as c:
            return succeeded(c.post(path + "/like"))["likes"]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(like, range(32))) == list(range(before + 1, before + 33))


OPERATIONS = [("GET", "/playlists/{}"), ("POST", "/playlists/{}/like"), ("DELETE", "/playlists/{}/like"),
              ("GET", "/playlists/{}/comments"), ("POST", "/playlists/{}/comments")]  # fmt: skip


@pytest.mark.parametrize("method, path", OPERATIONS)
@pytest.mark.parametrize("bad", ["abc", playlist_id(1)[:-1], playlist_id(1) + "00", "x" * 24])
def test_what_is_no_id_is_400(listener, method, path, bad):
    body = {"json": {"text": "hello"}} if path.endswith("comments") and method == "POST" else {}
    refused(listener.request(method, path.format(bad), **body), 400, "invalid_id")


@pytest.mark.parametrize("method, path", OPERATIONS)
@pytest.mark.parametrize("unknown", [UNKNOWN_ID, INACTIVE_PLAYLIST, song_id(1)], ids=["unknown", "inactive", "a song"])
def test_an_unknown_or_inactive_playlist_is_404(listener, method, path, unknown):
    body = {"json": {"text": "hello"}} if path.endswith("comments") and method == "POST" else {}
    refused(listener.request(method, path.format(unknown), **body), 404, "playlist_not_found")
