"""One session of the task agent, put together from its parts; plain Python.

``durable_objects/task_agent.py`` gives it the platform's database, sockets and alarm and hands it
every event. It owns no rules of its own: what a turn is, what a task is, what a socket may say
stands in the parts.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connection, Connections, broadcast
from littoral.agent.rpc import Rpc, callable_methods
from littoral.chat.conversation import Conversation
from littoral.chat.ending import Ending
from littoral.chat.frames import ChatFrames
from littoral.chat.journal import JOURNAL_SCHEMA, Journal
from littoral.chat.transcript import TRANSCRIPT_SCHEMA, Transcript, Turn
from littoral.chat.turn import TurnLimits, TurnLoop
from littoral.chat.window import SUMMARY_SCHEMA, Window
from littoral.clock import Clock, Ids
from littoral.errors import InvalidInput
from littoral.jsontext import dumps
from littoral.models.model import Model
from littoral.models.tool import ToolSet
from littoral.settings import Settings
from littoral.store.event_log import EVENT_LOG_SCHEMA, EventLog
from littoral.store.jobs import JOBS_SCHEMA, Jobs
from littoral.store.migrations import migrate
from littoral.store.sql import Sql
from littoral.task_agent.instructions import render
from littoral.task_agent.listing import Listing
from littoral.task_agent.reminding import REMINDED_SCHEMA, Reminding
from littoral.task_agent.session_calls import SessionCalls
from littoral.task_agent.session_record import SESSION_SCHEMA, SessionRecord, SessionStore
from littoral.task_agent.socket_methods import SocketMethods
from littoral.task_agent.task_desk import TaskDesk
from littoral.task_agent.title import title_from
from littoral.task_agent.upkeep import SUMMARY, TITLE, Upkeep, UpkeepParts
from littoral.tasks.preferences import PREFERENCES_SCHEMA
from littoral.tasks.task_list import TASKS_SCHEMA
from littoral.tasks.tools import TaskTools

KIND = "task-agent"
WATCHDOG_MS = 30_000
SCHEMAS = (
    SESSION_SCHEMA,
    TRANSCRIPT_SCHEMA,
    JOURNAL_SCHEMA,
    SUMMARY_SCHEMA,
    TASKS_SCHEMA,
    PREFERENCES_SCHEMA,
    EVENT_LOG_SCHEMA,
    JOBS_SCHEMA,
    REMINDED_SCHEMA,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an object stands: its names, and what the platform gives it.

    ``spawn`` runs a coroutine function in the background. ``tell_directory`` calls a method of the
    owner's session directory.
    """

    owner: str
    session_id: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    spawn: Callable[[Callable[[], Awaitable[Any]]], None]
    tell_directory: Callable[[str, dict[str, Any]], Awaitable[Any]]


