"""Owns completing `package-lock.json`: one entry for every platform's optional package.

A registry that does not carry a platform's build leaves a hole in the lock, and `npm ci` refuses a
lock with holes. Each hole gets version, os and cpu, so that the package is skipped elsewhere and
looked up by name and version where it is wanted. Resolving versions is npm's business.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_SYSTEMS = {
    "android": "android",
    "darwin": "darwin",
    "freebsd": "freebsd",
    "linux": "linux",
    "netbsd": "netbsd",
    "openbsd": "openbsd",
    "openharmony": "openharmony",
    "sunos": "sunos",
    "aix": "aix",
    "win32": "win32",
    "windows": "win32",
}
_PROCESSORS = {
    "64": "x64",
    "arm": "arm",
    "arm64": "arm64",
    "ia32": "ia32",
    "loong64": "loong64",
    "mips64el": "mips64el",
    "ppc64": "ppc64",
    "riscv64": "riscv64",
    "s390x": "s390x",
    "wasm32": "wasm32",
    "x64": "x64",
}


def fill_platform_holes(lock_path: Path) -> list[str]:
    """Adds the missing entries in place and returns their names. Repeatable."""
    lock: dict[str, Any] = json.loads(lock_path.read_text(encoding="utf-8"))
    packages: dict[str, dict[str, Any]] = lock["packages"]
    added: list[str] = []
    for entry in list(packages.values()):
        for name, version in entry.get("optionalDependencies", {}).items():
            key = f"node_modules/{name}"
            if key not in packages and re.fullmatch(r"\d[\w.+-]*", version):
                packages[key] = _entry(name, version, development=bool(entry.get("dev")))
                added.append(name)
    lock["packages"] = dict(sorted(packages.items()))
    lock_path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return added


def _entry(name: str, version: str, *, development: bool) -> dict[str, Any]:
    words = re.split(r"[-/_@.]", name)
    systems = [_SYSTEMS[word] for word in words if word in _SYSTEMS]
    processors = [_PROCESSORS[word] for word in words if word in _PROCESSORS]
    entry: dict[str, Any] = {"version": version}
    if processors:
        entry["cpu"] = processors[:1]
    if development:
        entry["dev"] = True
    entry["optional"] = True
    if systems:
        entry["os"] = systems[:1]
    return entry
