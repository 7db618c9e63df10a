"""The rows of traces: spans as they came, and one line for each trace. The newest are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import iso
from littoral.errors import NotFound
from littoral.jsontext import dumps
from littoral.ops.span import Span
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql, Value

TRACE_SCHEMA = Schema(
    name="ops_traces",
    steps=(
        "CREATE TABLE ops_spans (number INTEGER PRIMARY KEY, trace_id TEXT NOT NULL, "
        "body TEXT NOT NULL)",
        "CREATE INDEX ops_spans_of ON ops_spans (trace_id)",
        "CREATE TABLE ops_traces (trace_id TEXT PRIMARY KEY, begun INTEGER NOT NULL, "
        "ended INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, "
        "spans INTEGER NOT NULL, errors INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX ops_traces_by_time ON ops_traces (begun)",
    ),
)
MOST_TRACES: Final = 5_000
MOST_SPANS_OF_ONE: Final = 500
KEPT_MS: Final = 3 * 24 * 3_600_000
_PRUNED_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class TraceQuery:
    """Which traces are asked for. ``words`` are looked for in the name of the first span."""

    limit: int = 50
    failed: bool = False
    slowest: bool = False
    words: str = ""
    kind: str = ""
    since_ms: int = 0


class TraceBook:
    """Reads and writes the rows. ``add`` belongs into a transaction."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def add(self, spans: Sequence[Span]) -> int:
        """Keeps spans; gives how many were too many of one trace."""
        return sum(not self._add(span) for span in spans)

    def _add(self, span: Span) -> bool:
        ended = span.begun_ms + int(span.duration_ms)
        failed = int(span.status == "error")
        rows = self._sql.rows(
            "SELECT begun, ended, name, kind, spans, errors FROM ops_traces WHERE trace_id = ?",
            span.trace_id,
        )
        known = rows[0] if rows else None
        if known is not None and int(known[4] or 0) >= MOST_SPANS_OF_ONE:
            return False
        is_first = known is None or _comes_first(span, int(known[0] or 0), str(known[3]))
        name, kind = (span.name, span.kind) if is_first or known is None else known[2:4]
        self._sql.run(
            "INSERT OR REPLACE INTO ops_traces VALUES (?, ?, ?, ?, ?, ?, ?)",
            span.trace_id,
            min(span.begun_ms, int(known[0] or 0)) if known else span.begun_ms,
            max(ended, int(known[1] or 0)) if known else ended,
            name,
            kind,
            (int(known[4] or 0) if known else 0) + 1,
            (int(known[5] or 0) if known else 0) + failed,
        )
        self._sql.run(
            "INSERT INTO ops_spans (trace_id, body) VALUES (?, ?)",
            span.trace_id,
            dumps(span.to_json()),
        )
        return True

    def newest(self, query: TraceQuery) -> list[dict[str, Any]]:
        """Traces, newest or slowest first."""
        where = ["begun >= ?"]
        values: list[Value] = [query.since_ms]
        if query.failed:
            where.append("errors > 0")
        if query.kind:
            where.append("kind = ?")
            values.append(query.kind)
        if query.words:
            where.append("instr(lower(name), lower(?)) > 0")
            values.append(query.words)
        order = "ended - begun DESC" if query.slowest else "begun DESC"
        rows = self._sql.rows(
            "SELECT trace_id, begun, ended, name, kind, spans, errors FROM ops_traces "
            f"WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?",
            *values,
            query.limit,
        )
        return [_line(row) for row in rows]

    def get(self, trace_id: str) -> dict[str, Any]:
        """A trace with all its spans, in the order of their beginning; raises ``NotFound``."""
        rows = self._sql.rows(
            "SELECT trace_id, begun, ended, name, kind, spans, errors FROM ops_traces "
            "WHERE trace_id = ?",
            trace_id,
        )
        if not rows:
            raise NotFound(
                f"There are no spans of the trace {trace_id[:40]!r}.",
                next_step="It was not sampled, is not told yet, or is too old: see TRACE_SAMPLE.",
            )
        bodies = self._sql.rows("SELECT body FROM ops_spans WHERE trace_id = ?", trace_id)
        spans = [json.loads(str(body)) for (body,) in bodies]
        spans.sort(key=lambda each: (each["begunMs"], -each["durationMs"]))
        return {**_line(rows[0]), "parts": spans}

    def prune(self, now_ms: int) -> None:
        """Deletes traces that are too old or too many, some at a time."""
        rows = self._sql.rows(
            "SELECT trace_id FROM ops_traces WHERE begun < ? OR trace_id NOT IN "
            "(SELECT trace_id FROM ops_traces ORDER BY begun DESC LIMIT ?) LIMIT ?",
            now_ms - KEPT_MS,
            MOST_TRACES,
            _PRUNED_AT_ONCE,
        )
        for (trace_id,) in rows:
            self._sql.run("DELETE FROM ops_spans WHERE trace_id = ?", trace_id)
            self._sql.run("DELETE FROM ops_traces WHERE trace_id = ?", trace_id)


def _comes_first(span: Span, begun_ms: int, kind: str) -> bool:
    """Whether a span names its trace better: it is the request, or began earlier."""
    if (span.kind == "http") != (kind == "http"):
        return span.kind == "http"
    return span.begun_ms < begun_ms


def _line(row: Row) -> dict[str, Any]:
    trace_id, begun, ended, name, kind, spans, errors = row
    begun_ms, ended_ms = int(begun or 0), int(ended or 0)
    return {
        "traceId": trace_id,
        "name": name,
        "kind": kind,
        "begunAt": iso(begun_ms),
        "begunMs": begun_ms,
        "durationMs": ended_ms - begun_ms,
        "spans": spans,
        "errors": errors,
    }
