"""`./dev cluster` as a person at the keyboard has it."""

import re
import subprocess
import sys

from .front import REPOSITORY
from .node import BINARY, environment

CLUSTER = REPOSITORY / "deploy/cluster"


def cluster(folder, *arguments, check=True):
    done = subprocess.run(
        [sys.executable, str(CLUSTER), *arguments, "--folder", str(folder)], capture_output=True, text=True,
        env=environment() | {"POPRADIO_BIN": str(BINARY)}, timeout=150,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def status(folder):
    """Part -> (pid, port, role, healthy), and the exit code."""
    done = cluster(folder, "status", check=False)
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["part", "pid", "port", "role", "healthy"]
    return {row[0]: row[1:] for row in (re.split(r"  +", line) for line in rows)}, done.returncode
