"""The workflow instances of one owner's runs and sessions: begun, told of news, replaced.

What is known of an instance is memory only. After the object lost it, each instance counts as one
that has not heard the latest news; hearing it twice costs one look.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.ops.current import traceparent
from littoral.orchestrator import limits
from littoral.orchestrator.ports import WorkflowKind, Workflows, instance_id
from littoral.orchestrator.stages import Answer

_log = logging.getLogger(__name__)

Spawn = Callable[[Callable[[], Awaitable[Any]]], None]


@dataclass(kw_only=True)
class _Watch:
    """One instance: when it was last heard of, and the news that it has not answered yet."""

    heard_at_ms: int
    told_at_ms: int = 0
    told: int = 0
    news: bool = True
    waiting: bool = False
    busy: int = 0


class Motors:
    """Keeps the workflow instances of one owner going."""

    def __init__(self, *, owner: str, workflows: Workflows, clock: Clock, spawn: Spawn) -> None:
        self._owner = owner
        self._workflows = workflows
        self._clock = clock
        self._spawn = spawn
        self._watches: dict[str, _Watch] = {}

    def begin(self, kind: WorkflowKind, subject: str, number: int = 0, *, trace: str = "") -> None:
        """Begins the instance of that number, as a part of ``trace`` or of the current one; what
        fails is seen by ``stuck`` later."""
        self._watches[subject] = _Watch(heard_at_ms=self._clock.now_ms(), news=False)
        self._spawn(lambda: self._create(kind, subject, number, trace))

    def asked(self, subject: str) -> None:
        """An instance asks for a stage."""
        watch = self._watch(subject)
        watch.heard_at_ms = self._clock.now_ms()
        watch.busy += 1
        watch.news = watch.waiting = False
        watch.told = 0

    def answered(self, subject: str, answer: Answer | None) -> None:
        """It got its answer, ``None`` for a failure that it tries again."""
        watch = self._watch(subject)
        watch.heard_at_ms = self._clock.now_ms()
        watch.busy = max(0, watch.busy - 1)
        watch.waiting = answer is not None and answer.next == "wait"

    def news(self, kind: WorkflowKind, subject: str, number: int = 0) -> None:
        """What an instance waits for may have come."""
        self._watch(subject).news = True
        self._tell(kind, subject, number)

    def look(self, kind: WorkflowKind, subject: str, number: int = 0) -> bool:
        """Tells an instance again that does not move; false when it is to be replaced."""
        watch = self._watch(subject)
        if watch.busy or (watch.waiting and not watch.news):
            return True
        silent_ms = self._clock.now_ms() - max(watch.told_at_ms, watch.heard_at_ms)
        is_fresh = watch.news and not watch.told
        if not is_fresh and silent_ms < limits.NEWS_AGAIN_MS * 2 ** (watch.told + 1):
            return True
        if watch.told >= limits.MOST_NEWS:
            return False
        watch.news = True
        self._tell(kind, subject, number)
        return True

    def forget(self, subject: str) -> None:
        """It has ended."""
        self._watches.pop(subject, None)

    def _watch(self, subject: str) -> _Watch:
        if subject not in self._watches:
            self._watches[subject] = _Watch(heard_at_ms=self._clock.now_ms())
        return self._watches[subject]

    def _tell(self, kind: WorkflowKind, subject: str, number: int) -> None:
        watch = self._watch(subject)
        watch.told += 1
        watch.told_at_ms = self._clock.now_ms()

        async def tell() -> None:
            try:
                await self._workflows.tell(kind, instance_id(subject, number))
            except LittoralError:
                await self._create(kind, subject, number)

        self._spawn(tell)

    async def _create(self, kind: WorkflowKind, subject: str, number: int, trace: str = "") -> None:
        about = {"owner": self._owner, "subject": subject, "trace": trace or traceparent()}
        try:
            await self._workflows.create(kind, instance_id(subject, number), about)
        except LittoralError as error:
            _log.warning("a workflow instance could not be begun: %s", error.detail)
