"""Has the plan made: a blueprint from the query, a phase from messages, a choice in smart mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from littoral.builder import limits
from littoral.builder.asking import Asking
from littoral.builder.blueprint import (
    BLUEPRINT_SCHEMA,
    NEXT_PHASE_SCHEMA,
    PlannedPhase,
    read_blueprint,
    read_phase,
)
from littoral.builder.build import Build, QueuedMessage
from littoral.builder.build_book import BuildBook
from littoral.builder.paths import require_no_clash
from littoral.builder.plan_changes import PlanChanges
from littoral.builder.schemas import NEXT_ACTION_SCHEMA, Action
from littoral.errors import BudgetExceeded, CallerError, LittoralError, ModelUnavailable
from littoral.models.json_output import JsonAnswer, ask_json
from littoral.models.json_schema import JsonSchema
from littoral.models.model import Model

_BLUEPRINT = JsonSchema(BLUEPRINT_SCHEMA)
_NEXT_PHASE = JsonSchema(NEXT_PHASE_SCHEMA)
_NEXT_ACTION = JsonSchema(NEXT_ACTION_SCHEMA)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What comes next. ``by`` is ``model`` or ``pipeline``; ``plan`` is that of a new phase."""

    action: Action
    by: str
    reason: str
    plan: PlannedPhase | None = None

    def to_json(self) -> dict[str, Any]:
        return {"action": self.action, "by": self.by, "reason": self.reason}


class Architect:
    """Plans for one build. What a model plans is read by the rules for everybody's plans."""

    def __init__(self, *, book: BuildBook, changes: PlanChanges, asking: Asking) -> None:
        self._book = book
        self._changes = changes
        self._asking = asking

    async def blueprint(self, model: Model, build: Build) -> None:
        """One attempt at the blueprint. Raises the error that ends the build."""
        assert build.round is not None
        number = build.round.number
        build = self._changes.blueprint_asked(number)
        request = self._asking.blueprint(build, build.problem)
        try:
            answer = await ask_json(model, request, _BLUEPRINT)
            blueprint = read_blueprint(answer.value)
        except BudgetExceeded:
            raise
        except LittoralError as error:
            self._again(number, build.attempts, error, "blueprint")
            return
        self._changes.blueprint_ready(number, blueprint, _told(answer))

    async def next_phase(
        self, model: Model, build: Build, messages: Sequence[QueuedMessage]
    ) -> None:
        """One attempt at a phase for messages. Raises the error that ends the build."""
        assert build.round is not None
        number = build.round.number
        attempts = self._changes.attempted(number).attempts
        earlier = [each.text for each in self._book.messages(taken=True)]
        request = self._asking.next_phase(build, messages, earlier, build.problem)
        try:
            answer = await ask_json(model, request, _NEXT_PHASE)
            plan = self._fitting(answer.value)
        except BudgetExceeded:
            raise
        except LittoralError as error:
            self._again(number, attempts, error, "next phase")
            return
        self._changes.messages_taken(number, messages, plan)

    async def choose(self, model: Model, build: Build, possible: Sequence[Action]) -> Choice:
        """Smart mode's choice; the fixed pipeline's, with the reason, when the model's is none.

        The first of ``possible`` is what the pipeline would do.
        """
        assert build.round is not None
        if build.round.decisions >= limits.MOST_DECISIONS:
            return _pipeline(possible, f"{limits.MOST_DECISIONS} choices were made already")
        phases, issues = self._book.phases(), self._book.open_issues()
        request = self._asking.next_action(build, phases, issues, possible)
        try:
            answer = await ask_json(model, request, _NEXT_ACTION)
            action, reason = answer.value["action"], str(answer.value["reason"])
            if action not in possible:
                return _pipeline(possible, f"the model chose {action!r}, which is not possible now")
            plan = self._fitting(answer.value.get("phase")) if action == "add_phase" else None
        except BudgetExceeded:
            raise
        except LittoralError as error:
            return _pipeline(possible, f"the model's choice cannot be used: {error.detail}")
        if plan is not None and not plan.files:
            return _pipeline(possible, "the model's new phase has no files")
        return Choice(action=action, by="model", reason=reason, plan=plan)

    def _fitting(self, document: Any) -> PlannedPhase:
        """A phase whose paths go together with those that are there."""
        plan = read_phase(document)
        known = [each.path for each in self._book.files()]
        planned = [file.path for phase in self._book.phases() for file in phase.files]
        require_no_clash([*known, *planned, *(each.path for each in plan.files)])
        return plan

    def _again(self, number: int, attempts: int, error: LittoralError, what: str) -> None:
        """Another attempt, or the end with the reason."""
        if attempts < limits.MOST_ATTEMPTS:
            self._changes.problem(number, error.detail)
            return
        if isinstance(error, CallerError):
            raise ModelUnavailable(
                f"The model gave no {what} that can be used, asked {attempts} times: "
                f"{error.detail}",
                next_step="Resume the build, say it in other words, or choose another model.",
            ) from None
        raise error


def _told(answer: JsonAnswer) -> dict[str, Any]:
    chosen = answer.chosen
    return {"model": chosen.model, "degraded": chosen.degraded}


def _pipeline(possible: Sequence[Action], why: str) -> Choice:
    return Choice(action=possible[0], by="pipeline", reason=f"The fixed order was kept: {why}.")
