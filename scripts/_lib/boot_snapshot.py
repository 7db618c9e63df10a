"""Owns the memory snapshots that local servers boot from: made once for each state of the code.

A Worker whose memory was kept after its imports starts in a fraction of the time, and starts as
in production, where a deploy keeps that memory. A snapshot fits only the code it was made of,
so it is found by a hash of everything that was imported; without a fitting one a server boots
plainly. Making one is `snapshot_preflight.py`'s business, starting workerd `workerd_start.py`'s.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from _lib import project
from _lib.local_runtime import LocalRuntime
from _lib.snapshot_preflight import SNAPSHOT, preflight

_KEPT = 6
_FOLDER = project.CACHE / "snapshots"


def snapshot_folder(build: Path, *, bundle_folder: Path) -> Path:
    """Where the snapshot of `build` lies, or would lie."""
    digest = hashlib.sha256(bundle_folder.name.encode())
    for path in (
        project.CACHE / "python_modules.lock",
        project.ROOT / "package-lock.json",
        project.ROOT / "wrangler.toml",
    ):
        digest.update(path.read_bytes() if path.is_file() else b"")
    for file in sorted(path for path in build.rglob("*") if path.is_file()):
        digest.update(f"\0{file.relative_to(build).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return _FOLDER / digest.hexdigest()[:24]


def has_snapshot(build: Path, *, bundle_folder: Path) -> bool:
    return (snapshot_folder(build, bundle_folder=bundle_folder) / SNAPSHOT).is_file()


def ensure_snapshot(runtime: LocalRuntime, build: Path) -> None:
    """Makes the snapshot of `build` when there is none; the newest few are kept. Repeatable.

    SetupFailure when the code cannot be imported, as a deploy would say it.
    """
    folder = snapshot_folder(build, bundle_folder=runtime.bundle_folder)
    if (folder / SNAPSHOT).is_file():
        os.utime(folder)
        return
    scratch = _FOLDER / f".making-{os.getpid()}"
    try:
        preflight(runtime, build=build, scratch=scratch)
        folder.mkdir(parents=True, exist_ok=True)
        (scratch / SNAPSHOT).replace(folder / SNAPSHOT)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _delete_old()


def _delete_old() -> None:
    folders = [folder for folder in _FOLDER.iterdir() if not folder.name.startswith(".")]
    newest_first = sorted(folders, key=_changed_at, reverse=True)
    for folder in newest_first[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _changed_at(folder: Path) -> float:
    """0 for one that another process has deleted meanwhile."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0
