#!/usr/bin/env python3
"""Writes docs/settings.md from what `popradio settings --json` prints: tools/make_settings_page.py build/popradio"""
import json
import pathlib
import subprocess
import sys

program = sys.argv[1] if len(sys.argv) > 1 else "build/popradio"
rows = json.loads(subprocess.run([program, "settings", "--json"], capture_output=True, text=True, check=True).stdout)
lines = [
    "# Settings",
    "",
    "One name, three spellings: `limits.like_per_hour` is `[limits]` `like_per_hour = 100` in `popradio.toml`,",
    "`POPRADIO_LIMITS_LIKE_PER_HOUR` in the environment and `--limits.like_per_hour 100` on the command line. The later",
    "wins. `PORT`, `REDIS_URL` and `MONGODB_URI` are understood as well. `popradio settings` prints what is in force",
    "and where it came from. Made by `tools/make_settings_page.py`.",
    "",
    "| setting | default | meaning |",
    "| --- | --- | --- |",
]
for row in rows:
    default = f"`{row['default']}`" if row["default"] else ""
    lines.append(f"| `{row['name']}` | {default} | {row['meaning']} |")
pathlib.Path("docs/settings.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
