"""A fourth shard for Redis while the station is used, step by step as docs/operations.md has them."""

import re
import signal
import ssl
import subprocess
import threading
import time
import uuid

import httpx
import pytest

from support.front import eventually
from support.node import BINARY, environment
from support.whole import cluster, status

pytestmark = pytest.mark.xdist_group("cluster")  # one machine carries one at a time


def redis_cli(*words, check=True):
    done = subprocess.run(["redis-cli", *map(str, words)], capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Listeners:
    """Like and unlike every song, again and again; know what they were told."""

    def __init__(self, address, certificate):
        self.address, self.trust = address, ssl.create_default_context(cafile=str(certificate))
        self.stop, self.told, self.refused, self.wrong, self.asked = threading.Event(), {}, [], [], 0
        self.threads = [threading.Thread(target=self._live) for _ in range(3)]
        for thread in self.threads:
            thread.start()

    def _live(self):
        session = str(uuid.uuid4())
        with httpx.Client(base_url=self.address, verify=self.trust, trust_env=False, timeout=20, headers={"X-Session-Id": session}) as client:
            songs = [song["_id"] for song in client.get("/v1/songs").json()["data"]["songs"]]
            wanted = True
            while not self.stop.is_set():
                for song in songs:
                    answer = client.request("POST" if wanted else "DELETE", f"/v1/songs/{song}/like")
                    self.asked += 1
                    if answer.status_code == 503:
                        self.refused.append(answer.text)
                        self.told.pop((song, session), None)  # nobody knows until they ask again
                        continue
                    if answer.status_code not in (200, 404, 409):  # 404, 409: what was refused before had happened
                        self.wrong.append(answer.text)
                    self.told[song, session] = wanted
                    time.sleep(0.005)
                wanted = not wanted

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.timeout(240)
def test_a_shard_is_added_while_people_like(tmp_path):
    folder, added = tmp_path / "cluster", []
    try:
        address = cluster(folder, "up", "--no-limits").stdout.strip()
        parts, _ = status(folder)
        old = int(parts["redis-1"][1])
        people = Listeners(address, folder / "nginx/certificate.pem")
        try:
            def agreed(on):
                said = redis_cli("--cluster", "check", f"127.0.0.1:{old}", check=False)
                return f" 127.0.0.1:{on}" in said and "[OK] All nodes agree" in said and "[OK] All 16384 slots covered" in said

            # 1. Two more Redis with the settings of the others.
            ports = [port for port in range(32_500, 32_700) if not redis_cli("-p", port, "PING", check=False)][:2]
            for port in ports:
                (folder / f"added-{port}").mkdir()
                added.append(subprocess.Popen(
                    ["redis-server", "--port", str(port), "--cluster-port", str(port + 200), "--bind", "127.0.0.1", "--dir", str(folder / f"added-{port}"),
                     "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no", "--appendonly", "yes",
                     "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", "", "--repl-diskless-sync-delay", "0"],
                    stdout=subprocess.DEVNULL,
                ))  # fmt: skip
                eventually(lambda port=port: redis_cli("-p", port, "PING", check=False).strip() == "PONG", 20, what="a Redis")
            new, replica = ports

            # 2. One joins as a primary, the other as its replica.
            redis_cli("--cluster", "add-node", f"127.0.0.1:{new}", f"127.0.0.1:{old}")
            name = redis_cli("-p", new, "CLUSTER", "MYID").strip()
            eventually(lambda: agreed(new), 30, what="agreement on the new primary")
            redis_cli("--cluster", "add-node", f"127.0.0.1:{replica}", f"127.0.0.1:{old}", "--cluster-slave", "--cluster-master-id", name)
            eventually(lambda: "master_link_status:up" in redis_cli("-p", replica, "INFO", "replication"), 30, what="the replica in step")

            # 3. Slots move, as soon as the new primary takes them.
            for port in ports:
                eventually(lambda port=port: "cluster_state:ok" in redis_cli("-p", port, "CLUSTER", "INFO"), 30, what="a whole Cluster")
            eventually(lambda: agreed(replica), 30, what="agreement on the replica")
            before = people.asked
            redis_cli("--cluster", "rebalance", f"127.0.0.1:{old}", "--cluster-use-empty-masters")
            assert people.asked > before, "nobody liked anything meanwhile"
            moved = int(re.search(rf"^{re.escape(f'127.0.0.1:{new}')} .*\| (\d+) slots", redis_cli("--cluster", "info", f"127.0.0.1:{old}"), re.M)[1])
            assert 3500 < moved < 4700
            eventually(lambda: int(redis_cli("-p", new, "DBSIZE")) > 0, 10, what="keys on the new shard")
            time.sleep(1)
        finally:
            people.end()
        print(f"{people.asked} likes and unlikes, {len(people.refused)} answered 503")
        assert not people.wrong, people.wrong[:3]
        assert len(people.refused) * 50 <= people.asked, people.refused[:3]

        # Everything that was acknowledged is there.
        stores = [f"--redis=redis://127.0.0.1:{old},127.0.0.1:{new}", f"--mongo=mongodb://127.0.0.1:{parts['mongo-1'][1]}/popradio?replicaSet=popradio"]
        trust = ssl.create_default_context(cafile=str(folder / "nginx/certificate.pem"))
        for session in {session for _, session in people.told}:
            known = {song for song, who in people.told if who == session}
            with httpx.Client(base_url=address, verify=trust, trust_env=False, timeout=20, headers={"X-Session-Id": session}) as client:
                liked = set(client.get("/v1/sessions/me").json()["data"]["liked"]["songs"])
                assert liked & known == {song for (song, who), likes in people.told.items() if who == session and likes}
        counts = subprocess.run([str(BINARY), "check", "--counts", "--dry-run", *stores, "--listen=127.0.0.1:0", f"--data={folder / 'node-1'}"],
                                capture_output=True, text=True, env=environment(), timeout=60)  # fmt: skip
        assert counts.returncode == 0, counts.stdout + counts.stderr

        # 4. A node that begins to look at the new one finds all.
        check = subprocess.run([str(BINARY), "check", f"--redis=redis://127.0.0.1:{new},127.0.0.1:{replica}", stores[1], "--listen=127.0.0.1:0",
                                f"--data={folder / 'node-1'}"], capture_output=True, text=True, env=environment(), timeout=60)  # fmt: skip
        assert check.returncode == 0, check.stdout + check.stderr
    finally:
        cluster(folder, "down")
        for process in added:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
