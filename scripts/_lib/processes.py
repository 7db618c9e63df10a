"""Owns running tools for set-up, and making of their failures a `SetupFailure` with a next step."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from _lib.failures import SetupFailure

_OFFLINE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Network is unreachable|"
    r"NewConnectionError|ConnectionError|Temporary failure in name resolution|ProxyError|"
    r"Name or service not known|Max retries exceeded|ReadTimeout|SSLError|\(from versions: none\)",
)
_NO_DISK = re.compile(r"No space left on device|ENOSPC")
_MIB = 1024 * 1024
_SHOWN_LINES = 8


def run_tool(
    command: Sequence[str | Path],
    *,
    what: str,
    how: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
) -> str:
    """Runs to the end and returns standard output.

    A failure becomes `SetupFailure(what, …)`; when the output shows a dead network or a full disk,
    the next step says so, otherwise it is `how` with the last lines of the tool.
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupFailure(f"{what}: {command[0]} does not start ({error})", how) from error
    if done.returncode == 0:
        return done.stdout
    raise SetupFailure(what, _next_step(done.stdout + done.stderr, how))


def _next_step(output: str, how: str) -> str:
    lines = [line for line in output.strip().splitlines() if line.strip()][-_SHOWN_LINES:]
    shown = "".join(f"\n     | {line}" for line in lines)
    if _NO_DISK.search(output):
        return f"the disk is full: free about 2 GB and run this again{shown}"
    if _OFFLINE.search(output):
        return (
            "the package registry did not answer: check the network, and the proxy and certificate "
            f"settings of pip and npm, then run this again{shown}"
        )
    return how + shown


def require_disk(folder: Path, *, mebibytes: int) -> None:
    """SetupFailure when the file system of `folder` has less room than set-up needs."""
    free = shutil.disk_usage(folder).free // _MIB
    if free < mebibytes:
        raise SetupFailure(
            f"only {free} MiB of disk are free under {folder}; set-up needs {mebibytes} MiB",
            "free some space (or clone to another disk) and run this again",
        )
