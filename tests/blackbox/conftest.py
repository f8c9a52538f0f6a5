"""Fixtures that all files share. One station per file where its limits allow; a station of one's own where they do not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support import stores  # noqa: E402
from support.catalogue import make_catalogue, write_catalogue  # noqa: E402
from support.client import Client, new_session  # noqa: E402
from support.server import BINARY, NO_LIMITS, Station  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=20, help="rounds of the kill -9 loop")
    parser.addoption("--seed", type=int, default=None, help="repeat one run of the kill -9 loop")


def pytest_configure(config):
    config.addinivalue_line("markers", "embedded_only(reason): about the database file; skipped where Redis and MongoDB hold the station")
    config.addinivalue_line("markers", "distributed_only(reason): about Redis or MongoDB; skipped where there is none")
    if stores.MODE not in stores.MODES:
        raise pytest.UsageError(f"POPRADIO_STORE is {stores.MODE!r}; it can be one of {', '.join(stores.MODES)}")
    if stores.MODE == "embedded" or config.option.collectonly:
        return
    if hasattr(config, "workerinput"):
        stores.use_mongo(config.workerinput["mongo"])
    else:
        config.mongo, url = stores.start_mongo()
        stores.use_mongo(url)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    if stores.MODE != "embedded":
        node.workerinput["mongo"] = stores._mongo_url


def pytest_unconfigure(config):
    stores.end()
    if hasattr(config, "mongo"):
        config.mongo.remove()


def pytest_collection_modifyitems(items):
    for item in items:
        for name, apart in (("embedded_only", stores.MODE != "embedded"), ("distributed_only", stores.MODE == "embedded")):
            marker = item.get_closest_marker(name)
            if marker and apart:
                item.add_marker(pytest.mark.skip(reason=marker.args[0]))


def pytest_terminal_summary(terminalreporter):
    """What tests measured, of all workers."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    lines = [value for report in reports if report.when == "call" for name, value in report.user_properties if name == "measured"]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.line(line)


@pytest.fixture(scope="module", autouse=True)
def servers_of_the_module():
    before = stores.taken()
    yield
    stores.give_back(stores.taken() - before)


@pytest.fixture(autouse=True)
def servers_of_the_test(servers_of_the_module):
    before = stores.taken()
    yield
    stores.give_back(stores.taken() - before)


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
