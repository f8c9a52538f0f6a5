"""The Dockerfile and the Compose files: checked by hadolint and the Compose schema, and against what they claim to run. No
image is built here: that needs a container engine."""

import importlib.resources
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from support.front import REPOSITORY, eventually, free_port, make_certificate
from support.node import BINARY, run

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = {name: yaml.safe_load((DEPLOY / f"{name}.yaml").read_text()) for name in ("compose", "compose.production")}
TOPOLOGY = {f"{part}-{number}" for part, count in (("redis", 6), ("mongo", 3), ("node", 3)) for number in range(1, count + 1)} | {"sync", "front"}
SCHEMA = json.loads((importlib.resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())


@pytest.fixture(params=COMPOSE, ids=str)
def compose(request):
    return COMPOSE[request.param]


def stages():
    """Stage -> its lines."""
    found, name = {}, None
    for line in DOCKERFILE.splitlines():
        if match := re.match(r"FROM (\S+) AS (\S+)", line):
            name = match[2]
            found[name] = [line]
        elif name:
            found[name].append(line)
    return found


def test_hadolint_has_nothing_to_say():
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "--config", DEPLOY / "hadolint.yaml", DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == "", done.stdout


def test_the_images_carry_every_library_of_the_program():
    listed = subprocess.run(["ldd", str(BINARY)], capture_output=True, text=True, check=True).stdout
    installed = set(re.findall(r"[a-z0-9][a-z0-9.+-]+", "\n".join(stages()["station"])))
    missing = set()
    for path in re.findall(r"=> (/\S+)", listed):
        real = str(Path(path).resolve())
        found = subprocess.run(["dpkg", "-S", real, real.removeprefix("/usr")], capture_output=True, text=True).stdout
        assert found, real
        # What slim has anyway.
        if (owner := found.split(":")[0]) not in installed | {"libc6", "libgcc-s1"}:
            missing.add(owner)
    # What those bring along: libmongoc brings a dozen.
    dependencies = subprocess.run(
        ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces",
         "--no-enhances", *sorted(installed & set(re.findall(r"\S+", subprocess.run(["apt-cache", "pkgnames", "lib"], capture_output=True, text=True).stdout)))],
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    missing -= set(re.findall(r"^(\S+)$", dependencies, re.M))
    assert not missing


@pytest.mark.parametrize("stage", ["station", "curator", "demo", "front"])
def test_no_image_runs_as_root_or_without_a_health_check(stage):
    lines, text = [], []
    while stage in stages():  # with what it is made from
        text = stages()[stage]
        lines = text + lines
        stage = re.match(r"FROM (\S+)", text[0])[1]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users and not users[-1].startswith(("0", "root"))
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_the_build_sees_what_it_needs_and_no_more():
    wanted = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((REPOSITORY / name).exists() for name in wanted)
    named = set(re.findall(r"add_subdirectory\((\w+)", (REPOSITORY / "CMakeLists.txt").read_text()))
    assert {"src", "web", "api", "dev", "cmake", "CMakeLists.txt", "CMakePresets.json"} | named <= wanted
    for source in re.findall(r"^COPY (?!--)(\S+) ", DOCKERFILE, re.M):
        assert source == "." or source in wanted


def test_compose_keeps_its_schema(compose):
    jsonschema.Draft202012Validator(SCHEMA).validate(compose)


def test_the_schema_would_notice(compose):
    broken = json.loads(json.dumps(compose))
    broken["services"]["sync"]["restrat"] = "always"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(broken)


def test_both_files_describe_the_same_picture(compose):
    assert TOPOLOGY <= set(compose["services"])
    helpers = set(compose["services"]) - TOPOLOGY
    assert helpers <= {"redis-cluster", "mongo-replica-set", "demo", "certificate", "curator"}


def address(compose, service):
    return compose["services"][service]["networks"]["inside"]["ipv4_address"]


def test_what_is_named_exists(compose):
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"], name
        for kind in ("configs", "secrets"):
            for used in service.get(kind, []):
                assert (used if isinstance(used, str) else used["source"]) in compose[kind], name
        if "build" in service:
            assert service["build"]["target"] in stages() and (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    addresses = [s["networks"]["inside"]["ipv4_address"] for s in services.values() if isinstance(s.get("networks"), dict)]
    assert len(addresses) == len(set(addresses)) == len(TOPOLOGY) - 1


def test_everybody_finds_everybody(compose):
    """Addresses stand in several places: the stores' in the helpers', the nodes' in NGINX's, NGINX's in the nodes'."""
    redis = [address(compose, f"redis-{n}") for n in range(1, 7)]
    mongo = [address(compose, f"mongo-{n}") for n in range(1, 4)]
    nodes = [address(compose, f"node-{n}") for n in range(1, 4)]
    create = str(compose["services"]["redis-cluster"]["command"])
    initiate = str(compose["services"]["mongo-replica-set"]["command"])
    assert all(f"{host}:6379" in create for host in redis) and all(f'"{host}:27017"' in initiate for host in mongo)
    front = tomllib.loads((DEPLOY / compose["configs"]["front"]["file"]).read_text())
    assert front["nodes"] == [f"{host}:8080" for host in nodes]
    node = compose["services"]["node-1"]["environment"]
    assert node["POPRADIO_HTTP_TRUSTED_PROXIES"] == address(compose, "front")
    if "POPRADIO_STORE_REDIS" in node:
        assert re.findall(r"([\d.]+):6379", node["POPRADIO_STORE_REDIS"]) == redis
        assert re.findall(r"([\d.]+):27017", node["POPRADIO_STORE_MONGO"]) == mongo


def test_every_setting_in_the_files_exists(compose):
    known = {"POPRADIO_" + line.split()[0].upper().replace(".", "_") for line in run("settings").splitlines() if "." in line.split()[0]}
    for name, service in compose["services"].items():
        ours = {key for key in service.get("environment", {}) if key.startswith("POPRADIO_")}
        assert ours <= known, name
    assert set(re.findall(r"POPRADIO_\w+", DOCKERFILE)) <= known


def test_redis_and_mongodb_are_set_up_to_keep_what_they_take(compose):
    for number in range(1, 7):
        command = " ".join(compose["services"][f"redis-{number}"]["command"])
        for needed in ("--appendonly yes", "--maxmemory-policy noeviction", "--cluster-enabled yes", "--cluster-node-timeout 2000"):
            assert needed in command
        assert any(volume.endswith(":/data") for volume in compose["services"][f"redis-{number}"]["volumes"])
    for number in range(1, 4):
        service = compose["services"][f"mongo-{number}"]
        assert "--replSet" in " ".join(service.get("entrypoint", []) + service.get("command", [])) and service["volumes"]


def test_production_opens_no_door_but_nginx():
    services = COMPOSE["compose.production"]["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["front"]
    assert COMPOSE["compose.production"]["networks"]["inside"]["internal"] is True
    for name, service in services.items():
        assert "build" not in service and not service.get("privileged")
        if name in TOPOLOGY:
            assert service["restart"] == "unless-stopped" and service["security_opt"] == ["no-new-privileges:true"]
            assert service["deploy"]["resources"]["limits"]["memory"], name
    # Passwords come from files: nothing stands in the text but their places.
    text = (DEPLOY / "compose.production.yaml").read_text()
    assert not re.search(r"(requirepass|masterauth|pwd:|MONGO_INITDB\w+:) +(?!\"\$\$password\"|read\()\S", text)
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["compose.production"]["secrets"].values())


def test_no_registry_is_named():
    for file in [DEPLOY / "Dockerfile", *DEPLOY.glob("*.yaml"), *DEPLOY.glob("nginx/*")]:
        if file.is_file():
            assert not re.search(r"(docker\.io|ghcr\.io|quay\.io|gcr\.io|registry\.|hub\.docker)", file.read_text()), file
    images = {service.get("image", "") for compose in COMPOSE.values() for service in compose["services"].values()}
    images |= set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))
    assert not [image for image in images if "." in image.split("/")[0] and "/" in image]


