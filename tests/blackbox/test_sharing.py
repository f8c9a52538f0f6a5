"""What other sites and search engines see: tags, oEmbed, the page they may frame, robots and sitemap."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import brotli
import httpx
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
from support.client import Client, refused
from support.server import NO_LIMITS

SITE = "https://radio.example"
HOSTILE = "\"'></title></script><script>alert(1)</script><!-- $& $1 $` \\ &lt; {{x}} ]]>"
HOSTILE_SONG, HOSTILE_PLAYLIST = song_id(500), playlist_id(500)


@pytest.fixture(scope="module")
def catalogue():
    content = make_catalogue(songs=8, playlists=2)
    content["songs"].append(make_song(500, title=HOSTILE, artist=HOSTILE, genre=[HOSTILE[:40]]))
    content["playlists"].append(make_playlist(500, [HOSTILE_SONG], title=HOSTILE, description=HOSTILE))
    return content


@pytest.fixture(scope="module")
def settings():
    return [*NO_LIMITS, "--http.trusted_proxies", "127.0.0.0/8"]


class Page(HTMLParser):
    """The head of a page as a site that draws a card of it reads it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.metas, self.links, self.scripts, self.title, self.tags = {}, {}, [], None, []
        self._inside = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "meta" and (name := attrs.get("property") or attrs.get("name")) and "media" not in attrs:
            assert name not in self.metas, f"{name} twice"
            self.metas[name] = attrs["content"]
        if tag == "link" and attrs["rel"] in ("canonical", "alternate"):
            assert attrs["rel"] not in self.links
            self.links[attrs["rel"]] = attrs
        if tag == "title":
            assert self.title is None, "two titles"
            self.title = ""
        if tag == "script":
            self.scripts.append([attrs, ""])
        self._inside = tag if tag in ("title", "script") else None

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "title":
            self.title += data
        elif self._inside == "script":
            self.scripts[-1][1] += data

    @property
    def schema(self):
        blocks = [text for attrs, text in self.scripts if attrs.get("type") == "application/ld+json"]
        assert len(blocks) <= 1
        return json.loads(blocks[0]) if blocks else None

    @property
    def running_scripts(self):
        return [attrs for attrs, _ in self.scripts if attrs.get("type") not in ("application/ld+json", "application/json")]

    @property
    def brought(self):
        """What the page brings for its script, read as JSON."""
        return [json.loads(text) for attrs, text in self.scripts if attrs.get("type") == "application/json"]


def get(station, path, method="GET", host="radio.example", proto="https", **headers):
    """As a proxy in front of the station asks; header names are spelled with _ for -."""
    sent = {"Host": host, "X-Forwarded-Proto": proto, "Accept-Encoding": "identity"}
    sent |= {k.replace("_", "-"): v for k, v in headers.items()}
    with httpx.Client(base_url=station.url, trust_env=False) as client:
        with client.stream(method, path, headers=sent) as answer:
            answer.raw_body = b"".join(answer.iter_raw())
        return answer


def page_at(station, path, status=200, **more):
    answer = get(station, path, **more)
    assert answer.status_code == status, answer.raw_body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.raw_body.decode())


# ------------------------------------------------------------------------------------------------- tags


def test_the_radio_page_says_what_the_station_is(station):
    page = page_at(station, "/")
    assert page.title.startswith("PopRadio") and page.metas["description"]
    assert page.links["canonical"]["href"] == page.metas["og:url"] == f"{SITE}/"
    assert page.metas["og:type"] == "music.radio_station" and page.metas["og:site_name"] == "PopRadio"
    assert page.schema["@type"] == "RadioStation" and page.schema["url"] == f"{SITE}/"
    assert page.running_scripts, "the app is still there"


def test_the_stations_picture_is_there_and_as_large_as_is_said(station):
    page = page_at(station, "/")
    assert page.metas["og:image"] == page.metas["twitter:image"]
    answer = get(station, page.metas["og:image"].removeprefix(SITE))
    assert answer.headers["content-type"] == page.metas["og:image:type"] == "image/png"
    assert answer.raw_body[:8] == b"\x89PNG\r\n\x1a\n"
    size = tuple(int.from_bytes(answer.raw_body[at : at + 4]) for at in (16, 20))
    assert size == (int(page.metas["og:image:width"]), int(page.metas["og:image:height"]))
    assert len(answer.raw_body) < 300_000, "some sites take no larger one"


