"""The tables of an owner's mesh."""

from __future__ import annotations

from typing import Final

from littoral.store.migrations import Schema

DIRECTORY_SCHEMA: Final = Schema(
    name="mesh_directory",
    steps=(
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        # One row for each agent that was ever heard of; `number` is its last event in the feed.
        "CREATE TABLE members (name TEXT PRIMARY KEY, kind TEXT NOT NULL, "
        "version INTEGER NOT NULL, capabilities TEXT NOT NULL, heard_at_ms INTEGER NOT NULL, "
        "look_at_ms INTEGER NOT NULL, chosen_at_ms INTEGER NOT NULL, "
        "number INTEGER NOT NULL, probes INTEGER NOT NULL, status TEXT NOT NULL) WITHOUT ROWID",
        # A window over the newest events of all agents, in the order in which they were heard.
        # No further index: a look for an agent or a correlation id reads the window, which costs
        # less than an index entry written for each event.
        "CREATE TABLE feed (position INTEGER PRIMARY KEY, agent TEXT NOT NULL, "
        "type TEXT NOT NULL, correlation_id TEXT NOT NULL, event TEXT NOT NULL)",
    ),
)

LEASE_MS: Final = 60_000
WINDOW: Final = 20_000
"""Events that the feed keeps at least; older ones are in the agents' own rows for ever."""
SLACK: Final = 1_000
MOST_PROBES: Final = 8
