"""Owns `wrangler d1 execute` as a `littoral.store.database.Database`, for an operator's commands.

Every call starts wrangler once, so this is for a few statements by hand. wrangler takes no values
beside the text: they are written into it, quoted.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from _lib.wrangler import wrangler_environment

DATABASE = "littoral"
CALL_SECONDS = 120
_PLACE = re.compile(r"\?")


class WranglerDatabase:
    """The deployed database, or with `state` the one of a local server, which must not run."""

    def __init__(self, runtime: LocalRuntime, *, scratch: Path, state: Path | None) -> None:
        self._runtime = runtime
        self._scratch = scratch
        self._where = ["--remote"] if state is None else ["--local", f"--persist-to={state}"]

    async def rows(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of one statement, as `Database.rows`; SetupFailure with wrangler's words."""
        found = self._execute(inlined(text, values))
        return [tuple(row.values()) for row in found[0].get("results") or ()]

    async def batch(self, statements: Sequence[Any]) -> list[Any]:
        """One statement only: more would not be one transaction here."""
        if len(statements) != 1:
            raise ValueError(f"a batch of {len(statements)} statements cannot be run by wrangler")
        self._execute(inlined(statements[0].text, statements[0].values))
        return []

    def _execute(self, text: str) -> list[dict[str, Any]]:
        ended = subprocess.run(
            [
                str(self._runtime.node.executable),
                "--no-warnings",
                str(self._runtime.wrangler),
                *("d1", "execute", DATABASE, "--json", "--yes", *self._where),
                f"--command={text}",
            ],
            cwd=project.ROOT,
            env=wrangler_environment(self._runtime, scratch=self._scratch),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CALL_SECONDS,
            check=False,
        )
        if ended.returncode:
            raise SetupFailure(
                "wrangler could not execute this on the database",
                f"its last lines: {(ended.stdout + ended.stderr)[-1_500:]}",
            )
        found: list[dict[str, Any]] = json.loads(ended.stdout[ended.stdout.index("[") :])
        return found


def inlined(text: str, values: Sequence[object]) -> str:
    """The statement with its values in place of each `?`, quoted as SQLite reads them."""
    places = len(_PLACE.findall(text))
    if places != len(values):
        raise ValueError(f"the statement has {places} places and {len(values)} values")
    waiting = iter(values)
    return _PLACE.sub(lambda _: _literal(next(waiting)), text)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a text for the database may not hold a NUL")
        return "'" + value.replace("'", "''") + "'"
    if type(value) in (int, float):
        return repr(value)
    raise TypeError(f"{value!r} cannot be stored: use text, a number or None")
