"""A conversation with everything around it, on CPython: what the chat tests are written with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.chat.conversation import Conversation
from littoral.chat.ending import Ending
from littoral.chat.frames import ChatFrames
from littoral.chat.gate import Gate
from littoral.chat.journal import JOURNAL_SCHEMA, Journal
from littoral.chat.message import user_message
from littoral.chat.transcript import TRANSCRIPT_SCHEMA, Transcript, Turn
from littoral.chat.turn import TurnLimits, TurnLoop
from littoral.chat.window import SUMMARY_SCHEMA, Window
from littoral.models.tool import ToolSet
from littoral.store.migrations import Schema, migrate
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.scripted_model import ScriptedModel
from tests.fakes.sqlite import Sqlite

LEDGER_SCHEMA = Schema(name="ledger", steps=("CREATE TABLE ledger (entry TEXT)",))


class World:
    """One agent object's life; ``killed`` gives the next life on the same rows."""

    def __init__(
        self,
        *scenes: Any,
        tools: ToolSet | None = None,
        sql: Sqlite | None = None,
        connections: FakeConnections | None = None,
        max_steps: int = 8,
    ) -> None:
        self.sql = sql or Sqlite()
        self.clock = ManualClock()
        self.ids = CountingIds()
        self.connections = connections or FakeConnections()
        self.model = ScriptedModel(*scenes)
        self.toolset = tools or ToolSet()
        self.faults: list[BaseException] = []
        self.endings: list[Ending] = []
        self.clearings = 0
        self.opened: list[int] = []
        self.effects = 0
        self.background: list[asyncio.Task[Any]] = []
        migrate(self.sql, (TRANSCRIPT_SCHEMA, JOURNAL_SCHEMA, SUMMARY_SCHEMA, LEDGER_SCHEMA))
        self.transcript = Transcript(self.sql, self.clock)
        self.journal = Journal(self.sql)
        self.window = Window(self.sql, self.transcript, budget_tokens=2_000)
        loop = TurnLoop(
            model=self.model,
            sql=self.sql,
            journal=self.journal,
            clock=self.clock,
            limits=TurnLimits(max_steps=max_steps, max_output_tokens=500, model_timeout_seconds=5),
            on_effect=self._effect,
            on_fault=self.faults.append,
        )
        self.chat = Conversation(
            sql=self.sql,
            transcript=self.transcript,
            journal=self.journal,
            window=self.window,
            loop=loop,
            connections=self.connections,
            owner=self,
            clock=self.clock,
            ids=self.ids,
        )
        self.frames = ChatFrames(self.chat, self.clock, self.ids)
        self.chat.wake()

    def killed(self, *scenes: Any) -> World:
        """Kills this life at once and begins the next on what was written."""
        for task in self.background:
            task.cancel()
        return World(*scenes, tools=self.toolset, sql=self.sql, connections=FakeConnections())

    def accept(self, text: str, message_id: str = "u1", request_id: str = "r1") -> Turn:
        message = user_message(message_id, text, self.clock.now_ms())
        return self.chat.accept(message, request_id=request_id)

    async def ask(self, text: str, message_id: str = "u1", request_id: str = "r1") -> Ending:
        return await self.chat.answer(self.accept(text, message_id, request_id))

    def begin(self, turn: Turn) -> asyncio.Task[Ending]:
        """Answers a turn in the background."""
        task = asyncio.get_running_loop().create_task(self.chat.answer(turn))
        self.background.append(task)
        return task

    async def settle(self) -> None:
        """Waits for all background work."""
        await asyncio.gather(*self.background, return_exceptions=True)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Lets others run until something is so (a bounded number of rounds)."""
        for _ in range(1_000):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError("it never came true")

    # --- what the conversation asks of its agent

    def tools(self) -> ToolSet:
        return self.toolset

    def instructions(self) -> str:
        return "Be brief."

    def affinity(self) -> str:
        return "test"

    def gate(self, turn: Turn) -> Gate | None:
        return None

    def turn_opened(self, turn: Turn) -> None:
        self.opened.append(turn.number)

    def turn_ended(self, ending: Ending) -> None:
        self.endings.append(ending)

    def cleared(self) -> None:
        self.clearings += 1

    def fault(self, error: BaseException, where: str) -> None:
        self.faults.append(error)

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self.background.append(asyncio.get_running_loop().create_task(run()))

    def _effect(self) -> None:
        self.effects += 1
