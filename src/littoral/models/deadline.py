"""The time that one call of a model may take, watched with one timer.

``asyncio.timeout`` around every read would set a timer per read, and around a generator it would
interrupt the consumer: this one sets a single timer and strikes only while the call itself waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Self, TypeVar

from littoral.errors import DeadlineExceeded

Result = TypeVar("Result")


class Deadline:
    """``with Deadline(seconds) as deadline: await deadline.wait(…)`` within one task."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[Any] | None = None
        self._passed = seconds <= 0
        self._struck = False

    def __enter__(self) -> Self:
        if not self._passed:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._pass)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _pass(self) -> None:
        self._passed = True
        if self._waiting is not None:
            self._struck = True
            self._waiting.cancel()

    async def wait(self, awaitable: Awaitable[Result]) -> Result:
        """The result, or ``DeadlineExceeded`` when the time is up before it has come.

        What is awaited is cancelled then. A cancellation from elsewhere passes through unchanged.
        """
        self._waiting = asyncio.current_task()
        try:
            if self._passed:
                _drop(awaitable)
                raise self._exceeded()
            return await awaitable
        except asyncio.CancelledError:
            if not self._struck or self._waiting is None or self._waiting.uncancel() > 0:
                raise
            raise self._exceeded() from None
        finally:
            self._waiting = None

    def _exceeded(self) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"The model did not answer within {self._seconds:.3g} seconds.",
            next_step="Try again, ask for less, or raise MODEL_TIMEOUT_SECONDS.",
        )


def _drop(awaitable: Awaitable[Any]) -> None:
    """Closes a coroutine that nobody will await, so that it does not complain."""
    close = getattr(awaitable, "close", None)
    if close is not None:
        close()
