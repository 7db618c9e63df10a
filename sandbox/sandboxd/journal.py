"""What the daemon wrote down of each command, so that a later daemon can tell the truth about it.

`<state>/commands/<exec id>/` holds `spec.json` (before the start), `end.json` (after the end) and
`output.ndjson`. A spec without an end, found at the start of a daemon, is a command whose fate
nobody saw: it is told as unknown and never started again.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any


class Journal:
    """Folders of commands below ``state``."""

    def __init__(self, state: Path) -> None:
        self._root = state / "commands"
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def folder(self, exec_id: str) -> Path:
        return self._root / exec_id

    def begin(self, exec_id: str, spec: dict[str, Any]) -> None:
        """Writes the intention, on disk when this returns. The id is new."""
        folder = self.folder(exec_id)
        folder.mkdir(mode=0o700)
        _write(folder / "spec.json", spec)
        _sync_folder(self._root)

    def end(self, exec_id: str, description: dict[str, Any]) -> None:
        """Writes how it ended, on disk when this returns."""
        _write(self.folder(exec_id) / "end.json", description)

    def known(self) -> list[tuple[str, dict[str, Any], dict[str, Any] | None]]:
        """Every command with its spec and end, oldest first; one without a spec never began."""
        found = []
        for folder in sorted(self._root.iterdir(), key=lambda path: path.stat().st_mtime_ns):
            spec = _read(folder / "spec.json")
            if spec is not None:
                found.append((folder.name, spec, _read(folder / "end.json")))
            else:
                self.forget(folder.name)
        return found

    def forget(self, exec_id: str) -> None:
        shutil.rmtree(self.folder(exec_id), ignore_errors=True)


def _write(path: Path, value: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
