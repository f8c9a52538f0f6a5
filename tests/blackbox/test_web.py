"""Pages, headers, compression, CORS and writes from other sites."""

import gzip
import re

import brotli
import httpx
import pytest
from support.catalogue import make_catalogue, song_id, write_catalogue
from support.client import Client, new_session, refused, succeeded
from support.server import NO_LIMITS, Station

FRIEND = "https://app.example.org"


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=8, playlists=2)


def plain(station, path, **headers):
    """One request with exactly these headers, undecoded. Header names are spelled with _ for -."""
    with httpx.Client(base_url=station.url, trust_env=False, headers={"Accept-Encoding": "identity"}) as client:
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        with client.stream("GET", path, headers=sent) as answer:
            body = b"".join(answer.iter_raw())
        return answer, body


def asset_of(station):
    _, page = plain(station, "/")
    paths = re.findall(rb'(?:src|href)="(/[^"]+\.(?:js|css))"', page)
    assert paths, page[:500]
    return paths[0].decode()


# ------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_is_html_with_a_policy_that_lets_nothing_strange_run(station, path):
    answer, body = plain(station, path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<html" in body.lower()
    policy = dict(p.strip().split(" ", 1) for p in answer.headers["content-security-policy"].split(";") if " " in p.strip())
    assert "default-src" in policy
    script = policy.get("script-src", policy["default-src"])
    assert "'unsafe-inline'" not in script and "'unsafe-eval'" not in script and "*" not in script.split()
    assert policy["frame-ancestors"] in ("'none'", "'self'")
    assert policy["base-uri"] in ("'none'", "'self'")
    assert policy["object-src"] == "'none'"
    assert not re.search(rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>", body), "an inline script"
    assert not re.search(rb'(?:src|href)="https?://[^"]+\.(?:js|css)"', body), "something from another host"


def test_the_page_frames_the_players_of_two_sites_and_runs_none_of_their_scripts(station):
    answer, _ = plain(station, "/")
    policy = {p.split()[0]: p.split()[1:] for p in answer.headers["content-security-policy"].split(";")}
    assert policy["frame-src"] == ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
    assert policy["script-src"] == ["'self'"]
    assert {"'self'", "https:", "blob:"} <= set(policy["media-src"]), "files, lists and what plays from a list"


@pytest.mark.parametrize("path", ["/", "/docs", "/v1/songs", "/health"])
def test_the_headers_that_helmet_is_known_for(station, path):
    headers = plain(station, path)[0].headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin-when-cross-origin")
    assert headers["cross-origin-opener-policy"].startswith("same-origin")
    assert headers["cross-origin-resource-policy"] in ("same-origin", "same-site")
    assert headers["x-frame-options"] in ("DENY", "SAMEORIGIN")
    assert "x-powered-by" not in headers
    assert not re.search(r"\d", headers.get("server", "")), "the version is nobody's business"


def test_assets_live_long_and_pages_do_not(station):
    asset, _ = plain(station, asset_of(station))
    assert "immutable" in asset.headers["cache-control"] and "max-age=31536000" in asset.headers["cache-control"]
    page, _ = plain(station, "/")
    assert "no-cache" in page.headers["cache-control"]


@pytest.mark.parametrize("encoding, decode", [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_assets_come_compressed(station, encoding, decode):
    path = asset_of(station)
    identity, body = plain(station, path)
    assert "content-encoding" not in identity.headers
    answer, packed = plain(station, path, Accept_Encoding=encoding)
    assert answer.headers["content-encoding"] == encoding
    assert len(packed) < len(body) and decode(packed) == body
    assert "accept-encoding" in answer.headers["vary"].lower() and "accept-encoding" in identity.headers["vary"].lower()
    assert answer.headers["etag"] != identity.headers["etag"] or answer.headers["etag"].startswith("W/")


def test_a_refused_encoding_is_not_used(station):
    path = asset_of(station)
    for header in ("br;q=0, gzip;q=0", "identity", "*;q=0, identity", "zstd"):
        answer, _ = plain(station, path, Accept_Encoding=header)
        assert answer.status_code == 200 and "content-encoding" not in answer.headers, header
    assert plain(station, path, Accept_Encoding="br;q=0, gzip")[0].headers["content-encoding"] == "gzip"


def test_the_radios_page_is_never_the_one_of_before(station):
    """It carries the state of the station at this moment: an old one would start the app in the past."""
    answer, _ = plain(station, "/")
    again, body = plain(station, "/", If_None_Match=answer.headers["etag"])
    assert again.status_code == 200 and b"serverTime" in body and answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/songs", "/docs", "/openapi.json", "ASSET"])
def test_what_did_not_change_is_304(station, path):
    path = asset_of(station) if path == "ASSET" else path
    answer, _ = plain(station, path)
    tag = answer.headers["etag"]
    for header in (tag, f'"other", {tag}', "*", f"W/{tag.removeprefix('W/')}"):
        again, body = plain(station, path, If_None_Match=header)
        assert again.status_code == 304 and body == b"" and again.headers["etag"] == tag, header
    changed, body = plain(station, path, If_None_Match='"something-else"')
    assert changed.status_code == 200 and body


def test_a_generated_picture_is_public_and_conditional(station, curator):
    song = succeeded(curator.post("/admin/songs", json={
        "title": "No picture", "artist": "A", "duration": 60, "videoUrl": "https://cdn.example.org/x.mp4"}), 201)  # fmt: skip
    answer = curator.get("/" + song["albumArt"])
    assert answer.status_code == 200
    assert "public" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    again = curator.get("/" + song["albumArt"], headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    curator.delete(f"/admin/songs/{song['_id']}")


def test_a_page_that_is_not_there(station):
    for path in ("/nope.js", "/assets/nope.css", "/.env", "/admin-token", "/popradio.db"):
        answer, _ = plain(station, path)
        assert answer.status_code == 404, path


@pytest.mark.parametrize("path", ["/nothing", "/songs/popular/more", "/song", "", "/admin", "/admin/nothing", "/songs//popular"])
def test_an_unknown_route_is_404_in_the_envelope(listener, path):
    refused(listener.get(path), 404, "not_found")


# --------------------------------------------------------------------------------------- methods and HEAD


@pytest.mark.parametrize(
    "method, path, allowed",
    [("PUT", "/songs", {"GET"}), ("DELETE", "/songs", {"GET"}), ("GET", f"/songs/{song_id(1)}/like", {"POST", "DELETE"}),
     ("GET", f"/songs/{song_id(1)}/play", {"POST"}), ("POST", "/radio/stream", {"GET"}), ("GET", "/radio/next", {"POST"}),
     ("POST", "/songs/popular", {"GET"}), ("PUT", f"/songs/{song_id(1)}/comments", {"GET", "POST"}), ("POST", "/sessions/me", {"GET", "DELETE"})],
)  # fmt: skip
def test_a_method_that_a_path_does_not_know_is_405(listener, method, path, allowed):
    answer = listener.request(method, path)
    refused(answer, 405, "method_not_allowed")
    assert allowed <= {m.strip() for m in answer.headers["allow"].split(",")}


def test_options_says_what_is_allowed(listener):
    answer = listener.request("OPTIONS", f"/songs/{song_id(1)}/like")
    assert answer.status_code in (200, 204) and answer.content == b""
    assert {"POST", "DELETE", "OPTIONS"} <= {m.strip() for m in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("path", ["/songs", f"/songs/{song_id(1)}", "/radio/stream", "/songs/abc", "//health", "//docs", "//openapi.json", "//"])
def test_head_is_get_without_a_body(listener, path):
    get, head = listener.get(path), listener.request("HEAD", path)
    assert head.status_code == get.status_code and head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    if path not in ("/radio/stream", "//health", "//"):  # these carry the time
        assert head.headers.get("content-length") == get.headers.get("content-length")


# -------------------------------------------------------------------------------------------- other sites


def like(client, **headers):
    return client.post(f"/songs/{song_id(2)}/like", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_write_from_another_site_is_refused(listener):
    before = listener.data(f"/songs/{song_id(2)}")["likes"]
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"}):
        refused(like(listener, **headers), 403, "cross_site")
        refused(listener.delete("/sessions/me", headers={k.replace("_", "-"): v for k, v in headers.items()}), 403, "cross_site")
    assert listener.data(f"/songs/{song_id(2)}")["likes"] == before


def test_an_old_browsers_origin_is_compared_with_the_host(listener, station):
    refused(like(listener, Origin="https://evil.example"), 403, "cross_site")
    refused(like(listener, Origin="null"), 403, "cross_site")
    succeeded(like(listener, Origin=station.url))


def test_our_own_pages_and_programs_may_write(station):
    for headers in ({}, {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"},
                    {"Sec_Fetch_Site": "same-origin", "Origin": "https://behind.a.proxy.example"}):  # fmt: skip
        with Client(station, session=new_session()) as c:
            succeeded(like(c, **headers))


def test_reading_from_another_site_is_no_write(listener):
    succeeded(listener.get("/songs", headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}))


def test_nobody_is_allowed_across_origins_by_default(listener):
    answer = listener.get("/songs", headers={"Origin": FRIEND})
    assert "access-control-allow-origin" not in answer.headers
    answer = listener.request("OPTIONS", "/songs", headers={"Origin": FRIEND, "Access-Control-Request-Method": "GET"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture(scope="module")
def open_station(tmp_path_factory, catalogue):
    folder = tmp_path_factory.mktemp("open")
    station = Station(folder / "data", *NO_LIMITS, "--http.allowed_origins", FRIEND)
    station.load(write_catalogue(folder / "catalogue.json", catalogue))
    with station:
        yield station


def test_an_allowed_origin_may_read_and_write(open_station):
    with Client(open_station, session=new_session(), headers={"Origin": FRIEND, "Sec-Fetch-Site": "cross-site"}) as c:
        answer = c.get("/songs")
        assert answer.headers["access-control-allow-origin"] == FRIEND
        assert "origin" in answer.headers["vary"].lower()
        exposed = answer.headers["access-control-expose-headers"].lower()
        assert all(h in exposed for h in ("x-session-id", "x-request-id", "ratelimit", "retry-after"))
        succeeded(like(c))
        error = like(c)
        refused(error, 409, "already_liked")
        assert error.headers["access-control-allow-origin"] == FRIEND, "a refusal must be readable, too"


def test_a_preflight_of_an_allowed_origin(open_station):
    with Client(open_station) as c:
        answer = c.request("OPTIONS", f"/songs/{song_id(1)}/like", headers={
            "Origin": FRIEND, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "x-session-id,content-type"})  # fmt: skip
        assert answer.status_code in (200, 204)
        assert answer.headers["access-control-allow-origin"] == FRIEND
        assert "DELETE" in answer.headers["access-control-allow-methods"]
        allowed = answer.headers["access-control-allow-headers"].lower()
        assert all(h in allowed for h in ("x-session-id", "content-type", "idempotency-key"))
        assert int(answer.headers["access-control-max-age"]) > 0


@pytest.mark.parametrize("origin", ["https://app.example.org.evil.example", "http://app.example.org", "https://APP.example.org:444", "null"])
def test_an_origin_that_only_looks_like_an_allowed_one(open_station, origin):
    with Client(open_station, session=new_session()) as c:
        assert "access-control-allow-origin" not in c.get("/songs", headers={"Origin": origin}).headers
        refused(like(c, Sec_Fetch_Site="cross-site", Origin=origin), 403, "cross_site")


# ---------------------------------------------------------------------------------------------- operations


def test_health_says_how_everything_is(listener):
    for path in ("//health", "//health/live", "//health/ready"):
        answer = listener.get(path)
        assert answer.status_code == 200 and answer.json()["status"] == "ok"
        assert "no-store" in answer.headers["cache-control"]
    assert listener.get("//health").json()["services"]


def test_metrics_count_requests(listener):
    def requests():
        text = listener.get("//metrics").text
        lines = [x for x in text.splitlines() if x and not x.startswith("#")]
        assert all(re.fullmatch(r'[a-zA-Z_:][\w:]*(\{[^}]*\})? [-+.\deInfNa]+', x) for x in lines), text
        assert all(x.startswith(("popradio_", "process_")) for x in lines)
        return sum(float(x.split()[-1]) for x in lines if x.startswith("popradio_http_requests_total"))

    before = requests()
    for _ in range(10):
        listener.get("/songs")
    assert requests() >= before + 10


def test_a_request_id_is_ours_whatever_the_client_sends(listener):
    for sent in ("abc-123.X", "", "with space", "x" * 200, 'quote"'):
        assert listener.get("/songs", headers={"X-Request-Id": sent}).headers["x-request-id"] != sent
    assert listener.get("/songs").headers["x-request-id"] != listener.get("/songs").headers["x-request-id"]


def test_the_radio_page_shows_what_is_on_air_before_its_script_has_come(make_station):
    catalogue = make_catalogue()
    catalogue["songs"] = [{**catalogue["songs"][0], "title": "</h1><script>alert(1)</script>", "artist": 'Simon & "Garfunkel"'}]
    catalogue["playlists"] = []
    station = make_station(catalogue, *NO_LIMITS)
    with station, Client(station) as client:
        page = client.get("//", headers={"Accept": "text/html"}).text
        art = client.data("/radio/stream")["nowPlaying"]["albumArt"].replace("&", "&amp;")
        assert "&lt;/h1&gt;&lt;script&gt;alert(1)" in page and "<script>alert" not in page
        assert "Simon &amp; &quot;Garfunkel&quot;" in page
        assert f'<link rel="preload" as="image" fetchpriority="high" href="{art}">' in page
        assert f'<img alt="" src="{art}">' in page
        assert page.index('id="root"') < page.index("<img alt")
        assert "<img" not in client.get("//history", headers={"Accept": "text/html"}).text
        listed = client.get("//songs", headers={"Accept": "text/html"}).text
        assert "&lt;/h1&gt;&lt;script&gt;alert(1)" in listed and "<script>alert" not in listed
        assert listed.index("<img alt") < listed.index('id="root"') < listed.index('id="songs"')
    empty = make_station(None, *NO_LIMITS, name="empty")
    with empty, Client(empty) as client:
        page = client.get("//", headers={"Accept": "text/html"}).text
        assert 'class="lcd"' in page and "<img" not in page and 'as="image"' not in page
