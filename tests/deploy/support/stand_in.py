"""A stand-in for a node where a test needs a fault or must see what arrives: it speaks just enough HTTP/1.1."""

import socket
import socketserver
import threading
import time


class Seen:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body

    def all(self, name):
        """Every value of a header."""
        return [value for key, value in self.headers if key == name.lower()]


class StandIn:
    """Serves on a free port of loopback. `behave(request, connection)` decides what each request meets; see answer(),
    close() and the generators below it."""

    def __init__(self, behave=None):
        self.seen, self.connections = [], []
        self.behave = behave or answer()
        self.stopping = threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                outer.connections.append(self.connection)
                while not outer.stopping.is_set():
                    request = read(self.rfile)
                    if request is None:
                        return
                    outer.seen.append(request)
                    if not outer.behave(request, self):
                        return

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_):
                pass  # connections that break are what this is for

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def count(self, method):
        return sum(request.method == method for request in self.seen)

    def stop(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        for connection in self.connections:  # also those that are kept for another request
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def read(stream):
    try:
        line = stream.readline().decode("latin-1")
        if not line.strip():
            return None
        method, target, _ = line.split(" ", 2)
        headers = []
        while (line := stream.readline().decode("latin-1").rstrip("\r\n")) != "":
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
        length = int(dict(headers).get("content-length", 0))
        return Seen(method, target, headers, stream.read(length))
    except (OSError, ValueError):
        return None


def answer(body=b"{}", status="200 OK", headers=()):
    def behave(_, connection):
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        connection.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        return True

    return behave


def media(content, etag):
    """A node that has a video: ranges, and an ETag that is its own."""

    def behave(request, connection):
        first, last = 0, len(content) - 1
        status, headers = "200 OK", [f"ETag: {etag}", "Cache-Control: public, max-age=31536000, immutable", "Accept-Ranges: bytes"]
        if wanted := request.all("range"):
            first, last = (int(number) for number in wanted[0].removeprefix("bytes=").split("-"))
            last = min(last, len(content) - 1)
            status = "206 Partial Content"
            headers.append(f"Content-Range: bytes {first}-{last}/{len(content)}")
        return answer(content[first : last + 1], status, headers)(request, connection)

    return behave


def close():
    """Takes the request and hangs up: nobody can tell whether it was carried out."""
    return lambda request, connection: False


def late(event):
    """Answers once `event` is set."""

    def behave(request, connection):
        event.wait(30)
        return answer()(request, connection)

    return behave


def events(gap_s, count):
    """An event stream of `count` lines, `gap_s` apart, then silence without an end."""

    def behave(_, connection):
        connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: begins\n\n")
        for number in range(count):
            time.sleep(gap_s)
            connection.wfile.write(b"data: %d\n\n" % number)
        connection.server_silence = True
        while connection.connection.recv(1024):
            pass
        return False

    return behave
