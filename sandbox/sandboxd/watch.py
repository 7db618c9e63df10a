"""Watches what the sandbox uses, and ends the command that uses too much.

The kernel's limits (`init.set_limits`) hold each process; this holds all of them together, and says
in the command's end which limit it was.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

from sandboxd.command import Reason
from sandboxd.commands import Commands
from sandboxd.configuration import Limits
from sandboxd.processes import Process, ProcessTable, owners, signal_each

LOOK_SECONDS = 0.25
DISK_LOOKS = 8
"""The disk is measured only every so many looks: a walk costs more than a table."""
MOST_FILES_WALKED = 50_000


class Watch:
    """One for the daemon's life."""

    def __init__(
        self, commands: Commands, table: ProcessTable, limits: Limits, workspace: Path
    ) -> None:
        self._commands = commands
        self._table = table
        self._limits = limits
        self._workspace = workspace
        self._has_own_disk = _is_mount(workspace)
        self._looks = 0

    async def run(self) -> None:
        """Looks for ever; cheap while no process runs."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Looks once."""
        found = self._table.read()
        if not found:
            return
        if len(found) >= self._limits.processes * 9 // 10:
            self._end_largest(found, Counter(owners(found).values()), "processes")
        elif sum(one.resident_bytes for one in found) > self._limits.memory_bytes:
            self._look_at_memory(found)
        self._looks += 1
        if self._looks % DISK_LOOKS == 0:
            self._look_at_disk()

    def _look_at_memory(self, found: list[Process]) -> None:
        """What is shared counts once: a program that forks often is resident many times over."""
        weights: Counter[str] = Counter()
        belongs = owners(found)
        for one in found:
            weights[belongs[one.pid]] += one.own_bytes
        if weights.total() > self._limits.memory_bytes:
            self._end_largest(found, weights, "memory")

    def _look_at_disk(self) -> None:
        """Where the workspace is a disk of its own, the kernel says that it is full."""
        running = self._commands.running()
        if self._has_own_disk or not running:
            return
        if _used_bytes(self._workspace) > self._limits.disk_bytes:
            for command in running:
                command.end("disk")

    def _end_largest(self, found: list[Process], weights: Counter[str], reason: Reason) -> None:
        mark, _ = weights.most_common(1)[0]
        for command in self._commands.running():
            if command.spec.exec_id == mark:
                command.end(reason, grace_seconds=0)
                return
        belongs = owners(found)
        culprits = [one for one in found if belongs[one.pid] == mark]
        signal_each(culprits, signal.SIGSTOP)
        signal_each(culprits, signal.SIGKILL)


def _is_mount(folder: Path) -> bool:
    return os.path.ismount(folder)


def _used_bytes(folder: Path) -> int:
    used = walked = 0
    for root, _, names in os.walk(folder):
        for name in names:
            walked += 1
            try:
                used += (Path(root) / name).lstat().st_blocks * 512
            except OSError:
                continue
        if walked > MOST_FILES_WALKED:
            break
    return used
