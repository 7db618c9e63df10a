"""The chat part of the agent socket: frames in, calls of the conversation.

``docs/socket-protocol.md`` lists the frames. Every request gets its ``done``: one that is refused
gets it with the reason. A client's transcript is never believed; only messages of its user that are
new are taken from it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral import wire
from littoral.agent.connection import Connection, broadcast
from littoral.chat.audience import resuming_frame
from littoral.chat.conversation import Conversation
from littoral.chat.message import checked_user_message
from littoral.chat.stream import done_frame, error_frame
from littoral.chat.transcript import Turn
from littoral.clock import Clock, Ids
from littoral.errors import InvalidInput, LittoralError, TooLarge, problem
from littoral.jsontext import dumps, loads
from littoral.text import kind_of, require_id

MAX_BODY_CHARACTERS = 1_000_000
MAX_NEW_MESSAGES = 8
MAX_CLIENT_TOOLS = 32
MAX_RESULT_CHARACTERS = 64_000

Frame = dict[str, Any]
Handler = Callable[[Connection, Frame], Awaitable[None]]


class ChatFrames:
    """Speaks the chat frames for one conversation."""

    def __init__(self, conversation: Conversation, clock: Clock, ids: Ids) -> None:
        self._chat = conversation
        self._clock = clock
        self._ids = ids
        self.handlers: dict[str, Handler] = {
            wire.CHAT_REQUEST: self._request,
            wire.CHAT_CANCEL: self._cancel,
            wire.CHAT_CLEAR: self._clear,
            wire.CHAT_MESSAGES: self._ignore,
            wire.STREAM_RESUME_REQUEST: self._resume,
            wire.STREAM_RESUME_ACK: self._acknowledged,
            wire.TOOL_RESULT: self._tool_result,
            wire.TOOL_APPROVAL: self._approval,
        }

    def on_connect(self, connection: Connection) -> None:
        """Offers a stream that is running to a socket that just came."""
        self._chat.audience.offer(connection)

    # --- requests --------------------------------------------------------------------------------

    async def _request(self, connection: Connection, frame: Frame) -> None:
        request_id = require_id(frame.get("id"), field="id")
        try:
            turn = self._accept(connection, request_id, _body(frame))
        except LittoralError as error:
            connection.send(error_frame(request_id, problem(error)))
            return
        if turn.request_id != request_id or turn.status != "open":
            # The message was taken before. It is answered already, or in another request's stream.
            connection.send(self._chat.audience.transcript_frame())
            connection.send(done_frame(request_id))
            self._chat.audience.offer(connection)
            return
        await self._answer(connection, turn)

    def _accept(self, connection: Connection, request_id: str, body: Frame) -> Turn:
        options = {"socket": connection.id, **_client_tools(body)}
        if connection.payer:
            options["payer"] = connection.payer
        trigger = body.get("trigger", "submit-message")
        if trigger not in ("submit-message", "regenerate-message"):
            raise InvalidInput(
                f"trigger is {trigger!r}; it must be submit-message or regenerate-message."
            )
        new = self._new_messages(body.get("messages"))
        if not new:
            return self._continue(connection, request_id, body)
        user = new.pop()
        if trigger == "regenerate-message":
            known = self._chat.transcript.by_user_message(user["id"])
            if known is not None:
                return self._chat.restart(
                    known, request_id=request_id, options=options, origin=connection
                )
        return self._chat.accept(
            user, request_id=request_id, options=options, earlier=new, origin=connection
        )

    def _new_messages(self, messages: Any) -> list[Frame]:
        """The user's messages at the end of a client's transcript, oldest first, checked."""
        if not isinstance(messages, list) or not messages:
            raise InvalidInput("messages must be a list with at least one message.")
        found: list[Frame] = []
        for raw in reversed(messages):
            if not isinstance(raw, dict):
                raise InvalidInput(f"A message must be an object, not {kind_of(raw)}.")
            if raw.get("role") != "user" or len(found) == MAX_NEW_MESSAGES:
                break
            found.insert(0, checked_user_message(raw, self._clock.now_ms()))
        return found

    def _continue(self, connection: Connection, request_id: str, body: Frame) -> Turn:
        """A request without a new message: the answer that waited for tools goes on."""
        turn = self._chat.waiting_turn
        if turn is None:
            raise InvalidInput("There is no new message from the user to answer.")
        if not self._chat.settled(turn):
            raise InvalidInput(
                "The last answer waits for a decision or a tool's result.",
                next_step="Answer the request on the card first.",
            )
        return self._chat.continue_turn(
            turn,
            request_id=request_id,
            origin=None,
            client_tools=_client_tools(body).get("clientTools"),
        )

    async def _answer(self, connection: Connection, turn: Turn) -> None:
        waiting = self._chat.ahead_of(turn)
        if waiting:
            connection.send(
                dumps({"type": wire.QUEUED, "id": turn.request_id, "position": waiting})
            )
        await self._chat.answer(turn)

    async def _cancel(self, connection: Connection, frame: Frame) -> None:
        request_id = require_id(frame.get("id"), field="id")
        if not self._chat.cancel(request_id):
            connection.send(done_frame(request_id, outcome="aborted"))

    async def _clear(self, connection: Connection, frame: Frame) -> None:
        await self._chat.clear()
        broadcast(
            self._chat.audience.connections.all(),
            dumps({"type": wire.CHAT_CLEAR}),
            without={connection.id},
        )

    async def _ignore(self, connection: Connection, frame: Frame) -> None:
        """A client's idea of the transcript; the server's is the truth."""

    # --- resuming --------------------------------------------------------------------------------

    async def _resume(self, connection: Connection, frame: Frame) -> None:
        probe = frame.get("probeId")
        probe_id = require_id(probe, field="probeId") if probe is not None else None
        extra = {"probeId": probe_id} if probe_id is not None else {}
        if self._chat.audience.offer(connection, probe_id):
            return
        if self._chat.busy:
            self._chat.audience.expect(connection, probe_id)
            connection.send(dumps({"type": wire.STREAM_PENDING, **extra}))
            return
        unseen = self._unseen_failure()
        if unseen is not None:
            connection.send(resuming_frame(unseen.request_id, probe_id))
            return
        connection.send(dumps({"type": wire.STREAM_RESUME_NONE, "reason": "idle", **extra}))

    async def _acknowledged(self, connection: Connection, frame: Frame) -> None:
        request_id = require_id(frame.get("id"), field="id")
        stream = self._chat.audience.stream_of(request_id)
        if stream is not None:
            self._chat.audience.replay(stream, connection)
            self._seen(request_id)
            return
        unseen = self._unseen_failure()
        if unseen is not None and unseen.request_id == request_id:
            self._seen(request_id)
            stored = (unseen.reply or {}).get("metadata", {}).get("error", {})
            told = {**problem(LittoralError()), **stored}
            connection.send(error_frame(request_id, told, replay=True))
            return
        connection.send(done_frame(request_id, replay=True))

    def _seen(self, request_id: str) -> None:
        unseen = self._unseen_failure()
        if unseen is not None and unseen.request_id == request_id:
            self._chat.transcript.mark_delivered(unseen.number)

    def _unseen_failure(self) -> Turn | None:
        last = self._chat.transcript.last()
        return last if last is not None and not last.delivered else None

    # --- tools that wait for a browser or a person -----------------------------------------------

    async def _tool_result(self, connection: Connection, frame: Frame) -> None:
        change = _result_change(frame, self._chat.own_tools())
        turn = self._chat.settle_tool(_tool_call_id(frame), change)
        await self._go_on(connection, frame, turn)

    async def _approval(self, connection: Connection, frame: Frame) -> None:
        approved = frame.get("approved")
        if not isinstance(approved, bool):
            raise InvalidInput(f"approved must be true or false, not {kind_of(approved)}.")
        turn = self._chat.settle_tool(_tool_call_id(frame), decision(approved))
        await self._go_on(connection, frame, turn)

    async def _go_on(self, connection: Connection, frame: Frame, turn: Turn | None) -> None:
        """Continues the answer once nothing of the whole batch waits any more."""
        if turn is None or not frame.get("autoContinue") or not self._chat.settled(turn):
            return
        tools = _client_tools(frame).get("clientTools")
        request_id = self._ids.new("req")
        again = self._chat.continue_turn(
            turn, request_id=request_id, origin=connection, client_tools=tools
        )
        await self._answer(connection, again)


def decision(approved: bool) -> Callable[[Frame], bool]:
    """The change of a tool part that a person's yes or no makes; the first answer stands."""

    def change(part: Frame) -> bool:
        if part["state"] != "approval-requested":
            return False
        part["approval"] = {**part.get("approval", {}), "approved": approved}
        part["state"] = "approval-responded" if approved else "output-denied"
        return True

    return change


