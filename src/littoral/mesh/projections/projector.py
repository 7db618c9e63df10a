"""Writes projections: events in, rows in D1, each event once.

How far each agent's events were taken lies in the same database and moves in the same batch, so a
kill at any moment loses nothing and counts nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from littoral.errors import DependencyUnavailable
from littoral.jsontext import dumps
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.projections.changes import Changes
from littoral.mesh.projections.statements import statements_of
from littoral.store.database import ConstraintBroken, Database, Statement

SLICE_EVENTS: Final = 400
SLICE_CHARACTERS: Final = 400_000
"""Of bodies in one batch: a value of the database has at most 2 MB, with every quote escaped."""

PAGE: Final = 500
_TABLES: Final = ("mesh_tasks", "mesh_parts", "mesh_messages", "mesh_positions")
_ROWS: Final = {
    "mesh_tasks": "SELECT id, goal, work, status, digest, parts, usage, error, credits, deadline, "
    "created_at, ended_at FROM mesh_tasks WHERE owner = ? ORDER BY id LIMIT ? OFFSET ?",
    "mesh_parts": "SELECT id, name, work, status, worker, attempts, result, error, took_ms "
    "FROM mesh_parts WHERE owner = ? ORDER BY task_id, number LIMIT ? OFFSET ?",
    "mesh_messages": "SELECT sender, receiver, kind, sent, received FROM mesh_messages "
    "WHERE owner = ? ORDER BY sender, receiver, kind LIMIT ? OFFSET ?",
}


class Projector:
    """The projections of all owners. Give one owner's events from one place at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(
        self, owner: str, events: Sequence[MeshEvent], positions: dict[str, int] | None = None
    ) -> int:
        """Takes events, each agent's in order; those that were taken before are passed over.

        Gives how many were new. ``positions`` is what the caller remembers of the last time, and
        is moved on; drop it when this raises. Raises ``DependencyUnavailable`` when events of an
        agent are missing before the first new one, or the database does not answer; safe to
        repeat.
        """
        taken = 0
        if positions is None:
            positions = await self.positions(owner)
        for piece in _slices(_new(events, positions)):
            changes = Changes()
            for event in piece:
                changes.take(event)
            try:
                await self._database.batch(statements_of(owner, changes))
            except ConstraintBroken as error:
                raise DependencyUnavailable(
                    f"The projections did not take the events: {error}.",
                    next_step="Repeat it; if it fails again, rebuild the projections.",
                ) from None
            taken += len(piece)
            positions.update({each.agent: each.number for each in piece})
        return taken

    async def positions(self, owner: str) -> dict[str, int]:
        """The last number taken, by agent."""
        rows = await self._database.rows(
            "SELECT agent, number FROM mesh_positions WHERE owner = ?", owner
        )
        return {str(agent): int(number or 0) for agent, number in rows}

    async def reset(self, owner: str) -> None:
        """Deletes everything of an owner, as before the first event."""
        await self._database.batch(
            [
                Statement(text=f"DELETE FROM {table} WHERE owner = ?", values=(owner,))
                for table in _TABLES
            ]
        )

    async def digest(self, owner: str) -> str:
        """SHA-256 over all rows of an owner, in hex: equal digests are equal projections."""
        found = sha256()
        for text in _ROWS.values():
            offset = 0
            while rows := await self._database.rows(text, owner, PAGE, offset):
                for row in rows:
                    found.update(dumps(row).encode())
                offset += len(rows)
        return found.hexdigest()

    async def count_tasks(self, owner: str) -> int:
        """How many tasks are projected."""
        rows = await self._database.rows("SELECT count(*) FROM mesh_tasks WHERE owner = ?", owner)
        return int(rows[0][0] or 0)


def _new(events: Sequence[MeshEvent], positions: dict[str, int]) -> Iterator[MeshEvent]:
    """Events that were not taken, each agent's without a gap."""
    last = dict(positions)
    for event in events:
        before = last.get(event.agent, 0)
        if event.number <= before:
            continue
        if event.number != before + 1:
            raise DependencyUnavailable(
                f"Events {before + 1} to {event.number - 1} of {event.agent} are missing."
            )
        last[event.agent] = event.number
        yield event


def _slices(events: Iterator[MeshEvent]) -> Iterator[list[MeshEvent]]:
    """Runs of events small enough for one batch."""
    piece: list[MeshEvent] = []
    size = 0
    for event in events:
        length = len(dumps(dict(event.body)))
        if piece and (len(piece) >= SLICE_EVENTS or size + length > SLICE_CHARACTERS):
            yield piece
            piece, size = [], 0
        piece.append(event)
        size += length
    if piece:
        yield piece
