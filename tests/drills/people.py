"""The load: people at NGINX's door, each with a session of its own and one thing at a time. Refused or cut off, they ask again, with
the same idempotency key, until they are answered. All chance comes from the seed."""

import asyncio
import random
import time
import uuid

import aiohttp

from ledger import shard_of

ANSWER_S = 20  # how long an answer may take; NGINX's own patience is 15 s
GIVE_UP_S = 60  # how long one asks again
PAUSE_S = (0.03, 0.08)  # before asking again


class Gate:
    """Lets people in while it is open; knows when the last of them stands still."""

    def __init__(self):
        self._open, self._busy, self._still = asyncio.Event(), 0, asyncio.Event()
        self._open.set()
        self._still.set()

    async def enter(self):
        await self._open.wait()
        self._busy += 1
        self._still.clear()

    def leave(self):
        self._busy -= 1
        if self._busy == 0:
            self._still.set()

    async def close(self):
        self._open.clear()
        await self._still.wait()

    def open(self):
        self._open.set()


def noting(kept):
    """What aiohttp tells: a request goes out, on a connection that had others or on a new one. It repeats some by itself."""

    async def note(_, context, __):
        if (sent := context.trace_request_ctx) is not None:
            sent["kept"] = kept
            sent["times"] += 1

    return note


class Crowd:
    """Everybody, and what they share."""

    def __init__(self, url, ledger, weather, seed, pause_s=(0.02, 0.12)):
        self.url, self.ledger, self.weather, self.pause_s = url, ledger, weather, pause_s
        self.rng = random.Random(seed)
        self.gate, self._tasks, self.songs, self.playlists = Gate(), [], [], []
        self.requests, self.statuses, self.ended_politely = 0, {}, 0

    async def __aenter__(self):
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_reuseconn.append(noting(kept=True))
        tracing.on_connection_create_end.append(noting(kept=False))
        self.http = aiohttp.ClientSession(
            base_url=self.url, trace_configs=[tracing], connector=aiohttp.TCPConnector(ssl=False, limit=0), timeout=aiohttp.ClientTimeout(total=ANSWER_S),
            cookie_jar=aiohttp.DummyCookieJar(), trust_env=False,
        )  # fmt: skip
        self.songs = [f"song:{one['_id']}" for one in (await self._page("/v1/songs?limit=100"))["songs"]]
        self.playlists = [f"playlist:{one['_id']}" for one in (await self._page("/v1/playlists?limit=100"))["playlists"]]
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.http.close()

    async def _page(self, path):
        async with self.http.get(path) as answer:
            return (await answer.json())["data"]

    def invite(self, **counts):
        """invite(like=8, play=3, …): so many of each kind."""
        for kind, count in counts.items():
            for _ in range(count):
                self._tasks.append(asyncio.create_task(Person(self, random.Random(self.rng.random())).live(kind)))

    def fallen(self):
        """What ended a person who should live on: a bug of the drill."""
        return next((task.exception() for task in self._tasks if task.done() and not task.cancelled() and task.exception()), None)


