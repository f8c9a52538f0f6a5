"""Requests that are not quite HTTP, over raw sockets.

Every row of the table that is refused carries a well-formed play of a song behind it. Nothing after an error may be parsed, so
that song must never have been played."""

import itertools
import json
import re
import select
import time

import pytest
from support.catalogue import make_catalogue, song_id, write_catalogue
from support.client import Client, new_session
from support.raw import Connection
from support.server import NO_LIMITS, Station, eventually

TIMEOUTS = ["--http.header_timeout_s", "1", "--http.body_timeout_s", "1", "--http.idle_timeout_s", "2"]
# Deadlines are looked at once a second or so: never early, and soon enough.
PATIENCE_S = 8

MARKER = song_id(7)
SMUGGLED = f"POST /v1/songs/{MARKER}/play HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=8, playlists=1)


@pytest.fixture(autouse=True, scope="module")
def nothing_was_smuggled(station):
    def plays():
        with Client(station) as c:
            return c.data(f"/songs/{MARKER}")["plays"]

    before = plays()
    yield
    assert plays() == before, "something behind a refused request was answered"


def get(path="/v1/time", *fields, version="HTTP/1.1", host="h"):
    lines = [f"GET {path} {version}"] + ([f"Host: {host}"] if host else []) + list(fields)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def post(*fields, body=b"", path=f"/v1/songs/{song_id(1)}/comments"):
    lines = [f"POST {path} HTTP/1.1", "Host: h", "Content-Type: application/json", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


COMMENT = b'{"text":"hello"}'
N = len(COMMENT)
CHUNKED = f"{N:x}\r\n".encode() + COMMENT + b"\r\n0\r\n\r\n"
TE = "Transfer-Encoding: chunked"


# (name, bytes, the statuses that are right). All of these end the connection.
REFUSED = [
    # line ends
    ("bare LF everywhere", b"GET /v1/time HTTP/1.1\nHost: h\n\n", {400}),
    ("bare LF after the request line", b"GET /v1/time HTTP/1.1\nHost: h\r\n\r\n", {400}),
    ("bare LF after a field", b"GET /v1/time HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", {400}),
    ("bare LF as the empty line", b"GET /v1/time HTTP/1.1\r\nHost: h\r\n\n", {400}),
    ("bare CR in a field", b"GET /v1/time HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", {400}),
    ("bare CR in the request line", b"GET /v1/time\r HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("CR CR LF", b"GET /v1/time HTTP/1.1\r\r\nHost: h\r\n\r\n", {400}),
    ("a folded field", get("/v1/time", "X-A: one\r\n two"), {400}),
    ("a folded field with a tab", get("/v1/time", "X-A: one\r\n\ttwo"), {400}),
    ("a folded first field", b"GET /v1/time HTTP/1.1\r\n Host: h\r\n\r\n", {400}),
    ("six empty lines first", b"\r\n" * 6 + get(), {400}),
    # the request line
    ("no version", b"GET /v1/time\r\nHost: h\r\n\r\n", {400}),
    ("no target", b"GET HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("two spaces", b"GET  /v1/time HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("a tab for a space", b"GET\t/v1/time HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("a space at the end", b"GET /v1/time HTTP/1.1 \r\nHost: h\r\n\r\n", {400}),
    ("a space in the target", b"GET /v1/ti me HTTP/1.1\r\nHost: h\r\n\r\n", {400, 505}),
    ("a space before", b" GET /v1/time HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("no slash in front", get("v1/time"), {400}),
    ("a version of one digit", get(version="HTTP/1"), {400, 505}),
    ("version 2.0", get(version="HTTP/2.0"), {400, 505}),
    ("version 0.9", get(version="HTTP/0.9"), {400, 505}),
    ("version 1.10", get(version="HTTP/1.10"), {400, 505}),
    ("a lower-case version", get(version="http/1.1"), {400}),
    ("another protocol", get(version="HTCPCP/1.0"), {400}),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    ("the hello of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60 + b"\r\n\r\n", {400}),
    ("an odd method", b"G@T /v1/time HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("a NUL in the target", b"GET /v1/ti\x00me HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("a control in the target", b"GET /v1/ti\x07me HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("an escape in the target", b"GET /v1/\x1b[31m HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
    ("a fragment in the target", get("/v1/time#here"), {400}),
    ("a target of 8 KiB", get("/v1/songs?q=" + "a" * 8192), {414}),
    ("a target without an end", b"GET /" + b"a" * 20000, {414}),
    ("a method without an end", b"A" * 20000, {400, 414, 501}),
    # Host
    ("no Host", get(host=None), {400}),
    ("two Hosts", get("/v1/time", "Host: other"), {400}),
    ("two equal Hosts", get("/v1/time", "Host: h"), {400}),
    ("a Host with a path", get(host="h/path"), {400}),
    ("a Host with a user", get(host="user@h"), {400}),
    ("a Host with a space", get(host="h h"), {400}),
    ("a Host with a bad port", get(host="h:port"), {400}),
    ("another host in the target", get("http://other.example/v1/time"), {400}),
    ("another scheme in the target", get("ftp://h/v1/time"), {400}),
    ("CONNECT", b"CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", {400, 405, 501}),
    # fields
    ("a space before the colon", get("/v1/time", "X-A : b"), {400}),
    ("a tab before the colon", get("/v1/time", "X-A\t: b"), {400}),
    ("no colon", get("/v1/time", "nonsense"), {400}),
    ("no name", get("/v1/time", ": value"), {400}),
    ("a space in a name", get("/v1/time", "X A: b"), {400}),
    ("a NUL in a name", get("/v1/time", "X\0A: b"), {400}),
    ("a NUL in a value", get("/v1/time", "X-A: b\0c"), {400}),
    ("a control in a value", get("/v1/time", "X-A: b\x01c"), {400}),
    ("DEL in a value", get("/v1/time", "X-A: b\x7fc"), {400}),
    ("a byte over 127 in a name", get("/v1/time", "X-\xe9: b"), {400}),
    ("brackets in a name", get("/v1/time", "X[A]: b"), {400}),
    ("65 fields", get("/v1/time", *[f"X-{n}: y" for n in range(64)]), {431}),
    ("17 KiB of fields", get("/v1/time", *[f"X-{n}: " + "y" * 1000 for n in range(17)]), {431}),
    ("one field of 17 KiB", get("/v1/time", "X-A: " + "y" * 17000), {431}),
    ("a field without an end", b"GET /v1/time HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 40000, {431}),
    # Content-Length
    ("two Content-Lengths", post(f"Content-Length: {N}", f"Content-Length: {N + 1}", body=COMMENT), {400}),
    ("two equal Content-Lengths", post(f"Content-Length: {N}", f"Content-Length: {N}", body=COMMENT), {400}),
    ("a list of equal Content-Lengths", post(f"Content-Length: {N}, {N}", body=COMMENT), {400}),
    ("a Content-Length with a plus", post(f"Content-Length: +{N}", body=COMMENT), {400}),
    ("a negative Content-Length", post("Content-Length: -1", body=COMMENT), {400}),
    ("a hexadecimal Content-Length", post("Content-Length: 0x10", body=COMMENT), {400}),
    ("an empty Content-Length", post("Content-Length:", body=COMMENT), {400}),
    ("a Content-Length in words", post("Content-Length: sixteen", body=COMMENT), {400}),
    ("a Content-Length with a space inside", post("Content-Length: 1 6", body=COMMENT), {400}),
    ("a Content-Length with a fraction", post("Content-Length: 16.0", body=COMMENT), {400}),
    ("a Content-Length over 64 bits", post("Content-Length: 18446744073709551617", body=COMMENT), {400, 413}),
    ("a Content-Length of a hundred digits", post("Content-Length: " + "9" * 100, body=COMMENT), {400, 413}),
    ("a Content-Length over the limit", post("Content-Length: 16385"), {413}),
    ("a huge Content-Length", post("Content-Length: 9223372036854775807"), {413}),
    # Transfer-Encoding
    ("Content-Length and chunked", post(f"Content-Length: {N}", TE, body=CHUNKED), {400}),
    ("chunked and Content-Length", post(TE, f"Content-Length: {N}", body=CHUNKED), {400}),
    ("Transfer-Encoding: gzip", post("Transfer-Encoding: gzip", body=CHUNKED), {400, 501}),
    ("gzip, chunked", post("Transfer-Encoding: gzip, chunked", body=CHUNKED), {400, 501}),
    ("chunked, gzip", post("Transfer-Encoding: chunked, gzip", body=CHUNKED), {400, 501}),
    ("chunked, chunked", post("Transfer-Encoding: chunked, chunked", body=CHUNKED), {400, 501}),
    ("two chunked fields", post(TE, TE, body=CHUNKED), {400, 501}),
    ("identity", post("Transfer-Encoding: identity", body=CHUNKED), {400, 501}),
    ("xchunked", post("Transfer-Encoding: xchunked", body=CHUNKED), {400, 501}),
    ("chunked in quotes", post('Transfer-Encoding: "chunked"', body=CHUNKED), {400, 501}),
    ("an empty Transfer-Encoding", post("Transfer-Encoding:", body=CHUNKED), {400, 501}),
    ("chunked with a vertical tab", post("Transfer-Encoding: \x0bchunked", body=CHUNKED), {400, 501}),
    ("a space before the colon of Transfer-Encoding", post("Transfer-Encoding : chunked", body=CHUNKED), {400}),
    ("a coding with HTTP/1.0", b"POST /v1/songs/x/play HTTP/1.0\r\n" + TE.encode() + b"\r\n\r\n" + CHUNKED, {400}),
    # chunks
    ("a chunk size that overflows", post(TE, body=b"10000000000000001\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400, 413}),
    ("a chunk size without digits", post(TE, body=b"\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("a chunk size in words", post(TE, body=b"xyz\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("a chunk size with 0x", post(TE, body=b"0x10\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("a negative chunk size", post(TE, body=b"-10\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("a chunk that ends in LF only", post(TE, body=b"10\r\n" + COMMENT + b"\n0\r\n\r\n"), {400}),
    ("a chunk size that ends in LF only", post(TE, body=b"10\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("a chunk that is longer than it says", post(TE, body=b"4\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400}),
    ("chunks over the limit", post(TE, body=b"4000\r\n" + b" " * 0x4000 + b"\r\n10\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {413}),
    ("one chunk over the limit", post(TE, body=b"ffffffff\r\n"), {413}),
    ("a chunk extension of 20 KiB", post(TE, body=b"10;a=" + b"b" * 20000 + b"\r\n" + COMMENT + b"\r\n0\r\n\r\n"), {400, 413, 431}),
    ("trailers without measure", post(TE, body=b"0\r\n" + b"X: y\r\n" * 10000 + b"\r\n"), {400, 413, 431}),
    # others
    ("an expectation nobody knows", post("Expect: 200-maybe", f"Content-Length: {N}", body=COMMENT), {417}),
]  # fmt: skip


def test_the_table_is_long_enough():
    assert len(REFUSED) >= 60
    assert len({name for name, _, _ in REFUSED}) == len(REFUSED)


@pytest.mark.parametrize("data, statuses", [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_and_closed(station, data, statuses):
    with Connection(station) as c:
        c.send(data + SMUGGLED)
        answer = c.read()
        assert answer is not None, "closed without a word"
        assert answer.status in statuses, answer
        assert answer.headers["connection"].lower() == "close"
        assert answer.headers["content-type"].split(";")[0] == "application/json"
        envelope = json.loads(answer.body)
        assert envelope["success"] is False and envelope["error"] and re.fullmatch("[a-z_]+", envelope["code"])
        assert c.is_closed(), "still open, or another answer"


@pytest.mark.parametrize("data, statuses", [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_as_well_when_it_comes_byte_by_byte(station, data, statuses):
    """The same answer whatever the packets. The long ones are cut coarsely, or this would take minutes."""
    step = 1 if len(data) < 400 else 997
    with Connection(station) as c:
        for n in range(0, len(data), step):
            c.send(data[n : n + step])
        c.send(SMUGGLED)
        answer = c.read()
        assert answer is not None and answer.status in statuses, answer
        assert c.is_closed()


# ----------------------------------------------------------------------------------------- odd, but allowed

FORGIVEN = [
    ("an empty line before", b"\r\n" + get(), 200),
    ("two empty lines before", b"\r\n\r\n" + get(), 200),
    ("spaces around a value", get("/v1/time", "X-A:  \t b \t "), 200),
    ("no space after the colon", get("/v1/time", "X-A:b"), 200),
    ("an empty value", get("/v1/time", "X-A:"), 200),
    ("a byte over 127 in a value", get("/v1/time", "X-A: \xe9"), 200),
    ("a host with a port", get(host="example.org:8080"), 200),
    ("a host in IPv6", get(host="[::1]:8080"), 200),
    ("an absolute target of the same host", get("http://h/v1/time"), 200),
    ("an absolute target in capitals", get("HTTP://H/v1/time"), 200),
    ("64 fields", get("/v1/time", *[f"X-{n}: y" for n in range(63)]), 200),
    ("15 KiB of fields", get("/v1/time", *[f"X-{n}: " + "y" * 1000 for n in range(15)]), 200),
    ("a target of 8,000 bytes", get("/v1/time?" + "a" * 8000), 200),
    ("a query nobody reads", get("/v1/time?%&=&&a=b=c&%zz"), 200),
    ("chunks", post(TE, body=CHUNKED), 201),
    ("chunks in capitals", post("TRANSFER-ENCODING: Chunked", body=CHUNKED.upper()[:4] + CHUNKED[4:]), 201),
    ("many small chunks", post(TE, body=b"".join(b"1\r\n%c\r\n" % b for b in COMMENT) + b"0\r\n\r\n"), 201),
    ("a chunk extension", post(TE, body=f"{N:x};name=value\r\n".encode() + COMMENT + b"\r\n0;last\r\n\r\n"), 201),
    ("leading zeros in a chunk size", post(TE, body=f"000{N:x}\r\n".encode() + COMMENT + b"\r\n000\r\n\r\n"), 201),
    ("trailers", post(TE, body=f"{N:x}\r\n".encode() + COMMENT + b"\r\n0\r\nX-Trailer: yes\r\n\r\n"), 201),
    ("leading zeros in Content-Length", post(f"Content-Length: 000{N}", body=COMMENT), 201),
    ("a body on GET", b"GET /v1/time HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 200),
    ("OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 204),
    ("a method that no route knows", b"BREW /v1/time HTTP/1.1\r\nHost: h\r\n\r\n", 405),
    ("TRACE", b"TRACE /v1/time HTTP/1.1\r\nHost: h\r\n\r\n", 405),
]  # fmt: skip


@pytest.mark.parametrize("data, status", [f[1:] for f in FORGIVEN], ids=[f[0] for f in FORGIVEN])
def test_odd_but_allowed(station, data, status):
    with Connection(station) as c:
        c.send(data)
        answer = c.read()
        assert answer.status in ({status, 501} if status == 405 else {200, 204} if status == 204 else {status}), answer
        if status < 400:
            c.send(get())
            assert c.read().status == 200, "the connection must be good for the next request"


# ---------------------------------------------------------------------------------------------- expectations


def test_100_continue_is_said_before_the_body(station):
    with Connection(station) as c:
        c.send(post("Expect: 100-continue", f"Content-Length: {N}"))
        assert c.read().status == 100
        c.send(COMMENT)
        assert c.read().status == 201


def test_100_continue_in_capitals_and_with_chunks(station):
    with Connection(station) as c:
        c.send(post("Expect: 100-Continue", TE))
        assert c.read().status == 100
        c.send(CHUNKED)
        assert c.read().status == 201


def test_no_100_for_a_body_that_is_too_large(station):
    with Connection(station) as c:
        c.send(post("Expect: 100-continue", "Content-Length: 20000"))
        assert c.read().status == 413
        assert c.is_closed()


def test_no_100_when_there_is_no_body(station):
    with Connection(station) as c:
        c.send(get("/v1/time", "Expect: 100-continue"))
        assert c.read().status == 200


# -------------------------------------------------------------------------------------------- connections


def test_pipelined_requests_are_answered_in_order(station):
    wanted = [song_id(n % 6) for n in range(60)]
    with Connection(station) as c:
        c.send(b"".join(get(f"/v1/songs/{i}") for i in wanted))
        assert [json.loads(c.read().body)["data"]["_id"] for _ in wanted] == wanted


def test_pipelined_reads_see_the_writes_before_them(station):
    session = f"X-Session-Id: {new_session()}"
    path = f"/v1/songs/{song_id(3)}"
    like = f"POST {path}/like HTTP/1.1\r\nHost: h\r\n{session}\r\nContent-Length: 0\r\n\r\n".encode()
    unlike = f"DELETE {path}/like HTTP/1.1\r\nHost: h\r\n{session}\r\n\r\n".encode()
    with Connection(station) as c:
        c.send((get(path, session) + like + get(path, session) + unlike) * 5 + get(path, session))
        seen = []
        for _ in range(5):
            seen.append(json.loads(c.read().body)["data"]["isLikedByUser"])
            assert json.loads(c.read().body)["data"]["isLiked"]
            seen.append(json.loads(c.read().body)["data"]["isLikedByUser"])
            assert not json.loads(c.read().body)["data"]["isLiked"]
        assert seen == [False, True] * 5


def test_good_requests_before_a_bad_one_are_answered(station):
    with Connection(station) as c:
        c.send(get() + get("/v1/songs/popular") + b"NONSENSE\r\n\r\n" + SMUGGLED)
        assert [c.read().status for _ in range(3)] == [200, 200, 400]
        assert c.is_closed()


def test_a_thousand_pipelined_requests(station):
    with Connection(station) as c:
        c.send(get() * 1000)
        assert all(c.read().status == 200 for _ in range(1000))


def test_http_1_0_closes_unless_asked_otherwise(station):
    with Connection(station) as c:
        c.send(get(version="HTTP/1.0", host=None))
        answer = c.read()
        assert answer.status == 200 and "transfer-encoding" not in answer.headers
        assert c.is_closed()
    with Connection(station) as c:
        c.send(get("/v1/time", "Connection: keep-alive", version="HTTP/1.0", host=None))
        assert c.read().headers["connection"].lower() == "keep-alive"
        c.send(get())
        assert c.read().status == 200


@pytest.mark.parametrize("field", ["Connection: close", "Connection: Close", "Connection: foo, close", "connection:close"])
def test_connection_close_closes(station, field):
    with Connection(station) as c:
        c.send(get("/v1/time", field) + SMUGGLED)
        answer = c.read()
        assert answer.status == 200 and answer.headers["connection"].lower() == "close"
        assert c.is_closed()


def test_head_has_no_body_and_the_next_answer_follows(station):
    with Connection(station) as c:
        c.send(f"HEAD /v1/songs/{song_id(1)} HTTP/1.1\r\nHost: h\r\n\r\n".encode() + get())
        head = c.read(head=True)
        assert head.status == 200 and int(head.headers["content-length"]) > 100
        following = c.read()
        assert following.status == 200 and "serverTime" in following.body.decode()


def test_a_client_that_closes_its_half_still_gets_the_answer(station):
    with Connection(station) as c:
        c.send(get())
        c.half_close()
        assert c.read().status == 200
        assert c.is_closed()


@pytest.mark.parametrize("data", [b"", b"G", b"GET /v1/time HTTP/1.1\r\nHo", post("Content-Length: 100", body=b"half"), post(TE, body=b"10\r\nhalf")])
def test_a_client_that_goes_away_in_the_middle(station, data):
    with Connection(station) as c:
        c.send(data)
        c.half_close()
        answer = c.read()
        assert answer is None or answer.status in (400, 408)
        assert c.is_closed()


def test_an_early_answer_is_seen_by_a_client_that_still_sends(station):
    """A reset would take the 413 away from a client in the middle of its body."""
    with Connection(station) as c:
        c.send(post("Content-Length: 200000"))
        for _ in range(20):
            c.send(b"x" * 10000)
        assert c.read().status == 413


# ------------------------------------------------------------------------------------------------ slowness


@pytest.fixture(scope="module")
def impatient(tmp_path_factory, catalogue):
    folder = tmp_path_factory.mktemp("impatient")
    station = Station(folder / "data", *NO_LIMITS, *TIMEOUTS)
    station.load(write_catalogue(folder / "catalogue.json", catalogue))
    with station:
        yield station


def drip(connection, data, for_s=PATIENCE_S):
    """One byte now and then, so that the client is never silent; until there is an answer."""
    end = time.monotonic() + for_s
    for byte in itertools.chain(data, itertools.repeat(ord("y"))):
        ready, _, _ = select.select([connection.socket], [], [], 0.1)
        if ready or time.monotonic() > end:
            return
        connection.send(bytes([byte]))


def test_slow_headers_time_out(impatient):
    started = time.monotonic()
    with Connection(impatient) as c:
        drip(c, b"GET /v1/time HTTP/1.1\r\nHost: h\r\nX: ")
        answer = c.read()
        assert answer.status == 408 and json.loads(answer.body)["code"] == "request_timeout"
        assert c.is_closed()
    assert 1.0 <= time.monotonic() - started < PATIENCE_S


def test_a_slow_body_times_out(impatient):
    with Connection(impatient) as c:
        c.send(post("Content-Length: 1000"))
        drip(c, b"{")
        answer = c.read()
        assert answer.status == 408
        assert c.is_closed()


def test_a_silent_connection_is_closed_without_a_word(impatient):
    with Connection(impatient) as c:
        assert c.is_closed(PATIENCE_S)
    with Connection(impatient) as c:
        c.send(get())
        assert c.read().status == 200
        assert c.is_closed(PATIENCE_S)


def test_slow_ones_do_not_hold_up_the_others(impatient):
    slow = [Connection(impatient) for _ in range(50)]
    for c in slow:
        c.send(b"GET /v1/time HTTP/1.1\r\nHost:")
    started = time.monotonic()
    with Client(impatient) as c:
        for _ in range(20):
            c.data("/time")
    assert time.monotonic() - started < 2
    for c in slow:
        c.close()


# --------------------------------------------------------------------------------------- paths and queries

TRAVERSALS = [
    "/../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/....//....//etc/passwd", "/..\\..\\etc\\passwd",
    "/..%5c..%5cetc%5cpasswd", "/%252e%252e/etc/passwd", "/assets/../../admin-token", "/assets/%2e%2e%2f%2e%2e%2fadmin-token",
    "//etc/passwd", "/etc/passwd%00.js", "/%00", "/%c0%ae%c0%ae/etc/passwd", "/api/media/../admin-token",
    f"/api/media/{song_id(1)}/../../../admin-token", f"/api/media/{song_id(1)}/..%2f..%2fadmin-token", "/api/media/..%2f..%2f/video",
    f"/api/media/{song_id(1)}/video/../../../../etc/passwd", "/v1/songs/..%2fadmin", "/%", "/%zz", "/%2", "/" + "%41" * 2000,
    "/" + "a/" * 2000, "/v1/songs/%30" + song_id(1)[1:] + "/like/../../../admin/songs",
]  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS, ids=[t[:50] for t in TRAVERSALS])
def test_no_path_leads_out(station, path):
    with Connection(station) as c:
        c.send(get(path))
        answer = c.read()
        assert answer.status in (400, 401, 404, 405), answer
        assert b"root:" not in answer.body and station.token.encode() not in answer.body


QUERIES = [
    "limit=%00", "limit=%ff", "q=%ff%fe", "q=%c0%af", "q=%ed%a0%80", "q=%", "q=%e2%82", "limit=5&limit=x", "page=%31%00", "genre=%f5%80%80%80",
    "q=" + "%f0%9f%92%95" * 400, "&".join(f"p{n}=1" for n in range(500)), "=", "&&&", "q", "q=+%2B", "sort=recent%00",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=[q[:40] for q in QUERIES])
def test_an_odd_query_is_answered_or_refused_but_breaks_nothing(station, query):
    with Connection(station) as c:
        c.send(get(f"/v1/songs?{query}"))
        answer = c.read()
        assert answer.status in (200, 400), answer
        json.loads(answer.body.decode("utf-8"))
        c.send(get())
        assert c.read().status == 200


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%c0%af", "q=%ed%a0%80", "genre=%f5%80%80%80"])
def test_what_is_no_utf8_is_refused(station, query):
    with Connection(station) as c:
        c.send(get(f"/v1/songs?{query}"))
        answer = c.read()
        assert answer.status == 400 and json.loads(answer.body)["code"] == "invalid_parameter"


def test_an_encoded_letter_is_the_letter_and_a_plus_is_a_space(station):
    with Connection(station) as c:
        c.send(get("/v1/songs?q=D%C3%A9j%c3%a0+vu&%6cimit=1"))
        data = json.loads(c.read().body)["data"]
        assert [s["title"] for s in data["songs"]] == ["Déjà Vu"] and data["pagination"]["limit"] == 1


# -------------------------------------------------------------------------------------------------- limits


def test_connections_are_limited_and_come_back(tmp_path):
    station = Station(tmp_path / "data", *NO_LIMITS, "--http.max_connections", "12")
    with station:
        held = [Connection(station) for _ in range(12)]
        for c in held:
            c.send(get())
            assert c.read().status == 200
        with Connection(station) as extra:
            extra.send(get())
            answer = extra.read()
            assert answer is None or (answer.status == 503 and 1 <= int(answer.headers["retry-after"]) <= 3660)
        for c in held:
            c.close()

        def answered():
            with Connection(station) as c:
                c.send(get())
                answer = c.read()
                return answer is not None and answer.status == 200

        eventually(answered, what="a free place")
