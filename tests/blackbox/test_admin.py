"""The curator: every change is visible at once, and nobody else may make one."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from support.catalogue import (
    INACTIVE_PLAYLIST,
    INACTIVE_SONG,
    UNKNOWN_ID,
    make_catalogue,
    make_playlist,
    make_song,
    playlist_id,
    song_id,
)
from support.client import CONTRACT, Client, new_session, refused, succeeded
from support.server import NO_LIMITS

NEW = {"title": "Love Story", "artist": "Taylor Swift", "duration": 235, "genre": ["Pop", "Country"], "releaseYear": 2008,
       "albumArt": "https://cdn.popradio.com/albums/love-story.jpg", "videoUrl": "https://cdn.popradio.com/videos/love-story.mp4",
       "audioUrl": "https://cdn.popradio.com/audio/love-story.mp3"}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=30, playlists=4)


@pytest.fixture
def new_song(curator):
    song = succeeded(curator.post("/admin/songs", json=NEW), 201)
    yield song
    curator.delete(f"/admin/songs/{song['_id']}")


# ------------------------------------------------------------------------------------------------- token

ADMIN_OPERATIONS = [o for o in CONTRACT.operations if o.path.startswith("/admin/")]


@pytest.mark.parametrize("operation", ADMIN_OPERATIONS, ids=lambda o: o.id)
def test_nothing_without_the_token(station, operation):
    path = operation.path.replace("{songId}", song_id(1)).replace("{playlistId}", playlist_id(1)).replace("{commentId}", song_id(1))
    body = {"json": {}} if operation.method in ("POST", "PATCH") else {}
    with Client(station) as client:
        answer = client.request(operation.method, path, **body)
        refused(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].lower().startswith("bearer")


def test_there_is_something_to_protect():
    assert len(ADMIN_OPERATIONS) >= 18


def test_the_token_file_is_for_its_owner_alone(station):
    path = station.data / "admin-token"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(station.token) >= 32 and path.read_text().split() == [station.token]


# ------------------------------------------------------------------------------------------------- songs


def test_a_new_song_is_there_at_once(listener, curator, new_song):
    assert {k: new_song[k] for k in NEW} == NEW
    assert new_song["isActive"] and new_song["likes"] == new_song["plays"] == 0
    assert new_song["source"] == "link"
    public = listener.data(f"/songs/{new_song['_id']}")
    assert {k: public[k] for k in NEW} == NEW
    assert listener.data("/songs", params={"limit": 1})["songs"][0] == public
    assert listener.data("/songs/recent")["songs"][0] == public
    assert listener.data("/songs", params={"q": "taylor"})["songs"] == [public]
    assert curator.data(f"/admin/songs/{new_song['_id']}") == new_song


def test_the_least_a_song_needs(listener, curator):
    song = succeeded(curator.post("/admin/songs", json={
        "title": "Plain", "artist": "Nobody", "duration": 30, "audioUrl": "https://cdn.example.org/plain.mp3"}), 201)  # fmt: skip
    assert song["genre"] == [] and song["releaseYear"] is None and song["videoUrl"] == ""
    assert song["albumArt"], "what has no picture gets a generated cover"
    public = listener.data(f"/songs/{song['_id']}")
    art = listener.get("/" + public["albumArt"])
    assert art.status_code == 200 and art.headers["content-type"].startswith("image/") and len(art.content) > 100
    curator.delete(f"/admin/songs/{song['_id']}")


def test_an_id_that_is_given_is_kept_and_cannot_be_given_twice(curator):
    wanted = "65c000000000000000000001"
    assert succeeded(curator.post("/admin/songs", json={**NEW, "_id": wanted}), 201)["_id"] == wanted
    refused(curator.post("/admin/songs", json={**NEW, "_id": wanted}), 409, "conflict")
    curator.delete(f"/admin/songs/{wanted}")


BAD_FIELDS = [
    ("title", ""), ("title", "   "), ("title", 5), ("title", None), ("title", "x" * 401), ("title", "a\u0000b"),
    ("artist", ""), ("artist", ["x"]), ("duration", 0), ("duration", -1), ("duration", "235"), ("duration", 86401), ("duration", None),
    ("genre", "Pop"), ("genre", [1]), ("genre", ["x" * 61]), ("genre", ["x"] * 17), ("releaseYear", "2008"), ("releaseYear", 99999),
    ("videoUrl", "javascript:alert(1)"), ("videoUrl", "file:///etc/passwd"), ("videoUrl", "not an address"), ("videoUrl", 5),
    ("audioUrl", "ftp://example.org/x.mp3"), ("audioUrl", "https://example.org/" + "x" * 2048),
    ("albumArt", "data:text/html,x"), ("isActive", "yes"),
]  # fmt: skip


@pytest.mark.parametrize("field, value", BAD_FIELDS, ids=[f"{f}={str(v)[:24]!r}" for f, v in BAD_FIELDS])
def test_a_field_that_does_not_fit_is_named(curator, new_song, field, value):
    for answer in (
        curator.post("/admin/songs", json={**NEW, field: value}),
        curator.patch(f"/admin/songs/{new_song['_id']}", json={field: value}),
    ):
        assert field in refused(answer, 400, "invalid_parameter")
    assert curator.data(f"/admin/songs/{new_song['_id']}") == new_song


@pytest.mark.parametrize("missing", ["title", "artist", "duration"])
def test_a_field_that_is_missing_is_named(curator, missing):
    assert missing in refused(curator.post("/admin/songs", json={k: v for k, v in NEW.items() if k != missing}), 400, "invalid_parameter")


def test_a_song_needs_something_to_play(curator, new_song):
    silent = {k: v for k, v in NEW.items() if k not in ("videoUrl", "audioUrl")}
    assert "videoUrl" in refused(curator.post("/admin/songs", json=silent), 400, "invalid_parameter")
    refused(curator.patch(f"/admin/songs/{new_song['_id']}", json={"videoUrl": "", "audioUrl": ""}), 400, "invalid_parameter")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"'])
def test_a_body_that_is_no_object(curator, new_song, body):
    for method, path in (("POST", "/admin/songs"), ("PATCH", f"/admin/songs/{new_song['_id']}")):
        refused(curator.request(method, path, content=body, headers={"Content-Type": "application/json"}), 400, "invalid_json")


def test_a_change_is_visible_everywhere_at_once(station, listener, curator):
    target = song_id(3)
    with Client(station, token=station.token) as c:
        succeeded(c.post("/admin/radio/pin", json={"songId": target}))
        succeeded(c.patch(f"/admin/playlists/{playlist_id(1)}", json={"songs": [target, song_id(4)]}))

    def everywhere():
        seen = [listener.data(f"/songs/{target}")]
        for path in ("/songs?limit=100", "/songs/popular", "/songs/recent"):
            seen += [s for s in listener.data(path)["songs"] if s["_id"] == target]
        seen += [s for s in listener.data("/radio/stream")["queue"] if s["_id"] == target]
        seen += [s["song"] for s in listener.data("/radio/schedule")["slots"] if s["song"]["_id"] == target]
        seen += listener.data(f"/playlists/{playlist_id(1)}")["songs"][:1]
        seen += next(p for p in listener.data("/playlists/featured")["playlists"] if p["_id"] == playlist_id(1))["songs"][:1]
        return seen

    everywhere()  # whatever is cached is cached now
    for title in ("Renamed once", "Renamed twice"):
        changed = succeeded(curator.patch(f"/admin/songs/{target}", json={"title": title}))
        assert changed["title"] == title
        seen = everywhere()
        assert len(seen) >= 8 and {s["title"] for s in seen} == {title}
    assert listener.data("/songs", params={"q": "renamed twice"})["songs"][0]["_id"] == target


def test_only_the_fields_that_are_sent_change(curator, new_song):
    changed = succeeded(curator.patch(f"/admin/songs/{new_song['_id']}", json={"releaseYear": None, "genre": ["Country"]}))
    assert changed == {**new_song, "releaseYear": None, "genre": ["Country"], "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] >= new_song["updatedAt"]


def test_counters_are_not_the_curators_to_change(listener, curator, new_song):
    succeeded(listener.post(f"/songs/{new_song['_id']}/like"))
    curator.patch(f"/admin/songs/{new_song['_id']}", json={"likes": 1000000, "title": "Still one"})
    assert listener.data(f"/songs/{new_song['_id']}")["likes"] == 1


def test_a_deactivated_song_is_gone_at_once_and_comes_back_with_its_likes(listener, curator):
    target = song_id(8)
    likes = succeeded(listener.post(f"/songs/{target}/like"))["likes"]
    succeeded(listener.post(f"/songs/{target}/comments", json={"text": "come back"}), 201)
    assert not succeeded(curator.delete(f"/admin/songs/{target}"))["isActive"]
    refused(listener.get(f"/songs/{target}"), 404, "song_not_found")
    for path in ("/songs?limit=100", "/songs/popular", "/songs/recent"):
        assert target not in [s["_id"] for s in listener.data(path)["songs"]]
    for playlist in listener.data("/playlists", params={"limit": 100})["playlists"]:
        assert target not in [s["_id"] for s in playlist["songs"]]
    assert target not in [s["_id"] for s in listener.data("/radio/stream")["queue"]]
    assert target in [s["_id"] for s in curator.data("/admin/songs", params={"isActive": "false", "limit": 100})["songs"]]
    assert not curator.data(f"/admin/songs/{target}")["isActive"]
    succeeded(curator.delete(f"/admin/songs/{target}"))  # again: no error
    assert succeeded(curator.patch(f"/admin/songs/{target}", json={"isActive": True}))["isActive"]
    back = listener.data(f"/songs/{target}")
    assert back["likes"] == likes and back["isLikedByUser"]
    assert [c["text"] for c in listener.data(f"/songs/{target}/comments")["comments"]] == ["come back"]


def test_the_curators_list_has_inactive_songs_and_pages(curator):
    page = curator.data("/admin/songs", params={"limit": 100})
    ids = [s["_id"] for s in page["songs"]]
    assert INACTIVE_SONG in ids and song_id(1) in ids
    assert page["pagination"]["totalSongs"] == len(ids)
    assert [s["_id"] for s in curator.data("/admin/songs", params={"limit": 7, "page": 2})["songs"]] == ids[7:14]
    active = curator.data("/admin/songs", params={"isActive": "true", "limit": 100})["songs"]
    assert all(s["isActive"] for s in active) and INACTIVE_SONG not in [s["_id"] for s in active]
    assert [s["title"] for s in curator.data("/admin/songs", params={"q": "silent"})["songs"]] == ["Silent"]


@pytest.mark.parametrize("name, value", [("page", "0"), ("limit", "x"), ("isActive", "maybe"), ("cursor", "nonsense")])
def test_a_parameter_that_does_not_fit_is_named(curator, name, value):
    for path in ("/admin/songs", "/admin/playlists"):
        assert name in refused(curator.get(path, params={name: value}), 400, "invalid_parameter")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind, code", [("songs", "song_not_found"), ("playlists", "playlist_not_found")])
def test_what_is_not_there(curator, method, kind, code):
    body = {"json": {"title": "x"}} if method == "PATCH" else {}
    refused(curator.request(method, f"/admin/{kind}/{UNKNOWN_ID}", **body), 404, code)
    refused(curator.request(method, f"/admin/{kind}/xyz", **body), 400, "invalid_id")


# --------------------------------------------------------------------------------------------- playlists


def test_a_playlist_from_making_to_closing(listener, curator):
    made = succeeded(curator.post("/admin/playlists", json={
        "title": "Dreamy Pop Vibes", "description": "Soft.", "songs": [song_id(2), song_id(1), song_id(3)]}), 201)  # fmt: skip
    path, admin = f"/playlists/{made['_id']}", f"/admin/playlists/{made['_id']}"
    assert made["songs"] == [song_id(2), song_id(1), song_id(3)] and made["isActive"] and not made["isFeatured"]
    seen = listener.data(path)
    assert seen["title"] == "Dreamy Pop Vibes" and [s["_id"] for s in seen["songs"]] == made["songs"]
    cover = listener.get("/" + seen["coverImage"])
    assert cover.status_code == 200 and cover.headers["content-type"].startswith("image/")

    assert succeeded(curator.patch(admin, json={"songs": [song_id(3), song_id(2)]}))["songs"] == [song_id(3), song_id(2)]
    assert [s["_id"] for s in listener.data(path)["songs"]] == [song_id(3), song_id(2)]

    assert made["_id"] not in [p["_id"] for p in listener.data("/playlists/featured")["playlists"]]
    assert succeeded(curator.patch(admin, json={"isFeatured": True}))["isFeatured"]
    assert made["_id"] in [p["_id"] for p in listener.data("/playlists/featured")["playlists"]]
    assert listener.data("/playlists")["playlists"][0]["_id"] == made["_id"], "featured first, newest first"

    succeeded(listener.post(path + "/like"))
    assert not succeeded(curator.delete(admin))["isActive"]
    refused(listener.get(path), 404, "playlist_not_found")
    assert made["_id"] not in [p["_id"] for p in listener.data("/playlists/featured")["playlists"]]
    assert curator.data(admin)["likes"] == 1
    succeeded(curator.patch(admin, json={"isActive": True}))
    assert listener.data(path)["likes"] == 1
    succeeded(curator.delete(admin))


@pytest.mark.parametrize(
    "field, value",
    [("title", ""), ("title", 1), ("songs", "x"), ("songs", ["abc"]), ("songs", [UNKNOWN_ID]), ("songs", [5]), ("description", 5),
     ("coverImage", "javascript:x"), ("isFeatured", 1), ("isActive", "no")],
)  # fmt: skip
def test_a_field_of_a_playlist_that_does_not_fit_is_named(curator, field, value):
    before = curator.data(f"/admin/playlists/{playlist_id(2)}")
    for answer in (
        curator.post("/admin/playlists", json={"title": "Fine", field: value}),
        curator.patch(f"/admin/playlists/{playlist_id(2)}", json={field: value}),
    ):
        assert answer.status_code == 400 and field in answer.json()["error"]
    assert curator.data(f"/admin/playlists/{playlist_id(2)}") == before


def test_a_playlist_needs_a_title(curator):
    assert "title" in refused(curator.post("/admin/playlists", json={"songs": []}), 400, "invalid_parameter")


def test_the_curators_list_has_inactive_playlists(curator):
    page = curator.data("/admin/playlists", params={"limit": 100})
    assert INACTIVE_PLAYLIST in [p["_id"] for p in page["playlists"]]
    assert page["pagination"]["totalPlaylists"] == len(page["playlists"])
    zero = next(p for p in page["playlists"] if p["_id"] == playlist_id(0))
    assert INACTIVE_SONG in zero["songs"], "the curator sees inactive songs of a playlist"
    views = zero["views"]
    assert curator.data(f"/admin/playlists/{playlist_id(0)}")["views"] == views, "the curator's look is no view"


# ---------------------------------------------------------------------------------------------- rotation


def test_rotation_reads_and_changes(curator):
    before = curator.data("/admin/rotation")
    changed = succeeded(curator.patch("/admin/rotation", json={"artistWindow": 2, "likesWeight": 1.5}))
    assert changed == {**before, "artistWindow": 2, "likesWeight": 1.5}
    assert curator.data("/admin/rotation") == changed
    assert succeeded(curator.patch("/admin/rotation", json=before)) == before


@pytest.mark.parametrize(
    "field, value",
    [("skipPolicy", "anarchy"), ("artistWindow", -1), ("artistWindow", "2"), ("songWindow", 1.5), ("featuredWeight", -0.1),
     ("likesWeight", "x"), ("freshWeight", None)],
)  # fmt: skip
def test_a_rotation_that_does_not_fit_is_named(curator, field, value):
    before = curator.data("/admin/rotation")
    answer = curator.patch("/admin/rotation", json={field: value})
    assert answer.status_code == 400 and field in answer.json()["error"]
    assert curator.data("/admin/rotation") == before


def test_rotation_survives_a_restart(make_station):
    station = make_station(make_catalogue(songs=6, playlists=1))
    with station:
        with Client(station, token=station.token) as curator:
            changed = succeeded(curator.patch("/admin/rotation", json={"featuredWeight": 2.5, "skipPolicy": "curator"}))
        station.restart()
        with Client(station, token=station.token) as curator:
            assert curator.data("/admin/rotation") == changed


# ------------------------------------------------------------------------------------- import and export


def test_import_reports_each_kind_and_names_the_line(listener, curator):
    catalogue = {
        "songs": [
            make_song(700, title="Imported"),
            make_song(701, duration=0),
            make_song(2, title="Changed by import"),
            {"title": "No artist"},
        ],
        "playlists": [make_playlist(700, [song_id(700), song_id(2)]), make_playlist(701, [UNKNOWN_ID])],
    }
    body = json.dumps(catalogue, indent=1)
    report = succeeded(curator.post("/admin/import", content=body, headers={"Content-Type": "application/json"}))
    assert (report["added"], report["changed"], report["unchanged"]) == (3, 1, 0), "the second playlist goes without its unknown song"
    assert len(report["refused"]) == 3
    lines = body.splitlines()
    reasons = {}
    for refusal in report["refused"]:
        assert 1 <= refusal["line"] <= len(lines)
        reasons[refusal["line"]] = refusal["reason"]
    ordered = [reasons[k] for k in sorted(reasons)]
    assert "duration" in ordered[0] and "artist" in ordered[1] and UNKNOWN_ID in ordered[2]
    assert listener.data(f"/songs/{song_id(700)}")["title"] == "Imported"
    assert listener.data(f"/songs/{song_id(2)}")["title"] == "Changed by import"
    assert [s["_id"] for s in listener.data(f"/playlists/{playlist_id(700)}")["songs"]] == [song_id(700), song_id(2)]

    again = succeeded(curator.post("/admin/import", content=body, headers={"Content-Type": "application/json"}))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 4)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"songs": 5}', b'{"songs":[{}', b""])
def test_a_file_that_cannot_be_parsed_changes_nothing(curator, body):
    before = curator.data("/admin/songs")["pagination"]["totalSongs"]
    refused(curator.post("/admin/import", content=body, headers={"Content-Type": "application/json"}), 400, "invalid_json")
    assert curator.data("/admin/songs")["pagination"]["totalSongs"] == before


def test_import_takes_more_than_other_routes(curator):
    catalogue = {"songs": [make_song(2000 + n, isActive=False) for n in range(500)]}
    assert len(json.dumps(catalogue)) > 100_000
    assert succeeded(curator.post("/admin/import", json=catalogue))["added"] == 500
    assert curator.data("/admin/songs", params={"limit": 1})["pagination"]["totalSongs"] > 500


def test_export_is_a_file_that_imports_as_unchanged(listener, curator):
    succeeded(listener.post(f"/songs/{song_id(9)}/comments", json={"text": "exported"}), 201)
    succeeded(listener.post(f"/songs/{song_id(9)}/like"))
    answer = curator.get("/admin/export")
    exported = answer.json()
    nine = next(s for s in exported["songs"] if s["_id"] == song_id(9))
    assert nine["likes"] == listener.data(f"/songs/{song_id(9)}")["likes"]
    assert INACTIVE_SONG in [s["_id"] for s in exported["songs"]]
    assert "exported" in [c["text"] for c in exported["comments"]]
    report = succeeded(curator.post("/admin/import", content=answer.content, headers={"Content-Type": "application/json"}))
    assert report["added"] == report["changed"] == 0 and report["refused"] == []
    assert listener.data(f"/songs/{song_id(9)}")["likes"] == nine["likes"], "a base is not added to the likers a second time"


# ---------------------------------------------------------------------------------------------- analytics


def test_analytics_counts_the_day(make_station):
    with make_station(make_catalogue(songs=6, playlists=2), *NO_LIMITS) as station:
        sessions = [new_session() for _ in range(3)]
        for n, session in enumerate(sessions):
            with Client(station, session=session) as client:
                for _ in range(n + 1):
                    succeeded(client.post(f"/songs/{song_id(1)}/play"))
                succeeded(client.post(f"/songs/{song_id(2)}/play"))
                succeeded(client.post(f"/songs/{song_id(2)}/like"))
                client.data(f"/playlists/{playlist_id(1)}")

        def check():
            with Client(station, token=station.token) as curator:
                day = curator.data("/admin/analytics")["days"][-1]
            assert day["date"] == datetime.now(timezone.utc).strftime("%Y-%m-%d")
            assert day["totalPlays"] == 9
            assert day["uniqueVisitors"] == 3
            assert [(s["songId"], s["plays"]) for s in day["topSongs"][:2]] == [(song_id(1), 6), (song_id(2), 3)]
            assert next(s for s in day["topSongs"] if s["songId"] == song_id(2))["likes"] == 3
            assert [(p["playlistId"], p["views"]) for p in day["topPlaylists"]] == [(playlist_id(1), 3)]

        check()
        station.restart()
        check()
        with Client(station, token=station.token) as curator:
            long_ago = {"from": "2001-01-01", "to": "2001-01-31"}
            assert curator.data("/admin/analytics", params=long_ago)["days"] == []
            today = datetime.now(timezone.utc)
            around = {"from": f"{today - timedelta(days=1):%Y-%m-%d}", "to": f"{today:%Y-%m-%d}"}
            assert len(curator.data("/admin/analytics", params=around)["days"]) == 1


@pytest.mark.parametrize("name, value", [("from", "yesterday"), ("to", "2026-13-01"), ("from", "2026-02-30"), ("to", "1")])
def test_a_day_that_is_none_is_named(curator, name, value):
    assert name in refused(curator.get("/admin/analytics", params={name: value}), 400, "invalid_parameter")


def test_days_the_wrong_way_round(curator):
    refused(curator.get("/admin/analytics", params={"from": "2026-02-02", "to": "2026-02-01"}), 400, "invalid_parameter")


def test_changes_are_logged_with_the_request_id(station, curator):
    answer = curator.patch(f"/admin/songs/{song_id(5)}", json={"title": "Logged change"})
    succeeded(answer)
    line = next(x for x in station.stderr().splitlines() + station.lines if answer.headers["x-request-id"] in x)
    assert song_id(5) in line
    assert station.token not in station.stderr()
