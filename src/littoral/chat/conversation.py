"""One session's conversation: takes messages, answers them one after the other, survives a kill.

Accepting is synchronous and durable: when a message is taken, its row is written, and the same
message sent again is recognised by its id. Answering runs under a fair lock, so turns are answered
in the order in which they were accepted. How clients are spoken to is left to
``littoral.chat.frames`` (socket) and the agent's own calls (HTTP).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from littoral.agent.connection import Connection, Connections
from littoral.chat.audience import Audience
from littoral.chat.ending import Ending, Outcome, close, ending_of
from littoral.chat.fold import text_of
from littoral.chat.journal import Journal
from littoral.chat.message import Message, agent_message
from littoral.chat.owner import Owner
from littoral.chat.recovery import resumable
from littoral.chat.stream import Listener, LiveStream
from littoral.chat.transcript import MAX_OPEN, Transcript, Turn
from littoral.chat.turn import TurnContext, TurnLoop
from littoral.chat.waiting import Change, Waiting, is_settled
from littoral.chat.window import Window
from littoral.clock import Clock, Ids, iso
from littoral.errors import Conflict, InvalidInput, LittoralError, QueueFull, problem
from littoral.models.model import ToolSpec
from littoral.store.sql import Sql

MAX_ATTEMPTS = 3
"""How often an answer that was cut off is begun again before it is given up."""

Options = dict[str, Any]


class Conversation:
    """Turns of one session, from acceptance to their end."""

    def __init__(
        self,
        *,
        sql: Sql,
        transcript: Transcript,
        journal: Journal,
        window: Window,
        loop: TurnLoop,
        connections: Connections,
        owner: Owner,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self.transcript = transcript
        self.audience = Audience(connections, transcript)
        self._sql = sql
        self._journal = journal
        self._window = window
        self._loop = loop
        self._owner = owner
        self._clock = clock
        self._ids = ids
        self._waiting = Waiting(transcript)
        self._lock = asyncio.Lock()
        self._queue: dict[int, Turn] = {}
        self._claims: dict[int, list[asyncio.Future[Ending]]] = {}
        self._cancelled: set[str] = set()
        self._runner: asyncio.Task[Any] | None = None

    # --- what goes on ----------------------------------------------------------------------------

    def wake(self) -> None:
        """Reads what was going on when the object lost its memory, and goes on with it.

        Turns that are open and that nobody answers are answered in the background, oldest first.
        Repeating is safe.
        """
        last = self.transcript.last()
        if last is None:
            return
        if last.status == "waiting":
            self._waiting.set(last.number)
        for turn in self.transcript.open_turns():
            if turn.number not in self._queue:
                # Counted before anybody else can ask for this turn: who asks gets this attempt.
                self.transcript.count_attempt(turn.number)
                attempted = replace(turn, attempts=turn.attempts + 1)
                self._queue[turn.number] = attempted
                self._owner.spawn(partial(self.answer, attempted))

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits to run."""
        return bool(self._queue)

    def ahead_of(self, turn: Turn) -> int:
        """How many turns are answered before this one."""
        return sum(number < turn.number for number in self._queue)

    # --- taking messages -------------------------------------------------------------------------

    def accept(
        self,
        user: Message,
        *,
        request_id: str,
        options: Options | None = None,
        earlier: Sequence[Message] = (),
        origin: Connection | None = None,
    ) -> Turn:
        """Writes a user's message as a turn to be answered; nothing is awaited.

        The same id with the same text gives the turn that it began before, whatever its state; one
        that failed is answered anew, unless the conversation went on after it. With another text it
        is an edit: the turns from there on are thrown away and it is answered anew. Raises
        ``QueueFull``; ``Conflict`` for an edit while a turn runs.
        """
        full = len(self._queue) >= MAX_OPEN
        plain = not (full or earlier or self._waiting.turn)
        # A plain message is written without a look: that its id is there already, the index tells.
        turn = self.transcript.open(user, request_id, options or {}) if plain else None
        if turn is None:
            known = self.transcript.by_user_message(user["id"])
            if known is not None:
                return self._known(known, user, request_id, options or {})
            if full:
                raise QueueFull(f"{MAX_OPEN} messages of this session wait for an answer already.")
            turn = self._opened_after(earlier, user, request_id, options or {})
        self._opened(turn, origin)
        return turn

    def _opened_after(
        self, earlier: Sequence[Message], user: Message, request_id: str, options: Options
    ) -> Turn:
        """Writes a new message after those that its client sent before it."""
        self._supersede()
        for message in earlier:
            if message["id"] != user["id"] and self.transcript.note(message) is not None:
                self._window.forget()
        turn = self.transcript.open(user, request_id, options)
        assert turn is not None, "its id was looked for in this event"
        return turn

    def _known(self, turn: Turn, user: Message, request_id: str, options: Options) -> Turn:
        same = turn.user is not None and text_of(turn.user) == text_of(user)
        last = self.transcript.last()
        went_on = last is not None and last.number > turn.number
        if same and (turn.status != "failed" or went_on):
            return turn
        return self.restart(turn, request_id=request_id, options=options, user=user)

    def restart(
        self,
        turn: Turn,
        *,
        request_id: str,
        options: Options,
        user: Message | None = None,
        origin: Connection | None = None,
    ) -> Turn:
        """Answers a turn anew and throws the later ones away. Raises ``Conflict`` when busy."""
        message = user or turn.user
        if message is None:
            raise InvalidInput("There is no message of yours to answer again.")
        if self.busy:
            raise Conflict(
                "An answer is being given at this moment.",
                next_step="Stop it or wait for its end, and try again.",
            )
        self._window.cut(turn.number)
        self._waiting.set(None)
        self.transcript.restart(turn.number, request_id, message, options)
        again = replace(
            turn,
            user=message,
            reply=None,
            status="open",
            request_id=request_id,
            options=options,
            attempts=0,
        )
        self._opened(again, origin)
        return again

    def _opened(self, turn: Turn, origin: Connection | None) -> None:
        self._queue[turn.number] = turn
        self._owner.turn_opened(turn)
        self.audience.show_transcript(without=origin.id if origin is not None else "")

    def _supersede(self) -> None:
        turn = self._waiting.supersede()
        if turn is not None and turn.reply is not None:
            self._window.forget()
            self.audience.show_message(turn.reply)

    # --- answering -------------------------------------------------------------------------------

    async def answer(self, turn: Turn, listener: Listener | None = None) -> Ending:
        """Gives the answer to an accepted turn, after those accepted before it; waits for its end.

        Safe to call again for the same turn: a turn that has ended gives its ending again.
        """
        if turn.number not in self._queue:
            return ending_of(self.transcript.get(turn.number))
        if turn.number in self._claims:
            return await self._end_of(turn)
        while self._unclaimed_before(turn.number):  # noqa: ASYNC110
            await asyncio.sleep(0)  # they claim their place in the next round
        self._claims[turn.number] = []
        async with self._lock:
            if turn.number not in self._queue:
                return ending_of(self.transcript.get(turn.number))
            return await self._run(self._queue[turn.number], listener)

    def _unclaimed_before(self, number: int) -> bool:
        """Whether an earlier turn has not asked for the lock yet (just after a wake)."""
        return any(n < number and n not in self._claims for n in self._queue)

    async def _end_of(self, turn: Turn) -> Ending:
        future: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._claims[turn.number].append(future)
        return await future

    async def _run(self, turn: Turn, listener: Listener | None) -> Ending:
        stream = self._begin(turn, listener)
        try:
            ending = await self._work(turn, stream)
            self._finish(ending, stream)
        finally:
            self.audience.ended()
            self._runner = None
            self._cancelled.discard(turn.request_id)
            self._queue.pop(turn.number, None)
            for future in self._claims.pop(turn.number, []):
                if not future.done():
                    future.cancel()
        return ending

    def _begin(self, turn: Turn, listener: Listener | None) -> LiveStream:
        stream = LiveStream(
            request_id=turn.request_id,
            turn=turn.number,
            connections=self.audience.connections,
            message=turn.reply,
            listener=listener,
        )
        self._runner = asyncio.current_task()
        if turn.attempts:
            self._restore(turn, stream)
        self.audience.begins(stream, again=turn.attempts > 0)
        if not stream.chunks:
            stream.emit(self._start_chunk(turn, stream))
        return stream

    def _start_chunk(self, turn: Turn, stream: LiveStream) -> dict[str, Any]:
        if stream.continuation:
            return {"type": "start"}
        metadata = {"createdAt": iso(self._clock.now_ms())}
        message_id = f"msg_{turn.number}_{turn.request_id}"
        return {"type": "start", "messageId": message_id, "messageMetadata": metadata}

    def _restore(self, turn: Turn, stream: LiveStream) -> None:
        """Puts back the journaled chunks, up to the last point from which the loop can go on."""
        chunks = resumable(self._journal.load(turn.number))
        self._journal.erase(turn.number)
        stream.restore(chunks)
        if chunks:
            self._journal.save(turn.number, 0, stream.bodies())
            stream.journaled = True

    async def _work(self, turn: Turn, stream: LiveStream) -> Ending:
        """Runs the loop; every way in which it can stop becomes an ending."""
        outcome: Outcome = "failed"
        error: LittoralError | None = None
        try:
            if turn.request_id in self._cancelled:
                outcome = "cancelled"
            elif turn.attempts > MAX_ATTEMPTS:
                raise LittoralError(
                    f"The answer was cut off {turn.attempts} times and is given up.",
                    next_step="Send the message again.",
                )
            else:
                outcome = await self._loop.run(stream, self._context(turn))
        except asyncio.CancelledError:
            if not stream.cancelled:
                raise
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            outcome = "cancelled"
        except LittoralError as known:
            error = known
        except Exception as unknown:  # noqa: BLE001 - a turn always ends, whatever fails
            self._owner.fault(unknown, "turn")
            error = LittoralError()
        return close(turn, stream, outcome, error, self._clock.now_ms())

    def _context(self, turn: Turn) -> TurnContext:
        return TurnContext(
            prompt=self._window.prompt(turn, self._owner.instructions),
            tools=self._owner.tools(),
            client_tools=_client_tools(turn.options.get("clientTools")),
            affinity=self._owner.affinity(),
            gate=self._owner.gate(turn),
        )

    def _finish(self, ending: Ending, stream: LiveStream) -> None:
        """Writes the end, then tells it: rows, transcript, the frame that says done."""
        turn = ending.turn
        if stream.journaled:
            self._sql.transaction(lambda: self._write_end(ending, stream))
        else:
            self._write_end(ending, stream)
        self._queue.pop(turn.number, None)
        if ending.outcome == "waiting":
            self._waiting.set(turn.number)
        self._window.add(turn, ending.reply)
        self._owner.turn_ended(ending)
        self.audience.show_ending(ending.reply, asked=str(turn.options.get("socket", "")))
        if ending.error is not None:
            stream.fail(problem(ending.error))
        else:
            stream.finish("aborted" if ending.outcome == "cancelled" else "completed")
        for future in self._claims.get(turn.number, []):
            if not future.done():
                future.set_result(ending)

    def _write_end(self, ending: Ending, stream: LiveStream) -> None:
        turn = ending.turn
        heard = bool(self.audience.connections.all()) or not turn.options.get("socket")
        self.transcript.end(
            turn.number,
            ending.reply,
            ending.outcome,
            delivered=ending.outcome != "failed" or heard,
        )
        if stream.journaled:
            self._journal.erase(turn.number)

    # --- while a turn waits for somebody ---------------------------------------------------------

    @property
    def waiting_turn(self) -> Turn | None:
        """The newest turn, when it waits for a person or a browser."""
        return self._waiting.turn

    def settle_tool(self, tool_call_id: str, change: Change) -> Turn | None:
        """Applies a client's result or decision to the tool part that waits for it.

        Gives the turn when something changed, ``None`` when the part has ended already (the first
        result stands) or does not exist.
        """
        turn = self._waiting.settle(tool_call_id, change)
        if turn is not None and turn.reply is not None:
            self._window.forget()
            self.audience.show_message(turn.reply)
        return turn

    def settled(self, turn: Turn) -> bool:
        """Whether no part of the turn waits for a person or a browser any more."""
        return is_settled(turn, self.own_tools())

    def own_tools(self) -> set[str]:
        """Names of the tools that run here; a client may not give results for them."""
        return {each.name for each in self._owner.tools()}

    def continue_turn(
        self, turn: Turn, *, request_id: str, origin: Connection | None, client_tools: Any = None
    ) -> Turn:
        """Makes a waiting turn run on under a new request; answer it with ``answer``.

        ``origin`` is offered the stream when it begins (leave it out for a client that listens to
        ``request_id`` already).
        """
        options = dict(turn.options)
        if client_tools is not None:
            options["clientTools"] = client_tools
        self.transcript.reopen(turn.number, request_id, options)
        self._waiting.set(None)
        again = replace(turn, status="open", request_id=request_id, options=options, attempts=0)
        self._queue[turn.number] = again
        self._owner.turn_opened(again)
        if origin is not None:
            self.audience.expect(origin)
        return again

    # --- stopping, clearing, saying --------------------------------------------------------------

    def cancel(self, request_id: str) -> bool:
        """Stops the turn of that request, running or waiting to run; false when there is none."""
        stream = self.audience.stream
        if stream is not None and stream.request_id == request_id:
            self._interrupt(stream)
            return True
        if any(turn.request_id == request_id for turn in self._queue.values()):
            self._cancelled.add(request_id)
            return True
        return False

    def _interrupt(self, stream: LiveStream) -> None:
        if not stream.cancelled:
            stream.cancelled = True
            if self._runner is not None:
                self._runner.cancel()

    async def clear(self) -> None:
        """Stops everything and forgets what was said (not the tasks)."""
        for turn in list(self._queue.values()):
            self.cancel(turn.request_id)
        async with self._lock:
            self._queue.clear()
            self._sql.transaction(self._erase)
            self._waiting.set(None)
            self.audience.forget()
            self._owner.cleared()

    def _erase(self) -> None:
        self.transcript.clear()
        self._journal.clear()
        self._window.clear()

    def say(self, text: str, kind: str) -> Message:
        """The agent says something by itself; every client sees it. Writes one row."""
        message = agent_message(self._ids.new("msg"), text, self._clock.now_ms(), kind)
        turn = self.transcript.say(message)
        self._window.add(turn, message)
        self.audience.show_transcript()
        return message


def _client_tools(raw: Any) -> tuple[ToolSpec, ...]:
    """Checked when the request came (``littoral.chat.frames``); here only given their type."""
    return tuple(
        ToolSpec(
            name=each["name"],
            description=each.get("description") or "",
            parameters=each.get("parameters") or {"type": "object", "properties": {}},
        )
        for each in raw or ()
    )