def test_a_song_page_says_which_song(station, listener):
    song = listener.data(f"/songs/{song_id(7)}")
    page = page_at(station, f"/songs/{song_id(7)}")
    name = f"{song['title']} by {song['artist']}"
    assert page.title == f"{name} · PopRadio"
    assert page.metas["og:title"] == page.metas["twitter:title"] == page.metas["og:image:alt"] == name
    assert page.metas["og:image"] == page.metas["twitter:image"] == song["albumArt"]
    assert page.metas["og:type"] == "music.song" and page.metas["music:duration"] == str(song["duration"])
    assert page.metas["twitter:card"] == "summary_large_image"
    assert page.links["canonical"]["href"] == page.metas["og:url"] == f"{SITE}/songs/{song_id(7)}"
    assert page.schema["@type"] == "MusicRecording" and page.schema["name"] == song["title"]
    assert page.schema["byArtist"]["name"] == song["artist"] and page.schema["genre"] == song["genre"]
    assert page.schema["video"]["embedUrl"] == f"{SITE}/embed/songs/{song_id(7)}"


def test_a_playlist_page_says_which_playlist(station, listener):
    playlist = listener.data(f"/playlists/{playlist_id(0)}")
    page = page_at(station, f"/playlists/{playlist_id(0)}")
    assert page.metas["og:title"] == playlist["title"] and page.metas["og:image"] == playlist["coverImage"]
    assert page.metas["og:description"].startswith(playlist["description"])
    assert page.schema["@type"] == "MusicPlaylist" and page.schema["numTracks"] == len(playlist["songs"])
    assert [t["name"] for t in page.schema["track"]] == [s["title"] for s in playlist["songs"]]


def test_looking_at_a_playlists_page_is_no_view(station, listener):
    before = listener.data("/playlists")["playlists"]
    page_at(station, f"/playlists/{playlist_id(0)}")
    assert listener.data("/playlists")["playlists"] == before


def test_a_drawing_is_no_picture_for_a_card(station, curator):
    song = curator.post("/admin/songs", json={"title": "Plain", "artist": "A", "duration": 60, "audioUrl": "https://cdn.example.org/x.mp3"}).json()["data"]
    page = page_at(station, f"/songs/{song['_id']}")
    assert page.metas["og:image"] == f"{SITE}/share-card.png", "the generated cover is SVG, which no site shows"
    assert "video" not in page.schema, "it has none"
    curator.delete(f"/admin/songs/{song['_id']}")
    page_at(station, f"/songs/{song['_id']}", status=404)


@pytest.mark.parametrize("path", [f"/songs/{HOSTILE_SONG}", f"/playlists/{HOSTILE_PLAYLIST}"])
def test_a_hostile_title_stays_a_title(station, path):
    plain = page_at(station, "/songs" if path.startswith("/songs") else "/playlists")
    page = page_at(station, path)
    assert HOSTILE in page.title and HOSTILE in page.metas["og:title"] and HOSTILE in page.links["alternate"]["title"]
    assert page.schema["name"] == HOSTILE
    assert page.running_scripts == plain.running_scripts
    assert [one["data"]["title"] for one in page.brought] == [HOSTILE] * len(page.brought)
    assert page.tags.count("title") == 1 and page.tags.count("noscript") == plain.tags.count("noscript"), "nothing before it ended early"
    text = get(station, path).raw_body.decode()
    assert "<script>" not in text and "<!--" not in text and text.count("</html>") == 1


def test_a_hostile_host_stays_a_host(station):
    answer = get(station, "/", host='x"><script>alert(1)</script>')
    assert answer.status_code == 400 or b"<script>alert" not in answer.raw_body


# ------------------------------------------------------------------------------------------- which address


def test_the_address_is_what_the_proxy_says(station):
    assert page_at(station, "/", proto="https").metas["og:url"] == "https://radio.example/"
    assert page_at(station, "/", proto="http").metas["og:url"] == "http://radio.example/"
    assert page_at(station, "/", proto="gopher").metas["og:url"] == "http://radio.example/"


def test_a_stranger_cannot_say_that_it_is_https(make_station, catalogue):
    with make_station(catalogue, *NO_LIMITS) as station:
        assert page_at(station, "/").metas["og:url"] == "http://radio.example/"


def test_the_setting_wins_over_the_request(make_station, catalogue):
    with make_station(catalogue, *NO_LIMITS, "--http.public_url", "https://pop.example/") as station:
        page = page_at(station, f"/songs/{song_id(1)}", host="other.example")
        assert page.metas["og:url"] == f"https://pop.example/songs/{song_id(1)}"
        assert page.links["alternate"]["href"].startswith("https://pop.example/oembed?")
        assert "Sitemap: https://pop.example/sitemap.xml\n" in get(station, "/robots.txt").raw_body.decode()


# --------------------------------------------------------------------------------------- pages and not pages


