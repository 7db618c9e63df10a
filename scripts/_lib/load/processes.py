"""Owns looking at the memory of a local server's processes, in /proc (Linux only)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LISTENS = "0A"
KINDS = ("workerd", "node", "python")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Megabytes that lie in memory (RSS), by the kind of process; how many processes there are."""

    megabytes: dict[str, float]
    processes: int


@dataclass(frozen=True, kw_only=True)
class Server:
    """The topmost processes of a server. ``proxy`` listens for it and passes on to workerd."""

    tops: tuple[int, ...]
    proxy: int = 0


def server_of(port: int) -> Server | None:
    """The server that listens there; `None` when it is of another machine.

    What listens is a child of the server: its parents are followed as long as they are Node's. A
    Python above them started the engine of the sandboxes too.
    """
    inodes = {f"socket:[{inode}]" for inode in _listening(port)}
    for pid in _pids():
        if inodes & set(_open_files(pid)):
            top = _topmost(pid)
            above = _parent(top)
            tops = _children(above) if _kind(above) == "python" else [top]
            return Server(tops=tuple(tops), proxy=pid)
    return None


def _children(pid: int) -> list[int]:
    return [each for each in _pids() if _parent(each) == pid]


def memory_of(server: Server) -> Memory:
    """Its processes and all that they started, programs in sandboxes included.

    Wrangler's development proxy is a workerd too and counts as ``proxy``: no deployment has it.
    """
    children = defaultdict(list)
    for pid in _pids():
        children[_parent(pid)].append(pid)
    found: dict[str, float] = defaultdict(float)
    waiting, count = [*server.tops], 0
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        kind = "proxy" if pid == server.proxy else _kind(pid)
        if kind:
            found[kind] += _megabytes(pid)
            count += 1
    return Memory(megabytes=dict(found), processes=count)


def _listening(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        try:
            lines = (_PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            if words[3] == _LISTENS and int(words[1].rpartition(":")[2], 16) == port:
                yield words[9]


def _open_files(pid: int) -> Iterator[str]:
    try:
        for entry in (_PROC / str(pid) / "fd").iterdir():
            yield str(entry.readlink())
    except OSError:
        return


def _topmost(pid: int) -> int:
    while (parent := _parent(pid)) > 1 and _kind(parent) in ("node", "workerd"):
        pid = parent
    return pid


def _pids() -> Iterator[int]:
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            yield int(entry.name)


def _parent(pid: int) -> int:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _kind(pid: int) -> str:
    """`workerd`, `node`, `python`, `other`; empty for one that has ended."""
    try:
        name = (_PROC / str(pid) / "comm").read_text().strip().lower()
    except OSError:
        return ""
    if name == "mainthread":  # what Node calls its own
        return "node"
    return next((kind for kind in KINDS if name.startswith(kind)), "other")


def _megabytes(pid: int) -> float:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0
