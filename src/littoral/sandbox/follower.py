"""Follows a command and tells the orchestrator: output in order, then the end, each at least once.

What was taken is remembered by chunk number, so that a follower begun anew after a loss goes on
where the last one was. The daemon keeps the output: nothing is buffered here but one batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from littoral.clock import Clock
from littoral.errors import LittoralError, NotFound
from littoral.sandbox import limits
from littoral.sandbox.box import Box, BoxSilent
from littoral.sandbox.command import Description
from littoral.sandbox.daemon import Daemon
from littoral.sandbox.records import Record, Records

Tell = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Calls a method of the orchestrator with arguments; raises when it was not taken."""

WAIT_SECONDS = 5.0
PIECES = 500
SILENCES = 8
"""How often in a row the daemon may fail to answer before the sandbox is given up as lost."""
REFUSALS = 5
"""How often a report is tried before the follower leaves; the alarm begins another one."""
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


class Followers:
    """All commands that are followed now, each once."""

    def __init__(
        self, box: Box, daemon: Daemon, records: Records, clock: Clock, tell: Tell
    ) -> None:
        self._box = box
        self._daemon = daemon
        self._records = records
        self._clock = clock
        self._tell = tell
        self._active: set[str] = set()

    def is_active(self, exec_id: str) -> bool:
        return exec_id in self._active

    async def follow(self, exec_id: str) -> None:
        """Until its end was taken, or the orchestrator keeps refusing. One at a time for an id."""
        if exec_id in self._active:
            return
        self._active.add(exec_id)
        try:
            while (record := self._records.find(exec_id)) is not None and record.is_open:
                if not await self._step(record):
                    return
        finally:
            self._active.discard(exec_id)

    async def settle(self, record: Record) -> Description:
        """Asks the daemon once; a command that was lost with its sandbox becomes unknown."""
        if record.description.ended:
            return record.description
        if not self._box.running:
            return self._lost(record)
        try:
            described = Description.from_json(await self._daemon.describe(record.exec_id))
        except NotFound:
            described = await self.launch(record)
        if described.ended:
            self._records.describe(record.exec_id, described)
        return described

    async def launch(self, record: Record) -> Description:
        """Lets the daemon start a command that it cannot have run yet, or finds it lost.

        The same boot id means the same journal: starting is then safe to repeat. Under another one
        the command may have run, so it is not started again. Raises ``BoxSilent``.
        """
        if record.description.ended:
            return record.description
        if self._box.running and (await self._daemon.health())["boot"] == record.boot:
            return Description.from_json(await self._daemon.start(record.command))
        try:
            return Description.from_json(await self._daemon.describe(record.exec_id))
        except NotFound:
            return self._lost(record)
        except BoxSilent:
            if self._box.running:
                raise
            return self._lost(record)

    async def _step(self, record: Record) -> bool:
        """One batch, or the end; false when this follower leaves."""
        page = await self._page(record)
        described = Description.from_json(page["description"])
        if described.ended:
            self._records.describe(record.exec_id, described)
        chunks = page["chunks"]
        about = {"runId": record.run_id, "execId": record.exec_id}
        if chunks:
            args = {**about, "chunks": chunks, "skippedBytes": page["skippedBytes"]}
            if not await self._told(record, "sandbox.output", args):
                return False
            self._records.reported(record.exec_id, int(chunks[-1]["seq"]))
            return True
        if not described.ended:
            return True
        stored = self._records.find(record.exec_id)
        end = (stored or record).description
        if not await self._told(record, "sandbox.ended", {**end.to_json(), **about}):
            return False
        self._records.close(record.exec_id)
        return True

    async def _page(self, record: Record) -> dict[str, Any]:
        """What the daemon has after what was taken; an empty page with the end when it is lost."""
        pause = FIRST_PAUSE_SECONDS
        for _ in range(SILENCES):
            if not self._box.running:
                break
            try:
                return await self._daemon.output(
                    record.exec_id,
                    record.reported_seq,
                    limit=PIECES,
                    characters=limits.BATCH_CHARACTERS,
                    wait_seconds=0 if record.description.ended else WAIT_SECONDS,
                )
            except NotFound:
                if (await self._launch_quietly(record)).ended:
                    break
            except BoxSilent:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        described = self._lost(record)
        skipped = described.skipped_bytes
        return {"chunks": [], "skippedBytes": skipped, "description": described.to_json()}

    async def _launch_quietly(self, record: Record) -> Description:
        try:
            return await self.launch(record)
        except BoxSilent:
            return record.description

    def _lost(self, record: Record) -> Description:
        if record.description.ended:
            return record.description
        lost = replace(
            record.description,
            state="unknown",
            exit_code=None,
            signal=None,
            reason="lost",
            ended_at_ms=self._clock.now_ms(),
        )
        self._records.describe(record.exec_id, lost)
        return lost

    async def _told(self, record: Record, method: str, args: dict[str, Any]) -> bool:
        if not record.run_id:
            return True
        pause = FIRST_PAUSE_SECONDS
        for _ in range(REFUSALS):
            try:
                await self._tell(method, args)
                return True
            except LittoralError as error:
                if isinstance(error, NotFound):
                    return True  # the run is gone: nobody wants to know any more
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        return False