@pytest.mark.parametrize("path", ["/songs", "/playlists", "/mine", f"/songs/{song_id(1)}", f"/playlists/{playlist_id(1)}", "/embed", f"/embed/songs/{song_id(1)}"])
def test_a_page_is_asked_for_again_and_sent_only_when_it_changed(station, path):
    first, head = get(station, path), get(station, path, method="HEAD")
    assert first.status_code == head.status_code == 200 and head.raw_body == b""
    assert first.headers["cache-control"] == "no-cache" and first.headers["etag"] == head.headers["etag"]
    assert head.headers["content-length"] == str(len(first.raw_body))
    again = get(station, path, If_None_Match=first.headers["etag"])
    assert again.status_code == 304 and again.raw_body == b"" and again.headers["etag"] == first.headers["etag"]
    for encoding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = get(station, path, Accept_Encoding=encoding)
        assert packed.headers["content-encoding"] == encoding and decode(packed.raw_body) == first.raw_body
        assert "accept-encoding" in packed.headers["vary"].lower()


@pytest.mark.parametrize(
    "path",
    [f"/songs/{UNKNOWN_ID}", f"/songs/{INACTIVE_SONG}", "/songs/abc", f"/playlists/{INACTIVE_PLAYLIST}", f"/embed/songs/{INACTIVE_SONG}", f"/embed/playlists/{UNKNOWN_ID}"],
)  # fmt: skip
def test_what_is_not_there_is_404_and_not_indexed(station, path):
    page = page_at(station, path, status=404)
    assert page.metas["robots"] == "noindex" and page.running_scripts, "the app says it in its own way"
    assert "og:url" not in page.metas and "canonical" not in page.links and page.schema is None
    assert get(station, path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/nope", f"/songs/{song_id(1)}/nope", "/embed/nope", "/embed/songs", "/Songs"])
def test_no_other_path_is_a_page(station, path):
    page = page_at(station, path, status=404, Accept="text/html")
    assert page.metas["robots"] == "noindex"
    assert json.loads(get(station, path, Accept="*/*").raw_body)["code"] == "not_found"


def test_a_slash_too_many_leads_to_the_page(station):
    answer = get(station, f"/songs/{song_id(1)}/?from=mail")
    assert answer.status_code == 308 and answer.headers["location"] == f"/songs/{song_id(1)}?from=mail"
    assert get(station, f"{station.url}//evil.example/").status_code == 404, "no way to another site"


def test_a_page_is_only_read(station):
    answer = get(station, "/songs", method="POST")
    assert answer.status_code == 405 and "GET" in answer.headers["allow"]
    assert get(station, "/songs", method="OPTIONS").status_code == 204


def test_what_is_about_one_listener_is_not_indexed(station):
    assert page_at(station, "/mine").metas["robots"] == "noindex"
    assert "robots" not in page_at(station, "/songs").metas


# ------------------------------------------------------------------------------------------------- frames


@pytest.mark.parametrize("path", ["/embed", f"/embed/songs/{song_id(1)}", f"/embed/playlists/{playlist_id(1)}"])
def test_the_small_player_may_be_framed_and_is_small(station, path):
    answer = get(station, path)
    policy = dict(p.strip().split(" ", 1) for p in answer.headers["content-security-policy"].split(";"))
    assert policy["frame-ancestors"] == "*" and "x-frame-options" not in answer.headers
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    page = Page(answer.raw_body.decode())
    assert page.metas["robots"] == "noindex, indexifembedded"
    assert page.links["canonical"]["href"] == (SITE + path.removeprefix("/embed") if path != "/embed" else f"{SITE}/")
    scripts = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', answer.raw_body.decode())
    packed = sum(len(get(station, s, Accept_Encoding="br").raw_body) for s in scripts)
    assert scripts and packed < 15_000, f"{packed} bytes of compressed script"


@pytest.mark.parametrize("path", ["/", "/songs", f"/songs/{song_id(1)}", "/mine", "/docs", "/embed.html", "/nope", "/v1/songs", "/oembed"])
def test_nothing_else_may_be_framed(station, path):
    headers = get(station, path, Accept="text/html").headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy or "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "SAMEORIGIN"


# ------------------------------------------------------------------------------------------------- oEmbed


def oembed(station, url, **more):
    with Client(station, headers={"Host": "radio.example", "X-Forwarded-Proto": "https"}) as c:
        return c.get("//oembed", params={"url": url, **more})


@pytest.mark.parametrize("path", ["/", f"/songs/{song_id(1)}", f"/playlists/{playlist_id(1)}", f"/songs/{HOSTILE_SONG}"])
def test_a_page_leads_to_its_frame(station, path):
    page = page_at(station, path)
    link = page.links["alternate"]
    assert link["type"] == "application/json+oembed"
    answer = get(station, link["href"].removeprefix(SITE))
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    told = json.loads(answer.raw_body)
    assert told["title"] == page.metas["og:title"] and told["version"] == "1.0"
    frame = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: frame.append((tag, dict(attrs)))
    reader.feed(told["html"])
    assert [tag for tag, _ in frame] == ["iframe"]
    source = frame[0][1]["src"]
    assert (source, frame[0][1]["title"]) == (page.metas["og:video:url"], told["title"])
    assert get(station, source.removeprefix(SITE)).status_code == 200


def test_oembed_keeps_to_the_size_that_was_asked_for(station):
    told = oembed(station, f"{SITE}/", maxwidth=200, maxheight=5000).json()
    assert (told["width"], told["height"]) == (200, 360) and 'width="200"' in told["html"]


def test_oembed_speaks_json_only(station):
    assert oembed(station, f"{SITE}/", format="json").status_code == 200
    refused(oembed(station, f"{SITE}/", format="xml"), 501, "not_implemented")


@pytest.mark.parametrize("url", ["https://evil.example/", "https://radio.example.evil.example/", f"{SITE}@evil.example/", f"{SITE}/mine", f"{SITE}/songs/{UNKNOWN_ID}", f"{SITE}/songs/{INACTIVE_SONG}", "javascript:alert(1)", "/", f"{SITE}/embed"])  # fmt: skip
def test_oembed_is_for_pages_of_this_station(station, url):
    refused(oembed(station, url), 404, "not_found")


def test_oembed_wants_to_know_what(station):
    with Client(station) as c:
        refused(c.get("//oembed"), 400, "invalid_parameter")
        refused(c.get("//oembed", params={"url": station.url, "maxwidth": "-1"}), 400, "invalid_parameter")
        refused(c.get(f"//oembed?url={station.url}&url={station.url}"), 400, "invalid_parameter")


# ---------------------------------------------------------------------------------------- search engines


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_sitemap_lists_every_page_that_there_is(station, listener):
    answer = get(station, "/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    root = ET.fromstring(answer.raw_body)
    assert root.tag == f"{SITEMAP}urlset"
    listed = {u.findtext(f"{SITEMAP}loc"): u.findtext(f"{SITEMAP}lastmod") for u in root}
    songs = {f"{SITE}/songs/{s['_id']}" for s in listener.data("/songs?limit=100")["songs"]}
    playlists = {f"{SITE}/playlists/{p['_id']}" for p in listener.data("/playlists?limit=100")["playlists"]}
    fixed = {f"{SITE}/", f"{SITE}/songs", f"{SITE}/playlists"}
    assert songs | playlists <= set(listed) and fixed <= set(listed)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", listed[u]) for u in songs | playlists)
    for url in listed:
        page = page_at(station, url.removeprefix(SITE))
        assert page.links["canonical"]["href"] == url and "robots" not in page.metas


def test_a_large_station_has_an_index_of_sitemaps(make_station):
    with make_station({"songs": [make_song(n) for n in range(10_200)], "playlists": []}, *NO_LIMITS) as station:
        index = ET.fromstring(get(station, "/sitemap.xml").raw_body)
        assert index.tag == f"{SITEMAP}sitemapindex"
        parts = [part.findtext(f"{SITEMAP}loc") for part in index]
        seen = []
        for part in parts:
            urls = [u.findtext(f"{SITEMAP}loc") for u in ET.fromstring(get(station, part.replace("http://radio.example", "")).raw_body)]
            assert 0 < len(urls) <= 50_000
            seen += urls
        assert len(parts) == 2 and len(seen) == len(set(seen)) > 10_203
        assert get(station, f"/sitemap.xml?part={len(parts) + 1}").status_code == 404


def test_robots_are_told_where_the_sitemap_is(station):
    answer = get(station, "/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.raw_body.decode().splitlines()
    assert lines[0] == "User-agent: *" and lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
    barred = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    for path in ("/", "/songs", f"/songs/{song_id(1)}", "/v1/songs", "/embed", "/api/media/x/art", "/assets/x.js"):
        assert not any(path.startswith(b) for b in barred), path
    assert all(b for b in barred), "an empty one would bar nothing"


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/oembed?url=https%3A%2F%2Fradio.example%2F"])
def test_what_is_told_to_others_may_be_kept_for_a_while(station, path):
    answer = get(station, path)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert get(station, path, If_None_Match=answer.headers["etag"]).status_code == 304
    assert get(station, path, method="HEAD").headers["content-length"] == str(len(answer.raw_body))
