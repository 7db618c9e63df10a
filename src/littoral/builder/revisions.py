"""Revisions of a build: the files that it had, by path and content hash, at moments worth keeping.

Rows only, so that a revision and the event that tells of it are written in one transaction; the
contents lie in ``littoral.builder.blobs`` and are put there before. A revision never changes:
restoring an old one makes a new one with the same files.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from littoral.builder.blobs import Blobs
from littoral.clock import Clock, iso
from littoral.errors import NotFound
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

MOST_REVISIONS = 60
"""Older ones are forgotten: ten phases with three reviews each, and as many restored by hand."""

REVISIONS_SCHEMA = Schema(
    name="revisions",
    steps=(
        """
        CREATE TABLE revisions (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          manifest_hash TEXT NOT NULL,
          files TEXT NOT NULL,
          reason TEXT NOT NULL,
          restored_from INTEGER,
          created_at_ms INTEGER NOT NULL
        );
        CREATE TABLE unnamed_blobs (hash TEXT PRIMARY KEY) WITHOUT ROWID;
        """,
    ),
)

_COLUMNS = "number, manifest_hash, files, reason, restored_from, created_at_ms"


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """One file of a revision. ``hash`` is that of its content, ``type`` its media type."""

    path: str
    hash: str
    bytes: int
    type: str


@dataclass(frozen=True, kw_only=True)
class Revision:
    """All files of a build at one moment, ordered by path.

    ``hash`` is the same for the same files. ``reason`` says what it was kept for.
    """

    number: int
    hash: str
    files: tuple[KeptFile, ...]
    reason: str
    restored_from: int | None
    created_at_ms: int

    def file(self, path: str) -> KeptFile | None:
        """The file of exactly this path."""
        return next((each for each in self.files if each.path == path), None)

    def to_json(self) -> dict[str, Any]:
        """As lists tell it."""
        return {
            "number": self.number,
            "hash": self.hash,
            "reason": self.reason,
            "restoredFrom": self.restored_from,
            "createdAt": iso(self.created_at_ms),
            "bytes": sum(each.bytes for each in self.files),
            "files": [asdict(each) for each in self.files],
        }


class Revisions:
    """The revisions of one build. Every method but ``sweep`` is one transaction or joins yours."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def save(
        self, files: Iterable[KeptFile], *, reason: str, restored_from: int | None = None
    ) -> Revision:
        """Keeps these files as the newest revision; their contents are in the store already.

        When the newest revision has just these files, it is given back and nothing is written, so
        repeating is safe.
        """
        ordered = tuple(sorted(files, key=lambda each: each.path))
        return self._sql.transaction(lambda: self._save(ordered, reason, restored_from))

    def restore(self, number: int) -> Revision:
        """Makes the files of an old revision the newest again. Raises ``NotFound``."""
        return self.save(
            self.get(number).files, reason=f"restored from {number}", restored_from=number
        )

    def newest(self) -> Revision | None:
        """The last revision, ``None`` before the first one."""
        rows = self._sql.rows(f"SELECT {_COLUMNS} FROM revisions ORDER BY number DESC LIMIT 1")
        return _revision(rows[0]) if rows else None

    def get(self, number: int) -> Revision:
        """One revision; ``NotFound`` when it never was or has been forgotten."""
        rows = self._sql.rows(f"SELECT {_COLUMNS} FROM revisions WHERE number = ?", number)
        if not rows:
            raise NotFound(
                f"There is no revision {number}.",
                next_step="List those that are kept with GET /agents/<id>/revisions.",
            )
        return _revision(rows[0])

    def all(self) -> list[Revision]:
        """Every revision that is kept, newest first."""
        rows = self._sql.rows(f"SELECT {_COLUMNS} FROM revisions ORDER BY number DESC")
        return [_revision(row) for row in rows]

    async def sweep(self, blobs: Blobs, *, in_use: Collection[str]) -> int:
        """Deletes contents that only forgotten revisions named; gives how many.

        ``in_use`` are hashes that something besides revisions names, such as files of a phase that
        goes on. Call it when no content is being put. Repeating is safe.
        """
        waiting = {str(row[0]) for row in self._sql.rows("SELECT hash FROM unnamed_blobs")}
        gone = sorted(waiting - self._named() - set(in_use))
        if gone:
            await blobs.delete(gone)
        for blob_hash in waiting:
            self._sql.run("DELETE FROM unnamed_blobs WHERE hash = ?", blob_hash)
        return len(gone)

    def _save(
        self, files: tuple[KeptFile, ...], reason: str, restored_from: int | None
    ) -> Revision:
        manifest = dumps([asdict(each) for each in files])
        manifest_hash = sha256(manifest.encode()).hexdigest()
        newest = self.newest()
        if newest is not None and newest.hash == manifest_hash:
            return newest
        self._sql.run(
            "INSERT INTO revisions (manifest_hash, files, reason, restored_from, created_at_ms) "
            "VALUES (?, ?, ?, ?, ?)",
            manifest_hash, manifest, reason, restored_from, self._clock.now_ms(),
        )  # fmt: skip
        made = self.newest()
        assert made is not None
        self._forget_those_before(made.number - MOST_REVISIONS + 1)
        return made

    def _forget_those_before(self, number: int) -> None:
        old = self._sql.rows(f"SELECT {_COLUMNS} FROM revisions WHERE number < ?", number)
        for revision in map(_revision, old):
            for each in revision.files:
                self._sql.run("INSERT OR IGNORE INTO unnamed_blobs VALUES (?)", each.hash)
            self._sql.run("DELETE FROM revisions WHERE number = ?", revision.number)

    def _named(self) -> set[str]:
        return {each.hash for revision in self.all() for each in revision.files}


def _revision(row: Row) -> Revision:
    number, manifest_hash, files, reason, restored_from, created_at_ms = row
    return Revision(
        number=int(number or 0),
        hash=str(manifest_hash),
        files=tuple(KeptFile(**each) for each in json.loads(str(files))),
        reason=str(reason),
        restored_from=None if restored_from is None else int(restored_from),
        created_at_ms=int(created_at_ms or 0),
    )
