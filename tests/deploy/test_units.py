"""The units for systemd and the settings file beside them."""

import re
import subprocess
import tomllib

import pytest

from support.front import REPOSITORY
from support.node import BINARY, environment, run

UNITS = sorted((REPOSITORY / "deploy/systemd").glob("*.service"))


@pytest.fixture(params=UNITS, ids=lambda unit: unit.name)
def installed(request, tmp_path):
    """The unit with the program in the place where it would lie."""
    program = tmp_path / "popradio"
    program.symlink_to(BINARY)
    unit = tmp_path / request.param.name
    unit.write_text(request.param.read_text().replace("/usr/bin/popradio", str(program)))
    return unit


def test_systemd_takes_the_unit_without_a_word(installed):
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(installed)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr


def test_a_mistake_in_a_unit_is_noticed(installed):
    installed.write_text(installed.read_text().replace("ProtectClock=yes", "ProtectClocks=yes"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(installed)], capture_output=True, text=True)
    assert "ProtectClocks" in done.stderr


def test_a_unit_may_do_little(installed):
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(installed)], capture_output=True, text=True)
    exposure = re.search(r"Overall exposure level for \S+: (\S+) (\w+)", done.stdout)
    assert done.returncode == 0 and float(exposure[1]) <= 2.5, done.stdout[-500:]


def test_the_units_verbs_exist():
    helped = run("help")
    for unit in UNITS:
        verb = re.search(r"ExecStart=/usr/bin/popradio (\w+)", unit.read_text())[1]
        assert re.search(rf"^  {verb} ", helped, re.M), verb


def test_every_setting_of_the_example_exists(tmp_path):
    """As the program reads it: an unknown name or a value that does not fit stops it with a sentence."""
    example = REPOSITORY / "deploy/systemd/popradio.toml"
    done = subprocess.run([str(BINARY), "settings", "--config", str(example)], capture_output=True, text=True, env=environment())
    assert done.returncode == 0, done.stderr
    given = tomllib.loads(example.read_text())
    assert {"http", "store", "admin", "log"} == set(given)
    for section, values in given.items():
        for name, value in values.items():
            row = re.search(rf"^{section}\.{name} +(\S+)", done.stdout, re.M)
            assert row, f"{section}.{name}"
            if section != "admin" and "PASSWORD" not in str(value):
                assert row[1] == str(value)
    assert "CHANGE-THIS" not in done.stdout
