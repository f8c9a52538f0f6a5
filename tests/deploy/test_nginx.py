"""NGINX as deploy/nginx makes it, the real one, before two real nodes: what listeners notice of it."""

import json
import re
import socket
import ssl
import threading
import time
import uuid

import httpx
import pytest

from support.front import eventually, free_port
from support.stand_in import StandIn, answer, close, events, late, media

SONG = "5f0e1a2b3c4d5e6f70810006"


def explained(reply, status, code):
    """Asserts that `reply` is a refusal in the API's shape; returns it."""
    assert reply.status_code == status, f"{reply.status_code}: {reply.text[:200]}"
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    body = reply.json()
    assert body["success"] is False and body["code"] == code and body["error"].endswith(".")
    assert set(body) <= {"success", "error", "code", "retryAfter"}
    assert reply.headers["x-request-id"] and reply.headers["strict-transport-security"] and reply.headers["cache-control"] == "no-store"
    if status in (429, 503):
        assert int(reply.headers["retry-after"]) == body["retryAfter"] >= 1
    return body


def raw(front, text, plain=False):
    """Sends bytes as they are, over TLS unless `plain`; returns everything that comes back until the end."""
    with socket.create_connection(("127.0.0.1", front.https_port), 10) as connection:
        if not plain:
            trust = ssl.create_default_context(cafile=str(front.certificate))
            connection = trust.wrap_socket(connection, server_hostname="localhost")
        connection.sendall(text.encode("latin-1"))
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except (ConnectionResetError, ssl.SSLError):
            pass
        return received.decode("latin-1")


# TLS and HTTP


def test_the_configuration_is_accepted_without_a_warning(front):
    said = front.test()
    assert "successful" in said and "warn" not in said and "emerg" not in said


def test_http_leads_to_https_and_keeps_method_and_path(front):
    for method in ("GET", "POST"):
        reply = httpx.request(method, f"http://127.0.0.1:{front.http_port}/v1/songs?limit=3&q=%C3%A9", trust_env=False)
        assert reply.status_code == 308
        assert reply.headers["location"] == f"https://127.0.0.1:{front.https_port}/v1/songs?limit=3&q=%C3%A9"


def test_http_spoken_to_the_tls_port_is_led_to_https(front):
    said = raw(front, "GET /songs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", plain=True)
    assert said.startswith("HTTP/1.1 308") and f"Location: https://localhost:{front.https_port}/songs" in said


@pytest.mark.parametrize("http2, spoken", [(True, "HTTP/2"), (False, "HTTP/1.1")])
def test_both_http_versions_answer_alike(front, http2, spoken):
    with front.client(http2=http2) as client:
        reply = client.get("/v1/songs", params={"limit": 2})
    assert reply.http_version == spoken and reply.status_code == 200
    assert reply.headers["strict-transport-security"] == "max-age=31536000"
    assert len(reply.json()["data"]["songs"]) == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(front, version):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = version
    with socket.create_connection(("127.0.0.1", front.https_port), 5) as connection, pytest.raises(ssl.SSLError):
        old.wrap_socket(connection)


@pytest.mark.parametrize("cipher, works", [("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-AES128-SHA", False), ("AES128-SHA", False)])
def test_only_ciphers_with_forward_secrecy_and_authentication_are_spoken(front, cipher, works):
    context = ssl.create_default_context(cafile=str(front.certificate))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    with socket.create_connection(("127.0.0.1", front.https_port), 5) as connection:
        if works:
            assert context.wrap_socket(connection, server_hostname="localhost").cipher()[0] == cipher
        else:
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_hostname="localhost")


def test_another_name_than_the_stations_gets_nothing(make_front):
    with StandIn() as node:
        front = make_front([node.address], server_name="radio.example.org")
        trust = ssl.create_default_context(cafile=str(front.certificate))
        with socket.create_connection(("127.0.0.1", front.https_port), 5) as connection, pytest.raises(ssl.SSLError):
            trust.wrap_socket(connection, server_hostname="localhost")
        with socket.create_connection(("127.0.0.1", front.https_port), 5) as connection:
            right = trust.wrap_socket(connection, server_hostname="radio.example.org")
            right.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            assert right.recv(4096).startswith(b"HTTP/1.1 421")
        assert not node.seen


# What passes through


