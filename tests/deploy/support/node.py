"""The real program behind NGINX."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import httpx

from .front import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("POPRADIO_BIN", REPOSITORY / "build" / "popradio")).resolve()
NO_LIMITS = [
    flag for name in ("like", "unlike", "comment", "play", "api", "session_like") for flag in (f"--limits.{name}_per_hour", "0")
]
START_DEADLINE_S = 30


def environment():
    ours = {"PORT", "REDIS_URL", "MONGODB_URI"}
    return {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("POPRADIO_")} | {"NO_COLOR": "1"}


def run(*args):
    done = subprocess.run([str(BINARY), *map(str, args)], capture_output=True, text=True, env=environment(), timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Node:
    """One `popradio serve`. It keeps its port over restarts."""

    def __init__(self, data, *flags, limits=False):
        self.data, self.flags = Path(data), [*([] if limits else NO_LIMITS), *flags]
        self.port = free_port()
        self.address, self.url = f"127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}"
        self.process = None

    @staticmethod
    def make_demo(data):
        run("demo", "--data", data)

    def start(self):
        with open(self.data.parent / f"{self.data.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [str(BINARY), "serve", "--data", str(self.data), "--listen", self.address, "--threads", "1",
                 "--http.trusted_proxies", "127.0.0.1", *map(str, self.flags)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(),
            )  # fmt: skip
        end = time.monotonic() + START_DEADLINE_S
        while True:
            assert self.process.poll() is None and time.monotonic() < end, (self.data.parent / f"{self.data.name}.log").read_text()
            try:
                if httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.02)

    def stop(self):
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    def kill(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def metric(self, name, **labels):
        """The sum of a metric over all its labels that fit."""
        total = 0.0
        for line in httpx.get(f"{self.url}/metrics", trust_env=False).text.splitlines():
            match = re.match(rf"popradio_{name}(?:\{{(.*)\}})? (\S+)$", line)
            if match and all(f'{key}="{value}"' in (match[1] or "") for key, value in labels.items()):
                total += float(match[2])
        return total

    @property
    def token(self):
        return (self.data / "admin-token").read_text().strip()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()
