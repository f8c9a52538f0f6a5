"""A listener, or a curator, whose every answer is held against the description."""

import uuid

import httpx

from .contract import Contract

CONTRACT = Contract()


class Client:
    """Thin over httpx: paths are relative to `base` ("/v1"), unless they begin with "//" for the server's root.

    `session`: a UUID to send, or None to send none. `address`: what X-Forwarded-For says, for stations that trust us as a
    proxy."""

    def __init__(self, station, session=None, token=None, base="/v1", address=None, headers=None, seen=None):
        self.station, self.session, self.token, self.base = station, session, token, base
        self.seen = seen if seen is not None else set()
        fixed = dict(headers or {})
        if session:
            fixed["X-Session-Id"] = session
        if token:
            fixed["Authorization"] = f"Bearer {token}"
        if address:
            fixed["X-Forwarded-For"] = address
        self.http = httpx.Client(
            base_url=station.url,
            headers=fixed,
            timeout=30,
            limits=httpx.Limits(max_connections=4, keepalive_expiry=600),
            trust_env=False,
        )

    def path(self, path):
        return path[1:] if path.startswith("//") else self.base + path

    def request(self, method, path, **kwargs):
        """Sends, checks the answer against the description, and returns it."""
        answer = self.http.request(method, self.path(path), **kwargs)
        operation = CONTRACT.check(
            method, answer.request.url.path, answer.status_code, answer.headers, answer.content
        )
        if operation:
            self.seen.add((operation.id, answer.status_code))
        return answer

    def get(self, path, **kwargs):
        return self.request("GET", path, **kwargs)

    def post(self, path, **kwargs):
        return self.request("POST", path, **kwargs)

    def patch(self, path, **kwargs):
        return self.request("PATCH", path, **kwargs)

    def delete(self, path, **kwargs):
        return self.request("DELETE", path, **kwargs)

    def data(self, path, **kwargs):
        """GET that must succeed; returns `data`."""
        answer = self.get(path, **kwargs)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def close(self):
        self.http.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def new_session():
    return str(uuid.uuid4())


def refused(answer, status, code):
    """Asserts how a request was refused, and returns the sentence for people."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.json()["code"] == code, answer.text
    return answer.json()["error"]


def succeeded(answer, status=200):
    """Asserts that a request went through, and returns `data`."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer.json()["data"]