def _result_change(frame: Frame, own_tools: set[str]) -> Callable[[Frame], bool]:
    output = frame.get("output")
    if len(dumps(output)) > MAX_RESULT_CHARACTERS:
        raise TooLarge(f"output is larger than {MAX_RESULT_CHARACTERS} characters of JSON.")
    failed = frame.get("state") == "output-error"
    error_text = str(frame.get("errorText") or "The tool failed in the browser.")[:2_000]

    def change(part: Frame) -> bool:
        own = part["type"].removeprefix("tool-") in own_tools
        if own or part["state"] != "input-available":
            return False
        if failed:
            part.update(state="output-error", errorText=error_text)
        else:
            part.update(state="output-available", output=output)
        return True

    return change


def _tool_call_id(frame: Frame) -> str:
    return require_id(frame.get("toolCallId"), field="toolCallId")


def _body(frame: Frame) -> Frame:
    init = frame.get("init")
    text = init.get("body") if isinstance(init, dict) else None
    if not isinstance(text, str):
        raise InvalidInput("init.body must be a JSON text.")
    body = loads(text, most_characters=MAX_BODY_CHARACTERS, what="init.body")
    if not isinstance(body, dict):
        raise InvalidInput(f"init.body must be a JSON object, not {kind_of(body)}.")
    return body


def _client_tools(body: Frame) -> dict[str, Any]:
    """``{"clientTools": […]}`` checked and reduced to name, description, parameters; or nothing."""
    raw = body.get("clientTools")
    if raw is None:
        return {}
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise InvalidInput("clientTools must be a list of objects.")
    if len(raw) > MAX_CLIENT_TOOLS:
        raise TooLarge(f"clientTools has {len(raw)} tools; at most {MAX_CLIENT_TOOLS} are taken.")
    if len(dumps(raw)) > MAX_RESULT_CHARACTERS:
        raise TooLarge(f"clientTools is larger than {MAX_RESULT_CHARACTERS} characters of JSON.")
    return {"clientTools": [_client_tool(each) for each in raw]}


def _client_tool(raw: Frame) -> Frame:
    description, parameters = raw.get("description"), raw.get("parameters")
    return {
        "name": require_id(raw.get("name"), field="clientTools[].name"),
        "description": description if isinstance(description, str) else "",
        "parameters": parameters if isinstance(parameters, dict) else {},
    }
