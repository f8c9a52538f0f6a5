"""`./dev cluster`: real Redis Cluster, real MongoDB, real nodes, sync worker and NGINX, in a temporary folder."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import uuid
from pathlib import Path

import httpx
import pymongo
import pytest

from support.front import REPOSITORY, eventually
from support.node import environment
from support.whole import cluster, status

pytestmark = pytest.mark.xdist_group("cluster")  # one machine carries one at a time


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Redis and MongoDB alone, as `up --stores` starts them; yields (folder, settings)."""
    folder = tmp_path_factory.mktemp("stores")
    try:
        settings = dict(line.replace("'", "").split("=", 1) for line in cluster(folder, "up", "--stores", "--no-limits").stdout.splitlines())
        yield folder, settings
    finally:
        cluster(folder, "down")


def test_the_stores_are_a_whole_cluster_and_a_replica_set(stores):
    folder, settings = stores
    parts, code = status(folder)
    roles = [parts[f"redis-{n}"][2] for n in range(1, 7)]
    assert sorted(roles) == ["primary"] * 3 + ["replica"] * 3
    assert sorted(parts[f"mongo-{n}"][2] for n in range(1, 4)) == ["primary", "secondary", "secondary"]
    assert all(row[3] == "yes" for name, row in parts.items() if name.startswith(("redis", "mongo")))
    assert parts["node-1"][3] == parts["nginx"][3] == "not running" and code == 1
    for number in range(1, 7):
        port = parts[f"redis-{number}"][1]
        for name, value in (("appendonly", "yes"), ("maxmemory-policy", "noeviction"), ("cluster-node-timeout", "2000")):
            said = subprocess.run(["redis-cli", "-p", port, "config", "get", name], capture_output=True, text=True).stdout.split()
            assert said == [name, value]
    with pymongo.MongoClient(settings["POPRADIO_STORE_MONGO"], w="majority") as client:
        client.popradio.probe.insert_one({"_id": "kept"})


def test_up_again_changes_nothing(stores):
    folder, settings = stores
    before, _ = status(folder)
    again = cluster(folder, "up", "--stores").stdout
    assert settings["POPRADIO_STORE_REDIS"] in again
    after, _ = status(folder)
    assert {name: row[0] for name, row in before.items()} == {name: row[0] for name, row in after.items()}


def test_a_dead_primary_is_told_replaced_and_started_again(stores):
    folder, _ = stores
    parts, _ = status(folder)
    name, row = next((name, row) for name, row in parts.items() if name.startswith("redis") and row[2] == "primary")
    os.kill(int(row[0]), signal.SIGKILL)
    assert status(folder)[0][name][3] == "not running"

    def taken_over():
        return sum(row[2] == "primary" and row[3] == "yes" for row in status(folder)[0].values() if row[0] != "-") == 4  # and MongoDB's

    eventually(taken_over, 20, 0.3, "the replica's promotion")
    cluster(folder, "up", "--stores")
    assert status(folder)[0][name][2:] == ["replica", "yes"]


def test_down_ends_its_own_processes_only_and_keeps_the_data(stores):
    folder, settings = stores
    parts, _ = status(folder)
    pids = [int(row[0]) for row in parts.values() if row[0] != "-"]
    assert len(pids) == 9
    # A stranger who has the pid of a pid file by now.
    stranger = subprocess.Popen(["sleep", "60"])
    (folder / "run" / "sync.pid").write_text(f"{stranger.pid} 1\n")
    cluster(folder, "down")
    assert not any(alive(pid) for pid in pids)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    cluster(folder, "down")  # again: nothing to do
    cluster(folder, "up", "--stores")
    with pymongo.MongoClient(settings["POPRADIO_STORE_MONGO"]) as client:
        assert client.popradio.probe.find_one()["_id"] == "kept"


def test_logs_are_shown(stores):
    folder, _ = stores
    assert "Ready to accept connections" in cluster(folder, "logs", "redis-2").stdout
    done = cluster(folder, "logs", "redis-9", check=False)
    assert done.returncode == 1 and done.stderr == "cluster: there is no log of 'redis-9'\n"


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cluster(tmp_path, "up", "--stores", "--base-port", str(port), check=False)
    cluster(tmp_path, "down")
    assert done.returncode == 1 and f"redis-1 needs port {port}, and something else listens there" in done.stderr


def test_what_was_never_up_is_said(tmp_path):
    done = cluster(tmp_path / "none", "status", check=False)
    assert done.returncode == 1 and "there is none in" in done.stderr


# The whole picture


