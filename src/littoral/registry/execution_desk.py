"""What callers ask of the executions of one object: begin one, wait for it, cancel it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.errors import LittoralError, NotAuthenticated
from littoral.ops.current import traceparent
from littoral.registry.closing import Closing
from littoral.registry.executing import Executing
from littoral.registry.execution import Ask, Execution, used_otherwise
from littoral.registry.execution_book import ExecutionBook
from littoral.registry.execution_changes import ExecutionChanges, refused
from littoral.text import require_text

MAX_REASON_CHARACTERS = 500
CANCEL_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class ExecutionDesk:
    """One object's desk."""

    owner: str
    book: ExecutionBook
    changes: ExecutionChanges
    executing: Executing
    closing: Closing
    clock: Clock
    accepting: dict[str, asyncio.Event]
    """Executions that a request of this moment sets credits aside for."""

    async def start(self, execution_id: str, ask: Ask, payer: str, *, seconds: float) -> Execution:
        """The execution, begun; waits for its end for ``seconds``. The same id is the same one.

        Raises ``Conflict`` (the id was used for something else), ``QueueFull``,
        ``InsufficientCredits``, ``BudgetExceeded``.
        """
        known = self.book.find(execution_id)
        if known is not None and known.ask.fingerprint != ask.fingerprint:
            raise used_otherwise()
        if known is None:
            await self._accept(execution_id, ask, payer)
        elif execution_id in self.accepting:
            await self.accepting[execution_id].wait()
        if not self.book.get(execution_id).over:
            self.executing.begin(execution_id)
            await self.executing.wait(execution_id, seconds)
        return self.book.get(execution_id)

    async def _accept(self, execution_id: str, ask: Ask, payer: str) -> None:
        execution = Execution(
            id=execution_id,
            owner=self.owner,
            user_id=_user_of(payer),
            ask=ask,
            created_at_ms=self.clock.now_ms(),
            trace=traceparent(),
        )
        self.accepting[execution_id] = asyncio.Event()
        try:
            self.book.create(execution)
            await self.executing.accept(execution)
        except LittoralError as error:
            if refused(error):
                self.book.forget(execution_id)
            raise
        finally:
            self.accepting.pop(execution_id).set()

    async def cancel(self, execution_id: str, reason: Any) -> Execution:
        """Ends it, also in the middle of a word; one that is over stays as it is."""
        words = require_text(reason, field="reason", most=MAX_REASON_CHARACTERS) if reason else ""
        if self.book.get(execution_id).over:
            return self.book.get(execution_id)
        self.changes.cancelled(execution_id, words)
        if self.executing.works_on(execution_id):
            self.executing.stop(execution_id)
            await self.executing.wait(execution_id, CANCEL_SECONDS)
        else:
            await self.closing.close(execution_id)
        return self.book.get(execution_id)

    async def look(self) -> None:
        """What a kill left lying is taken up again; what has ended is closed."""
        for execution in self.book.unfinished():
            if execution.id in self.accepting or self.executing.works_on(execution.id):
                continue
            if execution.over:
                await self.closing.close(execution.id)
            else:
                self.executing.begin(execution.id)
        self.book.sweep()


def _user_of(payer: str) -> str:
    user_id = payer.partition(".")[0]
    if not user_id:
        raise NotAuthenticated("An execution needs an account that pays for it.")
    return user_id


def ask_of(raw: Any) -> Ask:
    """The ask that a door sent."""
    assert isinstance(raw, Mapping)
    return Ask.of_row(raw)
