"""The messages of work: their kinds, and the JSON Schema of each body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_ID: Final = {"type": "string", "minLength": 1, "maxLength": 128}
_SCOPES: Final = {"type": "array", "items": {"type": "string"}}
_ERROR: Final = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "retryable": {"type": "boolean"},
        "nextStep": {"type": "string"},
    },
    "required": ["code", "detail", "retryable"],
}


def _body(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


_PART: Final = {"taskId": _ID, "partId": _ID, "attempt": {"type": "integer", "minimum": 1}}

FROM_USER: Final[Mapping[str, Mapping[str, Any]]] = {
    "task.start": _body(
        {
            "taskId": _ID,
            "payer": {"type": "string"},
            "scopes": _SCOPES,
            "reserve": {"type": "integer", "minimum": 0},
            "asked": {"type": "object"},
        }
    ),
    "task.fund": _body({"taskId": _ID}),
    "task.refuse": _body({"taskId": _ID, "error": _ERROR}),
    "task.cancel": _body({"taskId": _ID, "reason": {"type": "string"}}),
}
"""What routes send to the coordinator for a user."""

FROM_WORKERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "part.lease": _body(_PART),
    "part.report": _body(
        {**_PART, "result": True, "error": {"anyOf": [_ERROR, {"type": "null"}]}},
        usage={"type": "object"},
        tookMs={"type": "integer", "minimum": 0},
    ),
}
"""What workers tell the coordinator."""

FROM_QUEUE: Final[Mapping[str, Mapping[str, Any]]] = {
    "part.undelivered": _body({**_PART, "error": _ERROR}),
}
"""What the consumer of the queue tells the coordinator of an offer that no worker took."""

TO_COORDINATOR: Final = {**FROM_USER, **FROM_WORKERS, **FROM_QUEUE}

TO_WORKERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "part.offer": _body(
        {
            **_PART,
            "name": {"type": "string"},
            "goal": {"type": "string"},
            "work": {"type": "string"},
            "capability": {"type": "string"},
            "input": True,
            "payer": {"type": "string"},
            "scopes": _SCOPES,
        }
    ),
    "part.cancel": _body({"taskId": _ID, "partId": _ID}),
}
"""What the coordinator tells workers."""
