"""What is asked of a model about a change, and what comes back: prompt, schema, data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from littoral.mesh.watch.difference import Difference
from littoral.mesh.watch.plain_words import headline, plain_words
from littoral.models.fenced import fenced, find_fenced
from littoral.models.json_schema import JsonSchema
from littoral.models.model import ModelMessage, ModelRequest
from littoral.models.offline import document_title

TITLE: Final = "Explanation of a change of a page"
DATA: Final = "change of a page"
MAX_OUTPUT_TOKENS: Final = 600
SCHEMA: Final = JsonSchema(
    {
        "title": TITLE,
        "type": "object",
        "properties": {
            "headline": {"type": "string", "minLength": 1, "maxLength": 200},
            "summary": {"type": "string", "minLength": 1, "maxLength": 2_000},
            "importance": {"enum": ["low", "medium", "high"]},
        },
        "required": ["headline", "summary", "importance"],
        "additionalProperties": False,
    }
)


def explanation_request(change: Mapping[str, Any], *, timeout_seconds: float) -> ModelRequest:
    """The request for one change, as ``change.explain`` has it; the page stands fenced in it."""
    wanted = ("title", "question", "watchName", "difference")
    data = {key: change[key] for key in wanted}
    return ModelRequest(
        messages=(
            ModelMessage(role="system", text=_prompt()),
            ModelMessage(role="user", text=fenced(DATA, data)),
        ),
        max_output_tokens=MAX_OUTPUT_TOKENS,
        temperature=0.0,
        affinity=str(change["watchId"]),
        timeout_seconds=timeout_seconds,
    )


def plain_explanation(change: Mapping[str, Any]) -> dict[str, Any]:
    """The document without a model: the difference in plain words, nothing interpreted."""
    difference = Difference.read(change["difference"])
    summary = plain_words(difference)
    if change["question"]:
        summary += "\nWithout a language model the question is not answered."
    return {
        "headline": headline(str(change["title"] or change["watchName"]), difference)[:200],
        "summary": summary[:2_000],
        "importance": "low" if difference.moved else "medium",
    }


class ExplanationSkill:
    """What the offline model knows of changes. A document skill of ``littoral.models.offline``."""

    def document(self, request: ModelRequest) -> Any | None:
        """The change in the prompt in plain words; ``None`` when none is there."""
        if document_title(request) != TITLE:
            return None
        data = next(filter(None, (find_fenced(DATA, each.text) for each in request.messages)), None)
        try:
            return plain_explanation(data) if isinstance(data, dict) else None
        except (KeyError, TypeError, ValueError):
            return None


@cache
def _prompt() -> str:
    return files(__package__).joinpath("analysis.txt").read_text(encoding="utf-8").strip()
