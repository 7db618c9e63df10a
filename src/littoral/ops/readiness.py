"""Whether what the platform needs answers: each dependency looked at now and then.

What a look at each of them is stands in ``littoral.platform.readiness``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from littoral.api.gateway import DependencyState
from littoral.clock import Clock
from littoral.errors import LittoralError

KEPT_MS: Final = 10_000
DEADLINE_SECONDS: Final = 3.0

Probe = Callable[[], Awaitable[DependencyState]]

_log = logging.getLogger(__name__)


class Readiness:
    """The states of one isolate's dependencies. Each look is kept for ten seconds."""

    def __init__(
        self,
        probes: Mapping[str, Probe],
        clock: Clock,
        *,
        optional: frozenset[str] = frozenset(),
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """The dependencies in ``optional`` may be down without the platform being not ready."""
        self._probes = dict(probes)
        self._clock = clock
        self._optional = optional
        self._deadline_seconds = deadline_seconds
        self._seen: dict[str, tuple[int, DependencyState]] = {}
        self._looking: set[str] = set()

    async def states(self) -> dict[str, DependencyState]:
        """Every dependency's state, with its age; all are looked at side by side.

        While a look goes on for somebody else, the state before it is given: nobody waits for
        another request's answer.
        """
        due = [name for name in self._probes if self._is_due(name)]
        self._looking.update(due)
        await asyncio.gather(*(self._look(name) for name in due))
        now = self._clock.now_ms()
        return {
            name: replace(state, age_ms=max(0, now - at_ms))
            for name, (at_ms, state) in sorted(self._seen.items())
        }

    def _is_due(self, name: str) -> bool:
        seen = self._seen.get(name)
        if seen is None:
            return True
        return self._clock.now_ms() - seen[0] >= KEPT_MS and name not in self._looking

    async def _look(self, name: str) -> None:
        begun = self._clock.now_ms()
        try:
            async with asyncio.timeout(self._deadline_seconds):
                state = await self._probes[name]()
        except TimeoutError:
            seconds = f"{self._deadline_seconds:g}"
            state = DependencyState(status="down", detail=f"No answer within {seconds} seconds.")
        except LittoralError as error:
            state = DependencyState(status="down", detail=error.detail)
        except Exception:  # noqa: BLE001 - whatever a dependency does, the others are told of
            _log.exception("%s could not be looked at", name)
            state = DependencyState(status="down", detail="It failed in a way nobody expected.")
        finally:
            self._looking.discard(name)
        ended = self._clock.now_ms()
        needed = state.needed and name not in self._optional
        state = replace(state, needed=needed, latency_ms=float(ended - begun))
        self._seen[name] = (ended, state)
