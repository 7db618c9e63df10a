"""The list of all builds in the shared database, and the places that each user has for active ones.

A build's object writes its own row. A place is taken in the same statement that looks whether one
is free, so that no number of requests at once takes one too many.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.builder.build import BuildStatus, Mode
from littoral.errors import QueueFull
from littoral.store.database import Database, Statement

LISTED_QUERY_CHARACTERS = 500


@dataclass(frozen=True, kw_only=True)
class Row:
    """A build as the list has it. ``files`` and ``bytes``: ``None`` leaves what was counted."""

    id: str
    owner: str
    user_id: str
    title: str
    query: str
    status: BuildStatus
    mode: Mode
    active: bool
    created_at_ms: int
    updated_at_ms: int
    files: int | None = None
    bytes: int | None = None

    def words(self) -> str:
        """The same text for rows that show the same."""
        counted = f"{self.files} {self.bytes}"
        return f"{self.status} {int(self.active)} {counted} {self.title}"


class Listing:
    """Writes rows. Raises ``DependencyUnavailable``; every call may be repeated."""

    def __init__(self, database: Database, *, most_active: int) -> None:
        self._database = database
        self._most_active = most_active

    async def claim(self, row: Row) -> None:
        """Takes a place for a build, which has none or has it already; makes its row if need be.

        Raises ``QueueFull`` when the user has no place left.
        """
        free = "(SELECT count(*) FROM builds WHERE user_id = ? AND active = 1 AND id <> ?) < ?"
        places = (row.user_id, row.id, self._most_active)
        outcomes = await self._database.batch(
            [
                Statement(
                    text="INSERT INTO builds (id, owner, user_id, title, query, status, mode, "
                    "active, created_at, updated_at) SELECT ?, ?, ?, ?, ?, ?, ?, 1, ?, ? "
                    f"WHERE {free} ON CONFLICT (id) DO UPDATE SET active = 1",
                    values=(
                        *(row.id, row.owner, row.user_id, row.title),
                        *(row.query[:LISTED_QUERY_CHARACTERS], row.status, row.mode),
                        *(row.created_at_ms, row.updated_at_ms),
                        *places,
                    ),
                ),
                Statement(
                    text="SELECT count(*) AS held FROM builds WHERE id = ? AND active = 1",
                    values=(row.id,),
                ),
            ]
        )
        if not outcomes[1].rows[0][0]:
            raise QueueFull(
                f"You have {self._most_active} builds that are being worked on already.",
                next_step="Wait for one to end, or cancel one.",
            )

    async def write(self, row: Row) -> None:
        """The row as it is now; made when it is missing. A place is given back by ``active``."""
        counts = (row.files, row.bytes)
        await self._database.rows(
            "INSERT INTO builds (id, owner, user_id, title, query, status, mode, active, "
            "created_at, updated_at, files, bytes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0), coalesce(?, 0)) "
            "ON CONFLICT (id) DO UPDATE SET title = excluded.title, status = excluded.status, "
            "active = excluded.active, updated_at = excluded.updated_at, "
            "files = coalesce(?, files), bytes = coalesce(?, bytes)",
            *(row.id, row.owner, row.user_id, row.title),
            *(row.query[:LISTED_QUERY_CHARACTERS], row.status, row.mode, int(row.active)),
            *(row.created_at_ms, row.updated_at_ms),
            *counts,
            *counts,
        )

    async def forget(self, build_id: str) -> None:
        """Deletes the row of a build that never began."""
        await self._database.rows("DELETE FROM builds WHERE id = ?", build_id)
