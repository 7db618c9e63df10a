"""Rebuilds an agent's state from its events alone, and proves it equal to the live one.

The proof: the fold of every event from number 1, upgraded, on a fresh state, has the digest of the
state that the agent works with, which came from a snapshot and single steps.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import Clock
from littoral.errors import InvalidInput
from littoral.mesh.kernel.behaviour import Behaviour
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.event_store import MAX_PAGE
from littoral.mesh.kernel.memory import canonical, digest_of, folded

MAX_STATE_CHARACTERS: Final = 200_000
"""A longer state is not told with the proof, only its digest."""


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """``equal`` is ``None`` when only a part was replayed: there is nothing live to compare."""

    agent: str
    events: int
    up_to: int
    equal: bool | None
    state: Any
    digest: str
    live_digest: str
    upgraded: int
    duration_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "agent": self.agent,
            "events": self.events,
            "upTo": self.up_to,
            "equal": self.equal,
            "state": self.state,
            "digest": self.digest,
            "liveDigest": self.live_digest,
            "upgraded": self.upgraded,
            "durationMs": self.duration_ms,
        }


async def replayed(
    agent: str, engine: Engine, behaviour: Behaviour, clock: Clock, up_to: int | None = None
) -> Replayed:
    """Folds events 1 to ``up_to`` (all when ``None``). Reads only; others may go on meanwhile."""
    begun = clock.now_ms()
    if up_to is not None and not 0 <= up_to <= engine.memory.number:
        raise InvalidInput(f"upTo must be 0 to {engine.memory.number}, the newest event.")
    state, number, upgraded = behaviour.initial(), 0, 0
    while True:
        most = MAX_PAGE if up_to is None else min(MAX_PAGE, up_to - number)
        page = engine.store.since(number, most) if most else []
        if not page:
            break  # From here to the comparison nothing is awaited: the live state is of now.
        upgraded += sum(
            not each.is_kernel and each.version != behaviour.upgrades.version_of(each.type)
            for each in page
        )
        state = folded(behaviour, state, page)
        number = page[-1].number
        await asyncio.sleep(0)
    digest, live = digest_of(state), digest_of(engine.memory.state)
    whole = number == engine.memory.number
    text = canonical(state)
    return Replayed(
        agent=agent,
        events=number,
        up_to=number,
        equal=digest == live if whole else None,
        state=json.loads(text) if len(text) <= MAX_STATE_CHARACTERS else None,
        digest=digest,
        live_digest=live,
        upgraded=upgraded,
        duration_ms=max(0, clock.now_ms() - begun),
    )
