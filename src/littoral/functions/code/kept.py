"""Accepted code of one owner, kept by what was asked for, so that a second call needs no model.

What was asked for once may be written again: a new version then, and the old ones stay. What may be
accepted is ``writer``'s business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import Clock
from littoral.functions.classification.key import request_key
from littoral.functions.code.code import Code, Language
from littoral.functions.job import Example
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

MOST_KEPT: Final = 2_000

KEPT_CODE_SCHEMA = Schema(
    name="kept_code",
    steps=(
        "CREATE TABLE kept_code (key TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, "
        "language TEXT NOT NULL, source TEXT NOT NULL, entry TEXT NOT NULL, origin TEXT NOT NULL, "
        "model TEXT NOT NULL, accepted_at_ms INTEGER NOT NULL, used_at_ms INTEGER NOT NULL, "
        "uses INTEGER NOT NULL, doubted INTEGER NOT NULL, PRIMARY KEY (key, version)) "
        "WITHOUT ROWID",
        "CREATE INDEX kept_code_used ON kept_code (used_at_ms)",
    ),
)
_COLUMNS: Final = "language, source, entry, origin, model, version, accepted_at_ms, uses, doubted"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One version. ``doubted``: it failed once and was tried to be written anew."""

    code: Code
    version: int
    accepted_at_ms: int
    uses: int
    doubted: bool


def code_key(
    description: str,
    args: Any,
    schema: Any,
    examples: Sequence[Example],
    language: Language,
    network: Sequence[str] = (),
) -> str:
    """What code is kept under: the words, the shape of the arguments, what the result must be, and
    the hosts that it may reach: code that was written for some is never run without them.

    Other values of the same shape find the same code; other examples do not. The words count as
    they are written, but for spaces, the first letter's case and marks at the end: what stands in
    them may be data.
    """
    words = " ".join(description.split()).rstrip(" .!?")
    wanted = [[each.args, each.result] for each in examples]
    shape = request_key("", args, schema, version="code")
    asked = [words[:1].lower() + words[1:], shape, schema, wanted, language]
    text = dumps([*asked, sorted(network)] if network else asked)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


class KeptCode:
    """The versions by key."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def newest(self, key: str) -> Kept | None:
        """The version that is used now."""
        found = self.versions(key)
        return found[0] if found else None

    def versions(self, key: str) -> list[Kept]:
        """All versions, newest first."""
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM kept_code WHERE key = ? ORDER BY version DESC", key
        )
        return [_kept(row) for row in rows]

    def keep(self, key: str, code: Code) -> int:
        """Makes this the newest version and gives its number; the same source is kept once."""

        def write() -> int:
            newest = self.newest(key)
            if newest is not None and newest.code.hash == code.hash:
                return newest.version
            version = newest.version + 1 if newest else 1
            now = self._clock.now_ms()
            self._sql.run(
                "INSERT INTO kept_code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)",
                key,
                version,
                code.hash,
                code.language,
                code.source,
                code.entry,
                code.origin,
                code.model,
                now,
                now,
            )
            self._drop_surplus()
            return version

        return self._sql.transaction(write)

    def used(self, key: str, version: int) -> None:
        """Counts one use."""
        self._sql.run(
            "UPDATE kept_code SET uses = uses + 1, used_at_ms = ? WHERE key = ? AND version = ?",
            self._clock.now_ms(),
            key,
            version,
        )

    def doubt(self, key: str, version: int) -> None:
        """It failed and is written anew, this once."""
        self._sql.run(
            "UPDATE kept_code SET doubted = 1 WHERE key = ? AND version = ?", key, version
        )

    def _drop_surplus(self) -> None:
        self._sql.run(
            "DELETE FROM kept_code WHERE (key, version) IN (SELECT key, version FROM kept_code "
            "ORDER BY used_at_ms DESC, version DESC LIMIT -1 OFFSET ?)",
            MOST_KEPT,
        )


def _kept(row: Row) -> Kept:
    language, source, entry, origin, model, version, accepted, uses, doubted = row
    code = Code(
        language="javascript" if language == "javascript" else "python",
        source=str(source),
        entry=str(entry),
        origin="offline" if origin == "offline" else "model",
        model=str(model),
    )
    return Kept(
        code=code,
        version=int(version or 0),
        accepted_at_ms=int(accepted or 0),
        uses=int(uses or 0),
        doubted=bool(doubted),
    )
