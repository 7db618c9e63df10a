"""Owns calling wrangler for a deploy: one command, its exit code and its words."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime

CALL_SECONDS = 900
"""The longest is the upload of the Worker with a container's image."""
_SHOWN_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended. `output` is what it printed for programs, `words` everything."""

    code: int
    output: str
    words: str

    @property
    def is_good(self) -> bool:
        return self.code == 0


class Wrangler(Protocol):
    """What a deploy needs of wrangler."""

    def run(self, *words: str) -> Ended:
        """Runs one command to its end; never asks anybody anything."""


class WranglerCommand:
    """The real one, in the project's root."""

    def __init__(self, runtime: LocalRuntime, environment: Mapping[str, str], root: Path) -> None:
        self._start = [str(runtime.node.executable), "--no-warnings", str(runtime.wrangler)]
        self._environment = dict(environment)
        self._root = root

    def run(self, *words: str) -> Ended:
        try:
            done = subprocess.run(
                [*self._start, *words],
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=CALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            words_so_far = str(late.stdout or "") + str(late.stderr or "")
            return Ended(
                code=124, output="", words=f"{words_so_far}\nno end after {CALL_SECONDS} s"
            )
        return Ended(code=done.returncode, output=done.stdout, words=done.stdout + done.stderr)


def required(
    ended: Ended, what: str, how: str = "mend what wrangler says, and run this again"
) -> str:
    """The output of a command that had to succeed; SetupFailure with its last words."""
    if ended.is_good:
        return ended.output
    lines = [line for line in ended.words.strip().splitlines() if line.strip()][-_SHOWN_LINES:]
    raise SetupFailure(what, how + "".join(f"\n     | {line}" for line in lines))
