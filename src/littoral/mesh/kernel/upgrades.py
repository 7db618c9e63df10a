"""Old events in today's shape: for each type a chain of pure functions, one for each version.

Rows are never rewritten. An event of version 1 of a type with two steps passes both and is then of
version 3, every time that it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from littoral.errors import DependencyUnavailable
from littoral.mesh.kernel.event import MeshEvent

Step = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EventUpgrades:
    """``steps["task.planned"][0]`` makes a body of version 2 from one of version 1, and so on.

    Append only: a step that shipped is never edited. A type without steps is of version 1 for ever.
    """

    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def version_of(self, event_type: str) -> int:
        """The version in which new events of this type are written."""
        return len(self.steps.get(event_type, ())) + 1

    def upgraded(self, event: MeshEvent) -> MeshEvent:
        """The event in today's shape; raises ``DependencyUnavailable`` for one of newer code."""
        steps = self.steps.get(event.type, ())
        if event.version > len(steps) + 1:
            raise DependencyUnavailable(
                f"Event {event.number} of {event.agent} is {event.type} of version "
                f"{event.version}; this code knows {len(steps) + 1}.",
                next_step="Deploy the newer code again.",
            )
        if event.version == len(steps) + 1:
            return event
        body = event.body
        for step in steps[event.version - 1 :]:
            body = step(body)
        return replace(event, body=body, version=len(steps) + 1)


NO_UPGRADES = EventUpgrades()
