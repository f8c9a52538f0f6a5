#!/usr/bin/env python3
"""Makes the web files part of the program.

Compresses web/dist, the API description and its page with gzip and brotli, and writes an assembly file
that carries the bytes (.incbin) and a C++ table of them (app/web_files.h).
"""
import argparse
import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".map": "application/json",
}
COMPRESSIBLE = {".html", ".js", ".mjs", ".css", ".json", ".webmanifest", ".svg", ".txt", ".xml", ".map", ".ico"}
# What Vite names after its content.
HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")


def openapi_as_json(path):
    import yaml  # Debian's python3-yaml

    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def smaller(original, packed):
    """The packed bytes where they save at least a tenth, else nothing."""
    return packed if len(packed) < 0.9 * len(original) else b""


def brotli(data):
    return subprocess.run(["brotli", "--best", "--stdout", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout


def letters(files):
    """The app's own letters for the API's page, whose style knows no hashed names: the rules as the app's style has them."""
    styles = (data.decode() for path, suffix, data in files if suffix == ".css" and path.startswith("/assets/"))
    return "\n".join(sorted({rule for style in styles for rule in re.findall(r"@font-face\s*\{[^}]*/assets/[^}]*\}", style)}))


def collect(arguments):
    files = []  # (path, suffix, bytes)
    if arguments.web:
        root = pathlib.Path(arguments.web)
        for file in sorted(root.rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                files.append(("/" + file.relative_to(root).as_posix(), file.suffix, file.read_bytes()))
    description = openapi_as_json(arguments.openapi)
    files.append(("/openapi.json", ".json", json.dumps(description, ensure_ascii=False, separators=(",", ":"), default=str).encode()))
    docs = pathlib.Path(arguments.docs)
    if docs.is_dir():
        files.append(("/docs/letters.css", ".css", letters(files).encode()))
        for file in sorted(docs.rglob("*")):
            if file.is_file():
                name = "/docs" if file.name == "index.html" else "/docs/" + file.relative_to(docs).as_posix()
                files.append((name, file.suffix, file.read_bytes()))
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("web", "openapi", "docs", "assembly", "table"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    folder = pathlib.Path(arguments.assembly).with_suffix(".d")
    folder.mkdir(parents=True, exist_ok=True)

    assembly = ['  .section .rodata', '']
    externs, rows = [], []
    count = 0

    def embed(data):
        nonlocal count
        if not data:
            return "{}"
        name = f"popradio_web_{count}"
        count += 1
        file = folder / name
        file.write_bytes(data)
        assembly.extend([f"  .global {name}", "  .balign 16", f"{name}:", f'  .incbin "{file}"'])
        externs.append(f"extern const char {name}[];")
        return f"std::string_view({name}, {len(data)})"

    for path, suffix, data in collect(arguments):
        if suffix not in TYPES:
            sys.exit(f"embed_web: no content type is known for '{path}'; add it to TYPES")
        packable = suffix in COMPRESSIBLE and len(data) >= 512
        identity = embed(data)
        gz = embed(smaller(data, gzip.compress(data, 9, mtime=0))) if packable else "{}"
        br = embed(smaller(data, brotli(data))) if packable else "{}"
        etag = hashlib.sha256(data).hexdigest()[:16]
        immutable = "true" if HASHED.match(path) else "false"
        rows.append(f'    {{{json.dumps(path)}, "{TYPES[suffix]}", "\\"{etag}\\"", {identity}, {gz}, {br}, {immutable}}},')

    assembly.append('  .section .note.GNU-stack,"",%progbits')
    pathlib.Path(arguments.assembly).write_text("\n".join(assembly) + "\n")
    pathlib.Path(arguments.table).write_text(
        '#include "app/web_files.h"\n\nextern "C" {\n' + "\n".join(externs) + "\n}\n\nnamespace popradio::app {\n\n"
        "std::span<const http::StaticFile> WebFiles() {\n  static const http::StaticFile kFiles[] = {\n"
        + "\n".join(rows) + "\n  };\n  return kFiles;\n}\n\n}  // namespace popradio::app\n")


if __name__ == "__main__":
    main()
