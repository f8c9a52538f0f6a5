"""Bytes in, bytes out: for requests that no client library would send."""

import select
import socket
import time

DEADLINE_S = 10


class Answer:
    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:200]!r}>"


class Connection:
    def __init__(self, station, deadline_s=DEADLINE_S, source=None):
        self.deadline_s = deadline_s
        self.socket = socket.create_connection(
            (station.host, station.port), timeout=deadline_s, source_address=(source, 0) if source else None
        )
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data):
        """Sends all of it; a server that closes early is no error of the sender."""
        try:
            self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def half_close(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        return bool(data)

    def read(self, head=False):
        """The next answer, or None when the server closed instead."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                assert not self.buffer, f"half an answer: {self.buffer!r}"
                return None
        head_bytes, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head_bytes.decode("latin-1").split("\r\n")
        version, status, reason = (lines[0].split(" ", 2) + [""])[:3]
        assert version in ("HTTP/1.1", "HTTP/1.0"), lines[0]
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        status = int(status)
        if head or status < 200 or status in (204, 304):
            return Answer(status, reason, headers, b"")
        if "chunked" in headers.get("transfer-encoding", ""):
            return Answer(status, reason, headers, self._chunked())
        if "content-length" in headers:
            length = int(headers["content-length"])
            while len(self.buffer) < length:
                assert self._more(), f"body cut short at {len(self.buffer)} of {length}"
            body, self.buffer = self.buffer[:length], self.buffer[length:]
            return Answer(status, reason, headers, body)
        while self._more():
            pass
        body, self.buffer = self.buffer, b""
        return Answer(status, reason, headers, body)

    def _chunked(self):
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                assert self._more(), "chunks cut short"
            line, self.buffer = self.buffer.split(b"\r\n", 1)
            size = int(line.split(b";")[0], 16)
            while len(self.buffer) < size + 2:
                assert self._more(), "chunk cut short"
            body += self.buffer[:size]
            self.buffer = self.buffer[size + 2 :]
            if size == 0:
                return body

    def is_closed(self, within_s=5.0):
        """Whether the server closes without sending anything more."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            ready, _, _ = select.select([self.socket], [], [], end - time.monotonic())
            if ready:
                if not self._more():
                    return not self.buffer
                return False
        return False

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
