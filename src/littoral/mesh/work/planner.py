"""Splits a goal in words into parts: by the language model, or by plain rules when none answers."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import Any, Final

from littoral.credits.prices import of_tokens
from littoral.errors import InvalidInput
from littoral.mesh.work.limits import MAX_PLANNED
from littoral.mesh.work.part import Part, part_id
from littoral.mesh.work.plain_plans import plain_plan
from littoral.mesh.work.request import checked_input
from littoral.mesh.work.text_work import OPERATIONS
from littoral.models.fenced import fenced, find_fenced
from littoral.models.json_output import ask_json
from littoral.models.model import Model, ModelMessage, ModelRequest
from littoral.models.offline import document_title

TITLE: Final = "mesh plan"
DATA: Final = "goal"
PLAN_SCHEMA: Final[dict[str, Any]] = {
    "title": TITLE,
    "type": "object",
    "properties": {
        "parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_PLANNED,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 80},
                    "work": {"type": "string", "enum": ["text", "model", "function", "fetch"]},
                    "input": {"type": "object"},
                },
                "required": ["name", "work", "input"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["parts"],
    "additionalProperties": False,
}


class PlanningSkill:
    """What the offline model knows about planning: what the plain rules know."""

    def document(self, request: ModelRequest) -> Any | None:
        """The plain plan of the goal in the prompt; ``None`` when none is there."""
        if document_title(request) != TITLE:
            return None
        goal = next(filter(None, (find_fenced(DATA, each.text) for each in request.messages)), None)
        return {"parts": plain_plan(goal)} if isinstance(goal, str) else None


class Planner:
    """Asks one model. The same words may give another plan: keep the one that was made."""

    def __init__(self, model: Model, *, max_output_tokens: int, timeout_seconds: float) -> None:
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._timeout_seconds = timeout_seconds

    async def plan(self, task_id: str, goal: str) -> dict[str, Any]:
        """``{by, parts, usage}`` as ``task.planned`` has it; raises what the model raises."""
        request = ModelRequest(
            messages=(
                ModelMessage(role="system", text=_instructions()),
                ModelMessage(role="user", text=fenced(DATA, goal)),
            ),
            max_output_tokens=self._max_output_tokens,
            temperature=0.0,
            affinity=task_id,
            timeout_seconds=self._timeout_seconds,
        )
        answer = await ask_json(self._model, request, PLAN_SCHEMA)
        model, used = answer.chosen.model, answer.usage
        parts = [
            _part(task_id, number, each).to_json()
            for number, each in enumerate(answer.value["parts"], 1)
        ]
        usage = {
            "model": model,
            "inputTokens": used.input_tokens,
            "outputTokens": used.output_tokens,
            "cost": of_tokens(model, used.input_tokens, used.output_tokens),
        }
        return {"by": model, "parts": parts, "usage": usage}


def _part(task_id: str, number: int, raw: dict[str, Any]) -> Part:
    """A planned part; one that its work cannot read is left to the model."""
    name, work, given = raw["name"], raw["work"], raw["input"]
    try:
        checked = checked_input(work, name, given, f"parts[{number - 1}]")
    except InvalidInput:
        work, checked = "model", {"instruction": name, "data": given}
    return Part(
        id=part_id(task_id, number), name=name[:60], work=work, capability=work, input=checked
    )


def _instructions() -> str:
    text = files("littoral.mesh.work").joinpath("planner.txt").read_text(encoding="utf-8")
    return Template(text).substitute(most=MAX_PLANNED, operations=", ".join(OPERATIONS))
