"""The processes of this sandbox: found in /proc, counted, stopped and killed.

A command's processes are its group, everything whose environment has its mark, and the children of
those. What has washed its environment and lost its parent belongs to nobody and is killed with
whichever command ends by force. Without /proc (macOS) only groups are known.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "LITTORAL_EXEC"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ROUNDS = 60
_ROUND_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Process:
    """One line of /proc. ``mark`` is the exec id that it was started for, empty when unknown."""

    pid: int
    parent: int
    group: int
    resident_bytes: int
    mark: str

    @property
    def own_bytes(self) -> int:
        """Memory with what it shares divided among those who share it; slower to find out."""
        return _proportional_bytes(self.pid, self.resident_bytes)


class ProcessTable:
    """What runs below the first process, without it and the daemon."""

    def __init__(self, *, daemon: int, first: int) -> None:
        self._own = {daemon, first}
        self._first = first

    def read(self) -> list[Process]:
        """Every process of the sandbox that is not a zombie."""
        if not Path("/proc/self/stat").exists():
            return []
        known = {one.pid: one for one in map(_read, _pids()) if one is not None}
        if self._first == 1:
            return [one for one in known.values() if one.pid not in self._own]
        return [one for one in known.values() if self._is_below(one, known)]

    def of(self, mark: str, group: int) -> list[Process]:
        """What belongs to a command, and what belongs to no command or terminal at all."""
        found = self.read()
        by_pid = {one.pid: one for one in found}
        return [one for one in found if one.group == group or _owner(one, by_pid) in (mark, "")]

    def _is_below(self, one: Process, known: dict[int, Process]) -> bool:
        if one.pid in self._own:
            return False
        at: Process | None = one
        for _ in range(len(known)):
            if at is None:
                return False
            if at.parent in self._own:
                return True
            at = known.get(at.parent)
        return False


def signal_group(group: int, number: signal.Signals) -> None:
    """To every process of the group; none left is no error."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass


def signal_each(found: Iterable[Process], number: signal.Signals) -> None:
    """To each; those that have gone meanwhile are passed over."""
    for one in found:
        try:
            os.kill(one.pid, number)
        except (ProcessLookupError, PermissionError):
            pass


async def kill_all(table: ProcessTable, mark: str, group: int) -> None:
    """Kills a command's processes until none is left; those that fork are stopped first."""
    signal_group(group, signal.SIGKILL)
    for _ in range(_ROUNDS):
        found = table.of(mark, group)
        if not found:
            return
        signal_each(found, signal.SIGSTOP)
        signal_each(table.of(mark, group), signal.SIGKILL)
        await asyncio.sleep(_ROUND_SECONDS)


def owners(found: Iterable[Process]) -> dict[int, str]:
    """For each process the mark of the command or terminal that it comes from, or ``""``."""
    by_pid = {one.pid: one for one in found}
    return {pid: _owner(one, by_pid) for pid, one in by_pid.items()}


def _owner(one: Process, by_pid: dict[int, Process]) -> str:
    at: Process | None = one
    for _ in range(len(by_pid)):
        if at is None:
            return ""
        if at.mark:
            return at.mark
        at = by_pid.get(at.parent)
    return ""


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdecimal()]  # noqa: PTH208 - no Path each


def _read(pid: int) -> Process | None:
    folder = Path("/proc") / str(pid)
    try:
        rest = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        if rest[0] in "ZX":
            return None
        resident = int(rest[21]) * _PAGE
        return Process(
            pid=pid,
            parent=int(rest[1]),
            group=int(rest[2]),
            resident_bytes=resident,
            mark=_mark(folder),
        )
    except (OSError, ValueError, IndexError):
        return None


def _proportional_bytes(pid: int, resident_bytes: int) -> int:
    """``resident_bytes`` where the kernel does not tell; 0 for one that has gone meanwhile."""
    try:
        text = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
    except PermissionError:
        return resident_bytes
    except OSError:
        return resident_bytes if (Path("/proc") / str(pid)).exists() else 0
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        if name == "Pss":
            return int(rest.split()[0]) * 1024
    return resident_bytes


def _mark(folder: Path) -> str:
    try:
        variables = (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    for variable in variables:
        name, _, value = variable.partition(b"=")
        if name in (MARK.encode(), b"LITTORAL_TERMINAL"):
            return value.decode(errors="replace")
    return ""
