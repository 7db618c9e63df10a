"""One session's conversation: takes messages, answers them one after the other, survives a kill.

Accepting is synchronous and durable: when a message is taken, its row is written, and the same
message sent again is recognised by its id. Answering runs under a fair lock, so turns are answered
in the order in which they were accepted. How clients are spoken to is left to
``littoral.chat.frames`` (socket) and ``littoral.chat.answer`` (HTTP).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol

from littoral import wire
from littoral.agent.connection import Connection, Connections, broadcast
from littoral.chat.fold import MessageFold, text_of
from littoral.chat.journal import Journal
from littoral.chat.message import agent_message
from littoral.chat.recovery import resumable
from littoral.chat.stream import Listener, LiveStream
from littoral.chat.transcript import MAX_OPEN, Status, Transcript, Turn
from littoral.chat.turn import TurnContext, TurnLoop
from littoral.chat.window import Window
from littoral.clock import Clock, Ids, iso
from littoral.errors import Conflict, InvalidInput, LittoralError, NotFound, QueueFull, problem
from littoral.jsontext import dumps
from littoral.models.model import ToolSpec
from littoral.models.tool import ToolSet
from littoral.store.sql import Sql

Message = dict[str, Any]
MAX_ATTEMPTS = 3
HISTORY_TURNS = 100
"""Turns that a transcript frame holds; older ones are read page by page."""

Outcome = Literal["completed", "waiting", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a turn ended. ``error`` is set when ``outcome`` is failed."""

    turn: Turn
    reply: Message
    outcome: Outcome
    error: LittoralError | None = None