@pytest.mark.parametrize("name", ["compose.toml", "compose.production.toml"])
def test_the_front_of_the_containers_starts(tmp_path, name):
    """deploy/nginx/start with the very parameters, but for folders and certificate; then with a node at rest."""
    certificate, key = make_certificate(tmp_path, "radio.example.org")
    parameters = tomllib.loads((DEPLOY / "nginx" / name).read_text())
    port = free_port()
    given = {"certificate": str(certificate), "certificate_key": str(key), "run_folder": str(tmp_path), "cache_folder": str(tmp_path / "cache"),
             "https_listen": [f"127.0.0.1:{port}"], "http_listen": [f"127.0.0.1:{free_port()}"], "health_listen": [],
             "max_event_streams": 1000, "access_log": "off", "error_log": str(tmp_path / "error.log"),
             "user": "root" if os.getuid() == 0 else ""}  # fmt: skip
    assert set(given) - {"cache_folder", "run_folder"} - set(parameters) <= {"max_event_streams"}
    front = tmp_path / "front.toml"
    front.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in (parameters | given).items()))
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/bin", "POPRADIO_FRONT": str(front), "POPRADIO_FRONT_RUN": str(tmp_path)}
    with subprocess.Popen([DEPLOY / "nginx/start"], env=environment) as nginx:
        try:
            eventually(lambda: nginx.poll() is None and accepts(port), what="nginx's listening")
            resting = ["--reload", "--set", f'resting=["{parameters["nodes"][0]}"]']
            subprocess.run([DEPLOY / "nginx/start", *resting], env=environment, check=True)
            assert f"server {parameters['nodes'][0]} max_fails=3 fail_timeout=5s down;" in (tmp_path / "nginx.conf").read_text()
            wrong = subprocess.run([DEPLOY / "nginx/start", "--reload", "--set", "hsts=5"], env=environment, capture_output=True, text=True)
            assert wrong.returncode != 0 and "'hsts' must be a text" in wrong.stderr
            assert accepts(port)
        finally:
            nginx.send_signal(signal.SIGQUIT)
    assert nginx.returncode == 0


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except ConnectionRefusedError:
        return False


def test_the_commands_in_the_files_are_shell(compose, tmp_path):
    scripts = 0
    for name, service in compose["services"].items():
        words = [*(service.get("entrypoint") or []), *(service.get("command") or [])]
        if words[:2] == ["sh", "-euc"]:
            script = tmp_path / f"{name}.sh"
            script.write_text(words[2].replace("$$", "$"))
            done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            scripts += 1
    assert scripts >= 2
