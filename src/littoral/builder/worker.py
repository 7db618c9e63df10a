"""Does a build's work, step after step, whenever the alarm rings; one worker at a time.

What is next is read from the rows before every step. A cancellation writes its row and then
interrupts the step that is under way, which closes the model's answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from littoral.builder import limits
from littoral.builder.build import Build
from littoral.builder.build_book import BuildBook
from littoral.builder.engine import Engine
from littoral.builder.finishing import Finishing
from littoral.builder.journal import Overtaken
from littoral.builder.opening import RoundOpener
from littoral.builder.round_changes import RoundChanges
from littoral.clock import Clock
from littoral.errors import DependencyUnavailable, LittoralError

_log = logging.getLogger(__name__)


class Worker:
    """The worker of one build. ``tidy`` runs after each round, ``wanted`` begins one."""

    def __init__(
        self,
        *,
        book: BuildBook,
        rounds: RoundChanges,
        engine: Engine,
        finishing: Finishing,
        opener: RoundOpener,
        tidy: Callable[[], Awaitable[None]],
        wanted: Callable[[Build], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._book = book
        self._rounds = rounds
        self._engine = engine
        self._finishing = finishing
        self._opener = opener
        self._tidy = tidy
        self._wanted = wanted
        self._clock = clock
        self.busy = False
        self._list_again_ms = 0
        self._task: asyncio.Task[None] | None = None

    def next_ms(self) -> int | None:
        """When there is something to do; ``None`` while the build stands still."""
        build = self._book.find()
        if build is None:
            return None
        if build.round is not None and build.round.stage == "asked":
            return build.round.asked_at_ms + limits.DRAFT_MS
        if build.draft:
            return build.created_at_ms + limits.DRAFT_MS
        if build.round is None and build.wanted is None and self._finishing.is_listed(build):
            return None
        return max(self._clock.now_ms(), build.pause_until_ms)

    async def work(self) -> None:
        """Works until there is nothing to do, or the slice is over; one call at a time."""
        if self.busy:
            return
        self.busy = True
        try:
            end = self._clock.now_ms() + limits.SLICE_MS
            while await self._step():
                if self._clock.now_ms() >= end:
                    return
        finally:
            self.busy = False

    def interrupt(self) -> None:
        """Ends the step that is under way; its row has been overtaken."""
        if self._task is not None:
            self._task.cancel()

    async def _step(self) -> bool:
        """One piece of work; whether there may be more."""
        build = self._book.find()
        if build is None or build.pause_until_ms > self._clock.now_ms():
            return False
        try:
            done = await self._do(build)
            if done:
                self._rounds.recovered()
            return done
        except Overtaken:
            return True
        except DependencyUnavailable as error:
            self._set_back(build, error, limits.MOST_SETBACKS)
        except LittoralError as error:
            self._fail(build, error)
        except Exception as error:  # noqa: BLE001 - a fault is tried again a few times, then told
            _log.error("fault in a step of a build", exc_info=error)
            self._set_back(build, LittoralError(), limits.MOST_FAULTS)
        return True

    async def _do(self, build: Build) -> bool:
        stage = build.round.stage if build.round is not None else None
        if stage == "asked" or build.draft:
            return await self._sweep(build)
        if stage == "closing":
            await self._finishing.settle(build)
            await self._tidy()
        elif build.working:
            await self._list_aside(build)
            await self._work(build)
        elif not self._finishing.is_listed(build):
            await self._finishing.list(build)
        elif build.wanted is not None:
            await self._wanted(build)
        else:
            return False
        return True

    async def _sweep(self, build: Build) -> bool:
        """Whoever asked for the round got no answer and did not ask again."""
        since = build.round.asked_at_ms if build.round else build.created_at_ms
        if self._opener.in_flight or self._clock.now_ms() - since < limits.DRAFT_MS:
            return False
        await self._finishing.give_up(build)
        return True

    async def _list_aside(self, build: Build) -> None:
        """A list that does not answer keeps nobody from working."""
        now = self._clock.now_ms()
        if self._finishing.is_listed(build) or now < self._list_again_ms:
            return
        try:
            await self._finishing.list(build)
        except DependencyUnavailable as error:
            self._list_again_ms = now + limits.LIST_AGAIN_MS
            _log.warning("the list of builds was not told: %s", error.detail)

    async def _work(self, build: Build) -> None:
        self._task = task = asyncio.get_running_loop().create_task(self._engine.step(build))
        try:
            await asyncio.wait({task})
        finally:
            self._task = None
            task.cancel()  # Only when this work itself was cancelled; a finished task ignores it.
        if task.cancelled():
            raise Overtaken
        task.result()

    def _set_back(self, build: Build, error: LittoralError, most: int) -> None:
        """A pause, or the end when it goes on; what is only to be settled is tried for ever."""
        if self._rounds.setback() > most and build.working:
            self._fail(build, error)

    def _fail(self, build: Build, error: LittoralError) -> None:
        if not build.working:
            _log.error("a build that stands still met an error: %s", error.detail)
            self._rounds.setback()
            return
        try:
            self._finishing.fail(build, error)
        except Overtaken:
            _log.info("a build had ended before its error")
