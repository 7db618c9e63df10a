"""Turns words into a plan: by the language model, or by plain rules when none answers."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import Any

from littoral.credits.prices import is_free
from littoral.errors import InvalidInput, LittoralError, ModelUnavailable
from littoral.models.json_output import JsonAnswer, ask_json
from littoral.models.model import Model, ModelMessage, ModelRequest
from littoral.orchestrator import limits
from littoral.orchestrator.plain_plans import plain_plan
from littoral.orchestrator.plan import Plan, PlannedCommand
from littoral.orchestrator.request import read_command
from littoral.orchestrator.run import RunInput

MAX_PLANNED = 20

PLAN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "maxItems": MAX_PLANNED,
            "items": {
                "type": "object",
                "properties": {
                    "title": {"type": "string", "maxLength": 200},
                    "command": {"type": "string", "minLength": 1, "maxLength": 8_000},
                },
                "required": ["title", "command"],
                "additionalProperties": False,
            },
        },
        "cannot": {"type": "string", "maxLength": 500},
    },
    "required": ["steps", "cannot"],
    "additionalProperties": False,
}


class Planner:
    """Asks one model. The same words may give another plan: keep the one that was made."""

    def __init__(self, model: Model, *, max_output_tokens: int, timeout_seconds: float) -> None:
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._timeout_seconds = timeout_seconds

    async def plan(self, asked: RunInput, *, affinity: str) -> Plan:
        """Commands for ``asked.task``.

        Raises ``InvalidInput`` with the planner's reason when it cannot be done by commands, and
        ``ModelUnavailable`` when no model answers and the words are not plain.
        """
        answer = await self._ask(asked, affinity)
        if answer is None or is_free(answer.chosen.model):
            return _plainly(asked.task)
        steps = answer.value["steps"]
        if not steps:
            reason = answer.value["cannot"].strip() or "The planner found no commands for this."
            raise InvalidInput(reason, next_step="Say it in other words, or give the commands.")
        commands = tuple(_command(each) for each in steps[: limits.MAX_COMMANDS])
        used = answer.usage
        return Plan(
            commands=commands,
            model=answer.chosen.model,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cost_usd=used.cost_usd,
        )

    async def _ask(self, asked: RunInput, affinity: str) -> JsonAnswer | None:
        request = ModelRequest(
            messages=(
                ModelMessage(role="system", text=_instructions(asked)),
                ModelMessage(role="user", text=asked.task),
            ),
            max_output_tokens=self._max_output_tokens,
            temperature=0.0,
            affinity=affinity,
            timeout_seconds=self._timeout_seconds,
        )
        try:
            return await ask_json(self._model, request, PLAN_SCHEMA)
        except LittoralError:
            if plain_plan(asked.task) is None:
                raise
            return None


def _plainly(words: str) -> Plan:
    found = plain_plan(words)
    if found is None:
        raise ModelUnavailable(
            "No language model can be reached, and without one only plain requests are planned.",
            next_step="Give the commands themselves, say it like 'run …' or 'list files in …', "
            "or set DEFAULT_MODEL.",
        )
    return Plan(commands=found)


def _command(step: dict[str, Any]) -> PlannedCommand:
    command = read_command(step["command"], "The planner's command")
    title = " ".join(step["title"].split()) or command.splitlines()[0]
    return PlannedCommand(title=title[:200], command=command)


def _instructions(asked: RunInput) -> str:
    text = files("littoral.orchestrator").joinpath("planner.txt").read_text(encoding="utf-8")
    network = f", but for: {', '.join(asked.network)}" if asked.network else ""
    return Template(text).substitute(most=MAX_PLANNED, network=network)
