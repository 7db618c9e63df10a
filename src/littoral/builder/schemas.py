"""What models answer with besides blueprints and files: reviews, and choices of what to do next."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from littoral.builder.blueprint import NEXT_PHASE_SCHEMA
from littoral.builder.limits import MAX_ISSUE_CHARACTERS

Action = Literal["phase", "review", "add_phase", "finish"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

REVIEW_SCHEMA: Final[dict[str, Any]] = {
    "title": "review",
    "type": "object",
    "properties": {
        "issues": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "maxLength": 200},
                    "line": {"type": "integer", "minimum": 0},
                    "message": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": MAX_ISSUE_CHARACTERS,
                    },
                },
                "required": ["file", "line", "message"],
            },
        },
    },
    "required": ["issues"],
}
"""A model's opinion of the files; no issues when it finds nothing wrong."""

NEXT_ACTION_SCHEMA: Final[dict[str, Any]] = {
    "title": "next action",
    "type": "object",
    "properties": {
        "action": {"enum": list(ACTIONS)},
        "reason": {"type": "string", "maxLength": 300},
        "phase": {"anyOf": [{**NEXT_PHASE_SCHEMA, "title": "phase"}, {"type": "null"}]},
    },
    "required": ["action", "reason"],
}
"""Smart mode: ``phase`` is the plan of a new phase, for ``add_phase`` only."""