class Person:
    def __init__(self, crowd, rng):
        self.crowd, self.rng = crowd, rng
        self.session = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        self.sent_twice = False  # the last request: the first of the two may have arrived

    async def live(self, kind):
        act = getattr(self, kind)
        while True:
            await self.crowd.gate.enter()
            try:
                await act()
            finally:
                self.crowd.gate.leave()
            await asyncio.sleep(self.rng.uniform(*self.crowd.pause_s))

    async def ask(self, method, path, kind, where, repeatable=True, **options):
        """(status, body), or (0, None) when no answer came. 503 and 0 are bad weather. A kept connection may close just as a request
        goes out on it: what may be repeated is sent again then, until it had a connection of its own, as browsers do."""
        began, crowd = time.monotonic(), self.crowd
        headers = {"X-Session-Id": self.session} | options.pop("headers", {})
        self.sent_twice = False
        while True:
            status, body, sent = 0, None, {"kept": False, "times": 0}
            try:
                async with crowd.http.request(method, path, headers=headers, trace_request_ctx=sent, **options) as answer:
                    status, body = answer.status, await answer.json(content_type=None)
            except aiohttp.ClientConnectorError:
                status = 0
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                if status == 0 and sent["kept"] and repeatable:
                    crowd.ended_politely += 1
                    self.sent_twice = True
                    continue
                status = 0
            except (aiohttp.ClientError, TimeoutError, ValueError):
                status = 0
            finally:
                self.sent_twice = self.sent_twice or sent["times"] > 1
            break
        crowd.requests += 1
        crowd.statuses[status] = crowd.statuses.get(status, 0) + 1
        crowd.weather.note(kind, where, began, 0 < status < 500)
        return status, body

    async def settle(self, attempt):
        """Asks until there is an answer. Returns (status, whether an earlier try may have happened); status 0: given up."""
        doubt, end = False, time.monotonic() + GIVE_UP_S
        while True:
            status, _ = await attempt()
            if 0 < status < 500:
                return status, doubt or self.sent_twice
            doubt = True
            if time.monotonic() > end:
                return 0, True
            await asyncio.sleep(self.rng.uniform(*PAUSE_S))

    # What people do

    async def like(self):
        ledger = self.crowd.ledger
        target = self.rng.choice(self.crowd.songs + self.crowd.playlists)
        known = ledger.likes[target].get(self.session)
        before = known is not None and known.state
        # Mostly a change; now and then what is so already.
        wanted = not before if self.rng.random() < 0.9 else before
        path = f"/v1/{target.replace(':', 's/')}/like"
        certain = known is None or not known.doubtful
        status, doubt = await self.settle(lambda: self.ask("POST" if wanted else "DELETE", path, "like", shard_of(target)))
        if status == 0:
            ledger.doubt_like(target, self.session)
            return
        was_so = status in (404, 409)
        if status not in (200, 404, 409):
            ledger.surprise(f"{'like' if wanted else 'unlike'} of {target} answered {status}")
            return
        if certain and not doubt and was_so != (before == wanted):
            ledger.surprise(
                f"{self.session} was told that it {'likes' if before else 'does not like'} {target}, and now "
                f"{'liking' if wanted else 'unliking'} it answers {status}",
                known.at if known else 0.0,
            )
        ledger.like(target, self.session, wanted)

    async def play(self):
        song, key = self.rng.choice(self.crowd.songs), f"{self.rng.getrandbits(128):032x}"
        path = f"/v1/{song.replace(':', 's/')}/play"
        attempt = lambda: self.ask("POST", path, "like", shard_of(song), headers={"Idempotency-Key": key})  # noqa: E731
        status, _ = await self.settle(attempt)
        self.crowd.ledger.play(song, self.session, key, status == 200)
        if status == 200 and self.rng.random() < 0.1:  # once more: it must not count
            await self.settle(attempt)

    async def comment(self):
        # There is no key for a comment: whoever tries again writes again, and the first may be there or not.
        song, text = self.rng.choice(self.crowd.songs), f"drill {self.rng.getrandbits(128):032x}"
        status, _ = await self.ask("POST", f"/v1/{song.replace(':', 's/')}/comments", "comment", 0, repeatable=False, json={"text": text})
        if status != 400:  # chance has written a word that is refused
            self.crowd.ledger.comment(text, status == 201)

    async def read(self):
        path = self.rng.choice(["/v1/radio/stream", "/v1/songs", "/v1/songs/popular", "/v1/radio/schedule"])
        await self.ask("GET", path, "read", 0)

    async def view(self):
        # Answered also when it could not be counted.
        await self.ask("GET", f"/v1/{self.rng.choice(self.crowd.playlists).replace(':', 's/')}", "read", 0)