def test_an_answer_is_the_nodes_own(front, nodes, listener):
    """Headers and body are the node's: one of both, as their stations are their own."""
    through = listener.get("/v1/songs", params={"limit": 5})
    direct = [httpx.get(f"{node.url}/v1/songs?limit=5", trust_env=False) for node in nodes]
    assert through.json()["data"]["pagination"] in [answer.json()["data"]["pagination"] for answer in direct]
    connection_own = {"server", "date", "x-request-id", "x-session-id", "connection", "ratelimit", "ratelimit-policy", "content-length", "etag"}
    added = {"strict-transport-security"}
    assert set(through.headers) - added - connection_own == set(direct[0].headers) - connection_own
    for name in set(direct[0].headers) - connection_own:
        assert through.headers[name] == direct[0].headers[name]
    assert uuid.UUID(through.headers["x-session-id"])
    assert re.fullmatch("[0-9a-f]{16}", through.headers["x-request-id"])  # the node's, which its log names


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_compression_is_the_nodes(front, listener, coding):
    reply = listener.get("/", headers={"Accept-Encoding": coding})
    assert reply.headers["content-encoding"] == coding and "<!doctype html>" in reply.text


def test_a_page_is_asked_again_by_its_etag(front, nodes, listener):
    etag = listener.get("/openapi.json").headers["etag"]
    assert listener.get("/openapi.json", headers={"If-None-Match": etag}).status_code == 304


def test_what_a_client_claims_about_itself_is_not_believed(make_front):
    with StandIn() as node:
        front = make_front([node.address])
        with front.client() as client:
            lies = {
                "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example",
                "Forwarded": "for=1.2.3.4", "X-Real-IP": "1.2.3.4", "X-Request-Id": "mine",
            }  # fmt: skip
            kept = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Origin": front.url, "X-Session-Id": str(uuid.uuid4()),
                    "Idempotency-Key": "k1", "Last-Event-ID": "5-7", "Authorization": "Bearer t"}  # fmt: skip
            client.get("/v1/time?a=%2Fb&c", headers=lies | kept)
        [request] = node.seen
    assert request.target == "/v1/time?a=%2Fb&c"
    assert request.all("x-forwarded-for") == ["127.0.0.1"] and request.all("x-forwarded-proto") == ["https"]
    assert request.all("x-forwarded-host") == request.all("forwarded") == request.all("x-real-ip") == []
    [request_id] = request.all("x-request-id")
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert request.all("host") == [f"127.0.0.1:{front.https_port}"]
    for name, value in kept.items():
        assert request.all(name) == [value]


def test_the_node_counts_the_listeners_address_and_not_ours(make_node, make_front):
    """Behind a load balancer, whose word counts: two listeners of it have a limit each, however they lie about others."""
    node = make_node("--limits.api_per_hour", "5", limits=True)
    front = make_front([node.address], behind=["127.0.0.0/8"])

    def left(address):
        with front.client() as client:
            return client.get("/v1/time", headers={"X-Forwarded-For": f"9.9.9.9, {address}"}).headers["ratelimit"]

    assert "r=4" in left("203.0.113.7") and "r=3" in left("203.0.113.7")
    assert "r=4" in left("203.0.113.8")


