"""Everything that runs below a shell: found in /proc, and ended.

A process belongs to a shell when it is of the shell's session, or when its environment has the
shell's mark (so one that began a session of its own is found too).
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

MARK = "LITTORAL_TERMINAL"
_LOOK_AGAIN_SECONDS = 0.05
_ROUNDS_OF_KILLING = 40


def members(shell_pid: int, mark: str) -> set[int]:
    """Process ids of the shell and of all that belongs to it; zombies are left out."""
    wanted = f"{MARK}={mark}".encode()
    return {
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and _belongs(entry, shell_pid, wanted)
    }


def _belongs(entry: Path, shell_pid: int, wanted: bytes) -> bool:
    try:
        _, _, rest = (entry / "stat").read_text(errors="replace").rpartition(")")
        state, _parent, _group, session = rest.split()[:4]
        if state in "ZX":
            return False
        return int(session) == shell_pid or wanted in (entry / "environ").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False  # it ended meanwhile, or is somebody else's


def signal_all(pids: set[int], number: signal.Signals) -> None:
    """Sends a signal to each; those that are gone are passed over."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


async def end_all(shell_pid: int, mark: str, *, grace_seconds: float) -> None:
    """Hangs up, waits ``grace_seconds`` at most, then kills until nothing is left. Repeatable."""
    waiting = members(shell_pid, mark)
    signal_all(waiting, signal.SIGHUP)
    signal_all(waiting, signal.SIGCONT)  # a stopped process would not hear the hang-up
    deadline = asyncio.get_running_loop().time() + grace_seconds
    while waiting and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        waiting = members(shell_pid, mark)
    for _ in range(_ROUNDS_OF_KILLING):
        if not waiting:
            return
        signal_all(waiting, signal.SIGKILL)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        waiting = members(shell_pid, mark)
