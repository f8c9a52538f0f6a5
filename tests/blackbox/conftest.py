"""Fixtures that all files share. One station per file where its limits allow; a station of one's own where they do not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.catalogue import make_catalogue, write_catalogue  # noqa: E402
from support.client import Client, new_session  # noqa: E402
from support.server import BINARY, NO_LIMITS, Station  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=20, help="rounds of the kill -9 loop")
    parser.addoption("--seed", type=int, default=None, help="repeat one run of the kill -9 loop")


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.is_file():
        pytest.exit(f"There is no program at {BINARY}. Build it, or say where it is in POPRADIO_BIN.", returncode=2)


@pytest.fixture(scope="module")
def catalogue():
    """What the module's station holds. A module may override it."""
    return make_catalogue()


@pytest.fixture(scope="module")
def settings():
    """Flags of the module's station. A module may override them."""
    return NO_LIMITS


@pytest.fixture(scope="module")
def station(tmp_path_factory, catalogue, settings):
    """A running station with content and, unless the module says otherwise, without limits."""
    folder = tmp_path_factory.mktemp("station")
    station = Station(folder / "data", *settings)
    station.load(write_catalogue(folder / "catalogue.json", catalogue))
    with station:
        yield station


@pytest.fixture
def make_station(tmp_path):
    """A function that makes a station of the test's own, not yet started: make_station(catalogue, *flags, name=...)."""
    made = []

    def make(catalogue=None, *flags, name="data"):
        station = Station(tmp_path / name, *flags)
        if catalogue is not None:
            station.load(write_catalogue(tmp_path / f"{name}.json", catalogue))
        made.append(station)
        return station

    yield make
    for station in made:
        if station.process is not None:
            station.stop() if station.is_running() else station.kill()


@pytest.fixture
def listener(station):
    """Somebody with a session that nobody had before."""
    with Client(station, session=new_session()) as client:
        yield client


@pytest.fixture
def other(station):
    """Somebody else."""
    with Client(station, session=new_session()) as client:
        yield client


@pytest.fixture
def stranger(station):
    """Somebody who sends no session."""
    with Client(station) as client:
        yield client


@pytest.fixture
def curator(station):
    with Client(station, token=station.token) as client:
        yield client