@pytest.fixture(scope="module")
def whole(tmp_path_factory, stores):
    """The same stores and all that stands before them; yields (folder, address)."""
    folder, _ = stores
    try:
        address = cluster(folder, "up").stdout.strip()
        yield folder, address
    finally:
        cluster(folder, "down")


def client(whole, **options):
    folder, address = whole
    trust = ssl.create_default_context(cafile=str(folder / "nginx/certificate.pem"))
    return httpx.Client(base_url=address, verify=trust, trust_env=False, timeout=20, **options)


def node_urls(folder):
    return [f"http://127.0.0.1:{status(folder)[0][f'node-{n}'][1]}" for n in range(1, 4)]


def test_every_part_is_healthy(whole):
    folder, address = whole
    parts, code = status(folder)
    assert code == 0 and all(row[3] == "yes" for row in parts.values()), parts
    assert len(parts) == 14 and re.fullmatch(r"https://localhost:\d+", address)


def test_the_demo_plays_through_nginx_alike_from_all_nodes(whole):
    folder, _ = whole
    with client(whole) as listener:
        playing = listener.get("/v1/radio/stream").json()["data"]["nowPlaying"]
        assert listener.get("/v1/songs").json()["data"]["pagination"]["totalSongs"] == 10
        assert "<!doctype html>" in listener.get("/").text
        media = listener.get(playing["videoUrl"], headers={"Range": "bytes=0-99"})
        assert media.status_code == 206 and len(media.content) == 100

    def alike():
        shown = {httpx.get(f"{url}/v1/radio/stream", trust_env=False).json()["data"]["nowPlaying"]["seq"] for url in node_urls(folder)}
        return len(shown) == 1

    eventually(alike, 5, what="the same slot from every node")


def test_a_like_is_seen_at_every_node_and_reaches_mongodb(whole):
    folder, _ = whole
    session = str(uuid.uuid4())
    with client(whole, headers={"X-Session-Id": session}) as listener:
        song = listener.get("/v1/songs").json()["data"]["songs"][0]["_id"]
        before = listener.get(f"/v1/songs/{song}").json()["data"]["likes"]
        assert listener.post(f"/v1/songs/{song}/like").json()["data"]["likes"] == before + 1
        assert listener.post(f"/v1/songs/{song}/like").status_code == 409

    def seen():
        answers = [httpx.get(f"{url}/v1/songs/{song}", headers={"X-Session-Id": session}, trust_env=False).json()["data"] for url in node_urls(folder)]
        return all(answer["likes"] == before + 1 and answer["isLikedByUser"] for answer in answers)

    eventually(seen, 5, what="the like at every node")
    parts, _ = status(folder)
    with pymongo.MongoClient("127.0.0.1", int(parts["mongo-1"][1]), replicaSet="popradio") as mongo:
        eventually(lambda: mongo.popradio.likers.find_one({"_id": f"song:{song}:{session}"}), 10, what="the liker in MongoDB")


class Stream:
    """Reads a node's event stream in a thread; knows when each event came."""

    def __init__(self, url, session):
        self.events, self._stop = [], threading.Event()
        self._thread = threading.Thread(target=self._read, args=(url, session), daemon=True)
        self._thread.start()

    def _read(self, url, session):
        try:
            with httpx.stream("GET", f"{url}/v1/radio/events", headers={"X-Session-Id": session}, trust_env=False, timeout=30) as answer:
                name = None
                for line in answer.iter_lines():
                    if self._stop.is_set():
                        return
                    if line.startswith("event: "):
                        name = line[7:]
                    elif line.startswith("data: ") and name:
                        self.events.append((time.monotonic(), name, json.loads(line[6:])))
        except httpx.HTTPError:
            pass

    def heard(self, name, fits=lambda data: True, after=0.0):
        return next((at for at, event, data in list(self.events) if event == name and at >= after and fits(data)), None)

    def close(self):
        self._stop.set()


