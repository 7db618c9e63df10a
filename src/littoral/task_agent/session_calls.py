"""The methods of a session that the doors call: a name and JSON values in, JSON values out.

They are reached only through the Worker (``littoral.platform.gateway``), which has decided who
calls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.chat.audience import HISTORY_TURNS
from littoral.chat.ending import Ending
from littoral.chat.frames import decision
from littoral.chat.message import user_message
from littoral.chat.stream import Listener
from littoral.chat.transcript import Turn
from littoral.errors import (
    Conflict,
    GuestClaimed,
    InvalidInput,
    LittoralError,
    NotFound,
    OutsideError,
    problem,
)
from littoral.jsontext import dumps
from littoral.task_agent import export
from littoral.task_agent.answer import approvals, chat_answer
from littoral.task_agent.session import TaskSession
from littoral.text import MAX_MESSAGE_CHARACTERS, require_id, require_text

Arguments = Mapping[str, Any]
MAX_PAGE = 100
EXPORT_PAGE = 200
MAX_SESSION_TITLE = 200
SERVICE_RESTART = 1012
"""Close code (IANA registry): the client comes again at once."""

_FROM_OBJECTS = frozenset({"directory.pull", "session.claim", "sockets.close"})
"""Methods that only other objects of the platform call: they act for nobody."""


class Sink(Protocol):
    """Takes text as it comes."""

    def push(self, text: str) -> None: ...

    def end(self) -> None: ...


class SessionCalls:
    """Dispatches calls to the parts of one session."""

    def __init__(self, session: TaskSession) -> None:
        self._session = session
        self._methods: dict[str, Callable[[Arguments], Any]] = {
            "session.create": self._create,
            "session.describe": self._describe,
            "session.rename": self._rename,
            "session.preferences": self._preferences,
            "session.erase": self._erase,
            "messages.page": self._messages,
            "messages.transcript": self._transcript,
            "tasks.list": self._tasks,
            "tasks.add": self._add_task,
            "tasks.update": self._update_task,
            "tasks.delete": self._delete_task,
            "tasks.undo": self._undo,
            "export": self._export,
            "events.since": self._events,
            "directory.pull": self._pull,
            "approvals.list": self._approvals,
            "approvals.decide": self._decide,
            "session.claim": self._claim,
            "sockets.close": self._close_sockets,
        }

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            if call.method not in _FROM_OBJECTS:
                self.admit(bare=call.bare, payer=call.payer)
            if call.method == "chat.send":
                return success(await self._send(call.args, call.payer))
            method = self._methods.get(call.method)
            if method is None:
                raise NotFound(f"A session has no method {call.method!r}.")
            result = method(call.args)
            return success(await result if isinstance(result, Awaitable) else result)
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            self._session.fault(error, "call")
            return failure(error, request_id)

    def admit(self, *, bare: bool, payer: str = "") -> None:
        """Whether a guest may still use this session. ``payer`` is empty for guests.

        The first caller who shows the owner's cookie closes it for those who know only its id, and
        the account that a guest became closes it for those who show only the guest's cookie.
        """
        record = self._session.sessions.get()
        if record is None:
            return
        if payer:
            self._session.sessions.change(claimed=True, of_account=True)
            return
        if record.of_account:
            raise GuestClaimed()
        if bare and record.claimed:
            raise NotFound(f"You have no session {record.session_id!r}.")
        if not bare and not record.claimed:
            self._session.sessions.change(claimed=True)

    async def make_room(self, payer: str = "") -> None:
        """Raises ``Conflict`` when this session would begin and its owner has too many already.

        A directory that does not answer stops nobody: the session is listed when it is back.
        """
        if self._session.sessions.get() is not None:
            return
        place = self._session.place
        try:
            asked = {"sessionId": place.session_id, "guest": not payer}
            await place.tell_directory("sessions.room", asked)
        except OutsideError as error:
            self._session.fault(error, "directory")

    # --- chat ------------------------------------------------------------------------------------

    def accept(self, arguments: Arguments, payer: str = "") -> Turn:
        """Takes a message of ``POST /api/chat`` as a turn, durably; ``payer`` pays for it."""
        session = self._session
        if not arguments.get("create"):
            self._known()
        text = require_text(arguments.get("message"), field="message", most=MAX_MESSAGE_CHARACTERS)
        self._take_time_zone(arguments.get("timeZone"))
        key = arguments.get("idempotencyKey")
        message_id = _id_of_key(key) if key else session.ids.new("usr")
        known = session.transcript.by_user_message(message_id) if key else None
        if known is not None and known.user is not None:
            said = known.user["parts"][0]["text"]
            if said != text:
                raise Conflict(
                    "This Idempotency-Key was used for another message.",
                    next_step="Use a new key for a new message.",
                )
        message = user_message(message_id, text, session.clock.now_ms())
        return session.conversation.accept(
            message,
            request_id=session.ids.new("req"),
            options={"payer": payer} if payer else None,
        )

    async def finish(self, turn: Turn, listener: Listener | None = None) -> dict[str, Any]:
        """Waits for the answer to a turn; raises the error of a turn that failed."""
        ending = await self._session.conversation.answer(turn, listener)
        return self._answer(ending)

    async def stream(self, turn: Turn, out: Sink, request_id: str) -> None:
        """The answer as server-sent events: chunks, then ``answer`` or ``problem``, then
        ``[DONE]``.
        """
        try:
            answer = await self.finish(turn, lambda chunk: out.push(_event(dumps(chunk))))
            out.push(_event(dumps(answer), "answer"))
        except LittoralError as error:
            out.push(_event(dumps(problem(error, request_id)), "problem"))
        finally:
            out.push(_event("[DONE]"))
            out.end()

    def _answer(self, ending: Ending) -> dict[str, Any]:
        session = self._session
        return chat_answer(ending, session.place.session_id, session.desk.tasks_json())

    async def _send(self, arguments: Arguments, payer: str) -> dict[str, Any]:
        if arguments.get("create"):
            await self.make_room(payer)
        return await self.finish(self.accept(arguments, payer))

    def _take_time_zone(self, name: Any) -> None:
        """The browser's time zone, as long as the user has not chosen one."""
        desk = self._session.desk
        if name and "timeZone" not in desk.preferences.all():
            desk.prefer({"timeZone": name})

    def _approvals(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        turn = self._session.conversation.waiting_turn
        if turn is None or turn.reply is None:
            return {"approvals": []}
        return {"approvals": approvals(turn.reply)}

    async def _decide(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        conversation = self._session.conversation
        tool_call_id = require_id(arguments.get("toolCallId"), field="toolCallId")
        approved = arguments.get("approved")
        if not isinstance(approved, bool):
            raise InvalidInput("approved must be true or false.")
        turn = conversation.settle_tool(tool_call_id, decision(approved))
        if turn is None:
            raise NotFound(f"No decision is waited for on {tool_call_id!r}.")
        if not conversation.settled(turn):
            return self._approvals({})
        again = conversation.continue_turn(
            turn, request_id=self._session.ids.new("req"), origin=None
        )
        return await self.finish(again)

    # --- what other objects ask -----------------------------------------------------------------

    def _claim(self, arguments: Arguments) -> dict[str, Any]:
        """The guest became an account: only its keys open this session from now on."""
        self._session.sessions.change(claimed=True, of_account=True)
        for connection in self._session.place.connections.all():
            if not connection.payer:  # The client comes again, with the account's cookie.
                connection.close(SERVICE_RESTART, "These chats belong to an account now.")
        return {}

    def _close_sockets(self, arguments: Arguments) -> dict[str, Any]:
        return {"closed": close_key(self._session.place.connections.all(), arguments["keyId"])}

    # --- the session -----------------------------------------------------------------------------

    def _known(self) -> None:
        if self._session.sessions.get() is None:
            raise NotFound(
                f"You have no session {self._session.place.session_id!r}.",
                next_step="List your sessions, or send a message without sessionId to begin one.",
            )

    def _create(self, arguments: Arguments) -> dict[str, Any]:
        title = arguments.get("title") or ""
        self._session.begin(title)
        self._session.listing.changed()
        return self._session.entry()

    def _describe(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        return {**self._session.entry(), **self._session.state()}

    def _rename(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        title = require_text(arguments.get("title"), field="title", most=MAX_SESSION_TITLE)
        self._session.rename(" ".join(title.split()))
        return self._session.entry()

    def _preferences(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        self._session.desk.prefer(arguments)
        self._session.show_state()
        return {**self._session.entry(), **self._session.state()}

    async def _erase(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        await self._session.conversation.clear()
        self._session.erase()
        return {}

    def _messages(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        before = arguments.get("before")
        limit = max(1, min(int(arguments.get("limit") or 50), MAX_PAGE))
        number = _cursor(before) if before is not None else None
        turns = self._session.transcript.before(number, max(1, limit // 2))
        messages = [m for turn in turns for m in (turn.user, turn.reply) if m is not None]
        more = bool(turns) and bool(self._session.transcript.before(turns[0].number, 1))
        return {"messages": messages, "before": str(turns[0].number) if more else None}

    def _transcript(self, arguments: Arguments) -> list[Any]:
        """The newest messages; none for a session that has not begun."""
        turns = self._session.transcript.before(None, HISTORY_TURNS)
        return [m for turn in turns for m in (turn.user, turn.reply) if m is not None]

    # --- tasks -----------------------------------------------------------------------------------

    def _tasks(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        return {"tasks": self._session.desk.tasks_json()}

    def _add_task(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        task = self._session.desk.add(_given(arguments))
        self._session.session_changed()
        return task.to_json()

    def _update_task(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        fields = {key: value for key, value in arguments.items() if key != "id"}
        task = self._session.desk.update(int(arguments["id"]), fields)
        self._session.session_changed()
        return task.to_json()

    def _delete_task(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        self._session.desk.delete(int(arguments["id"]))
        self._session.session_changed()
        return {}

    def _undo(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        self._session.desk.undo()
        self._session.session_changed()
        return {"tasks": self._session.desk.tasks_json()}

    # --- reading ---------------------------------------------------------------------------------

    def _export(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        session = self._session
        record = session.begin()
        turns = self._all_turns()
        tasks = session.desk.tasks_json()
        if arguments.get("format") == "json":
            text = export.as_json(record, turns, tasks, session.desk.preferences.all())
            ending, content_type = "json", "application/json"
        else:
            text = "".join(export.markdown_parts(record, turns, tasks))
            ending, content_type = "md", "text/markdown; charset=utf-8"
        name = export.file_name(record.title, ending)
        return {"filename": name, "contentType": content_type, "text": text}

    def _all_turns(self) -> list[Turn]:
        turns: list[Turn] = []
        while page := self._session.transcript.after(turns[-1].number if turns else 0, EXPORT_PAGE):
            turns.extend(page)
        return turns

    def _events(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        since = int(arguments.get("since") or 0)
        events = self._session.events.since(since, int(arguments.get("limit") or 100))
        return {
            "events": [event.to_json() for event in events],
            "next": events[-1].number if events else since,
        }

    def _pull(self, arguments: Arguments) -> dict[str, Any]:
        self._known()
        after, limit = arguments.get("after") or 0, arguments.get("limit") or 200
        return self._session.listing.pull(self._session.begin(), int(after), int(limit))


def _event(data: str, name: str = "") -> str:
    """One server-sent event (WHATWG HTML §9.2)."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data}\n\n"


def _given(arguments: Arguments) -> dict[str, Any]:
    return {key: value for key, value in arguments.items() if value is not None}


def _cursor(before: Any) -> int:
    if isinstance(before, str) and before.isdecimal() and len(before) < 16:
        return int(before)
    raise InvalidInput(
        "before is not a cursor of this list.",
        next_step="Use the value of `before` from the page that you have.",
    )


def _id_of_key(key: str) -> str:
    return "idem_" + sha256(key.encode()).hexdigest()[:40]
