"""The telemetry: takes batches of all isolates, adds them up, and answers what operators ask.

    batch ──► one row ──► fold (each minute, and before every question) ──► counts, traces, tail

A batch is one row as soon as it came, so nothing that was told is lost with the object's memory.
Its id says whether it came already.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from littoral.api.envelope import Call, failure, success
from littoral.clock import Clock, iso
from littoral.errors import LittoralError, NotFound, TooLarge
from littoral.jsontext import dumps
from littoral.ops.count_book import COUNT_SCHEMA, HOUR, MINUTE, CountBook, Width
from littoral.ops.metric import LOST, METRICS
from littoral.ops.question import Question
from littoral.ops.span import Span
from littoral.ops.tally import read_tally
from littoral.ops.trace_book import TRACE_SCHEMA, TraceBook, TraceQuery
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

NAME: Final = "all"
"""Name of the one object that keeps the telemetry."""

FOLD_AFTER_MS: Final = 60_000
PRUNE_AFTER_MS: Final = 600_000
MOST_WAITING: Final = 200
"""Batches that wait to be added up; more are added up at once."""
MOST_BATCH_CHARACTERS: Final = 1_000_000
MOST_LINES: Final = 1_000
IDS_KEPT_MS: Final = 600_000
"""How long the id of a batch is remembered after it was added up."""

SCHEMA: Final = Schema(
    name="ops_telemetry",
    steps=(
        "CREATE TABLE ops_batches (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT) "
        "WITHOUT ROWID",
        "CREATE INDEX ops_waiting ON ops_batches (at) WHERE body IS NOT NULL",
        "CREATE TABLE ops_lines (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)",
        "CREATE TABLE ops_notes (subject TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    ),
)
TELEMETRY_SCHEMAS: Final = (SCHEMA, COUNT_SCHEMA, TRACE_SCHEMA)
_FOLDED_AT_ONCE: Final = 10
_WAITING: Final = "SELECT id, at, body FROM ops_batches WHERE body IS NOT NULL ORDER BY at LIMIT ?"

_log = logging.getLogger(__name__)


class Telemetry:
    """The one object's contents. Its schemas must have been applied."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock
        self._counts = CountBook(sql)
        self._traces = TraceBook(sql)
        self._pruned_at_ms = 0
        self._methods: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "batch": self._take,
            "ping": lambda _: {},
            "totals": lambda _: {"tally": self._counts.totals().to_json()},
            "window": self._window,
            "points": self._points,
            "traces": self._list_traces,
            "trace": lambda args: self._traces.get(str(args["traceId"])),
            "tail": self._tail,
            "notes": lambda _: {"notes": self.notes()},
        }

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        try:
            call = Call.read(text)
            return success(self.result(call.method, call.args))
        except LittoralError as error:
            return failure(error)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            _log.exception("the telemetry failed")
            return failure(error)

    def result(self, name: str, args: Mapping[str, Any]) -> Any:
        """The result of a method, as JSON values; raises its error."""
        method = self._methods.get(name)
        if method is None:
            raise NotFound(f"The telemetry has no method {name!r}.")
        if name != "batch":
            self.fold()
        return method(args)

    # --- what comes ------------------------------------------------------------------------------

    def _take(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Keeps a batch; the same one again changes nothing."""
        body = str(args["body"])
        if len(body) > MOST_BATCH_CHARACTERS:
            raise TooLarge(f"A batch has {len(body)} characters; at most {MOST_BATCH_CHARACTERS}.")
        self._sql.run(
            "INSERT OR IGNORE INTO ops_batches VALUES (?, ?, ?)",
            str(args["id"]),
            self._clock.now_ms(),
            body,
        )
        if self.waiting() > MOST_WAITING:
            self.fold()
        return {}

    def waiting(self) -> int:
        """Batches that are not added up yet."""
        found = self._sql.value("SELECT count(*) FROM ops_batches WHERE body IS NOT NULL")
        return int(found or 0)

    def fold(self) -> None:
        """Adds up what waits, each batch in one transaction, and forgets what is too old."""
        while rows := self._sql.rows(_WAITING, _FOLDED_AT_ONCE):
            for batch_id, at, body in rows:
                work = partial(self._fold_one, str(batch_id), int(at or 0), str(body))
                self._sql.transaction(work)
        if self._clock.now_ms() - self._pruned_at_ms > PRUNE_AFTER_MS:
            self._prune()

    def _fold_one(self, batch_id: str, at_ms: int, body: str) -> None:
        self._sql.run("UPDATE ops_batches SET body = NULL WHERE id = ?", batch_id)
        try:
            batch = json.loads(body)
            tally = read_tally(batch["tally"])
            spans = [Span.read(each) for each in batch["spans"]]
            lines, notes = list(batch["lines"]), dict(batch["notes"])
        except (ValueError, KeyError, TypeError):
            _log.exception("a batch cannot be read and is dropped")
            return
        too_many = self._traces.add(spans)
        if too_many:
            tally.count((LOST, "spans"), too_many)
        self._counts.add(at_ms, tally)
        for line in lines[-MOST_LINES:]:
            self._sql.run("INSERT INTO ops_lines (body) VALUES (?)", str(line))
        for subject, fact in notes.items():
            self._sql.run("INSERT OR REPLACE INTO ops_notes VALUES (?, ?)", subject, dumps(fact))

    def _prune(self) -> None:
        now = self._pruned_at_ms = self._clock.now_ms()
        self._counts.prune(now)
        self._traces.prune(now)
        self._sql.run("DELETE FROM ops_batches WHERE body IS NULL AND at < ?", now - IDS_KEPT_MS)
        newest = int(self._sql.value("SELECT max(number) FROM ops_lines") or 0)
        self._sql.run("DELETE FROM ops_lines WHERE number <= ?", newest - MOST_LINES)

    # --- what is asked ---------------------------------------------------------------------------

    def _window(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The sums of the last minutes, and of as many before them."""
        now, minutes = self._clock.now_ms(), int(args["minutes"])
        width: Width = MINUTE if minutes <= 24 * 60 else HOUR
        until = now // width * width + width
        begin = until - minutes * MINUTE
        metrics = list(METRICS)
        return {
            "fromMs": begin,
            "untilMs": now,
            "tally": self._counts.between(width, begin, until, metrics).to_json(),
        }

    def _points(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """One metric over time, in steps; each point is the sum of the series that fit."""
        now, minutes = self._clock.now_ms(), int(args["minutes"])
        step = int(args["stepMs"])
        width: Width = MINUTE if minutes <= 24 * 60 else HOUR
        begin = (now - minutes * MINUTE) // step * step
        question = Question(
            metric=str(args["metric"]),
            labels={int(at): str(value) for at, value in dict(args["labels"]).items()},
            group=None if args["group"] is None else int(args["group"]),
        )
        points = question.points(self._counts.points(width, begin, now + 1), step)
        return {"fromMs": begin, "untilMs": now, "stepMs": step, "points": points}

    def _list_traces(self, args: Mapping[str, Any]) -> dict[str, Any]:
        query = TraceQuery(
            limit=int(args["limit"]),
            failed=bool(args["failed"]),
            slowest=bool(args["slowest"]),
            words=str(args["words"]),
            kind=str(args["kind"]),
            since_ms=int(args["sinceMs"]),
        )
        return {"traces": self._traces.newest(query)}

    def _tail(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Log lines after a number, the newest of them if they are more than ``limit``."""
        rows = self._sql.rows(
            "SELECT number, body FROM ops_lines WHERE number > ? ORDER BY number DESC LIMIT ?",
            int(args["since"]),
            int(args["limit"]),
        )
        lines = [{"number": number, **json.loads(str(body))} for number, body in reversed(rows)]
        return {"lines": lines}

    def notes(self) -> dict[str, Any]:
        """The newest facts by subject, with the time in ISO."""
        found: dict[str, Any] = {}
        for subject, body in self._sql.rows("SELECT subject, body FROM ops_notes"):
            fact = json.loads(str(body))
            found[str(subject)] = {**fact, "at": iso(int(fact["atMs"]))}
        return found
