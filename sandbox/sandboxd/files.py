"""Files of the workspace for callers outside: written, read, listed, and what a run leaves behind.

Paths are absolute or relative to the workspace, and must lie in it when every link was followed.
The daemon has no more rights than the commands, so a link can lead nowhere that they cannot go.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
from pathlib import Path
from typing import Any

from sandboxd.configuration import MAX_ARTIFACTS, MAX_FILE_BYTES, MAX_LISTED_FILES

ARTIFACTS = "artifacts"


class BadPath(Exception):
    """The path leaves the workspace, or is no file; the text may be shown."""


class NoFile(Exception):
    """There is nothing at this path."""


class Workspace:
    """The folder that commands begin in."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def write(self, path: str, content: bytes) -> dict[str, Any]:
        """Replaces the file as a whole; makes the folders above it. Repeating is safe."""
        target = self._inside(path)
        if target.is_dir():
            raise BadPath(f"{path} is a folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(content)
        part.replace(target)
        return {"path": str(target), "bytes": len(content)}

    def read(self, path: str) -> bytes:
        """The whole file; BadPath when it is larger than a call may carry."""
        target = self._inside(path)
        if not target.exists():
            raise NoFile(path)
        if not target.is_file():
            raise BadPath(f"{path} is no file")
        if target.stat().st_size > MAX_FILE_BYTES:
            raise BadPath(f"{path} is larger than {MAX_FILE_BYTES} bytes")
        return target.read_bytes()

    def list(self, path: str) -> dict[str, Any]:
        """What lies directly in a folder, by name."""
        target = self._inside(path)
        if not target.is_dir():
            raise NoFile(path)
        with os.scandir(target) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        return {
            "files": [_entry(entry) for entry in found[:MAX_LISTED_FILES]],
            "cut": len(found) > MAX_LISTED_FILES,
        }

    def artifacts(self) -> dict[str, Any]:
        """Files below ``artifacts`` with size, type and hash, by path; links are left out."""
        base = self._root / ARTIFACTS
        paths = sorted(Path(root) / name for root, _, names in os.walk(base) for name in names)
        files = [path for path in paths if path.is_file() and not path.is_symlink()]
        return {
            "artifacts": [_artifact(path, base) for path in files[:MAX_ARTIFACTS]],
            "cut": len(files) > MAX_ARTIFACTS,
        }

    def artifact(self, path: str) -> Path:
        """Where an artifact lies, for reading in pieces."""
        target = self._inside(f"{ARTIFACTS}/{path}")
        if not target.is_file():
            raise NoFile(path)
        return target

    def _inside(self, path: str) -> Path:
        if "\0" in path or len(path) > 4096:
            raise BadPath("a path has at most 4096 characters and no NUL")
        target = (self._root / path).resolve()
        if not target.is_relative_to(self._root):
            raise BadPath(f"{path} is outside {self._root}")
        return target


def _entry(entry: os.DirEntry[str]) -> dict[str, Any]:
    status = entry.stat(follow_symlinks=False)
    kind = "folder" if entry.is_dir(follow_symlinks=False) else "file"
    return {
        "path": entry.path,
        "kind": "link" if entry.is_symlink() else kind,
        "bytes": status.st_size,
        "changedAt": status.st_mtime_ns // 1_000_000,
    }


def _artifact(path: Path, base: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return {
        "path": str(path.relative_to(base)),
        "bytes": size,
        "contentType": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "sha256": digest.hexdigest(),
    }
