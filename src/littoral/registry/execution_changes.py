"""What may happen to an execution: each change is one transaction with its event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from littoral.clock import Clock
from littoral.credits.amount import credits_of
from littoral.errors import LittoralError
from littoral.ops.here import observer
from littoral.registry.answers import Answer
from littoral.registry.charges import cost_of
from littoral.registry.execution import Execution, ExecutionEvent, error_of
from littoral.registry.execution_book import ExecutionBook

_ENDINGS: Final[Mapping[str, ExecutionEvent]] = {
    "completed": "execution.completed",
    "failed": "execution.failed",
    "cancelled": "execution.cancelled",
}


class ExecutionChanges:
    """``told`` hears of every change, after it is written."""

    def __init__(self, book: ExecutionBook, clock: Clock, told: Callable[[str], None]) -> None:
        self._book = book
        self._clock = clock
        self._told = told

    def begun(self, execution_id: str) -> Execution | None:
        """Another life takes it up; ``None`` when it is over or gone."""
        found = self._book.find(execution_id)
        if found is None or found.over:
            return None
        return self._book.change(execution_id, beginnings=found.beginnings + 1)

    def accepted(self, execution_id: str, reserved: int) -> Execution:
        """Credits and a place in the list are its own; work begins."""
        now = self._clock.now_ms()
        found = self._book.get(execution_id)
        changed = self._book.change(
            execution_id,
            ("execution.started", {"executionId": execution_id, **_where(found)}),
            status="running",
            stage="accepted",
            reserved=reserved,
            started_at_ms=now,
        )
        self._told(execution_id)
        return changed

    def spending(self, execution_id: str) -> bool:
        """From here on a kill is not repaired; ``False`` when it is over meanwhile."""
        if self._book.is_over(execution_id):
            return False
        self._book.change(execution_id, stage="spending")
        return True

    def said(self, execution_id: str, text: str) -> None:
        """The next words of the answer; nothing is said after the end."""
        if self._book.is_over(execution_id):
            return
        self._book.append(execution_id, "execution.output", {"text": text})
        self._told(execution_id)

    def completed(
        self,
        execution_id: str,
        *,
        output: str,
        model: str,
        degraded: bool,
        filtered: tuple[Mapping[str, Any], ...],
        citations: tuple[Mapping[str, Any], ...],
        input_tokens: int,
        output_tokens: int,
    ) -> Execution | None:
        """The answer is there; ``None`` when it was over before."""
        return self._end(
            execution_id,
            status="completed",
            output=output,
            model=model,
            degraded=degraded,
            filtered=filtered,
            citations=citations,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost=cost_of(model, input_tokens, output_tokens),
        )

    def answered_before(
        self, execution_id: str, answer: Answer, citations: tuple[Mapping[str, Any], ...]
    ) -> Execution | None:
        """The same was asked before; its answer is given, which costs no tokens."""
        self.said(execution_id, answer.output)
        return self._end(
            execution_id,
            status="completed",
            output=answer.output,
            model=answer.model,
            filtered=answer.filtered,
            citations=citations,
            cached_at_ms=answer.kept_at_ms,
            cost=cost_of("", 0, 0),
        )

    def failed(self, execution_id: str, error: BaseException, **known: Any) -> Execution | None:
        """It did not work; nothing is charged."""
        return self._end(execution_id, status="failed", error=error_of(error), **known)

    def cancelled(self, execution_id: str, reason: str) -> Execution:
        """Somebody does not want it any more. One that is over stays as it is."""
        error = {
            "code": "cancelled",
            "detail": reason or "It was cancelled.",
            "retryable": False,
            "nextStep": "Execute it again when you want it after all.",
        }
        ended = self._end(execution_id, status="cancelled", error=error)
        return ended or self._book.get(execution_id)

    def spent(self, execution_id: str, **known: Any) -> None:
        """What a cancelled execution had come to: its words, and what they cost."""
        found = self._book.get(execution_id)
        if found.status == "cancelled" and not found.charged:
            tokens = (known["input_tokens"], known["output_tokens"])
            cost = cost_of(known["model"], *tokens) if any(tokens) else 0
            self._book.change(execution_id, cost=min(cost, found.reserved), **known)

    def _end(self, execution_id: str, **changes: Any) -> Execution | None:
        found = self._book.find(execution_id)
        if found is None or found.over:
            return None
        now, error = self._clock.now_ms(), changes.get("error")
        changes["cost"] = min(changes.get("cost", 0), found.reserved)
        ended = self._book.change(
            execution_id,
            (_ENDINGS[changes["status"]], {"status": changes["status"], "error": error}),
            stage="over",
            ended_at_ms=now,
            started_at_ms=found.started_at_ms or now,
            **changes,
        )
        self._told(execution_id)
        _note_end(ended)
        return ended


def refused(error: LittoralError) -> bool:
    """Whether an error says that there is no room or no credit, so that nothing is kept of it."""
    return error.http_status in (402, 409, 429)


def _where(execution: Execution) -> dict[str, Any]:
    return {"edgeLocation": execution.ask.edge_location, "model": execution.ask.definition.model}


def _note_end(execution: Execution) -> None:
    observer().work(
        agent="execution-agent",
        work="execution",
        outcome=execution.status,
        begun_ms=execution.created_at_ms,
        id=execution.id,
        user=execution.user_id,
        model=execution.model,
        input_tokens=execution.input_tokens,
        output_tokens=execution.output_tokens,
        credits=credits_of(execution.cost),
        code=str((execution.error or {}).get("code", "")),
        trace=execution.trace,
    )
