"""Parameters of NGINX's configuration: what is refused, and what follows from what is given."""

import json
import os
import re
import subprocess
import sys

import pytest

from support.front import REPOSITORY, RENDER

GIVEN = {"nodes": ["10.0.0.1:8080", "10.0.0.2:8080"], "certificate": "/tls/c.pem", "certificate_key": "/tls/k.pem"}


def render(*arguments, **parameters):
    sets = [f"--set={name}={json.dumps(value)}" for name, value in parameters.items()]
    return subprocess.run([sys.executable, str(RENDER), *arguments, *sets], capture_output=True, text=True)


def rendered(**parameters):
    done = render(**(GIVEN | parameters))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"nodes": []}, "'nodes' names no node"),
        ({"nodes": ["10.0.0.1"]}, "'nodes': '10.0.0.1' is not host:port"),
        ({"nodes": ["10.0.0.1:70000"]}, "'nodes': '10.0.0.1:70000' is not host:port"),
        ({"nodes": "10.0.0.1:80"}, "'nodes' must be a list"),
        ({"nodes": [1]}, "'nodes' must be a list of texts"),
        ({"resting": ["10.0.0.9:8080"]}, "'resting' names what is no node: 10.0.0.9:8080"),
        ({"resting": GIVEN["nodes"]}, "'resting' names all nodes; for maintenance make the maintenance file"),
        ({"certificate": "/tls/c.pem; include /etc/passwd"}, "'certificate' holds a character that nginx would take for its own"),
        ({"server_name": "a\nb"}, "'server_name' holds a character"),
        ({"requests_per_second": 0}, "'requests_per_second' must be at least 1"),
        ({"requests_per_second": "50"}, "'requests_per_second' must be a number"),
        ({"workers": True}, "'workers' must be a number"),
        ({"behind": ["everyone"]}, "'behind': 'everyone' is neither an address nor a network"),
        ({"colour": "pink"}, "there is no parameter 'colour'"),
    ],
)
def test_a_wrong_parameter_is_named(wrong, sentence):
    done = render(**(GIVEN | wrong))
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith(f"render: {sentence}")


@pytest.mark.parametrize("missing", ["nodes", "certificate", "certificate_key"])
def test_what_must_be_given_is_asked_for(missing):
    done = render(**{name: value for name, value in GIVEN.items() if name != missing})
    assert done.returncode == 1 and f"'{missing}' must be given" in done.stderr


def test_a_refused_file_replaces_nothing(tmp_path):
    target = tmp_path / "nginx.conf"
    target.write_text("the old one")
    assert render("--output", str(target)).returncode == 1
    assert target.read_text() == "the old one"


def test_nothing_is_left_of_the_template():
    assert "%{" not in rendered()


def test_a_hundred_thousand_streams_fit():
    for workers in (1, 2, 16):
        text = rendered(workers=workers)
        connections = int(re.search(r"worker_connections (\d+);", text)[1])
        descriptors = int(re.search(r"worker_rlimit_nofile (\d+);", text)[1])
        assert connections * workers >= 2 * 100_000 and descriptors > connections


def test_old_tls_is_not_left_to_the_system():
    """OpenSSL's own settings refuse it here as well, so that a handshake alone would prove little."""
    assert "\n  ssl_protocols TLSv1.2 TLSv1.3;\n" in rendered()


def test_workers_follow_the_machine():
    assert f"worker_processes {os.cpu_count()};" in rendered()


def test_a_resting_node_is_marked_everywhere():
    text = rendered(resting=["10.0.0.2:8080"])
    assert re.findall(r"server (\S+) .*?( down)?;", text).count(("10.0.0.2:8080", " down")) == 2
    assert ("10.0.0.1:8080", " down") not in re.findall(r"server (\S+) .*?( down)?;", text)


def test_the_example_is_a_whole_set_of_parameters():
    done = render(str(REPOSITORY / "deploy/nginx/station.toml"))
    assert done.returncode == 0, done.stderr
    assert "server_name radio.example.org;" in done.stdout and "allow 10.0.0.0/24;" in done.stdout


def test_help_names_every_parameter():
    text = render("--help").stdout
    for name in (*GIVEN, "resting", "behind", "max_event_streams", "user"):
        assert f"\n  {name} " in text


def test_the_analyser_of_configurations_finds_nothing(tmp_path):
    """But two things that we mean: Host passes with its port, as the node compares it with Origin; and worker_connections
    counts the connections to nodes too, so that descriptors need not be twice as many."""
    conf = tmp_path / "nginx.conf"
    conf.write_text(rendered(server_name="radio.example.org"))
    gixy = os.path.join(os.path.dirname(sys.executable), "gixy")
    done = subprocess.run([gixy, "-f", "json", str(conf)], capture_output=True, text=True)
    found = {problem["plugin"] for problem in json.loads(done.stdout)}
    assert found == {"host_spoofing", "worker_rlimit_nofile_vs_connections"}