class TaskSession:
    """Composition of one session. Making one reads what was going on and goes on with it."""

    def __init__(
        self, place: Place, *, settings: Settings, model: Model, clock: Clock, ids: Ids
    ) -> None:
        migrate(place.sql, SCHEMAS)
        self.place = place
        self.clock = clock
        self.ids = ids
        self.sessions = SessionStore(place.sql)
        self.events = EventLog(place.sql, clock)
        self.desk = TaskDesk(place.sql, clock, self.events, on_change=self._tasks_changed)
        self.jobs = Jobs(place.sql, clock, per_hour=settings.jobs_per_hour)
        self.transcript = Transcript(place.sql, clock)
        journal = Journal(place.sql)
        budget = settings.context_tokens - settings.max_output_tokens
        window = Window(place.sql, self.transcript, budget_tokens=max(500, budget // 2))
        self._toolset = ToolSet.of(TaskTools(self.desk.tasks, self.desk.preferences, clock))
        loop = TurnLoop(
            model=model,
            sql=place.sql,
            journal=journal,
            clock=clock,
            limits=TurnLimits(
                max_steps=settings.max_steps,
                max_output_tokens=settings.max_output_tokens,
                model_timeout_seconds=settings.model_timeout_seconds,
            ),
            on_effect=self.show_state,
            on_fault=lambda error: self.fault(error, "tool"),
        )
        self.conversation = Conversation(
            sql=place.sql,
            transcript=self.transcript,
            journal=journal,
            window=window,
            loop=loop,
            connections=place.connections,
            owner=self,
            clock=clock,
            ids=ids,
        )
        self.listing = Listing(self)
        self.reminding = Reminding(self)
        self._upkeep = Upkeep(
            UpkeepParts(
                sql=place.sql,
                clock=clock,
                jobs=self.jobs,
                events=self.events,
                transcript=self.transcript,
                window=window,
                conversation=self.conversation,
                sessions=self.sessions,
                model=model,
                timeout_seconds=settings.model_timeout_seconds,
                changed=self.session_changed,
            )
        )
        frames = ChatFrames(self.conversation, clock, ids)
        self._frames = frames
        self.socket = AgentSocket(
            kind=KIND,
            name=lambda: place.session_id,
            connections=place.connections,
            hooks=self,
            rpc=Rpc(callable_methods(SocketMethods(self))),
            handlers=frames.handlers,
        )
        self.calls = SessionCalls(self)
        self.conversation.wake()

    # --- the session itself
    # ------------------------------------------------------------------------

    def begin(self, title: str = "") -> SessionRecord:
        """The session's record, made now if there is none. Repeating is safe."""
        record = self.sessions.get()
        if record is None:
            now = self.clock.now_ms()
            record = SessionRecord(
                session_id=self.place.session_id,
                owner=self.place.owner,
                created_at_ms=now,
                updated_at_ms=now,
                title=title,
                named=bool(title),
            )
            self.sessions.put(record)
            self.events.append("session.begun", {"sessionId": record.session_id})
        return record

    def session_changed(self) -> None:
        """Title or tasks changed: clients are shown the state, the directory is told."""
        self.show_state()
        self.listing.changed()

    def rename(self, title: str) -> None:
        """A person names the session."""
        self.begin()
        self.sessions.change(title=title, named=True, updated_at_ms=self.clock.now_ms())
        self.events.append("session.renamed", {"title": title})
        self.session_changed()

    def erase(self) -> None:
        """Forgets everything in this object."""
        self.place.sql.transaction(self._erase_rows)
        self.sessions.forget()

    def _erase_rows(self) -> None:
        tables = self.place.sql.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN "
            "('schema_versions') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'"
        )
        for (name,) in tables:
            self.place.sql.run(f'DELETE FROM "{name}"')

    async def ring(self) -> None:
        """The alarm: runs what is due and sets it again."""
        self.place.alarm.rang()
        failures = await self.jobs.run_due(
            {
                "reminder": self.reminding.remind,
                "directory": self.listing.tell,
                SUMMARY: self._upkeep.summarise,
                TITLE: self._upkeep.name,
            }
        )
        for failure in failures:
            self.fault(failure.error, f"job {failure.job.kind}")
        self.conversation.wake()
        self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        due = self.jobs.next_due_at_ms() if self.jobs.planned else None
        if self.conversation.busy:
            watch = self.clock.now_ms() + WATCHDOG_MS
            due = watch if due is None else min(due, watch)
        if due is not None:
            self.place.alarm.at_latest(due)

    # --- what the conversation asks (littoral.chat.conversation.Owner)
    # -------------------------------

    def tools(self) -> ToolSet:
        return self._toolset

    def instructions(self) -> str:
        preferences = self.desk.preferences.all()
        return render(self.desk.tasks.all(), preferences, self.desk.zone(), self.clock.now_ms())

    def affinity(self) -> str:
        return self.place.session_id

    def turn_opened(self, turn: Turn) -> None:
        record = self.begin()
        if not record.title and turn.user is not None:
            text = " ".join(part.get("text", "") for part in turn.user["parts"])
            self.sessions.change(title=title_from(text))
        self.listing.turn_opened(turn.number)
        # A kill from here on leaves a row that says "open"; the alarm wakes the object to see it.
        self.plan_alarm()

    def turn_ended(self, ending: Ending) -> None:
        model = ending.reply["metadata"].get("model", "")
        answered = ending.outcome == "completed" and model not in ("", "offline")
        self._upkeep.after_turn(ending.turn.number, model_answered=answered)
        self.plan_alarm()

    def fault(self, error: BaseException, where: str) -> None:
        _log.error("fault in %s of session %s", where, self.place.session_id, exc_info=error)

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        self.place.spawn(work)

    # --- what the socket asks (littoral.agent.agent_socket.Hooks)
    # ------------------------------------

    async def on_connect(self, connection: Connection) -> None:
        self._frames.on_connect(connection)

    async def on_message(self, connection: Connection, text: str) -> None:
        raise InvalidInput(
            f"There is no frame of this type: {text[:80]!r}.",
            next_step="Send a frame of a type that the socket protocol lists.",
        )

    async def on_close(self, connection: Connection) -> None:
        self.conversation.audience.gone(connection)

    def state_json(self) -> str:
        return dumps(self.state())

    def state(self) -> dict[str, Any]:
        """What every client sees: title, tasks, preferences."""
        record = self.sessions.get()
        return {
            "sessionId": self.place.session_id,
            "title": record.title if record else "",
            "tasks": self.desk.tasks_json(),
            "userPreferences": self.desk.preferences.all(),
        }

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def show_state(self) -> None:
        """Sends the state to every client."""
        self.socket.show_state()

    def notice(self, kind: str, text: str, **more: Any) -> None:
        """Tells every client something that is no part of the conversation."""
        from littoral import wire

        frame = dumps({"type": wire.NOTICE, "kind": kind, "text": text, **more})
        broadcast(self.place.connections.all(), frame)

    def _tasks_changed(self) -> None:
        self.reminding.plan()
        self.plan_alarm()
