"""Carries out executions: memory, cache, model; each is one task in memory, its rows are the truth.

Up to the moment when a model is asked, a kill loses nothing: the next life begins again. From then
on it is not asked a second time; the execution fails as interrupted and costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.errors import Conflict, LittoralError, ModelUnavailable
from littoral.memory.passages import Passage
from littoral.models.estimate import request_tokens
from littoral.models.model import ModelRequest
from littoral.models.reply_stream import close
from littoral.ops.here import observer
from littoral.registry import limits
from littoral.registry.answers import Answer, Answers, key_of, may_be_kept
from littoral.registry.charges import KIND, reservation
from littoral.registry.closing import Closing
from littoral.registry.execution import Execution, interrupted
from littoral.registry.execution_book import ExecutionBook
from littoral.registry.execution_changes import ExecutionChanges
from littoral.registry.listing import ExecutionListing
from littoral.registry.ports import Place
from littoral.registry.prompt import citations_of, request_of
from littoral.registry.saying import Saying

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ExecutingParts:
    """What carrying out needs; ``fault`` takes what should not have happened."""

    place: Place
    book: ExecutionBook
    changes: ExecutionChanges
    listing: ExecutionListing
    answers: Answers
    closing: Closing
    clock: Clock
    timeout_seconds: float
    fault: Callable[[BaseException, str], None]


class Executing:
    """Everything that one object carries out at the moment."""

    def __init__(self, parts: ExecutingParts) -> None:
        self._parts = parts
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def works_on(self, execution_id: str) -> bool:
        """Whether this life carries it out."""
        return execution_id in self._tasks

    def begin(self, execution_id: str) -> None:
        """Takes an execution up, if this life has not."""
        if execution_id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._run(execution_id))
            self._tasks[execution_id] = task
            task.add_done_callback(lambda ended: self._ended(execution_id, ended))

    async def wait(self, execution_id: str, seconds: float) -> None:
        """Returns when this life is through with it, or after so many seconds."""
        task = self._tasks.get(execution_id)
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)

    def stop(self, execution_id: str) -> None:
        """Cuts the work off; the row has to say first why."""
        task = self._tasks.get(execution_id)
        if task is not None:
            task.cancel()

    def tasks(self) -> list[asyncio.Task[None]]:
        """All that this life carries out."""
        return list(self._tasks.values())

    def _ended(self, execution_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(execution_id, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._parts.fault(error, "execution")

    # --- before anything is spent ----------------------------------------------------------------

    async def accept(self, execution: Execution) -> Execution:
        """Sets credits aside and takes a place in the list; repeating is safe.

        Raises ``InsufficientCredits``, ``BudgetExceeded``, ``QueueFull``, ``Conflict``.
        """
        parts, amount = self._parts, reservation(execution.ask)
        await parts.listing.claim(execution)
        try:
            await parts.place.till.reserve(execution.user_id, amount, ref=execution.id, kind=KIND)
        except LittoralError as error:
            if isinstance(error, Conflict) or error.http_status in (402, 429):
                await parts.listing.forget(execution.id)
            raise
        parts.place.ear.tell(execution.owner)
        return parts.changes.accepted(execution.id, amount)

    # --- one life --------------------------------------------------------------------------------

    async def _run(self, execution_id: str) -> None:
        parts = self._parts
        execution = parts.changes.begun(execution_id)
        if execution is not None:
            begun = observer().begin(execution.trace)
            try:
                await self._carry_out(execution)
            except asyncio.CancelledError:
                if not parts.book.get(execution_id).over:
                    raise
            except LittoralError as error:
                words = parts.book.said(execution_id) or None
                parts.changes.failed(execution_id, error, output=words)
            except Exception as error:  # noqa: BLE001 - a fault is told as a failed execution
                parts.fault(error, "execution")
                parts.changes.failed(execution_id, error)
            finally:
                observer().leave(begun)
        await parts.closing.close(execution_id)

    async def _carry_out(self, execution: Execution) -> None:
        if execution.stage == "spending" or execution.beginnings > limits.MAX_BEGINNINGS:
            raise interrupted()
        if execution.stage == "asked":
            execution = await self.accept(execution)
        passages = await self._passages(execution)
        key = key_of(execution.ask, passages)
        if await self._answered_before(execution, key, passages):
            return
        request = request_of(
            execution.ask,
            passages,
            affinity=f"{execution.owner}:{execution.ask.agent_id}",
            timeout_seconds=self._parts.timeout_seconds,
        )
        if self._parts.changes.spending(execution.id):
            await self._ask(execution, request, passages, key)

    async def _passages(self, execution: Execution) -> list[Passage]:
        source, memory = self._parts.place.passages, execution.ask.definition.memory
        if source is None or not memory.enabled:
            return []
        asked = source.nearest(
            execution.owner, execution.ask.agent_id, execution.ask.input, memory.passages
        )
        try:
            return await asyncio.wait_for(asked, limits.MEMORY_SECONDS)
        except TimeoutError:
            raise ModelUnavailable(
                f"The agent's memory did not answer within {limits.MEMORY_SECONDS:g} seconds."
            ) from None

    async def _answered_before(
        self, execution: Execution, key: str, passages: Sequence[Passage]
    ) -> bool:
        """Ends the execution with a kept answer, if there is one. A cache that fails has none."""
        parts, ask = self._parts, execution.ask
        if not may_be_kept(ask):
            return False
        since_ms = parts.clock.now_ms() - ask.definition.cache_seconds * 1000
        try:
            answer = await parts.answers.find(execution.owner, key, since_ms=since_ms)
        except LittoralError as error:
            _log.warning("kept answers could not be looked up: %s", error.detail)
            return False
        if answer is None:
            return False
        citations = citations_of(passages, answer.output)
        parts.changes.answered_before(execution.id, answer, citations)
        return True

    # --- the model -------------------------------------------------------------------------------

    async def _ask(
        self, execution: Execution, request: ModelRequest, passages: Sequence[Passage], key: str
    ) -> None:
        parts = self._parts
        saying = Saying(
            execution.ask.definition.output_filter,
            parts.clock,
            lambda text: parts.changes.said(execution.id, text),
        )

        def known() -> dict[str, Any]:
            saying.close()
            return _known(saying, passages, request_tokens(request))

        model = parts.place.model_named(execution.ask.definition.model)
        events = model.stream(request)
        try:
            async for event in events:
                saying.take(event)
        except asyncio.CancelledError:
            parts.changes.spent(execution.id, **known())
            raise
        except LittoralError as error:
            parts.changes.failed(execution.id, error, **known())
            return
        finally:
            saying.close()
            await close(events)
        if not saying.output:
            silence = ModelUnavailable("The model ended without a word.")
            parts.changes.failed(execution.id, silence, **known())
            return
        if parts.changes.completed(execution.id, **known()) is not None:
            await self._keep(execution, saying, key)

    async def _keep(self, execution: Execution, saying: Saying, key: str) -> None:
        """Keeps a whole answer of the model that was asked for; failing to is no failure."""
        whole = saying.reason == "stop" and not saying.degraded
        if not whole or not may_be_kept(execution.ask):
            return
        answer = Answer(
            output=saying.output,
            model=saying.model,
            filtered=saying.filtered,
            kept_at_ms=self._parts.clock.now_ms(),
        )
        seconds = execution.ask.definition.cache_seconds
        try:
            await self._parts.answers.keep(execution.owner, key, answer, seconds=seconds)
        except LittoralError as error:
            _log.warning("an answer could not be kept: %s", error.detail)


def _known(saying: Saying, passages: Sequence[Passage], input_tokens: int) -> dict[str, Any]:
    """What is known of an answer, whole or not."""
    usage = saying.usage(input_tokens)
    return {
        "output": saying.output or None,
        "model": saying.model,
        "degraded": saying.degraded,
        "filtered": saying.filtered,
        "citations": citations_of(passages, saying.output),
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
    }
