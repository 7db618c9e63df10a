"""Frames that the mesh's socket sends beside those of every agent (``littoral.wire``).

The browser has the same names in ``public/js/mesh/live.js``, which is loaded with the mesh's pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from littoral.jsontext import dumps

EVENT: Final = "mesh-event"
EVENTS: Final = "mesh-events"
AGENT: Final = "mesh-agent"
NOTIFICATION: Final = "mesh-notification"

NOTIFYING: Final = "notification.created"
"""The type of event that is sent to people as a notification, too; its body is what they get."""


def frames_of(agent: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> list[str]:
    """What sockets are sent after a report: the events, notifications among them, the agent."""
    frames = []
    if len(events) == 1:
        frames.append(dumps({"type": EVENT, "event": events[0]}))
    elif events:
        frames.append(dumps({"type": EVENTS, "events": list(events)}))
    frames += [
        dumps({"type": NOTIFICATION, "notification": each["body"]})
        for each in events
        if each["type"] == NOTIFYING
    ]
    return [*frames, dumps({"type": AGENT, "agent": dict(agent)})]
