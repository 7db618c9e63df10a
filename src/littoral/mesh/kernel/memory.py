"""The live state of one agent: the newest snapshot and the events since, kept in memory.

Memory is a cache: it is dropped whenever a transaction fails, and read anew from rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from littoral.mesh.kernel.behaviour import Behaviour, State
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.event_store import EventStore
from littoral.mesh.kernel.tables import SNAPSHOT_EVERY


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys in order, no spaces, as RFC 8785 but for numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(state: Any) -> str:
    """SHA-256 of the canonical text, in hex: equal digests are equal states."""
    return sha256(canonical(state).encode()).hexdigest()


def folded(behaviour: Behaviour, state: State, events: Iterable[MeshEvent]) -> State:
    """The state after the events, each in today's shape; facts of the engine change nothing."""
    for event in events:
        if not event.is_kernel:
            state = behaviour.apply(state, behaviour.upgrades.upgraded(event))
    return state


class Memory:
    """State and last number of one agent."""

    def __init__(self, store: EventStore, behaviour: Behaviour) -> None:
        self._store = store
        self._behaviour = behaviour
        self._state: State | None = None
        self._number = 0
        self._kept_at = 0

    @property
    def state(self) -> State:
        """The live state. Only ``grow`` may change it."""
        self._load()
        assert self._state is not None
        return self._state

    @property
    def number(self) -> int:
        """Number of the last event, 0 when there is none."""
        self._load()
        return self._number

    def forget(self) -> None:
        """Drops what is in memory: a transaction failed, the rows are right."""
        self._state = None

    def grow(self, event: MeshEvent) -> None:
        """Appends the next event and folds it. Within a transaction; ``forget`` if that fails."""
        state = self.state
        self._store.append(event)
        self._number = event.number
        self._state = folded(self._behaviour, state, (event,))

    def keep(self, *, now: bool = False) -> None:
        """Writes a snapshot when enough has happened since the last, or ``now``."""
        if now or self._number - self._kept_at >= SNAPSHOT_EVERY:
            self._store.snapshot(self._number, self._behaviour.version, self.state)
            self._kept_at = self._number

    def refold(self) -> None:
        """Folds everything from number 1, as after a change of the behaviour's version."""
        self._fold_from(0, self._behaviour.initial())

    def _load(self) -> None:
        if self._state is not None:
            return
        found = self._store.newest_snapshot(self._behaviour.version)
        self._kept_at = found[0] if found else 0
        self._fold_from(*(found or (0, self._behaviour.initial())))

    def _fold_from(self, number: int, state: State) -> None:
        while page := self._store.since(number):
            state = folded(self._behaviour, state, page)
            number = page[-1].number
        self._state, self._number = state, number
