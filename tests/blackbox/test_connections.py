"""How many connections an address may hold. Loopback is not counted, so this looks from an address of its own, in a network
namespace of its own: the test starts this file again in there."""

import contextlib
import http.client
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.server import NO_LIMITS, Station  # noqa: E402

ELSEWHERE = "192.0.2.1"  # for documentation, nobody's
ALLOWED = 5


def ask(connection):
    """The status of an answer; None when the connection was closed instead."""
    try:
        connection.request("GET", "/health/live")
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (ConnectionError, http.client.HTTPException):
        return None


def connections(to, port, count):
    return [http.client.HTTPConnection(to, port, timeout=20) for _ in range(count)]


def look(folder):
    subprocess.run("ip link set lo up && ip addr add %s/32 dev lo" % ELSEWHERE, shell=True, check=True)
    station = Station(folder / "data", *NO_LIMITS, "--http.max_connections_per_address", ALLOWED)
    station.start("--listen", "0.0.0.0:0")
    with contextlib.ExitStack() as stack:
        stack.callback(station.stop)
        held = connections(ELSEWHERE, station.port, ALLOWED)
        for connection in held:
            stack.callback(connection.close)
        assert [ask(c) for c in held] == [200] * ALLOWED

        (late,) = connections(ELSEWHERE, station.port, 1)
        late.connect()
        late.sock.settimeout(20)
        late.sock.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        refusal = b""
        with contextlib.suppress(ConnectionResetError):
            while part := late.sock.recv(4096):
                refusal += part
        assert refusal.startswith(b"HTTP/1.1 503 ") and b"too many connections" in refusal.lower(), refusal
        assert [ask(c) for c in held] == [200] * ALLOWED, "those that are there stay"

        near = connections("127.0.0.1", station.port, ALLOWED * 3)
        for connection in near:
            stack.callback(connection.close)
        assert [ask(c) for c in near] == [200] * len(near), "loopback is not counted"

        held.pop().close()
        for _ in range(100):  # until the station has seen it go
            (again,) = connections(ELSEWHERE, station.port, 1)
            stack.callback(again.close)
            if ask(again) == 200:
                break
        else:
            raise AssertionError("the place of one that left is not given to another")


@pytest.mark.embedded_only("it runs in a network of its own, where no server is")
def test_an_address_may_hold_so_many_connections_and_keeps_them(tmp_path):
    done = subprocess.run(["unshare", "--net", "--map-root-user", sys.executable, __file__, tmp_path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    look(Path(sys.argv[1]))
