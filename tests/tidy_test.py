"""Habits that a machine can check, so that nobody has to remember them."""
import json
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST_SOURCE = 700  # past 400 a source is asking to be two; past this it is told


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    "pattern, rule",
    [
        (r"\bgetenv\(", "settings come through app/settings; getenv stands in src/cli only"),
        (r"\bsleep_for\b|\busleep\(|\bsleep\(\d", "nothing sleeps: wait for the event, with a deadline"),
        (r"\bstd::random_device\b|\brand\(\)", "randomness is an argument (base/random.h)"),
        (r"\bTODO\b|\bFIXME\b|\bXXX\b", "finish it, or write an issue"),
    ],
)
def test_sources_keep_the_habit(pattern, rule):
    allowed = {"getenv": ["src/cli/"]}
    found = []
    for file in tracked("src/*.cc", "src/*.h"):
        name = file.relative_to(ROOT).as_posix()
        if "getenv" in pattern and name.endswith("_test.cc"):
            continue
        if any(key in pattern and name.startswith(place) for key, places in allowed.items() for place in places):
            continue
        for number, line in enumerate(read(file).splitlines(), 1):
            if re.search(pattern, line.split("//")[0] if "TODO" not in pattern else line):
                found.append(f"{name}:{number}")
    assert not found, f"{rule}: {found}"


def test_no_source_is_endless():
    long = [f"{f.relative_to(ROOT)} ({len(read(f).splitlines())} lines)" for f in tracked("src/*.cc", "src/*.h") if len(read(f).splitlines()) > LONGEST_SOURCE]
    assert not long, f"split these: {long}"


def test_every_header_is_guarded():
    missing = [str(f.relative_to(ROOT)) for f in tracked("src/*.h") if "#pragma once" not in read(f)]
    assert not missing


def test_documents_link_to_what_exists():
    broken = []
    for file in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#?\s]+)(?:#[^)]*)?\)", read(file)):
            if "://" not in target and not target.startswith("mailto:") and not (file.parent / target).exists():
                broken.append(f"{file.relative_to(ROOT)} -> {target}")
    assert not broken, broken


def test_the_settings_page_is_the_settings_table():
    """docs/settings.md names every row of the table, with its default."""
    table = read(ROOT / "src/app/settings_table.cc")
    page = read(ROOT / "docs/settings.md")
    rows = re.findall(r'^\s*\{"([a-z]+\.[a-z_]+)", "([^"]*)"', table, re.M)
    assert len(rows) >= 30
    missing = [name for name, fallback in rows if f"`{name}`" not in page or (fallback and f"`{fallback}`" not in page)]
    assert not missing, f"run tools/make_settings_page.py: {missing}"


def test_the_web_packages_are_locked_whole_and_name_no_registry():
    """`npm ci` refuses a lock file in which another platform's package is missing. A registry that lags behind makes npm
    write such a file: then hold the package at its last complete version with "overrides" in package.json."""
    packages = json.loads(read(ROOT / "web/package-lock.json"))["packages"]
    missing = []
    for path, package in packages.items():
        for name in package.get("optionalDependencies", {}):
            places = path.split("/node_modules/") if path else []
            above = ["/node_modules/".join(places[:count]) for count in range(len(places), 0, -1)] + [""]
            if not any(f"{place}/node_modules/{name}".lstrip("/") in packages for place in above):
                missing.append(f"{path} wants {name}")
    assert not missing
    assert not [path for path, package in packages.items() if "resolved" in package]


def test_python_has_no_undefined_or_unused_names():
    """A program that runs rarely, or in one mode only, keeps a missing import for itself until then."""
    programs = [f for f in tracked("bench/*", "deploy/*", "demo/*", "tests/*", "tools/*") if not f.suffix and read(f).startswith("#!/usr/bin/env python3")]
    said = subprocess.run([sys.executable, "-m", "pyflakes", *tracked("*.py"), *programs], capture_output=True, text=True)
    # bench/run finds its benchmarks by their names.
    found = [line for line in (said.stdout + said.stderr).splitlines() if not re.search(r"'shared\.bench_\w+' imported but unused", line)]
    assert programs and not found, "\n".join(found)
