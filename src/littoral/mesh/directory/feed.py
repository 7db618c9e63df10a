"""All agents' events in the order in which the mesh heard them, each with a position; a window.

An event comes in once, however often an agent tells it: its agent's row says how far it was heard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from littoral.jsontext import dumps
from littoral.mesh.directory.tables import SLACK, WINDOW
from littoral.mesh.kernel.event import MeshEvent
from littoral.store.sql import Row, Sql, Value

MAX_PAGE = 500
PAGE_CHARACTERS = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events a reader wants; empty means all."""

    agent: str = ""
    correlation_id: str = ""
    type: str = ""

    def clauses(self) -> tuple[str, list[Value]]:
        words, values = "", list[Value]()
        for column in ("agent", "correlation_id", "type"):
            value = getattr(self, column)
            if value:
                words += f" AND {column} = ?"
                values.append(value)
        return words, values


class Feed:
    """Rows of the feed. Writes belong into a transaction of the caller's."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._last: int | None = None

    def last(self) -> int:
        """The newest position."""
        if self._last is None:
            self._last = int(self._sql.value("SELECT max(position) FROM feed") or 0)
        return self._last

    def forget(self) -> None:
        """A transaction failed: positions are read anew."""
        self._last = None

    def append(self, events: Sequence[MeshEvent]) -> list[dict[str, Any]]:
        """Adds events, one row each; gives them as readers see them."""
        shown = []
        for event in events:
            position = self.last() + 1
            value = event_json(event, position)
            self._sql.run(
                "INSERT INTO feed VALUES (?, ?, ?, ?, ?)",
                position,
                event.agent,
                event.type,
                event.correlation_id,
                dumps(value),
            )
            self._last = position
            shown.append(value)
        self._prune()
        return shown

    def after(self, since: int, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
        """Events after a position, oldest first: as many as asked for, or about two megabytes."""
        words, values = wanted.clauses()
        rows = self._sql.rows(
            f"SELECT event FROM feed WHERE position > ?{words} ORDER BY position LIMIT ?",
            since,
            *values,
            max(1, min(limit, MAX_PAGE)),
        )
        return [json.loads(text) for text in _bounded(rows)]

    def of_agent(self, agent: str, number: int, position: int, limit: int) -> list[MeshEvent]:
        """An agent's events after ``number``, looked for after a position; none if that is too
        late to find the first of them.
        """
        wanted = Wanted(agent=agent)
        events = [MeshEvent.read(each) for each in self.after(position, wanted, MAX_PAGE)]
        new = [each for each in events if each.number > number][:limit]
        return new if new and new[0].number == number + 1 else []

    def before(self, position: int, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
        """The newest events before a position, oldest first."""
        words, values = wanted.clauses()
        rows = self._sql.rows(
            f"SELECT event FROM feed WHERE position < ?{words} ORDER BY position DESC LIMIT ?",
            position,
            *values,
            max(1, min(limit, MAX_PAGE)),
        )
        return [json.loads(text) for text in reversed(_bounded(rows))]

    def _prune(self) -> None:
        first = int(self._sql.value("SELECT min(position) FROM feed") or 0)
        if self.last() - first >= WINDOW + SLACK:
            self._sql.run("DELETE FROM feed WHERE position <= ?", self.last() - WINDOW)


def event_json(event: MeshEvent, position: int) -> dict[str, Any]:
    """An event as readers see it; facts of messages say who sent and who got it."""
    value = {"position": position, **event.to_json()}
    if event.type.startswith("message."):
        value["from"] = str(event.body.get("from") or event.agent)
        value["to"] = str(event.body.get("to") or _to(event))
    return value


def _to(event: MeshEvent) -> str:
    """A message's receiver: whoever received it; still unknown for one sent to a capability."""
    return event.agent if event.type == "message.received" else ""


def read_event(value: Mapping[str, Any]) -> MeshEvent:
    """The event in a row of the feed."""
    return MeshEvent.read(value)


def _bounded(rows: Sequence[Row]) -> list[str]:
    """The first texts that together are not too long; at least one."""
    texts: list[str] = []
    size = 0
    for (text,) in rows:
        size += len(str(text))
        if texts and size > PAGE_CHARACTERS:
            break
        texts.append(str(text))
    return texts
