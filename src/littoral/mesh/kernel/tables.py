"""The tables of one agent of the mesh. Rows written for one message are counted in docs/mesh.md."""

from __future__ import annotations

from typing import Final

from littoral.store.migrations import Schema

KERNEL_SCHEMA: Final = Schema(
    name="mesh_kernel",
    steps=(
        # Single facts of the agent itself: version of its behaviour, permissions.
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        # What happened. No index beside the number: one row written for each event.
        "CREATE TABLE mesh_events (number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, "
        "type TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, "
        "correlation_id TEXT NOT NULL, causation_id TEXT NOT NULL)",
        # State at some number, in pieces of at most a megabyte.
        "CREATE TABLE snapshots (number INTEGER NOT NULL, piece INTEGER NOT NULL, "
        "version INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (number, piece)) WITHOUT ROWID",
        # Marks of messages that came: the same id has one effect.
        "CREATE TABLE inbox (id TEXT PRIMARY KEY, status TEXT NOT NULL, fingerprint TEXT NOT NULL, "
        "at_ms INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID",
        # Whatever came and could not be handled: tried again, a few times.
        "CREATE TABLE waiting (id TEXT PRIMARY KEY, incoming TEXT NOT NULL, "
        "attempts INTEGER NOT NULL, due_at_ms INTEGER NOT NULL) WITHOUT ROWID",
        # Messages on their way, by the number of the event that tells of them.
        'CREATE TABLE outbox (number INTEGER PRIMARY KEY, "to" TEXT NOT NULL, '
        "capability TEXT NOT NULL, envelope TEXT NOT NULL, attempts INTEGER NOT NULL, "
        "due_at_ms INTEGER NOT NULL)",
        "CREATE TABLE timers (key TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, body TEXT NOT NULL, "
        "context TEXT NOT NULL) WITHOUT ROWID",
        # `begun` counts tries that were granted, the one that is about to run included.
        "CREATE TABLE effects (key TEXT PRIMARY KEY, effect TEXT NOT NULL, context TEXT NOT NULL, "
        "begun INTEGER NOT NULL, due_at_ms INTEGER NOT NULL) WITHOUT ROWID",
        # What is given up: a message of ours (`side` out), or something that came (`side` in).
        "CREATE TABLE letters (id TEXT PRIMARY KEY, side TEXT NOT NULL, incoming TEXT NOT NULL, "
        "code TEXT NOT NULL, detail TEXT NOT NULL, attempts INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL, capability TEXT NOT NULL) WITHOUT ROWID",
    ),
)

MAX_WAITING: Final = 1_000
MAX_OUTBOX: Final = 10_000
MAX_EFFECTS: Final = 2_000
MAX_LETTERS: Final = 1_000
MAX_TRIES: Final = 5
"""How often something that came is tried when handling it fails in a way nobody expected."""

SNAPSHOT_EVERY: Final = 200
PIECE_CHARACTERS: Final = 1_000_000

MARK_KEPT_MS: Final = 14 * 86_400_000
"""How long an id is known to have been taken: longer than any sender keeps trying."""
LETTER_KEPT_MS: Final = 7 * 86_400_000
"""How long a dead letter can be replayed; shorter than marks are kept, so never a second effect."""
