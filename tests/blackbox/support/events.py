"""Listeners of GET /radio/events."""

import asyncio
import json
import queue
import re
import socket
import threading
import time
from dataclasses import dataclass

from jsonschema import Draft202012Validator

from .client import CONTRACT, new_session

SCHEMAS = {
    "nowPlaying": "NowPlayingEvent",
    "queue": "QueueEvent",
    "counters": "CountersEvent",
    "comment": "CommentEvent",
    "commentHidden": "CommentHiddenEvent",
    "listeners": "ListenersEvent",
    "skip": "SkipEvent",
    "reaction": "ReactionEvent",
    "serverTime": "ServerTime",
}


@dataclass
class Event:
    name: str
    data: dict
    id: str | None
    at: float  # time.monotonic() when it had arrived

    def check(self):
        """Against the description, which knows every field."""
        schema = CONTRACT.document["components"]["schemas"][SCHEMAS[self.name]]
        Draft202012Validator(CONTRACT.closed(CONTRACT.inline(schema))).validate(self.data)


def parse(block, at):
    """One block between blank lines; None for a comment or for `retry:` alone."""
    fields = dict(re.match(r"(\w*): ?(.*)", line).groups() for line in block.split("\n"))
    if "event" not in fields:
        return None
    return Event(fields["event"], json.loads(fields["data"]), fields.get("id"), at)


class EventStream:
    """One stream over a plain socket, read by a thread of its own; every event is held against the description."""

    def __init__(self, station, session=None, query="", headers=None, read=True):
        self.socket = socket.create_connection((station.host, station.port), timeout=30)
        fields = {"Host": f"{station.host}:{station.port}", **(headers or {})}
        if session:
            fields["X-Session-Id"] = session
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.socket.sendall(f"GET /v1/radio/events{query} HTTP/1.1\r\n{head}\r\n".encode())
        self.socket.settimeout(None)
        self.events, self.seen, self.head, self.retry = queue.Queue(), [], "", None
        self.ended = threading.Event()
        if read:
            self.thread = threading.Thread(target=self._read, daemon=True)
            self.thread.start()

    def _read(self):
        text = b""
        try:
            while piece := self.socket.recv(65536):
                at = time.monotonic()
                text += piece
                while b"\n\n" in text or (not self.head and b"\r\n\r\n" in text):
                    if not self.head:
                        head, text = text.split(b"\r\n\r\n", 1)
                        self.head = head.decode()
                        continue
                    block, text = text.split(b"\n\n", 1)
                    block = block.decode()
                    if block.startswith("retry:"):
                        self.retry = int(block[6:])
                    elif event := parse(block, at):
                        self.events.put(event)
        except OSError:
            pass
        self.ended.set()
        self.events.put(None)

    def next(self, name=None, deadline_s=10, where=lambda data: True):
        """The next event of that name (any, without one) for whose data `where` holds; others on the way are kept in `seen`."""
        end = time.monotonic() + deadline_s
        while True:
            try:
                event = self.events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {name or 'event'} within {deadline_s} s; seen {self.names()}") from None
            assert event is not None, f"the stream ended; seen {self.names()}"
            event.check()
            self.seen.append(event)
            if name in (None, event.name) and where(event.data):
                return event

    def opening(self):
        """The events up to the first serverTime."""
        self.next("serverTime")
        return list(self.seen)

    def names(self):
        return [event.name for event in self.seen]

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Crowd:
    """Many listeners in one thread, who come back by themselves as a browser does."""

    def __init__(self, host, port, size):
        self.host, self.port, self.size = host, port, size
        self.songs = [[] for _ in range(size)]  # (when, seq, startedAt) of every nowPlaying, per listener
        self.connected = set()
        self.failures = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    async def _run(self):
        tasks = [asyncio.create_task(self._listen(i)) for i in range(self.size)]
        while not self._stop.is_set():
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, index):
        session, last, retry = new_session(), None, 1.0
        while True:
            writer = None
            try:
                reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
                resume = f"Last-Event-ID: {last}\r\n" if last else ""
                writer.write(f"GET /v1/radio/events HTTP/1.1\r\nHost: x\r\nX-Session-Id: {session}\r\n{resume}\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 200 " not in head.split(b"\r\n")[0]:
                    self.failures.append(head.split(b"\r\n")[0])
                    raise ConnectionError
                while True:
                    block = (await reader.readuntil(b"\n\n")).decode().strip("\n")
                    if block.startswith("retry:"):
                        retry = int(block[6:]) / 1000
                        continue
                    event = parse(block, time.monotonic())
                    if event is None:
                        continue
                    last = event.id or last
                    if event.name == "nowPlaying":
                        song = event.data["nowPlaying"]
                        self.songs[index].append((event.at, song["seq"], song["startedAt"]))
                    elif event.name == "serverTime":
                        self.connected.add(index)
            except (OSError, asyncio.IncompleteReadError):
                self.connected.discard(index)
                await asyncio.sleep(retry)
            finally:
                if writer is not None:
                    writer.close()

    def close(self):
        self._stop.set()
        self._thread.join(10)