class Owner(Protocol):
    """What the conversation asks of the agent that it belongs to."""

    def tools(self) -> ToolSet:
        """Tools of the model in this session."""
        ...

    def instructions(self) -> str:
        """The system prompt as of now."""
        ...

    def affinity(self) -> str:
        """A name of this conversation for the model's provider; nothing personal in it."""
        ...

    def turn_opened(self, turn: Turn) -> None:
        """A turn was written; called before anything is awaited, in the same event."""
        ...

    def turn_ended(self, ending: Ending) -> None:
        """A turn's end was written."""
        ...

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        ...

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Runs a coroutine function in the background; keeps a reference to it."""
        ...


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
        self._sql = sql
        self.transcript = transcript
        self._journal = journal
        self._window = window
        self._loop = loop
        self.connections = connections
        self._owner = owner
        self._clock = clock
        self._ids = ids
        self._lock = asyncio.Lock()
        self._queue: dict[int, Turn] = {}
        self._endings: dict[int, list[asyncio.Future[Ending]]] = {}
        self._cancelled: set[str] = set()
        self._runner: asyncio.Task[Any] | None = None
        self._waiting: int | None = None
        self._pending_probes: dict[str, tuple[Connection, str | None]] = {}
        self._ended_stream: LiveStream | None = None
        self.stream: LiveStream | None = None

    # --- waking up -------------------------------------------------------------------------------

    def wake(self) -> None:
        """Reads what was going on when the object last lost its memory; call it once, first.

        Turns that are still open are answered in the background, oldest first.
        """
        last = self.transcript.last()
        if last is not None and last.status == "waiting":
            self._waiting = last.number
        for turn in self.transcript.open_turns() if last is not None else []:
            self._queue[turn.number] = turn
            self._owner.spawn(partial(self._recover, turn))

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits to run."""
        return bool(self._queue)

    def ahead_of(self, turn: Turn) -> int:
        """How many turns are answered before this one."""
        return sum(number < turn.number for number in self._queue)

    def own_tools(self) -> set[str]:
        """Names of the tools that run here; a client may not give results for them."""
        return {each.name for each in self._owner.tools()}

    # --- taking messages -------------------------------------------------------------------------

    def accept(
        self,
        user: Message,
        *,
        request_id: str,
        options: dict[str, Any] | None = None,
        earlier: Sequence[Message] = (),
        origin: Connection | None = None,
    ) -> Turn:
        """Writes a user's message as a turn to be answered; nothing is awaited.

        The same id with the same text gives the turn that it began before, whatever its state.
        With another text it is an edit: the turns from there on are thrown away and it is answered
        anew. Raises ``QueueFull``; ``Conflict`` for an edit while a turn runs.
        """
        known = self.transcript.by_user_message(user["id"])
        if known is not None:
            return self._known(known, user, request_id, options or {})
        if len(self._queue) >= MAX_OPEN:
            raise QueueFull(f"{MAX_OPEN} messages of this session wait for an answer already.")
        self._supersede()
        for message in earlier:
            if self.transcript.by_user_message(message["id"]) is None:
                self.transcript.note(message)
                self._window.forget()
        turn = self.transcript.open(user, request_id, options or {})
        self._opened(turn, origin)
        return turn

    def _known(self, turn: Turn, user: Message, request_id: str, options: dict[str, Any]) -> Turn:
        same = turn.user is not None and text_of(turn.user) == text_of(user)
        if same and turn.status != "failed":
            return turn
        return self.restart(turn, request_id=request_id, options=options, user=user)

    def restart(
        self,
        turn: Turn,
        *,
        request_id: str,
        options: dict[str, Any],
        user: Message | None = None,
        origin: Connection | None = None,
    ) -> Turn:
        """Answers a turn anew; the turns after it are thrown away. Raises ``Conflict`` when busy."""
        message = user or turn.user
        if message is None:
            raise InvalidInput("There is no message of yours to answer again.")
        if self.busy:
            raise Conflict(
                "An answer is being given at this moment.",
                next_step="Stop it or wait for its end, and try again.",
            )
        self._window.cut(turn.number)
        self._waiting = None
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
        self.show_transcript(without=origin)

    def _supersede(self) -> None:
        """A person who writes on instead of answering a question has answered it: no."""
        if self._waiting is None:
            return
        turn = self.transcript.get(self._waiting)
        self._waiting = None
        if turn is None or turn.reply is None or turn.status != "waiting":
            return
        fold = MessageFold(message=turn.reply)
        for part in fold.parts:
            if part.get("state") in ("approval-requested", "approval-responded"):
                fold.apply({"type": "tool-output-denied", "toolCallId": part["toolCallId"]})
            elif part.get("state") == "input-available":
                text = "The conversation went on without a result."
                fold.apply(
                    {
                        "type": "tool-output-error",
                        "toolCallId": part["toolCallId"],
                        "errorText": text,
                    }
                )
        self.transcript.end(turn.number, fold.message(), "completed")
        self._window.forget()
        self._show_message(fold.message())

    # --- answering -------------------------------------------------------------------------------

    async def answer(self, turn: Turn, listener: Listener | None = None) -> Ending:
        """Gives the answer to an accepted turn, after those accepted before it; waits for its end.

        Safe to call again for the same turn: a turn that has ended gives its ending again.
        """
        if turn.number not in self._queue:
            return self._ended(turn)
        if turn.number in self._endings:
            return await self._end_of(turn)
        while self._unclaimed_before(turn.number):  # noqa: ASYNC110
            await asyncio.sleep(0)  # they claim their place in the next round
        self._endings[turn.number] = []
        async with self._lock:
            if turn.number not in self._queue:
                return self._ended(turn)
            return await self._run(turn, listener)

    def _unclaimed_before(self, number: int) -> bool:
        """Whether an earlier turn has not asked for the lock yet (just after a wake)."""
        return any(n < number and n not in self._endings for n in self._queue)

    async def _end_of(self, turn: Turn) -> Ending:
        future: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._endings[turn.number].append(future)
        return await future

    def _ended(self, turn: Turn) -> Ending:
        stored = self.transcript.get(turn.number)
        if stored is None or stored.reply is None:
            raise NotFound("The message was removed before it was answered.")
        outcome: Any = "completed" if stored.status == "open" else stored.status
        error = _stored_error(stored) if outcome == "failed" else None
        return Ending(turn=stored, reply=stored.reply, outcome=outcome, error=error)

    async def _recover(self, turn: Turn) -> None:
        """Answers a turn that a kill or an eviction cut off."""
        self.transcript.count_attempt(turn.number)
        attempted = replace(turn, attempts=turn.attempts + 1)
        self._queue[turn.number] = attempted
        await self.answer(attempted)

    async def _run(self, turn: Turn, listener: Listener | None) -> Ending:
        stream = self._begin(turn, listener)
        try:
            ending = await self._work(turn, stream)
            self._finish(ending, stream)
        finally:
            self.stream = None
            self._ended_stream = stream
            self._runner = None
            self._cancelled.discard(turn.request_id)
            self._queue.pop(turn.number, None)
            waiters = self._endings.pop(turn.number, [])
            for future in waiters:
                if not future.done():
                    future.cancel()
        return ending

    def _begin(self, turn: Turn, listener: Listener | None) -> LiveStream:
        stream = LiveStream(
            request_id=turn.request_id,
            turn=turn.number,
            connections=self.connections,
            message=turn.reply,
            listener=listener,
        )
        self.stream = stream
        self._runner = asyncio.current_task()
        if turn.attempts:
            self._restore(turn, stream)
        self._offer(stream)
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
        for connection in self.connections.all():
            self.offer(connection)

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
        return self._close(turn, stream, outcome, error)

    def _context(self, turn: Turn) -> TurnContext:
        return TurnContext(
            prompt=self._window.prompt(turn, self._owner.instructions),
            tools=self._owner.tools(),
            client_tools=_client_tools(turn.options.get("clientTools")),
            affinity=self._owner.affinity(),
        )

    def _close(
        self, turn: Turn, stream: LiveStream, outcome: Outcome, error: LittoralError | None
    ) -> Ending:
        """Emits the chunks that end the stream."""
        stream.close_open_texts()
        metadata = stream.fold.metadata
        metadata["latencyMs"] = self._clock.now_ms() - turn.created_at_ms
        metadata["outcome"] = outcome
        if error is not None:
            detail = problem(error)
            metadata["error"] = {key: detail[key] for key in ("code", "detail", "retryable")}
        if outcome == "cancelled":
            stream.emit({"type": "message-metadata", "messageMetadata": dict(metadata)})
            stream.emit({"type": "abort"})
        elif outcome != "failed":
            stream.emit({"type": "finish", "messageMetadata": dict(metadata)})
        return Ending(turn=turn, reply=stream.fold.message(), outcome=outcome, error=error)

    def _finish(self, ending: Ending, stream: LiveStream) -> None:
        """Writes the end, then tells it: rows, transcript, the frame that says done."""
        turn = ending.turn
        status: Status = ending.outcome
        heard = bool(self.connections.all()) or bool(self._endings.get(turn.number))
        delivered = status != "failed" or heard or not turn.options.get("socket")

        def write() -> None:
            self.transcript.end(turn.number, ending.reply, status, delivered=delivered)
            if stream.journaled:
                self._journal.erase(turn.number)

        if stream.journaled:
            self._sql.transaction(write)
        else:
            write()
        self._queue.pop(turn.number, None)
        self._waiting = turn.number if status == "waiting" else self._waiting
        self._window.add(turn, ending.reply)
        self._owner.turn_ended(ending)
        self._tell(ending, stream)
        for future in self._endings.get(turn.number, []):
            if not future.done():
                future.set_result(ending)

    def _tell(self, ending: Ending, stream: LiveStream) -> None:
        origin = str(ending.turn.options.get("socket", ""))
        others = [c for c in self.connections.all() if c.id != origin]
        if others:
            broadcast(others, self.transcript_frame())
        if ending.error is not None:
            stream.fail(problem(ending.error))
        else:
            stream.finish("aborted" if ending.outcome == "cancelled" else "completed")

    # --- while a turn waits for somebody
    # -----------------------------------------------------------

    def settle_tool(
        self, tool_call_id: str, change: Callable[[dict[str, Any]], bool]
    ) -> Turn | None:
        """Applies a client's result or decision to the tool part that waits for it.

        ``change`` edits the part and says whether it did. Gives the turn when something changed,
        ``None`` when the part has ended already (the first result stands) or does not exist.
        """
        turn = self.transcript.get(self._waiting) if self._waiting is not None else None
        if turn is None or turn.reply is None or turn.status != "waiting":
            return None
        part = MessageFold(message=turn.reply).tool_part(tool_call_id)
        if part is None or not change(part):
            return None
        self.transcript.change_reply(turn.number, turn.reply)
        self._window.forget()
        self._show_message(turn.reply)
        return turn

    def settled(self, turn: Turn) -> bool:
        """Whether no part of the turn waits for a person or a browser any more."""
        reply = turn.reply or {"parts": []}
        own = self.own_tools()
        return not any(
            part.get("state") == "approval-requested"
            or (
                part.get("state") == "input-available"
                and part["type"].removeprefix("tool-") not in own
            )
            for part in reply["parts"]
        )

    def continue_turn(
        self,
        turn: Turn,
        *,
        request_id: str,
        origin: Connection | None,
        client_tools: Any = None,
        offer: bool = True,
    ) -> Turn:
        """Makes a waiting turn run on under a new request; answer it with ``answer``."""
        options = dict(turn.options)
        if client_tools is not None:
            options["clientTools"] = client_tools
        self.transcript.reopen(turn.number, request_id, options)
        self._waiting = None
        again = replace(turn, status="open", request_id=request_id, options=options)
        self._queue[turn.number] = again
        self._owner.turn_opened(again)
        if origin is not None and offer:
            self._pending_probes[origin.id] = (origin, None)
        return again

    @property
    def waiting_turn(self) -> Turn | None:
        """The newest turn, when it waits for a person or a browser."""
        return self.transcript.get(self._waiting) if self._waiting is not None else None

    # --- stopping, clearing
    # ------------------------------------------------------------------------

    def cancel(self, request_id: str) -> bool:
        """Stops the turn of that request, running or waiting to run; false when there is none."""
        stream = self.stream
        if stream is not None and stream.request_id == request_id:
            self._interrupt(stream)
            return True
        if any(turn.request_id == request_id for turn in self._queue.values()):
            self._cancelled.add(request_id)
            return True
        return False

    def cancel_all(self) -> None:
        """Stops whatever runs or waits to run."""
        for turn in list(self._queue.values()):
            self.cancel(turn.request_id)

    def _interrupt(self, stream: LiveStream) -> None:
        if not stream.cancelled:
            stream.cancelled = True
            if self._runner is not None:
                self._runner.cancel()

    async def clear(self) -> None:
        """Stops everything and forgets what was said (not the tasks)."""
        self.cancel_all()
        async with self._lock:
            self._queue.clear()
            self._sql.transaction(self._erase)
            self._waiting = None
            self._ended_stream = None
            self._window.forget()

    def _erase(self) -> None:
        self.transcript.clear()
        self._journal.clear()
        self._window.clear()

    # --- clients
    # -----------------------------------------------------------------------------------

    def say(self, text: str, kind: str) -> Message:
        """The agent says something by itself; every client sees it. Writes one row."""
        message = agent_message(self._ids.new("msg"), text, self._clock.now_ms(), kind)
        turn = self.transcript.say(message)
        self._window.add(turn, message)
        self.show_transcript()
        return message

    def transcript_frame(self, **extra: Any) -> str:
        """The newest messages as a frame."""
        more = "".join(f",{dumps(key)}:{dumps(value)}" for key, value in extra.items())
        messages = self.transcript.messages_json(HISTORY_TURNS)
        return f'{{"type":"{wire.CHAT_MESSAGES}","messages":[{messages}]{more}}}'

    def show_transcript(self, without: Connection | None = None) -> None:
        """Sends the newest messages to every client but one."""
        skipped = {without.id} if without is not None else set()
        listening = [c for c in self.connections.all() if c.id not in skipped]
        if listening:
            broadcast(listening, self.transcript_frame())

    def _show_message(self, message: Message) -> None:
        if self.connections.all():
            frame = dumps({"type": wire.MESSAGE_UPDATED, "message": message})
            broadcast(self.connections.all(), frame)

    def offer(self, connection: Connection, probe_id: str | None = None) -> bool:
        """Offers the running stream to a socket, which gets it after it acknowledged."""
        if self.stream is None:
            return False
        self.stream.waiting_for_ack.add(connection.id)
        connection.send(resuming_frame(self.stream.request_id, probe_id))
        return True

    def stream_of(self, request_id: str) -> LiveStream | None:
        """The stream of that request: the running one, or the one that ended last."""
        for stream in (self.stream, self._ended_stream):
            if stream is not None and stream.request_id == request_id:
                return stream
        return None

    def expect(self, connection: Connection, probe_id: str | None) -> None:
        """A socket asked for a stream that has not begun; it is offered when it begins."""
        self._pending_probes[connection.id] = (connection, probe_id)

    def gone(self, connection: Connection) -> None:
        """A socket was closed; turns go on without it."""
        self._pending_probes.pop(connection.id, None)
        if self.stream is not None:
            self.stream.waiting_for_ack.discard(connection.id)

    def _offer(self, stream: LiveStream) -> None:
        probes, self._pending_probes = self._pending_probes, {}
        for connection, probe_id in probes.values():
            with suppress(Exception):
                self.offer(connection, probe_id)


def resuming_frame(request_id: str, probe_id: str | None) -> str:
    """The frame that offers a stream."""
    extra = {"probeId": probe_id} if probe_id is not None else {}
    return dumps({"type": wire.STREAM_RESUMING, "id": request_id, **extra})


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


def _stored_error(turn: Turn) -> LittoralError:
    stored = (turn.reply or {}).get("metadata", {}).get("error", {})
    return LittoralError(stored.get("detail", ""))
