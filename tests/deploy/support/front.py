"""The real nginx with the configuration that deploy/nginx/render makes, on free ports in a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

REPOSITORY = Path(__file__).resolve().parents[3]
RENDER = REPOSITORY / "deploy" / "nginx" / "render"
NGINX = "/usr/sbin/nginx"
START_DEADLINE_S = 10


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(check, deadline_s=10.0, every_s=0.05, what="the condition"):
    """Polls `check` until it returns something true, and returns that."""
    end = time.monotonic() + deadline_s
    while True:
        result = check()
        if result:
            return result
        assert time.monotonic() < end, f"{what} did not come true within {deadline_s} s"
        time.sleep(every_s)


def make_certificate(folder, *names):
    """A self-signed certificate for `names`; returns (certificate, key)."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
         f"/CN={names[0]}", "-addext", f"subjectAltName={','.join(f'DNS:{n}' for n in names)},IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


class Front:
    """NGINX before `nodes` (host:port). Parameters beyond those that a test needs anyway are given by name."""

    def __init__(self, folder, certificate, nodes, **parameters):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate, key = certificate
        self.https_port, self.http_port = free_port(), free_port()
        self.maintenance = self.folder / "maintenance"
        self.access_log, self.error_log = self.folder / "access.log", self.folder / "error.log"
        self.conf = self.folder / "nginx.conf"
        self.cache = self.folder / "cache"
        self.parameters = {
            "nodes": nodes,
            "certificate": str(self.certificate),
            "certificate_key": str(key),
            "https_listen": [f"127.0.0.1:{self.https_port}"],
            "http_listen": [f"127.0.0.1:{self.http_port}"],
            "public_port": self.https_port,
            "workers": 2,
            "max_event_streams": 2000,
            "requests_per_second": 10_000,
            "request_burst": 10_000,
            "cache_folder": str(self.cache),
            "maintenance_file": str(self.maintenance),
            "run_folder": str(self.folder),
            "access_log": f"{self.access_log} station",
            "error_log": str(self.error_log),
            "user": "root" if os.getuid() == 0 else "",  # temporary folders are their owner's alone
        } | parameters
        self.process = None
        self.url = f"https://127.0.0.1:{self.https_port}"

    def render(self, **changes):
        self.parameters |= changes
        values = [f"--set={name}={json.dumps(value)}" for name, value in self.parameters.items()]
        subprocess.run([sys.executable, str(RENDER), *values, "--output", str(self.conf)], check=True)

    def test(self):
        """nginx -t; returns what it said."""
        done = subprocess.run([NGINX, "-t", "-c", str(self.conf)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self):
        self.render()
        self.test()
        with open(self.folder / "stderr", "ab") as log:
            self.process = subprocess.Popen([NGINX, "-c", str(self.conf), "-g", "daemon off;"], stderr=log, stdin=subprocess.DEVNULL)
        eventually(self.answers, START_DEADLINE_S, what="nginx's listening")
        return self

    def answers(self):
        assert self.process.poll() is None, (self.folder / "stderr").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.https_port), 1).close()
            return True
        except ConnectionRefusedError:
            return False

    def reload(self, **changes):
        """As `systemctl reload nginx` does: new workers, while the old ones finish. Returns when only the new ones accept."""
        before = self.workers()
        self.render(**changes)
        self.test()
        self.process.send_signal(signal.SIGHUP)
        eventually(lambda: len(self.workers() - before) >= self.parameters["workers"], what="the new workers")
        eventually(lambda: not self.workers() & before, what="the end of the old workers' listening")

    def workers(self):
        """Process ids of the workers that accept connections."""
        accepting = set()
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            try:
                title = Path(f"/proc/{pid}/cmdline").read_text()
            except OSError:
                continue
            if "worker process" in title and "shutting down" not in title:
                accepting.add(pid)
        return accepting

    def stop(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def client(self, **options):
        """An HTTP/2 client; the certificate is checked."""
        import ssl

        trust = ssl.create_default_context(cafile=str(self.certificate))
        options = {"http2": True, "timeout": 20} | options
        return httpx.Client(base_url=self.url, verify=trust, trust_env=False, **options)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
