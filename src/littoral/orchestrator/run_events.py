"""Numbered events of each run: from 1, without a gap, for as long as the run is kept.

Output that is let go keeps its number and says how much there was. Who is told of new events is
``littoral.orchestrator.watchers``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock, iso
from littoral.jsontext import dumps
from littoral.orchestrator.run import RunEvent
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

RUN_EVENTS_SCHEMA = Schema(
    name="run_events",
    steps=(
        "CREATE TABLE run_events (run_id TEXT NOT NULL, number INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, "
        "PRIMARY KEY (run_id, number)) WITHOUT ROWID",
    ),
)
MAX_PAGE = 500
PAGE_CHARACTERS = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact about one run."""

    run_id: str
    number: int
    type: str
    data: dict[str, Any]
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "type": self.type,
            "at": iso(self.at_ms),
            "data": self.data,
        }


class RunEvents:
    """Appends and reads the events of all runs of one owner."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def append(self, run_id: str, event_type: RunEvent, data: dict[str, Any]) -> Event:
        """Writes the next event of a run. Call it inside the transaction of the change."""
        event = Event(
            run_id=run_id,
            number=self.last(run_id) + 1,
            type=event_type,
            data=data,
            at_ms=self._clock.now_ms(),
        )
        self._sql.run(
            "INSERT INTO run_events VALUES (?, ?, ?, ?, ?)",
            run_id,
            event.number,
            event.at_ms,
            event_type,
            dumps(data),
        )
        return event

    def last(self, run_id: str) -> int:
        """Number of the newest event, 0 when there is none."""
        found = self._sql.value("SELECT max(number) FROM run_events WHERE run_id = ?", run_id)
        return int(found or 0)

    def since(self, run_id: str, number: int, limit: int = 200) -> list[Event]:
        """Events after ``number``, oldest first; fewer when they are long."""
        rows = self._sql.rows(
            "SELECT number, type, data, at_ms FROM run_events WHERE run_id = ? AND number > ? "
            "ORDER BY number LIMIT ?",
            run_id,
            number,
            max(1, min(limit, MAX_PAGE)),
        )
        page: list[Event] = []
        characters = 0
        for row in rows:
            characters += len(str(row[2]))
            if page and characters > PAGE_CHARACTERS:
                break
            page.append(_event(run_id, *row))
        return page

    def tail(self, run_id: str, most_characters: int) -> str:
        """The end of what the run wrote to its standard output."""
        parts: list[str] = []
        before, characters = 2**53 - 2, 0
        while characters < most_characters:
            rows = self._sql.rows(
                "SELECT number, data FROM run_events WHERE run_id = ? AND number < ? "
                "AND type = 'step.output' ORDER BY number DESC LIMIT 50",
                run_id,
                before,
            )
            if not rows:
                break
            for number, text in rows:
                data = json.loads(str(text))
                before = int(number or 0)
                if data["stream"] == "stdout" and characters < most_characters:
                    parts.append(data["text"])
                    characters += len(data["text"])
        return "".join(reversed(parts))[-most_characters:]

    def let_output_go(self, run_id: str) -> None:
        """Empties the output of a run; the events keep their numbers."""
        self._sql.run(
            "UPDATE run_events SET data = json_set(data, '$.text', '', '$.letGo', "
            "length(json_extract(data, '$.text'))) WHERE run_id = ? AND type = 'step.output' "
            "AND json_extract(data, '$.letGo') IS NULL",
            run_id,
        )

    def forget(self, run_id: str) -> None:
        self._sql.run("DELETE FROM run_events WHERE run_id = ?", run_id)


def _event(run_id: str, number: Any, event_type: Any, data: Any, at_ms: Any) -> Event:
    return Event(
        run_id=run_id,
        number=int(number),
        type=str(event_type),
        data=json.loads(data),
        at_ms=int(at_ms),
    )
