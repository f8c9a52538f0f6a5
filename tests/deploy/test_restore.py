"""Backup and restore of a station of many machines, step by step as docs/operations.md has them."""

import os
import shutil
import signal
import ssl
import subprocess
import uuid

import bson
import httpx
import pymongo
import pytest

from support.front import REPOSITORY, eventually
from support.node import BINARY, environment
from support.whole import cluster, status

pytestmark = pytest.mark.xdist_group("cluster")  # one machine carries one at a time


def end(pid):
    """Asks a mongod to end, and waits."""
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: not os.path.exists(f"/proc/{pid}") or open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] == "Z", 20)


def listener(folder, address, session):
    trust = ssl.create_default_context(cafile=str(folder / "nginx/certificate.pem"))
    return httpx.Client(base_url=address, verify=trust, trust_env=False, timeout=20, headers={"X-Session-Id": session})


def mongod():
    ours = REPOSITORY / ".tools/mongod/mongod"
    return shutil.which("mongod") or str(ours)


@pytest.mark.timeout(300)
def test_a_copied_secondary_is_the_station(tmp_path):
    folder, session, copy = tmp_path / "cluster", str(uuid.uuid4()), tmp_path / "copy"
    try:
        address = cluster(folder, "up", "--no-limits").stdout.strip()
        with listener(folder, address, session) as client:
            songs = client.get("/v1/songs").json()["data"]["songs"]
            song, other = songs[0]["_id"], songs[1]["_id"]
            for _ in range(3):
                assert client.post(f"/v1/songs/{song}/play").status_code == 200
            liked = client.post(f"/v1/songs/{song}/like").json()["data"]["likes"]
            assert client.post(f"/v1/songs/{song}/comments", json={"text": "in the backup"}).status_code == 201
            plays = client.get(f"/v1/songs/{song}").json()["data"]["plays"]

            # 1. The counters go to MongoDB.
            parts, _ = status(folder)
            os.kill(int(parts["sync"][0]), signal.SIGUSR1)
            mongo = pymongo.MongoClient("127.0.0.1", int(parts["mongo-1"][1]), replicaSet="popradio")
            with mongo:
                eventually(lambda: plays == mongo.popradio.songs.find_one(bson.ObjectId(song))["plays"], 20)
                eventually(lambda: mongo.popradio.likers.find_one({"_id": f"song:{song}:{session}", "liked": True}), 20)

            # 2. A secondary is stopped, copied whole, and started again.
            name, row = next((name, row) for name, row in parts.items() if row[2] == "secondary")
            end(int(row[0]))
            shutil.copytree(folder / name, copy)
            cluster(folder, "up")
            eventually(lambda: status(folder)[1] == 0, 30, 0.5, "the secondary's return")

            # Later than the backup, so it will be gone.
            assert client.post(f"/v1/songs/{other}/like").status_code == 200
            assert client.post(f"/v1/songs/{other}/comments", json={"text": "too late"}).status_code == 201

        # 3. Everything is lost but the copy.
        cluster(folder, "down")
        for part in [f"redis-{n}" for n in range(1, 7)] + [f"mongo-{n}" for n in range(1, 4)]:
            shutil.rmtree(folder / part)
        shutil.copytree(copy, folder / "mongo-1")
        port = int(parts["mongo-1"][1])
        alone = subprocess.Popen([mongod(), "--port", str(port), "--bind_ip", "127.0.0.1", "--dbpath", str(folder / "mongo-1")],
                                 stdout=subprocess.DEVNULL)  # fmt: skip
        with pymongo.MongoClient("127.0.0.1", port, directConnection=True) as client:
            client.drop_database("local")
        alone.terminate()
        assert alone.wait(30) == 0

        # 4. Redis begins empty and is filled; the nodes start.
        address = cluster(folder, "up").stdout.strip()
        with listener(folder, address, session) as client:
            now = client.get(f"/v1/songs/{song}").json()["data"]
            assert (now["likes"], now["plays"], now["isLikedByUser"]) == (liked, plays, True)
            eventually(lambda: client.post(f"/v1/songs/{song}/like").status_code == 409, 30, what="likes are taken again")
            assert [one["text"] for one in client.get(f"/v1/songs/{song}/comments").json()["data"]["comments"]] == ["in the backup"]
            assert client.get(f"/v1/songs/{other}/comments").json()["data"]["comments"] == []
            assert not client.get(f"/v1/songs/{other}").json()["data"]["isLikedByUser"]
            assert client.get("/v1/radio/stream").json()["data"]["nowPlaying"]["_id"]
            assert client.post(f"/v1/songs/{other}/like").status_code == 200
        parts, code = status(folder)
        assert code == 0, parts
        redis = ",".join(f"127.0.0.1:{parts[f'redis-{n}'][1]}" for n in (1, 2, 3))
        stores = [f"--redis=redis://{redis}", f"--mongo=mongodb://127.0.0.1:{port}/popradio?replicaSet=popradio"]
        look = [str(BINARY), "check", *stores, "--listen=127.0.0.1:0", f"--data={folder / 'node-1'}"]
        done = subprocess.run(look, capture_output=True, text=True, env=environment(), timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        cluster(folder, "down")