def test_writes_from_other_sites_stay_refused(listener):
    reply = listener.post(f"/v1/songs/{SONG}/like", headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert reply.status_code == 403 and reply.json()["code"] == "cross_site"


def test_links_name_the_address_that_people_see(front, listener):
    assert f'"https://127.0.0.1:{front.https_port}/' in listener.get("/songs").text


def test_both_nodes_get_work_over_few_connections(front, nodes):
    def counts(name):
        return [node.metric(name) for node in nodes]

    requests, connections = counts("http_requests_total"), counts("http_connections_total")
    with front.client() as client:
        for _ in range(200):
            assert client.get("/v1/time").status_code == 200
    served = [after - before for after, before in zip(counts("http_requests_total"), requests)]
    opened = [after - before for after, before in zip(counts("http_connections_total"), connections)]
    assert min(served) >= 80, served
    assert sum(opened) <= 20, opened  # ours through keep-alive, and a few of this test's for the metrics


def test_streams_go_to_the_node_with_fewest(make_node, make_front):
    nodes = [make_node(), make_node()]
    front = make_front([node.address for node in nodes])
    streams = {node: [] for node in nodes}

    def counts():
        return [node.metric("event_streams") for node in nodes]

    def open_one():
        before = counts()
        stream = Stream(front)
        stream.read_until("event: nowPlaying")
        eventually(lambda: sum(counts()) == sum(before) + 1, what="one stream more")
        streams[nodes[0] if counts()[0] > before[0] else nodes[1]].append(stream)

    try:
        for _ in range(8):
            open_one()
        assert counts() == [4, 4]
        for stream in streams.pop(nodes[0]):
            stream.close()
        eventually(lambda: counts() == [0, 4], what="the end of the streams that were closed")
        streams[nodes[0]] = []
        for _ in range(4):
            open_one()
        assert counts() == [4, 4]
    finally:
        for stream in sum(streams.values(), []):
            stream.close()


# Event streams


class Stream:
    """An event stream over HTTP/1.1 of its own, read in the background of nobody: read_until() waits, with a deadline."""

    def __init__(self, front, path="/v1/radio/events", session=None):
        self.client = front.client(http2=False, timeout=httpx.Timeout(10, read=30))
        headers = {"X-Session-Id": session} if session else {}
        self.context = self.client.stream("GET", path, headers=headers)
        self.reply = self.context.__enter__()
        self.text, self.pieces = "", self.reply.iter_text()

    def read_until(self, wanted, deadline_s=10):
        end = time.monotonic() + deadline_s
        while wanted not in self.text:
            assert time.monotonic() < end, f"no '{wanted}' in {self.text[-500:]}"
            self.text += next(self.pieces)
        return self.text

    def read_to_end(self):
        for piece in self.pieces:
            self.text += piece
        return self.text

    def close(self):
        self.context.__exit__(None, None, None)
        self.client.close()


def like_what_plays(client):
    """Events tell the numbers of what people see at the moment."""
    song = client.get("/v1/radio/stream").json()["data"]["nowPlaying"]["_id"]
    assert client.post(f"/v1/songs/{song}/like").status_code == 200


@pytest.mark.parametrize("base", ["/v1", "/api"])
def test_events_arrive_as_they_happen(make_node, make_front, base):
    node = make_node()
    front = make_front([node.address])
    stream = Stream(front, f"{base}/radio/events")
    try:
        assert stream.reply.status_code == 200 and stream.reply.headers["content-type"].startswith("text/event-stream")
        stream.read_until("event: listeners")
        stream.text = ""
        with front.client(headers={"X-Session-Id": str(uuid.uuid4())}) as client:
            began = time.monotonic()
            like_what_plays(client)
        stream.read_until("event: counters")
        assert time.monotonic() - began < 2
    finally:
        stream.close()


def test_a_stream_lasts_while_its_node_speaks_and_ends_when_that_falls_silent(make_front):
    with StandIn(events(gap_s=0.6, count=4)) as node:  # longer in all than a silence may be
        front = make_front([node.address], event_silence_s=1)
        began = time.monotonic()
        stream = Stream(front)
        try:
            stream.read_until("data: 0")
            assert time.monotonic() - began < 1.5  # as it came, and not with the rest
            with pytest.raises(httpx.RemoteProtocolError):
                stream.read_to_end()
        finally:
            stream.close()
    assert re.findall("data: (.)", stream.text) == ["0", "1", "2", "3"]
    assert 3 < time.monotonic() - began < 10


def test_streams_count_neither_as_requests_nor_as_connections(make_node, make_front):
    node = make_node()
    front = make_front([node.address], requests_per_second=1, request_burst=5, connections_per_address=1)
    streams = [Stream(front) for _ in range(10)]
    try:
        assert [stream.reply.status_code for stream in streams] == [200] * 10
        with front.client() as client:
            assert [client.get("/v1/time").status_code for _ in range(5)] == [200] * 5
    finally:
        for stream in streams:
            stream.close()


def test_streams_have_limits_of_their_own(make_front):
    with StandIn(events(0, 1)) as node:
        front = make_front([node.address], streams_per_address=3)
        streams = [Stream(front) for _ in range(3)]
        with front.client() as client:
            explained(client.get("/v1/radio/events"), 429, "rate_limited")
        for stream in streams:
            assert stream.reply.status_code == 200
            stream.close()
        eventually(lambda: reaches_node(front), what="a stream again after the others have gone")


def reaches_node(front):
    stream = Stream(front)
    try:
        return stream.reply.status_code == 200
    finally:
        stream.close()


def test_a_crowd_that_opens_streams_at_once_is_slowed(make_front):
    with StandIn() as node:
        front = make_front([node.address], streams_per_second=1, stream_burst=4)
        with front.client() as client:
            codes = [client.get("/v1/radio/events").status_code for _ in range(8)]
    assert codes[:5] == [200] * 5 and codes[5:] == [429] * 3


def test_a_reload_ends_no_stream(front, nodes):
    stream = Stream(front)
    try:
        stream.read_until("event: listeners")
        front.reload()
        [node] = [node for node in nodes if node.metric("event_streams") == 1]
        stream.text = ""
        with httpx.Client(base_url=node.url, trust_env=False, headers={"X-Session-Id": str(uuid.uuid4())}) as client:
            like_what_plays(client)
        stream.read_until("event: counters")
    finally:
        stream.close()


# Limits


def test_a_flood_of_requests_is_told_so(make_front):
    with StandIn() as node:
        front = make_front([node.address], requests_per_second=1, request_burst=9)
        with front.client() as client:
            replies = [client.get("/v1/time") for _ in range(14)]
            page = client.get("/", headers={"Accept": "text/html,*/*"})
        assert node.count("GET") == 10
    assert [reply.status_code for reply in replies] == [200] * 10 + [429] * 4
    explained(replies[-1], 429, "rate_limited")
    assert page.status_code == 429 and "<h1>" in page.text and page.headers["retry-after"] == "1"
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_each_address_has_its_own_limit_and_an_ipv6_network_is_one(make_front):
    with StandIn() as node:
        front = make_front([node.address], behind=["127.0.0.1"], requests_per_second=1, request_burst=1)

        def ask(address):
            with front.client() as client:
                return client.get("/v1/time", headers={"X-Forwarded-For": address}).status_code

        assert [ask("203.0.113.1") for _ in range(3)] == [200, 200, 429]
        assert ask("203.0.113.2") == 200
        network = ["2001:db8:0:7::1", "2001:db8:0:7:a:b:c:d", "2001:db8:0:7::2"]
        assert [ask(address) for address in network] == [200, 200, 429]
        assert ask("2001:db8:0:8::1") == 200
        assert node.seen[-1].all("x-forwarded-for") == ["2001:db8:0:8::1"]


def test_many_slow_requests_of_one_address_are_limited(make_front):
    free = threading.Event()
    with StandIn(late(free)) as node:
        front = make_front([node.address], connections_per_address=3)
        codes = []

        def ask():
            with front.client() as client:
                codes.append(client.get("/v1/songs").status_code)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(node.seen) == 3, what="three requests at the node")
        with front.client() as client:
            explained(client.get("/v1/songs"), 429, "rate_limited")
        free.set()
        for thread in threads:
            thread.join()
    assert codes == [200] * 3