def test_all_nodes_are_one_room(whole):
    """What happens at one node is heard at the others within 300 ms; a session at two nodes is one listener; votes add up."""
    folder, _ = whole
    urls = node_urls(folder)
    sessions = [str(uuid.uuid4()) for _ in range(4)]
    streams = [Stream(url, session) for url, session in zip(urls, sessions)]
    try:
        for stream in streams:
            eventually(lambda stream=stream: stream.heard("serverTime"), 10, what="the opening state")

        def listeners(url):
            return httpx.get(f"{url}/v1/radio/stream", headers={"X-Session-Id": sessions[0]}, trust_env=False).json()["data"]["listeners"]

        counted = []

        def three_everywhere():
            counted.append([listeners(url) for url in urls])
            return counted[-1] == [3, 3, 3]

        try:
            # At once; should a message be lost, nodes have compared all of their listeners after sixteen seconds.
            eventually(three_everywhere, 20, what="three listeners at every node")
        except AssertionError as failure:
            raise AssertionError(f"{failure}; they counted {counted[:3]} … {counted[-3:]}") from None
        song = httpx.get(f"{urls[0]}/v1/radio/stream", trust_env=False).json()["data"]["nowPlaying"]["_id"]

        def post(url, path, session, **body):
            began = time.monotonic()
            answer = httpx.post(f"{url}{path}", headers={"X-Session-Id": session}, json=body or None, trust_env=False, timeout=20)
            assert answer.status_code in (200, 201, 202), answer.text
            return began, time.monotonic(), answer.json()["data"]

        began, answered, _ = post(urls[0], f"/v1/songs/{song}/comments", sessions[0], text="everybody here?")
        for stream in streams[1:]:
            eventually(lambda stream=stream: stream.heard("comment", after=began), 5, what="the comment at the other nodes")
            assert stream.heard("comment", after=began) - answered < 0.3
        began, _, _ = post(urls[1], "/v1/radio/reactions", sessions[1], reaction="🔥")
        for stream in (streams[0], streams[2]):
            eventually(lambda stream=stream: stream.heard("reaction", after=began), 5, what="the reaction at the other nodes")
        # Two of three are a majority, and each votes at another node.
        _, _, first = post(urls[0], "/v1/radio/next", sessions[0])
        assert (first["skipped"], first["votes"], first["needed"]) == (False, 1, 2)
        eventually(lambda: streams[2].heard("skip", lambda data: data["skip"]["votes"] == 1), 5, what="the vote at another node")
        began, answered, second = post(urls[2], "/v1/radio/next", sessions[2])
        assert second["skipped"]
        for stream in streams:
            eventually(lambda stream=stream: stream.heard("nowPlaying", after=began), 5, what="the next song at every node")
            assert stream.heard("nowPlaying", after=began) - answered < 0.3
    finally:
        for stream in streams:
            stream.close()


def test_one_token_opens_all_nodes(whole):
    folder, _ = whole
    token = (folder / "admin-token").read_text().strip()
    assert (folder / "admin-token").stat().st_mode & 0o777 == 0o600
    for url in node_urls(folder):
        assert httpx.get(f"{url}/v1/admin/rotation", headers={"Authorization": f"Bearer {token}"}, trust_env=False).status_code == 200
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert token not in process.read_text()
        except OSError:
            pass


def test_a_roll_fails_no_request(whole):
    folder, _ = whole
    before, _ = status(folder)
    stop, failures, done = threading.Event(), [], []

    def load():
        session = str(uuid.uuid4())
        # A connection for each request: httpx takes the polite end of a reused one, at a reload, for a failure.
        with client(whole, headers={"X-Session-Id": session, "Connection": "close"}) as listener:
            song = listener.get("/v1/songs").json()["data"]["songs"][3]["_id"]
            while not stop.is_set():
                for method, path, fine in (
                    ("GET", "/v1/radio/stream", 200), ("POST", f"/v1/songs/{song}/like", 200), ("GET", "/", 200),
                    ("POST", f"/v1/songs/{song}/play", 200), ("DELETE", f"/v1/songs/{song}/like", 200),
                ):  # fmt: skip
                    reply = listener.request(method, path)
                    done.append(reply.status_code)
                    if reply.status_code != fine:
                        failures.append((method, path, reply.status_code, reply.text[:120]))
                stop.wait(0.05)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        cluster(folder, "roll")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    after, code = status(folder)
    assert code == 0 and all(before[f"node-{n}"][0] != after[f"node-{n}"][0] for n in range(1, 4))
    assert not failures, failures[:5]
    assert len(done) > 50


@pytest.mark.timeout(300)
def test_the_apps_browser_test_passes_over_tls(whole):
    folder, address = whole
    ours = {
        "POPRADIO_E2E_URL": address, "POPRADIO_E2E_TOKEN": (folder / "admin-token").read_text().strip(),
        "NODE_EXTRA_CA_CERTS": str(folder / "nginx/certificate.pem"),
    }  # fmt: skip
    tests = ["npm", "run", "--silent", "e2e", "--", "--project=phone", "--grep=@smoke"]
    done = subprocess.run(tests, cwd=REPOSITORY / "web", capture_output=True, text=True, env=environment() | ours, timeout=280)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"[1-9]\d* passed", done.stdout)


def test_the_state_is_one_readable_file(whole):
    folder, _ = whole
    state = json.loads((folder / "cluster.json").read_text())
    assert len(set(state["ports"].values())) == len(state["ports"]) == 20
