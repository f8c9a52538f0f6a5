"""The description and the server agree, both ways."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from support.catalogue import make_catalogue, make_song, playlist_id, song_id
from support.client import CONTRACT, Client, new_session, succeeded
from support.events import EventStream
from support.server import run


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=24, playlists=3)


# --------------------------------------------------------------------------------------- the description


def test_the_description_is_valid_openapi():
    validate(CONTRACT.document)
    assert CONTRACT.document["openapi"].startswith("3.1")


def test_every_field_is_described():
    missing = []

    def walk(name, schema):
        if not isinstance(schema, dict):
            return
        for field, spec in schema.get("properties", {}).items():
            resolved = CONTRACT.inline(spec)
            if not resolved.get("description"):
                missing.append(f"{name}.{field}")
            walk(f"{name}.{field}", spec)
        for key in ("items", "additionalProperties"):
            walk(name, schema.get(key))
        for key in ("allOf", "oneOf"):
            for part in schema.get(key, []):
                walk(name, part)

    for name, schema in CONTRACT.document["components"]["schemas"].items():
        assert CONTRACT.inline(schema).get("description"), name
        walk(name, schema)
    assert not missing


def test_every_operation_says_what_it_is():
    ids = [o.id for o in CONTRACT.operations]
    assert len(ids) == len(set(ids))
    for o in CONTRACT.operations:
        assert o.spec.get("summary") and o.spec.get("description") and o.spec.get("tags"), o.id
        assert re.fullmatch(r"[a-z]+[A-Za-z]*", o.id)


def test_every_example_fits_its_schema():
    checked = 0

    def check(where, schema, example):
        nonlocal checked
        errors = list(Draft202012Validator(CONTRACT.closed(CONTRACT.inline(schema))).iter_errors(example))
        assert not errors, f"{where}: {errors[0].message}"
        checked += 1

    def walk(where, node):
        if isinstance(node, dict):
            if "schema" in node and "example" in node:
                check(where, node["schema"], node["example"])
            if "examples" in node and isinstance(node["examples"], list):
                for example in node["examples"]:
                    check(where, node, example)
            for key, value in node.items():
                if key not in ("example", "examples"):
                    walk(f"{where}/{key}", value)
        elif isinstance(node, list):
            for n, value in enumerate(node):
                walk(f"{where}/{n}", value)

    walk("", CONTRACT.document)
    assert checked > 50


# ------------------------------------------------------------------------------------------------ routes


def test_description_and_route_table_agree_both_ways():
    done = run("routes", "--json")
    assert done.returncode == 0, done.stderr
    table = {(r["method"].upper(), r["path"]) for r in json.loads(done.stdout)}
    described = {(o.method, o.path) for o in CONTRACT.operations}
    assert table - described == set(), "served but not described"
    assert described - table == set(), "described but not served"
    lines = run("routes").stdout.splitlines()  # the same for people: method, path, what it is for
    assert {tuple(line.split()[:2]) for line in lines} == table
    assert all(len(line.split()) > 2 for line in lines)


def test_the_served_description_is_this_one(stranger):
    served = stranger.get("//openapi.json").json()
    assert served == json.loads(json.dumps(CONTRACT.document, default=str))


# -------------------------------------------------------------------------------------------------- walk


def walk(station):
    """Every operation at least once with success; what cannot succeed without a library of files is refused properly."""
    seen = set()
    s, p = song_id(1), playlist_id(1)
    with Client(station, session=new_session(), seen=seen) as c, Client(station, token=station.token, seen=seen) as curator:
        for path in ("/songs", "/songs?sort=popular&q=song&genre=pop", "/songs/popular", "/songs/recent", f"/songs/{s}", "/playlists",
                     "/playlists/featured", f"/playlists/{p}", "/radio/stream", "/radio/history", "/radio/schedule", "/time",
                     "/sessions/me", "//health", "//health/live", "//health/ready", "//metrics", "//docs", "//openapi.json",
                     f"//oembed?url={station.url}/songs/{s}", "//robots.txt", "//sitemap.xml"):  # fmt: skip
            assert c.get(path).status_code == 200, path
        for path in (f"/songs/{s}", f"/playlists/{p}"):
            succeeded(c.post(path + "/like"))
            assert c.post(path + "/like").status_code == 409
            succeeded(c.delete(path + "/like"))
            assert c.delete(path + "/like").status_code == 404
            succeeded(c.post(path + "/comments", json={"text": "A walk in the park"}), 201)
            assert c.data(path + "/comments")["comments"]
        succeeded(c.post(f"/songs/{s}/play"))
        succeeded(c.post("/radio/reactions", json={"reaction": "✨"}), 202)
        with EventStream(station) as stream:
            stream.opening()  # each event is checked by itself
            seen.add(("getRadioEvents", 200))
        assert c.post("/radio/next").status_code in (200, 429)
        assert c.get(f"//api/media/{s}/video").status_code == 404
        assert c.get(f"//api/media/{s}/audio").status_code == 404
        assert c.get(f"//api/media/{s}/art").status_code == 200
        assert c.get(f"//api/media/{p}/cover").status_code == 200

        song = succeeded(curator.post("/admin/songs", json={
            "title": "Walk", "artist": "Walker", "duration": 61, "audioUrl": "https://cdn.example.org/walk.mp3"}), 201)  # fmt: skip
        succeeded(curator.get("/admin/songs"))
        succeeded(curator.get(f"/admin/songs/{song['_id']}"))
        succeeded(curator.patch(f"/admin/songs/{song['_id']}", json={"title": "Walked"}))
        succeeded(curator.post("/admin/radio/pin", json={"songId": song["_id"]}))
        succeeded(curator.post("/admin/radio/next"))
        succeeded(curator.delete(f"/admin/songs/{song['_id']}"))
        playlist = succeeded(curator.post("/admin/playlists", json={"title": "Walks", "songs": [s]}), 201)
        succeeded(curator.get("/admin/playlists"))
        succeeded(curator.get(f"/admin/playlists/{playlist['_id']}"))
        succeeded(curator.patch(f"/admin/playlists/{playlist['_id']}", json={"isFeatured": True}))
        succeeded(curator.delete(f"/admin/playlists/{playlist['_id']}"))
        comment = curator.data("/admin/comments")["comments"][0]
        succeeded(curator.patch(f"/admin/comments/{comment['_id']}", json={"isHidden": True}))
        succeeded(curator.patch("/admin/rotation", json=curator.data("/admin/rotation")))
        succeeded(curator.post("/admin/import", json={"songs": [make_song(1)]}))
        assert curator.get("/admin/export").status_code == 200
        succeeded(curator.get("/admin/analytics"))
        assert c.get("/radio/history").json()["data"]["slots"]
        succeeded(c.delete("/sessions/me"))
    return seen


def test_a_walk_through_every_operation(station):
    seen = walk(station)
    visited = {operation for operation, _ in seen}
    assert visited == set(CONTRACT.by_id), set(CONTRACT.by_id) - visited
    succeeded_ones = {operation for operation, status in seen if status < 300}
    assert set(CONTRACT.by_id) - succeeded_ones <= {"getSongVideo", "getSongAudio", "skipSong"}


def test_the_check_itself_notices_what_is_wrong(station):
    """The client above would be worthless if it let everything pass."""
    with Client(station, session=new_session()) as c:
        answer = c.get(f"/songs/{song_id(1)}")
    good = answer.json()
    path = answer.request.url.path

    def complains(status=200, headers=None, **change):
        body = json.loads(json.dumps(good))
        body["data"].update(change)
        try:
            CONTRACT.check("GET", path, status, {**dict(answer.headers), **(headers or {})}, json.dumps(body).encode())
        except AssertionError:
            return True
        return False

    assert not complains()
    assert complains(status=201)
    assert complains(status=418)
    assert complains(likes=-1)
    assert complains(likes="1")
    assert complains(sessionId="x")
    assert complains(createdAt="2026-02-03")
    assert complains(albumArt="")
    assert complains(headers={"x-request-id": ""})
    assert complains(headers={"content-type": "text/plain"})
    assert complains(headers={"cache-control": "public, max-age=60"})