@pytest.mark.parametrize(
    "path, size, status",
    [
        (f"/v1/songs/{SONG}/comments", 16 * 1024, 401),
        (f"/v1/songs/{SONG}/comments", 16 * 1024 + 1, 413),
        ("/v1/admin/songs", 256 * 1024, 401),
        ("/v1/admin/songs", 256 * 1024 + 1, 413),
        ("/api/admin/import", 1024 * 1024, 401),
        ("/v1/admin/import", 64 * 1024 * 1024 + 1, 413),
    ],
)
def test_bodies_have_the_apis_limits(make_front, path, size, status):
    with StandIn(answer(status="401 Unauthorized")) as node:
        front = make_front([node.address])
        with front.client(http2=False) as client:
            reply = client.post(path, content=b" " * size)
        if status == 413:
            explained(reply, 413, "body_too_large")
        else:
            assert reply.status_code == 401 and len(node.seen[-1].body) == size


def test_a_catalogue_is_imported_through_nginx(make_node, make_front):
    node = make_node()
    front = make_front([node.address])
    songs = [
        {"title": f"Song {n}", "artist": "Band", "duration": 200, "genre": ["Pop"], "releaseYear": 2001, "albumArt": "",
         "videoUrl": f"https://cdn.example.org/{n}.mp4" + "?" + "x" * 500, "audioUrl": ""} for n in range(2000)
    ]  # fmt: skip
    with front.client(headers={"Authorization": f"Bearer {node.token}"}, timeout=60) as curator:
        reply = curator.post("/v1/admin/import", json={"songs": songs, "playlists": []})
        assert reply.status_code == 200, reply.text
        assert len(curator.get("/v1/admin/export").json()["songs"]) == 2010


