"""The form of a human task when nobody gave one: read off the words of what is asked."""

from __future__ import annotations

import re
from typing import Any, Final

MAX_TITLE_CHARACTERS: Final = 120
_DECIDES = re.compile(
    r"\b(review|approve|approval|check|verify|inspect|audit|sign[- ]?off|decide|confirm|"
    r"moderate|accept)\b",
    re.IGNORECASE,
)
_CHOOSES = re.compile(r"\b(rate|rating|score|grade|rank)\b", re.IGNORECASE)

_COMMENT: Final[dict[str, Any]] = {
    "type": "string",
    "title": "Comment",
    "maxLength": 10_000,
    "description": "Anything that whoever asked should know.",
}


def form_for(description: str) -> dict[str, Any]:
    """A decision with a comment, a rating, or words. The same words give the same form."""
    if _CHOOSES.search(description):
        return _form(
            {"rating": {"type": "integer", "title": "Rating", "minimum": 1, "maximum": 5}}, "rating"
        )
    if _DECIDES.search(description):
        decision = {
            "type": "string",
            "title": "Decision",
            "enum": ["approved", "changes needed", "rejected"],
        }
        return _form({"decision": decision}, "decision")
    answer = {"type": "string", "title": "Answer", "minLength": 1, "maxLength": 20_000}
    return _form({"answer": answer}, "answer")


def title_of(description: str) -> str:
    """The first line of what is asked, not too long."""
    line = " ".join(description.strip().splitlines()[0].split())
    if len(line) <= MAX_TITLE_CHARACTERS:
        return line
    return f"{line[: MAX_TITLE_CHARACTERS - 1]}…"


def _form(fields: dict[str, Any], needed: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**fields, "comment": _COMMENT},
        "required": [needed],
        "additionalProperties": False,
    }
