"""The messages of watching: their kinds, and the JSON Schema of each body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.fetching.limits import URL_CHARACTERS
from littoral.mesh.watch import limits

Schemas = Mapping[str, Mapping[str, Any]]

_ID: Final = {"type": "string", "minLength": 1, "maxLength": 128}
_URL: Final = {"type": "string", "minLength": 1, "maxLength": URL_CHARACTERS}
_TEXT: Final = {"type": "string", "maxLength": 4_000}


def _body(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


_WATCHED: Final = {
    "url": _URL,
    "name": {"type": "string", "maxLength": limits.NAME_CHARACTERS},
    "everySeconds": {
        "type": "integer",
        "minimum": limits.LEAST_SECONDS,
        "maximum": limits.MOST_SECONDS,
    },
    "question": {"type": "string", "maxLength": limits.QUESTION_CHARACTERS},
    "webhookId": {"type": ["string", "null"], "maxLength": 128},
}
_ONE_WATCH: Final = {"watchId": _ID}
_ORIGIN: Final = {
    "watchId": _ID,
    "watchName": _TEXT,
    "url": _URL,
    "webhookId": {"type": ["string", "null"], "maxLength": 128},
}

TO_DATA: Final[Schemas] = {
    "watch.start": _body({**_WATCHED, "payer": _ID}),
    "watch.edit": _body(_ONE_WATCH, **_WATCHED, paused={"type": "boolean"}),
    "watch.stop": _body(_ONE_WATCH),
    "watch.look": _body(_ONE_WATCH),
}
"""What routes send to the data agent for a user."""

TO_ANALYSIS: Final[Schemas] = {
    "change.explain": _body(
        {
            **_ORIGIN,
            "payer": _ID,
            "title": _TEXT,
            "question": _TEXT,
            "difference": {"type": "object"},
        }
    ),
}
"""What the data agent sends when a page changed."""

TO_NOTIFICATION: Final[Schemas] = {
    "notification.tell": _body(
        {
            **_ORIGIN,
            "kind": {"enum": ["change", "failing", "recovered"]},
            "title": _TEXT,
            "text": _TEXT,
        },
        difference={"type": ["object", "null"]},
        importance={"type": "string", "maxLength": 20},
        model={"type": "string", "maxLength": 200},
        degraded={"type": "boolean"},
    ),
    "notification.read": _body({}, notificationId=_ID),
    "webhook.add": _body({"url": _URL, "name": _WATCHED["name"]}),
    "webhook.remove": _body({"webhookId": _ID}),
    "webhook.enable": _body({"webhookId": _ID}),
    "webhook.test": _body({"webhookId": _ID}),
}
"""What other agents want told, and what routes send for a user."""
