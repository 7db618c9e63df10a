"""Append-only migrations of an agent's database.

Each part of an agent that owns tables declares a ``Schema``: a name and a list of statements that
only ever grows. What was applied is kept in one row for each schema, so that a wake of an
up-to-date object costs one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from littoral.store.sql import Sql


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The tables of one part. ``steps[n]`` brings version n to n+1; never edit one that shipped."""

    name: str
    steps: tuple[str, ...]


def migrate(sql: Sql, schemas: Sequence[Schema]) -> int:
    """Brings every schema to its newest version; gives how many steps were applied.

    Repeating is safe: each step and its mark are written in one transaction.
    """
    applied = _applied(sql)
    if all(applied.get(schema.name, 0) == len(schema.steps) for schema in schemas):
        return 0
    return sql.transaction(lambda: sum(_apply(sql, schema, applied) for schema in schemas))


def _applied(sql: Sql) -> dict[str, int]:
    known = sql.value("SELECT 1 FROM sqlite_master WHERE name = 'schema_versions'")
    if known is None:
        sql.run(
            "CREATE TABLE schema_versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL) "
            "WITHOUT ROWID"
        )
        return {}
    return dict(_versions(sql))


def _versions(sql: Sql) -> list[tuple[str, int]]:
    rows = sql.rows("SELECT name, version FROM schema_versions")
    return [(str(name), int(version or 0)) for name, version in rows]


def _apply(sql: Sql, schema: Schema, applied: dict[str, int]) -> int:
    done = applied.get(schema.name, 0)
    if done > len(schema.steps):
        raise RuntimeError(
            f"schema {schema.name!r} is at version {done}, this code knows {len(schema.steps)}: "
            "deploy the newer code again"
        )
    for statement in schema.steps[done:]:
        sql.run(statement)
    sql.run("INSERT OR REPLACE INTO schema_versions VALUES (?, ?)", schema.name, len(schema.steps))
    return len(schema.steps) - done
