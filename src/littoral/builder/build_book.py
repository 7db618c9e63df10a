"""The rows of one build: the build, its phases, files, contents, issues and messages.

Each thing is one row with its contents as JSON; columns beside it are only what is searched for.
Writes belong into a transaction with their event (``littoral.builder.changes``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from littoral.builder.blueprint import Blueprint, PlannedFile, PlannedPhase
from littoral.builder.budget import Amounts
from littoral.builder.build import (
    Build,
    Phase,
    PhaseFile,
    QueuedMessage,
    Review,
    Round,
    SavedFile,
    Writing,
)
from littoral.builder.issue import Issue
from littoral.errors import NotFound
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql, Value

BUILD_BOOK_SCHEMA = Schema(
    name="build_book",
    steps=(
        """
        CREATE TABLE build (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);
        CREATE TABLE phases (number INTEGER PRIMARY KEY, record TEXT NOT NULL);
        CREATE TABLE files (path TEXT PRIMARY KEY, hash TEXT NOT NULL, record TEXT NOT NULL)
          WITHOUT ROWID;
        CREATE TABLE contents (hash TEXT PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE issues (number INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,
          status TEXT NOT NULL, record TEXT NOT NULL);
        CREATE TABLE messages (number INTEGER PRIMARY KEY, text TEXT NOT NULL,
          at_ms INTEGER NOT NULL, taken INTEGER NOT NULL);
        """,
    ),
)


class BuildBook:
    """Reads and writes the rows."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    # --- the build -------------------------------------------------------------------------------

    def find(self) -> Build | None:
        """The build, also as a draft; ``None`` when this object has none."""
        text = self._sql.value("SELECT record FROM build WHERE id = 1")
        return None if text is None else _build(text)

    def get(self) -> Build:
        """The build; raises ``NotFound`` for none and for a draft."""
        build = self.find()
        if build is None or build.draft:
            raise no_such_build()
        return build

    def put(self, build: Build) -> None:
        record = asdict(build)
        record["blueprint"] = None if build.blueprint is None else build.blueprint.to_json()
        self._sql.run("INSERT OR REPLACE INTO build VALUES (1, ?)", dumps(record))

    def forget(self) -> None:
        """Deletes a build that never began."""
        self._sql.run("DELETE FROM build")

    # --- phases ----------------------------------------------------------------------------------

    def phases(self) -> list[Phase]:
        """All phases in their order."""
        rows = self._sql.rows("SELECT record FROM phases ORDER BY number")
        return [_phase(text) for (text,) in rows]

    def phase(self, index: int) -> Phase:
        text = self._sql.value("SELECT record FROM phases WHERE number = ?", index)
        if text is None:
            raise NotFound(f"There is no phase {index}.")
        return _phase(text)

    def put_phase(self, phase: Phase) -> None:
        self._sql.run(
            "INSERT OR REPLACE INTO phases VALUES (?, ?)", phase.index, dumps(asdict(phase))
        )

    def forget_phases(self) -> None:
        self._sql.run("DELETE FROM phases")

    # --- files -----------------------------------------------------------------------------------

    def files(self) -> list[SavedFile]:
        """All files by path."""
        rows = self._sql.rows("SELECT record FROM files ORDER BY path")
        return [SavedFile(**json.loads(str(text))) for (text,) in rows]

    def file(self, path: str) -> SavedFile | None:
        text = self._sql.value("SELECT record FROM files WHERE path = ?", path)
        return None if text is None else SavedFile(**json.loads(str(text)))

    def texts(self) -> dict[str, str]:
        """The text of every file by path."""
        rows = self._sql.rows(
            "SELECT path, text FROM files JOIN contents USING (hash) ORDER BY path"
        )
        return {str(path): str(text) for path, text in rows}

    def text(self, content_hash: str) -> str | None:
        """A content, also of an earlier revision."""
        found = self._sql.value("SELECT text FROM contents WHERE hash = ?", content_hash)
        return None if found is None else str(found)

    def put_content(self, content_hash: str, text: str) -> None:
        self._sql.run("INSERT OR IGNORE INTO contents VALUES (?, ?)", content_hash, text)

    def put_file(self, file: SavedFile) -> None:
        self._sql.run(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
            file.path,
            file.hash,
            dumps(asdict(file)),
        )

    def forget_files(self) -> None:
        """No file is the build's any more; contents stay."""
        self._sql.run("DELETE FROM files")

    def forget_contents(self, kept: Collection[str]) -> int:
        """Deletes contents that no file has and that are not among ``kept``; gives how many."""
        rows = self._sql.rows(
            "SELECT hash FROM contents WHERE hash NOT IN (SELECT hash FROM files)"
        )
        gone = [str(each) for (each,) in rows if str(each) not in kept]
        for content_hash in gone:
            self._sql.run("DELETE FROM contents WHERE hash = ?", content_hash)
        return len(gone)

    # --- issues ----------------------------------------------------------------------------------

    def issues(self) -> list[Issue]:
        """All issues, oldest first."""
        rows = self._sql.rows("SELECT record FROM issues ORDER BY number")
        return [Issue(**json.loads(str(text))) for (text,) in rows]

    def open_issues(self) -> list[Issue]:
        rows = self._sql.rows("SELECT record FROM issues WHERE status = 'open' ORDER BY number")
        return [Issue(**json.loads(str(text))) for (text,) in rows]

    def issue(self, fingerprint: str) -> Issue | None:
        text = self._sql.value("SELECT record FROM issues WHERE fingerprint = ?", fingerprint)
        return None if text is None else Issue(**json.loads(str(text)))

    def put_issue(self, issue: Issue) -> None:
        self._sql.run(
            "INSERT INTO issues (fingerprint, status, record) VALUES (?, ?, ?) "
            "ON CONFLICT (fingerprint) DO UPDATE SET status = excluded.status, "
            "record = excluded.record",
            issue.fingerprint,
            issue.status,
            dumps(asdict(issue)),
        )

    def forget_old_issues(self, kept: int) -> None:
        """Deletes the oldest of those that are fixed."""
        self._sql.run(
            "DELETE FROM issues WHERE status = 'fixed' AND number NOT IN "
            "(SELECT number FROM issues ORDER BY number DESC LIMIT ?)",
            kept,
        )

    # --- messages --------------------------------------------------------------------------------

    def messages(self, *, taken: bool) -> list[QueuedMessage]:
        rows = self._sql.rows(
            "SELECT number, text, at_ms FROM messages WHERE taken = ? ORDER BY number", int(taken)
        )
        return [
            QueuedMessage(
                number=int(number or 0), text=str(text), at_ms=int(at_ms or 0), taken=taken
            )
            for number, text, at_ms in rows
        ]

    def add_message(self, text: str, at_ms: int) -> int:
        """Queues a message; its number."""
        self._sql.run("INSERT INTO messages (text, at_ms, taken) VALUES (?, ?, 0)", text, at_ms)
        return int(self._sql.value("SELECT max(number) FROM messages") or 0)

    def take_messages(self, up_to: int) -> None:
        self._sql.run("UPDATE messages SET taken = 1 WHERE number <= ?", up_to)

    def message_count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM messages") or 0)

    # --- events ----------------------------------------------------------------------------------

    def last_event(self) -> int:
        return int(self._sql.value("SELECT max(number) FROM events") or 0)


def has_begun(sql: Sql) -> bool:
    """Whether a build was ever begun here; asking writes nothing."""
    return sql.value("SELECT 1 FROM sqlite_master WHERE name = 'build'") is not None


def no_such_build() -> NotFound:
    """The error for an id that is not one of this owner's builds."""
    return NotFound("You have no such build.", next_step="List yours with GET /agents.")


def _build(text: Value) -> Build:
    raw: dict[str, Any] = json.loads(str(text))
    for name in ("last_limit", "last_used"):
        raw[name] = Amounts(**raw[name])
    if raw["wanted"] is not None:
        raw["wanted"] = Amounts(**raw["wanted"])
    if raw["blueprint"] is not None:
        raw["blueprint"] = _blueprint(raw["blueprint"])
    if raw["writing"] is not None:
        raw["writing"] = Writing(**raw["writing"])
    if raw["review"] is not None:
        raw["review"] = _review(raw["review"])
    if raw["round"] is not None:
        raw["round"] = _round(raw["round"])
    return Build(**raw)


def _round(raw: dict[str, Any]) -> Round:
    return Round(**{**raw, "limit": Amounts(**raw["limit"]), "used": Amounts(**raw["used"])})


def _review(raw: dict[str, Any]) -> Review:
    before = raw["before"]
    hard, total = raw["weight"]
    return Review(
        **{
            **raw,
            "pending": tuple(raw["pending"]),
            "before": None if before is None else tuple(before),
            "weight": (int(hard), int(total)),
        }
    )


def _blueprint(raw: dict[str, Any]) -> Blueprint:
    return Blueprint(
        **{
            **raw,
            "features": tuple(raw["features"]),
            "phases": tuple(
                PlannedPhase(
                    **{**each, "files": tuple(PlannedFile(**file) for file in each["files"])}
                )
                for each in raw["phases"]
            ),
        }
    )


def _phase(text: Value) -> Phase:
    raw = json.loads(str(text))
    files = tuple(PhaseFile(**each) for each in raw["files"])
    return Phase(**{**raw, "files": files, "messages": tuple(raw["messages"])})
