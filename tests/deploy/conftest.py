"""What the tests of the things around the program share: two real nodes, a certificate, and NGINX before them."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from support.front import Front, make_certificate  # noqa: E402
from support.node import Node  # noqa: E402


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "localhost", "radio.example.org")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """Two stations that believe the NGINX on loopback, each with the demo station in a data folder of its own: the same
    ids in both."""
    folder = tmp_path_factory.mktemp("nodes")
    for name in ("one", "two"):
        Node.make_demo(folder / name)
    with Node(folder / "one") as one, Node(folder / "two") as two:
        yield one, two


@pytest.fixture(scope="module")
def front(tmp_path_factory, certificate, nodes):
    """NGINX before the two nodes, without limits that a test could meet by accident."""
    with Front(tmp_path_factory.mktemp("front"), certificate, [node.address for node in nodes]) as front:
        yield front


@pytest.fixture
def listener(front):
    with front.client() as client:
        yield client


@pytest.fixture
def make_front(tmp_path, certificate):
    """A function that starts an NGINX of the test's own: make_front(nodes, **parameters)."""
    made = []

    def make(nodes, **parameters):
        front = Front(tmp_path / f"front{len(made)}", certificate, nodes, **parameters)
        made.append(front)
        return front.start()

    yield make
    for front in made:
        front.stop()


@pytest.fixture
def make_node(tmp_path):
    """A function that starts a node of the test's own with the demo station: make_node(*flags, limits=False)."""
    made = []

    def make(*flags, limits=False):
        data = tmp_path / f"node{len(made)}"
        Node.make_demo(data)
        node = Node(data, *flags, limits=limits)
        made.append(node)
        return node.start()

    yield make
    for node in made:
        node.kill()
