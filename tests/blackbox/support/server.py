"""Starts, stops and kills the real program."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from . import stores

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("POPRADIO_BIN", REPOSITORY / "build" / "popradio")).resolve()

# Builds with sanitizers are several times slower than a release; a deadline is for a hang, not a race.
START_DEADLINE_S = 30
STOP_DEADLINE_S = 20
COMMAND_DEADLINE_S = 90

LISTENING = re.compile(r"listening on (http://(\S+):(\d+))")
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\S+Z (debug|info|warn|error) ")
SANITIZER_COMPLAINT = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:")

NO_LIMITS = [
    arg
    for name in ("like", "unlike", "comment", "play", "api", "session_like")
    for arg in (f"--limits.{name}_per_hour", "0")
]


def clean_environment(extra=None):
    """The environment without settings of ours, so that the shell of the person who runs this changes nothing."""
    ours = {"PORT", "REDIS_URL", "MONGODB_URI"}
    env = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("POPRADIO_")}
    env["NO_COLOR"] = "1"
    env.update(extra or {})
    return env


def data_folder(args):
    """Which one a command line names."""
    args = list(map(str, args))
    return args[args.index("--data") + 1] if "--data" in args[:-1] else None


def sentences(stderr):
    """What is meant for the person at the keyboard: the lines that are not of the log."""
    return [line for line in stderr.strip().splitlines() if not LOG_LINE.match(line)]


def station_environment(data, extra=None):
    """With the servers of the station of this data folder, unless `extra` names others."""
    own = extra and "POPRADIO_STORE_REDIS" in extra
    return clean_environment(({} if own else stores.of(data)) | (extra or {}))


def run(*args, cwd=None, env=None, stdin=None, timeout=COMMAND_DEADLINE_S):
    """Runs one verb to its end. Returns the CompletedProcess with text output."""
    done = subprocess.run(
        [str(BINARY), *map(str, args)],
        cwd=cwd,
        env=station_environment(data_folder(args), env),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert not SANITIZER_COMPLAINT.search(done.stderr), done.stderr
    return done


class StartFailed(Exception):
    """`serve` ended before it listened. Carries what it said."""

    def __init__(self, code, stdout, stderr):
        super().__init__(f"exit code {code}\n{stdout}\n{stderr}")
        self.code, self.stdout, self.stderr = code, stdout, stderr


class Station:
    """One data folder and, between start() and stop(), one `popradio serve` on it."""

    def __init__(self, data, *args, env=None, log=None):
        self.data = Path(data)
        self.log = Path(log) if log else self.data.parent / f"{self.data.name}.stderr"
        self.args = [str(a) for a in args]
        self.env = env
        self.process = None
        self.url = self.host = self.port = None
        self.lines = []

    def start(self, *more):
        assert self.process is None, "already started"
        self.lines = []
        self._log = open(self.log, "ab")
        self._log_start = self._log.tell()
        self.process = subprocess.Popen(
            [str(BINARY), "serve", "--listen", "127.0.0.1:0", "--data", str(self.data), *self.args, *map(str, more)],
            stdout=subprocess.PIPE,
            stderr=self._log,
            stdin=subprocess.DEVNULL,
            text=True,
            env=self.environment(),
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(self.process, ready), daemon=True)
        self._reader.start()
        if not ready.wait(START_DEADLINE_S) or self.url is None:
            process, self.process = self.process, None
            if process.poll() is None and self.url is None:
                try:
                    process.wait(1)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    raise AssertionError(f"no 'listening on' within {START_DEADLINE_S} s: {self.stderr()}") from None
            raise StartFailed(process.wait(), "".join(self.lines), self.stderr())
        return self

    def environment(self):
        return station_environment(self.data, self.env)

    def _read(self, process, ready):
        self.url = None
        for line in process.stdout:
            self.lines.append(line)
            if match := LISTENING.search(line):
                self.url, self.host, self.port = match[1], match[2], int(match[3])
                ready.set()
        ready.set()

    def stderr(self):
        """What this run wrote to standard error so far."""
        with open(self.log, "rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def stop(self):
        """SIGTERM; asserts the clean exit that is promised."""
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"still running {STOP_DEADLINE_S} s after SIGTERM: {self.stderr()}") from None
        self._reader.join(5)
        said = self.stderr()
        self._log.close()
        assert code == 0, f"exit code {code} after SIGTERM: {said}"
        assert not SANITIZER_COMPLAINT.search(said), said

    def kill(self):
        process, self.process = self.process, None
        process.kill()
        process.wait()
        self._reader.join(5)
        self._log.close()

    def restart(self, *more):
        self.stop()
        return self.start(*more)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def token(self):
        return (self.data / "admin-token").read_text().strip()

    def load(self, path):
        """`popradio import` into this data folder."""
        done = run("import", path, "--data", self.data, env=self.env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process is None:
            return
        if kind is None:
            self.stop()
        else:
            self.kill()


def eventually(check, deadline_s=10.0, every_s=0.05, what="the condition"):
    """Polls `check` until it returns something true, and returns that."""
    end = time.monotonic() + deadline_s
    while True:
        result = check()
        if result:
            return result
        assert time.monotonic() < end, f"{what} did not come true within {deadline_s} s"
        time.sleep(every_s)
