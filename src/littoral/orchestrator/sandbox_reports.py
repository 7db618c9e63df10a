"""What the sandbox tells of a run's commands, and asking it when it tells nothing.

Reports come at least once and may come late, doubled or not at all. Output is taken by its
sequence; an end only after all output before it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from littoral.clock import Clock
from littoral.errors import InvalidInput, LittoralError, NotFound
from littoral.orchestrator import limits
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.ports import Sandbox
from littoral.orchestrator.run import Run, Step
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.step_ends import LOST, Ending

MOST_PAGES = 500
PAGE_CHUNKS = 200

_log = logging.getLogger(__name__)
Arguments = Mapping[str, Any]


class SandboxReports:
    """Takes reports, and follows commands again that went silent.

    ``moved`` is called with the run after the end of a command.
    """

    def __init__(
        self,
        *,
        book: RunBook,
        changes: RunChanges,
        sandbox: Callable[[str], Sandbox],
        clock: Clock,
        moved: Callable[[Run], None],
    ) -> None:
        self._book = book
        self._changes = changes
        self._sandbox = sandbox
        self._clock = clock
        self._moved = moved
        self._heard: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._silent_since: dict[str, int] = {}

    async def output(self, args: Arguments) -> dict[str, Any]:
        """``sandbox.output``: repeating is safe."""
        step = self._step(args)
        self._hear(step)
        if not step.ended:
            skipped = int(args.get("skippedBytes") or 0)
            self._changes.output(step.run_id, step.index, list(args.get("chunks") or ()), skipped)
        return {"seq": self._book.step(step.run_id, step.index).last_seq}

    async def ended(self, args: Arguments) -> dict[str, Any]:
        """``sandbox.ended``: repeating is safe, the first end counts."""
        step = self._step(args)
        self._hear(step)
        if not step.ended:
            await self._end(self._book.get(step.run_id), step, args)
        return {}

    async def look(self, run: Run, step: Step) -> None:
        """Follows a running command again when nothing was heard of it for a while."""
        now = self._clock.now_ms()
        asked = self._asked.get(step.exec_id, 0)
        quiet = limits.FOLLOW_AGAIN_MS[min(asked, len(limits.FOLLOW_AGAIN_MS) - 1)]
        if asked and now - self._heard.get(step.exec_id, 0) < quiet:
            return
        self._asked[step.exec_id] = asked + 1
        self._heard[step.exec_id] = now
        try:
            told = await self._sandbox(run.sandbox_id).call(
                "exec.follow",
                {
                    "execId": step.exec_id,
                    "sinceSeq": step.last_seq,
                    "report": {"runId": run.id},
                },
            )
        except NotFound:
            self._moved(self._changes.step_ended(run.id, step.index, LOST))
            return
        except LittoralError as error:
            self._unheard(run, step, error)
            return
        self._silent_since.pop(step.exec_id, None)
        if told.get("state") != "running":
            await self._end(run, step, told)

    def _unheard(self, run: Run, step: Step, error: LittoralError) -> None:
        """The sandbox does not answer; after a while it is lost."""
        now = self._clock.now_ms()
        self._asked[step.exec_id] = 1
        since = self._silent_since.setdefault(step.exec_id, now)
        _log.warning("a sandbox does not answer: %s", error.detail)
        if now - since >= limits.LOST_AFTER_MS:
            self._moved(self._changes.step_ended(run.id, step.index, LOST))

    async def _end(self, run: Run, step: Step, told: Arguments) -> None:
        await self._catch_up(run, step, int(told.get("lastSeq") or 0))
        run = self._changes.step_ended(run.id, step.index, Ending.read(told))
        for known in (self._heard, self._asked, self._silent_since):
            known.pop(step.exec_id, None)
        self._moved(run)

    async def _catch_up(self, run: Run, step: Step, last: int) -> None:
        """Fetches output that was not reported; what cannot be had is left out."""
        sandbox = self._sandbox(run.sandbox_id)
        for _ in range(MOST_PAGES):
            seen = self._book.step(run.id, step.index).last_seq
            if seen >= last:
                return
            asked = {"execId": step.exec_id, "sinceSeq": seen, "limit": PAGE_CHUNKS}
            try:
                page = await sandbox.call("exec.output", asked)
            except LittoralError as error:
                _log.warning("output of a command that ended is lost: %s", error.detail)
                return
            chunks = page.get("chunks") or []
            self._changes.output(run.id, step.index, chunks, int(page.get("skippedBytes") or 0))
            if not chunks:
                return

    def _hear(self, step: Step) -> None:
        self._heard[step.exec_id] = self._clock.now_ms()
        self._asked[step.exec_id] = 1
        self._silent_since.pop(step.exec_id, None)

    def _step(self, args: Arguments) -> Step:
        run_id, exec_id = str(args.get("runId")), str(args.get("execId"))
        index = exec_id.removeprefix(f"{run_id}-")
        if not index.isdecimal() or len(index) > 4:
            raise InvalidInput(f"{exec_id[:60]!r} is no command of the run {run_id[:60]!r}.")
        return self._book.step(run_id, int(index))