def test_what_is_no_request_is_refused_in_the_apis_shape(front):
    said = raw(front, "GET /v1/songs HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    assert said.startswith("HTTP/1.1 400") and '"code":"bad_request"' in said
    said = raw(front, "GET /v1/songs HTTP/1.1\r\nHost: a\r\nX: " + "y" * 9000 + "\r\n\r\n")
    assert said.startswith("HTTP/1.1 431") and '"code":"headers_too_large"' in said
    said = raw(front, "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert said.startswith("HTTP/1.1 400")


# Media


@pytest.fixture(scope="module")
def video(front, nodes):
    """The address of a video of more than two pieces, and its bytes."""
    with front.client() as client:
        for song in client.get("/v1/songs", params={"limit": 100}).json()["data"]["songs"]:
            whole = httpx.get(nodes[0].url + song["videoUrl"], trust_env=False).content
            if len(whole) > 2 * 2**20:
                return song["videoUrl"], whole
    raise AssertionError("the demo station has no video of more than 2 MiB")


MIB = 2**20


@pytest.mark.parametrize("first, last", [(0, 0), (0, 99), (MIB - 5, MIB + 5), (MIB, 2 * MIB - 1), (2 * MIB - 1, 2 * MIB), (100, None)])
def test_ranges_of_media_are_exact(listener, video, first, last):
    url, whole = video
    reply = listener.get(url, headers={"Range": f"bytes={first}-{'' if last is None else last}"})
    end = len(whole) - 1 if last is None else last
    assert reply.status_code == 206 and reply.headers["content-range"] == f"bytes {first}-{end}/{len(whole)}"
    assert reply.content == whole[first : end + 1]
    assert reply.headers["access-control-allow-origin"] == "*" and "immutable" in reply.headers["cache-control"]


def test_media_whole_at_the_end_and_behind_it(listener, video):
    url, whole = video
    reply = listener.get(url)
    assert reply.status_code == 200 and reply.content == whole and reply.headers["content-length"] == str(len(whole))
    assert listener.get(url, headers={"Range": "bytes=-7"}).content == whole[-7:]
    assert listener.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    head = listener.head(url)
    assert head.status_code == 200 and head.headers["content-length"] == str(len(whole))


def test_media_are_asked_of_a_node_once(make_node, make_front, video):
    url, whole = video
    node = make_node()
    front = make_front([node.address])
    with front.client() as client:
        # The same content: this station's address of it differs only where its file's dates do.
        first = client.get(url, headers={"Range": "bytes=0-9"})
        asked = node.metric("http_sent_bytes_total")
        again = client.get(url, headers={"Range": "bytes=100-199"})
        assert (first.headers["x-cache"], again.headers["x-cache"]) == ("MISS", "HIT")
        assert again.content == whole[100:200]
        assert node.metric("http_sent_bytes_total") - asked < 20_000  # the metrics' own answer
        # An unknown parameter is no way past the cache, another version of the content is.
        assert client.get(url + "&x=1", headers={"Range": "bytes=0-9"}).headers["x-cache"] == "HIT"
        assert client.get(url + "0", headers={"Range": "bytes=0-9"}).headers["x-cache"] == "MISS"


def test_a_range_asks_the_node_for_its_pieces_only(make_front):
    content = bytes(range(256)) * (12 * MIB // 256)
    with StandIn(media(content, '"a"')) as node:
        front = make_front([node.address])
        with front.client() as client:
            reply = client.get("/api/media/x/video?v=1", headers={"Range": f"bytes={5 * MIB + 9}-{6 * MIB}"})
        assert reply.status_code == 206 and reply.content == content[5 * MIB + 9 : 6 * MIB + 1]
        assert [request.all("range") for request in node.seen] == [[f"bytes={n * MIB}-{(n + 1) * MIB - 1}"] for n in (5, 6)]
        assert not any(request.all("accept-encoding") for request in node.seen)  # one copy in the cache, for all


def test_a_video_goes_on_when_the_node_that_sent_its_beginning_dies(make_front):
    """Pieces of two nodes, whose ETags differ, make one video."""
    content = bytes(range(256)) * (3 * MIB // 256)
    with StandIn(media(content, '"one"')) as one, StandIn(media(content, '"two"')) as two:
        front = make_front([one.address, two.address])
        with front.client() as client:
            assert client.get("/api/media/x/video?v=1", headers={"Range": "bytes=0-9"}).content == content[:10]
            [first, other] = sorted((one, two), key=lambda node: -len(node.seen))
            assert not other.seen
            first.stop()
            reply = client.get("/api/media/x/video?v=1")
            assert reply.status_code == 200 and reply.content == content
            assert len(other.seen) == 2  # the beginning came from the cache
            assert "etag" not in reply.headers


def test_pictures_and_unknown_media(listener):
    song = listener.get(f"/v1/songs/{SONG}").json()["data"]
    reply = listener.get(song["albumArt"])
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("image/")
    missing = listener.get("/api/media/0123456789abcdef01234567/video")
    assert missing.status_code == 404 and missing.json()["code"] == "song_not_found"


# Nodes that fail


def test_a_dead_node_costs_nobody_a_safe_request(make_node, make_front):
    nodes = [make_node(), make_node()]
    front = make_front([node.address for node in nodes])
    with front.client() as client:
        for number in range(200):
            if number == 50:
                nodes[0].kill()
            reply = client.request(("GET", "HEAD")[number % 2], "/v1/songs")
            assert reply.status_code == 200, (number, reply.text)
        nodes[0].start()
        served = nodes[0].metric("http_requests_total", route="/songs")

        def works_again():
            for _ in range(4):
                assert client.get("/v1/songs").status_code == 200
            return nodes[0].metric("http_requests_total", route="/songs") > served

        eventually(works_again, 15, 0.2, "work for the node that came back")


def test_a_silent_node_is_passed_over(make_node, make_front):
    nodes = [make_node(), make_node()]
    front = make_front([node.address for node in nodes], answer_timeout_s=1, retry_timeout_s=5)
    nodes[0].pause()
    try:
        with front.client() as client:
            assert {client.get("/v1/songs").status_code for _ in range(12)} == {200}
    finally:
        nodes[0].go_on()


@pytest.mark.parametrize("method, repeated", [("GET", True), ("HEAD", True), ("POST", False), ("PATCH", False), ("DELETE", False)])
@pytest.mark.parametrize("path", ["/v1/songs/x/like", "/v1/admin/songs/x"])
def test_only_safe_requests_are_repeated(make_front, method, repeated, path):
    """Both nodes hang up after they have read the request: it may have been carried out."""
    with StandIn(close()) as one, StandIn(close()) as two:
        front = make_front([one.address, two.address])
        with front.client() as client:
            reply = client.request(method, path, content=None if method in ("GET", "HEAD", "DELETE") else b"{}")
        assert reply.status_code == 503
        assert one.count(method) + two.count(method) == (2 if repeated else 1)
        if method != "HEAD":
            explained(reply, 503, "unavailable")


def test_a_write_that_never_left_goes_to_the_other_node(make_front):
    with StandIn() as one, StandIn() as two:
        front = make_front([one.address, two.address])
        one.stop()
        with front.client() as client:
            assert {client.post("/v1/songs/x/like").status_code for _ in range(6)} == {200}
        assert two.count("POST") == 6


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_nodes_own_refusals_pass_and_put_no_node_out(make_front, method):
    """A store that is away is away for every node: each goes on being asked, and each question is asked once."""
    body = b'{"success":false,"error":"Likes rest for a moment.","code":"unavailable","retryAfter":3}'
    refuse = answer(body, "503 Service Unavailable", ["Retry-After: 3", "Content-Type: application/json"])
    with StandIn(refuse) as one, StandIn(refuse) as two:
        front = make_front([one.address, two.address])
        with front.client() as client:
            for _ in range(10):
                reply = client.request(method, "/v1/songs/x/like")
                assert reply.status_code == 503 and reply.headers["retry-after"] == "3" and reply.content == body
        assert one.count(method) + two.count(method) == 10 and min(one.count(method), two.count(method)) >= 3


@pytest.mark.parametrize("cause", ["file", "nobody"])
def test_the_maintenance_page(make_front, cause):
    with StandIn() as node:
        front = make_front([node.address])
        if cause == "file":
            front.maintenance.touch()
        else:
            node.stop()
        with front.client() as client:
            for path in ("/v1/songs", "/api/radio/stream", "/health/ready", "/api/media/x/video"):
                explained(client.get(path, headers={"Accept": "text/html"}), 503, "unavailable")
            explained(client.post("/v1/songs/x/like", content=b"{}"), 503, "unavailable")
            explained(client.delete("/v1/songs/x/like"), 503, "unavailable")
            explained(client.get("/v1/radio/events"), 503, "unavailable")
            page = client.get("/songs", headers={"Accept": "text/html,application/xhtml+xml"})
            assert page.status_code == 503 and page.headers["content-type"] == "text/html; charset=utf-8"
            assert page.headers["retry-after"] == "15" and "Back in a moment" in page.text
            assert page.headers["x-request-id"] and page.headers["cache-control"] == "no-store"
            explained(client.get("/assets/app.js", headers={"Accept": "*/*"}), 503, "unavailable")
            if cause == "file":
                assert not node.seen
                front.maintenance.unlink()
                assert client.get("/v1/songs").status_code == 200


def test_a_rolling_restart_fails_no_request(make_node, make_front):
    """Each node rests, restarts and works again, under load of reads, likes and unlikes."""
    nodes = [make_node(), make_node()]
    addresses = [node.address for node in nodes]
    front = make_front(addresses)
    stop, failures, done = threading.Event(), [], []

    def load(number):
        session = str(uuid.uuid4())
        # A connection for each request: httpx takes the polite end of a reused one, at a reload, for a failure.
        with front.client(http2=False, headers={"X-Session-Id": session, "Connection": "close"}) as client:
            while not stop.is_set():
                # Two stations that share no store: a like on the one may be told again by the other, as 409 and 404.
                for method, path, fine in (
                    ("GET", "/v1/radio/stream", {200}),
                    ("POST", f"/v1/songs/{SONG}/like", {200, 409}),
                    ("GET", "/", {200}),
                    ("DELETE", f"/v1/songs/{SONG}/like", {200, 404}),
                ):
                    reply = client.request(method, path)
                    done.append(reply.status_code)
                    if reply.status_code not in fine:
                        failures.append((method, path, reply.status_code, reply.text[:100]))

    threads = [threading.Thread(target=load, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for node in nodes:
        front.reload(resting=[node.address])
        quiet = node_is_quiet(node)
        eventually(quiet, 20, 0.2, "the end of the node's requests")
        node.stop()
        node.start()
        before = len(done)
        front.reload(resting=[])
        eventually(lambda: len(done) > before + 50, what="load on all nodes")
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[:5]
    assert len(done) > 300


def node_is_quiet(node):
    """A check that is true once the node has served nothing but this question since the last time."""
    last = [None]

    def check():
        now = node.metric("http_requests_total") - node.metric("http_requests_total", route="/metrics")
        quiet, last[0] = now == last[0], now
        return quiet

    return check


# What is seen and kept


def test_figures_are_for_those_who_watch(make_front, make_node):
    node = make_node()
    front = make_front([node.address], monitors=["192.0.2.1"])
    with front.client() as client:
        explained(client.get("/metrics"), 404, "not_found")
        assert client.get("/health").status_code == 200
    front.reload(monitors=["127.0.0.1"])
    with front.client() as client:
        assert "popradio_build_info" in client.get("/metrics").text


def test_nginx_tells_that_it_works_without_a_node(make_front):
    port = free_port()
    with StandIn() as node:
        front = make_front([node.address], health_listen=[f"127.0.0.1:{port}"], server_name="radio.example.org")
        front.maintenance.touch()
        node.stop()
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "ok\n"
        assert "Active connections" in httpx.get(f"http://127.0.0.1:{port}/status", trust_env=False).text


def test_the_log_knows_requests_and_not_people(make_front, make_node):
    node = make_node()
    front = make_front([node.address], behind=["127.0.0.1"], requests_per_second=1, request_burst=1)
    session = str(uuid.uuid4())
    with front.client(headers={"X-Session-Id": session, "X-Forwarded-For": "203.0.113.9"}) as client:
        first = client.get("/v1/songs?q=secret")
        for _ in range(3):
            client.get("/v1/songs?q=secret")
    front.stop()
    text = front.access_log.read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    ours = [entry for entry in entries if entry["path"] == "/v1/songs"]
    assert ours[0]["node_id"] == first.headers["x-request-id"] and ours[0]["node"] == node.address and ours[0]["status"] == 200
    assert [entry["status"] for entry in ours] == [200, 200, 429, 429]
    everything = text + front.error_log.read_text()
    for secret in (session, "203.0.113.9", "secret"):
        assert secret not in everything
