"""A numbered fact that one agent of the mesh recorded: what its state is the fold of.

Owns the value and its JSON. ``event_store`` keeps events in rows; ``upgrades`` brings old ones to
today's shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import iso

KERNEL_TYPES: Final = (
    "agent.started",
    "agent.upgraded",
    "message.received",
    "message.sent",
    "message.routed",
    "message.refused",
    "message.expired",
    "message.failed",
    "letter.replayed",
    "letter.discarded",
)
"""Facts that the engine records itself. A behaviour's fold never sees them and may not write them:

``agent.started`` {kind, version} is number 1 of every agent; ``agent.upgraded`` {from, to, events,
digest}; ``message.received`` {id, from, kind}; ``message.sent`` {id, to, kind, capability?};
``message.routed`` {id, to, capability}; ``message.refused`` {id, from, to, kind, code, detail} at
the receiver; ``message.expired`` {id, from, to, kind, deadline} at whoever noticed;
``message.failed`` {id, from, to, kind, code, detail, attempts} when it became a dead letter;
``letter.replayed`` and ``letter.discarded`` {id}.
"""


@dataclass(frozen=True, kw_only=True)
class MeshEvent:
    """One fact of one agent.

    ``number`` is 1, 2, … without a gap in this agent. ``type`` is ``noun.verb`` in the past tense;
    ``version`` is that of the shape of ``body`` for this type (``upgrades``). ``causation_id`` is
    the id of the message, timer or effect that was being handled; events of one handling share it.
    """

    agent: str
    number: int
    type: str
    at_ms: int
    version: int
    body: Mapping[str, Any]
    correlation_id: str
    causation_id: str

    @property
    def is_kernel(self) -> bool:
        """Whether the engine wrote it, not the behaviour."""
        return self.type in KERNEL_TYPES

    def to_json(self) -> dict[str, Any]:
        return {
            "agent": self.agent,
            "number": self.number,
            "type": self.type,
            "at": iso(self.at_ms),
            "atMs": self.at_ms,
            "version": self.version,
            "body": dict(self.body),
            "correlationId": self.correlation_id,
            "causationId": self.causation_id,
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> MeshEvent:
        """What ``to_json`` wrote, from an agent of ours."""
        return cls(
            agent=str(value["agent"]),
            number=int(value["number"]),
            type=str(value["type"]),
            at_ms=int(value["atMs"]),
            version=int(value["version"]),
            body=value["body"],
            correlation_id=str(value["correlationId"]),
            causation_id=str(value["causationId"]),
        )
