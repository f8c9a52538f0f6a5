"""Who may include whom: the order of docs/architecture.md, checked from the includes themselves."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"

# Layer -> layers it may know, beside itself.
MAY_KNOW = {
    "base": [],
    "domain": ["base"],
    "radio": ["base", "domain"],
    "store": ["base", "domain"],
    "store/embedded": ["base", "domain", "store"],
    "store/distributed": ["base", "domain", "store", "store/distributed/redis", "store/distributed/mongo"],
    "store/distributed/redis": ["base"],
    "store/distributed/mongo": ["base"],
    "store/contract": ["base", "domain", "store"],
    "sync": ["base", "domain", "store", "store/distributed"],
    "migrate": ["base", "domain", "store"],
    "http": ["base"],
    "media": ["base", "domain", "store"],
    "realtime": ["base", "domain", "radio", "store"],
    "api": ["base", "domain", "radio", "store", "realtime", "media", "http"],
    "app": ["base", "domain", "radio", "store", "store/embedded", "store/distributed", "realtime", "media", "http", "api"],
    "cli": ["base", "domain", "radio", "store", "realtime", "media", "http", "sync", "migrate", "api", "app"],
}

# Libraries that only one place may name.
ONLY_IN = {
    r"sqlite3\.h|SQLiteCpp/": ["store/embedded"],
    r"hiredis/": ["store/distributed/redis"],
    r"mongoc/|bson/": ["store/distributed/mongo"],
    r"boost/beast": ["http"],
    r"prometheus/": ["api"],
    r"CLI/": ["cli"],
    r"toml\+\+/": ["app"],
    r"unicode/": ["domain", "media"],
    r"pugixml|csv\.h|xxhash": ["media"],
    r"spdlog/": ["base"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def layer_of(path):
    """The layer a path below src belongs to; the longest name wins."""
    parts = pathlib.PurePosixPath(path).parts
    for length in (3, 2, 1):
        name = "/".join(parts[:length])
        if len(parts) > length and name in MAY_KNOW:
            return name
    return None


def includes_of(text):
    return [(quote == '"', name) for quote, name in INCLUDE.findall(text)]


def problems(path, text):
    layer = layer_of(path)
    # A test may open a real store: it stands outside the program.
    is_test = path.endswith(("_test.cc", "_testing.h", "_testing.cc"))
    found = []
    for ours, name in includes_of(text):
        other = layer_of(name) if ours else None
        if other and other != layer and other not in MAY_KNOW[layer] and not is_test:
            found.append(f"{path} includes {name}: {layer} must not know {other}")
        for library, places in ONLY_IN.items():
            if not other and re.match(library, name) and layer not in places and not is_test:
                found.append(f"{path} includes {name}: only {', '.join(places)} may")
    return found


def sources():
    return sorted(p for p in SOURCE.rglob("*") if p.suffix in (".h", ".cc") and p.parent != SOURCE)


@pytest.mark.parametrize("file", sources(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_includes_keep_the_layers(file):
    path = file.relative_to(SOURCE).as_posix()
    assert layer_of(path), f"{path}: no layer is known for this folder; add it to MAY_KNOW"
    assert problems(path, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path, text",
    [
        ("http/x.cc", '#include "domain/song.h"'),
        ("domain/x.cc", '#include "store/backend.h"'),
        ("api/x.cc", '#include "store/embedded/database.h"'),
        ("app/x.cc", "#include <SQLiteCpp/Database.h>"),
        ("store/embedded/x.cc", "#include <hiredis/read.h>"),
        ("store/distributed/redis/x.cc", '#include "http/request.h"'),
        ("store/distributed/mongo/x.cc", '#include "domain/song.h"'),
        ("store/distributed/x.cc", '#include "store/embedded/database.h"'),
        ("store/embedded/x.cc", "#include <mongoc/mongoc.h>"),
        ("realtime/x.h", "# include <boost/beast/http.hpp>"),
        ("base/x.h", '#include "http/request.h"'),
    ],
)
def test_a_shortcut_is_noticed(path, text):
    assert problems(path, text)


def test_a_test_may_open_a_real_store():
    assert problems("api/x_test.cc", '#include "store/embedded/embedded_backend.h"') == []
