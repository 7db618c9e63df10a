"""Pages of the list of an owner's builds, out of the database that all share.

Each build's object keeps its own row there up to date (``migrations/0003_builds.sql``).
"""

from __future__ import annotations

import re
from typing import Any

from littoral.clock import iso
from littoral.errors import InvalidInput
from littoral.store.database import Database
from littoral.store.sql import Row

_CURSOR = re.compile(r"([0-9]{1,15})\.(bld_[A-Za-z0-9_-]{1,60})")


class BuildPages:
    """Reads the list."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, owner: str, *, cursor: str | None, limit: int) -> dict[str, Any]:
        """``{builds, cursor}``, newest first; ``limit`` from 1.

        Raises ``InvalidInput`` for a cursor that was not given out, ``DependencyUnavailable``.
        """
        before = (2**53 - 2, "") if cursor is None else _read(cursor)
        rows = await self._database.rows(
            "SELECT id, title, query, status, mode, created_at, updated_at, files, bytes "
            "FROM builds WHERE owner = ? AND (created_at < ? OR (created_at = ? AND id > ?)) "
            "ORDER BY created_at DESC, id LIMIT ?",
            owner, before[0], before[0], before[1], limit + 1,
        )  # fmt: skip
        shown = rows[:limit]
        more = f"{shown[-1][5]}.{shown[-1][0]}" if len(rows) > limit else None
        return {"builds": [_summary(row) for row in shown], "cursor": more}


def _read(cursor: str) -> tuple[int, str]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInput(
            "The cursor is not one that a page of builds gave.",
            fields=[{"field": "cursor", "message": "take it from the page before"}],
        )
    return int(found[1]), found[2]


def _summary(row: Row) -> dict[str, Any]:
    build_id, title, query, status, mode, created_at, updated_at, files, size = row
    return {
        "id": build_id,
        "title": title,
        "query": query,
        "status": status,
        "mode": mode,
        "createdAt": iso(int(created_at or 0)),
        "updatedAt": iso(int(updated_at or 0)),
        "files": files,
        "bytes": size,
    }
