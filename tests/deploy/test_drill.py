"""The drills themselves: what is taken away behind everybody's back is found."""

import re
import subprocess
import sys

import pytest

from support.front import REPOSITORY
from support.node import BINARY, environment

pytestmark = pytest.mark.xdist_group("cluster")  # one machine carries one at a time


@pytest.mark.timeout(240)
@pytest.mark.parametrize("cluster", [[], ["--short"]], ids=["whole", "small"])
def test_a_planted_loss_is_found(cluster):
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "tests/drills/drill"), "--seed=11", "--faults=planted", *cluster],
        capture_output=True, text=True, env=environment() | {"POPRADIO_BIN": str(BINARY)}, timeout=220,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    row = re.search(r"^\| planted \|" + r" (\d+) \|" * 5, done.stdout, re.M)
    assert row, done.stdout + done.stderr
    times, acknowledged, lost, doubled, differing = map(int, row.groups())
    assert times == 1 and acknowledged > 10 and lost >= 2 and doubled >= 1 and differing >= 1, done.stdout + done.stderr
