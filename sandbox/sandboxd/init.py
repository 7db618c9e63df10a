"""The first process: starts the daemon, collects processes whose parents have gone, ends with it.

Only the standard library, so that it stays small beside the daemon. As process 1 of its own process
space, or as a child subreaper elsewhere (Linux), it becomes the parent of whatever escaped.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sandboxd.configuration import Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38


def run(daemon: Callable[[], int], limits: Limits) -> int:
    """Runs ``daemon`` in a child with the limits; gives its exit code when it has ended."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    set_limits(limits)
    child = os.fork()
    if child == 0:
        if sys.platform == "linux":
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os._exit(daemon())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda heard, _frame: _pass_on(child, heard))
    return _wait_for(child)


def set_limits(limits: Limits) -> None:
    """Limits of the kernel for this process and all that come from it; never raises them."""
    wanted = {
        resource.RLIMIT_NPROC: limits.processes + (_others() if limits.shared_user else 0),
        resource.RLIMIT_DATA: limits.memory_bytes,
        resource.RLIMIT_FSIZE: limits.disk_bytes,
        resource.RLIMIT_NOFILE: 4096,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


def _others() -> int:
    """Threads of our user that run already, elsewhere on the machine; 0 where nobody tells."""
    try:
        folders = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        ours = [folder for folder in folders if folder.stat().st_uid == os.getuid()]
        return sum(len(list((folder / "task").iterdir())) for folder in ours)
    except OSError:
        return 0


def _wait_for(child: int) -> int:
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return 1
        if pid == child:
            return os.waitstatus_to_exitcode(status) & 0xFF


def _pass_on(child: int, number: int) -> None:
    try:
        os.kill(child, number)
    except ProcessLookupError:
        pass


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
