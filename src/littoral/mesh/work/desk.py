"""Where a user's wishes about tasks become messages: starting, looking, cancelling.

Starting has two steps, so that credits are never set aside for a task that nobody knows: the
coordinator takes the task as a draft, then its credits are reserved under its id, then it is told.
A draft that hears no more is forgotten and its reservation freed. Repeating with the same key goes
on wherever the first try stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from littoral.clock import Ids, iso
from littoral.credits.till import Till
from littoral.errors import (
    Conflict,
    DependencyUnavailable,
    LittoralError,
    NotFound,
    short_problem,
)
from littoral.mesh.kernel.envelope import USER, Envelope
from littoral.mesh.projections.task_rows import TaskRow, TaskRows
from littoral.mesh.work.coordinator_effects import KIND, user_of
from littoral.mesh.work.function_work import SCOPE as FUNCTIONS
from littoral.mesh.work.price import reservation
from littoral.mesh.work.request import read_request, task_id_of
from littoral.mesh.work.task import ENDED

COORDINATOR: Final = "coordinator"
WORK_SCOPES: Final = (FUNCTIONS,)
"""Scopes that parts may need beside that of the mesh."""


class CoordinatorObject(Protocol):
    """The coordinator of the user's mesh (``littoral.api.gateway.Remote``)."""

    async def call(self, method: str, arguments: Mapping[str, Any] | None = None) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class DeskParts:
    """What a desk needs. ``scopes`` are the key's: parts may do no more than it may itself.

    ``model`` and ``max_output_tokens`` say what a part may cost.
    """

    owner: str
    payer: str
    scopes: frozenset[str]
    coordinator: CoordinatorObject
    rows: TaskRows
    till: Till
    ids: Ids
    model: str
    max_output_tokens: int


class TaskDesk:
    """One user's tasks. Make one for each request."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def start(self, asked: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        """``{taskId, correlationId, status, createdAt}``; the task goes on by itself.

        Raises ``InvalidInput``, ``TooLarge``, ``InsufficientCredits``, ``BudgetExceeded``,
        ``QueueFull``, and ``Conflict`` for a key that stands for another request. Safe to repeat
        with a key.
        """
        request = read_request(asked)
        task_id = task_id_of(self._parts.owner, key) if key else self._parts.ids.new("mtk")
        if key:
            known = await self._parts.rows.find(task_id)
            if known is not None and known.status in ENDED:
                return _repeated(known, request.digest)
        amount = reservation(
            request, model=self._parts.model, max_output_tokens=self._parts.max_output_tokens
        )
        scopes = [each for each in WORK_SCOPES if each in self._parts.scopes]
        body = {"payer": self._parts.payer, "scopes": scopes, "reserve": amount}
        body["asked"] = dict(asked)
        found = await self._tell("task.start", task_id, body)
        if found["digest"] != request.digest:
            raise _other_request()
        if not found["funded"] and found["status"] not in ENDED:
            await self._fund(task_id, amount)
        return _started(task_id, found["status"], found["createdAt"])

    async def describe(self, task_id: str) -> dict[str, Any]:
        """The task with its parts; raises ``NotFound``. A new one may have no results yet."""
        found = await self._parts.rows.described(task_id)
        if found is None:
            answer = await self._parts.coordinator.call("task.describe", {"taskId": task_id})
            found = answer["task"]
        if found is None:
            raise _unknown(task_id)
        return found

    async def cancel(self, task_id: str, reason: str) -> dict[str, Any]:
        """Ends a task; raises ``NotFound``, and ``Conflict`` for one that has ended. What was done
        until then is charged."""
        found = await self._tell("task.cancel", task_id, {"reason": reason})
        status = found["status"]
        if status is None:
            known = await self._parts.rows.find(task_id)
            if known is None:
                raise _unknown(task_id)
            status = known.status
        if not found["cancelled"]:
            raise Conflict(f"The task has ended already: {status}.")
        return {"taskId": task_id, "correlationId": task_id, "status": status}

    async def _fund(self, task_id: str, amount: int) -> None:
        user_id, till = user_of(self._parts.payer), self._parts.till
        try:
            await till.reserve(user_id, amount, ref=task_id, kind=KIND)
        except LittoralError as error:
            if not error.retryable:
                await self._tell("task.refuse", task_id, {"error": short_problem(error)})
            raise
        found = await self._tell("task.fund", task_id, {})
        if not found["known"]:
            await till.release(user_id, ref=task_id)
            raise DependencyUnavailable("Starting the task took too long; it was forgotten.")

    async def _tell(self, kind: str, task_id: str, body: Mapping[str, Any]) -> Any:
        envelope = Envelope(
            id=self._parts.ids.new("env"),
            sender=USER,
            to=COORDINATOR,
            kind=kind,
            correlation_id=task_id,
            body={"taskId": task_id, **body},
        )
        answer = await self._parts.coordinator.call(
            "envelope.send", {"envelope": envelope.to_json()}
        )
        if answer["reply"] is None:
            raise DependencyUnavailable("The coordinator could not take this now.")
        return answer["reply"]


def _repeated(known: TaskRow, digest: str) -> dict[str, Any]:
    if known.digest != digest:
        raise _other_request()
    return _started(known.id, known.status, known.created_at)


def _started(task_id: str, status: str, created_at_ms: int) -> dict[str, Any]:
    return {
        "taskId": task_id,
        "correlationId": task_id,
        "status": status,
        "createdAt": iso(created_at_ms),
    }


def _unknown(task_id: str) -> NotFound:
    return NotFound(
        f"There is no task {task_id[:60]!r}.", next_step="List them with GET /api/mesh/tasks."
    )


def _other_request() -> Conflict:
    return Conflict(
        "Another request was sent with this Idempotency-Key.",
        next_step="Use a new key for a new task.",
    )
