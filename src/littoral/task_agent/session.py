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

from littoral import wire
from littoral.accounts.session_id import for_log
from littoral.agent.agent_socket import state_frame
from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connections, broadcast
from littoral.chat.conversation import Conversation
from littoral.chat.ending import Ending
from littoral.chat.gate import Gate
from littoral.chat.journal import JOURNAL_SCHEMA, Journal
from littoral.chat.transcript import TRANSCRIPT_SCHEMA, Transcript, Turn
from littoral.chat.turn import TurnLimits, TurnLoop
from littoral.chat.window import SUMMARY_SCHEMA, Window
from littoral.clock import Clock, Ids
from littoral.credits.till import Till
from littoral.jsontext import dumps
from littoral.limits.limiter import Limiter
from littoral.limits.turns import TurnRate
from littoral.models.model import Model
from littoral.models.offline import OfflineModel
from littoral.models.tool import ToolSet
from littoral.ops.here import observer
from littoral.settings import Settings
from littoral.store.event_log import EVENT_LOG_SCHEMA, EventLog
from littoral.store.jobs import JOBS_SCHEMA, Jobs
from littoral.store.migrations import migrate
from littoral.store.sql import Sql
from littoral.task_agent.charging import CHARGE, REPORT, Charging, ChargingParts, payer_of
from littoral.task_agent.instructions import Instructions
from littoral.task_agent.listing import JOB as DIRECTORY
from littoral.task_agent.listing import Listing
from littoral.task_agent.pace import PacedGate
from littoral.task_agent.reminding import JOB as REMINDER
from littoral.task_agent.reminding import REMINDED_SCHEMA, Reminding
from littoral.task_agent.session_record import SESSION_SCHEMA, SessionRecord, SessionStore
from littoral.task_agent.task_desk import TaskDesk
from littoral.task_agent.title import title_from
from littoral.task_agent.upkeep import SUMMARY, TITLE, Upkeep, UpkeepParts
from littoral.tasks.preferences import PREFERENCES_SCHEMA
from littoral.tasks.reminders import Reminder
from littoral.tasks.skill import TaskSkill
from littoral.tasks.task_list import TASKS_SCHEMA
from littoral.tasks.tools import TaskTools

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
    owner's session directory. ``till`` moves the credits of accounts. ``limiter`` counts turns that
    a model with a price answers; without it they are not counted.
    """

    owner: str
    session_id: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    spawn: Callable[[Callable[[], Awaitable[Any]]], None]
    tell_directory: Callable[[str, dict[str, Any]], Awaitable[Any]]
    till: Till
    limiter: Limiter | None = None


class TaskSession:
    """Composition of one session; ``on_start`` brings it to life."""

    def __init__(
        self, place: Place, *, settings: Settings, model: Model, clock: Clock, ids: Ids
    ) -> None:
        migrate(place.sql, SCHEMAS)
        self.place = place
        self.clock = clock
        self.ids = ids
        self.sessions = SessionStore(place.sql)
        self.events = EventLog(place.sql, clock)
        self.desk = TaskDesk(place.sql, clock, self.events)
        self._instructions = Instructions()
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
            on_effect=self.session_changed,
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
        self.charging = Charging(
            ChargingParts(
                session_id=place.session_id,
                till=place.till,
                jobs=self.jobs,
                transcript=self.transcript,
                clock=clock,
                models=(settings.default_model, *settings.fallback_models),
                max_steps=settings.max_steps,
                free=OfflineModel((TaskSkill(),), ids=ids),
                spawn=place.spawn,
                plan_alarm=self.plan_alarm,
            )
        )
        self._rate = TurnRate(place.limiter, settings, owner=place.owner) if place.limiter else None
        self.listing = Listing(
            sessions=self.sessions,
            transcript=self.transcript,
            desk=self.desk,
            jobs=self.jobs,
            clock=clock,
            spawn=place.spawn,
            tell=place.tell_directory,
        )
        self._reminding = Reminding(
            sql=place.sql,
            desk=self.desk,
            jobs=self.jobs,
            events=self.events,
            clock=clock,
            say=self._say,
            given=self._reminded,
        )
        self._upkeep = Upkeep(
            UpkeepParts(
                clock=clock,
                jobs=self.jobs,
                events=self.events,
                transcript=self.transcript,
                window=window,
                sessions=self.sessions,
                model=model,
                timeout_seconds=settings.model_timeout_seconds,
                changed=self.session_changed,
            )
        )

    # --- the session itself ----------------------------------------------------------------------

    def on_start(self) -> None:
        """Goes on with what was going on when the object lost its memory; call it once, first."""
        self.conversation.wake()

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
        """Title, tasks or preferences changed and were written: everybody is told who shows them.

        Not inside the transaction of the change: what is planned here would outlive its rollback.
        """
        self._reminding.plan()
        self.show_state()
        self.listing.changed()
        self.plan_alarm()

    def entry(self) -> dict[str, Any]:
        """The session as a list shows it."""
        return self.listing.entry(self.begin())

    def state(self) -> dict[str, Any]:
        """What every client sees: title, tasks, preferences."""
        record = self.sessions.get()
        return {
            "sessionId": self.place.session_id,
            "title": record.title if record else "",
            "tasks": self.desk.tasks_json(),
            "userPreferences": self.desk.preferences.all(),
        }

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state())

    def show_state(self) -> None:
        """Sends the state to every client."""
        connections = self.place.connections.all()
        if connections:
            broadcast(connections, self.state_frame())

    def _say(self, text: str) -> None:
        self.conversation.say(text, "reminder")

    def _reminded(self, reminder: Reminder, text: str) -> None:
        frame = {"type": wire.NOTICE, "kind": "reminder", "text": text, "taskId": reminder.task.id}
        broadcast(self.place.connections.all(), dumps(frame))
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
        self.desk.forget()
        self._reminding.forget()

    def _erase_rows(self) -> None:
        tables = self.place.sql.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN "
            "('schema_versions') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'"
        )
        charges = self.charging.pending()
        for (name,) in tables:
            self.place.sql.run(f'DELETE FROM "{name}"')
        self.charging.keep(charges)

    async def on_alarm(self) -> None:
        """The alarm: runs what is due and sets it again."""
        self.place.alarm.rang()
        failures = await self.jobs.run_due(
            {
                REMINDER: self._reminding.remind,
                DIRECTORY: self.listing.tell,
                SUMMARY: self._upkeep.summarise,
                TITLE: self._upkeep.name,
                CHARGE: self.charging.charge,
                REPORT: self.charging.report,
            }
        )
        for failure in failures:
            self.fault(failure.error, f"job {failure.job.kind}")
        self.conversation.wake()
        self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        due = self.jobs.next_due_at_ms()
        if self.conversation.busy:
            watch = self.clock.now_ms() + WATCHDOG_MS
            due = watch if due is None else min(due, watch)
        if due is not None:
            self.place.alarm.at_latest(due)

    # --- what the conversation asks (littoral.chat.owner.Owner) ----------------------------------

    def tools(self) -> ToolSet:
        return self._toolset

    def instructions(self) -> str:
        return self._instructions.text(
            self.desk.tasks.all(), self.desk.preferences.all(), self.clock.now_ms()
        )

    def affinity(self) -> str:
        return self.place.session_id

    def gate(self, turn: Turn) -> Gate | None:
        charge = self.charging.gate(turn)
        if self._rate is None or self.charging.is_free:
            return charge
        understands = self.charging.understands
        return PacedGate(self._rate, payer_of(turn), charge, understands=understands)

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
        self.charging.turn_ended(ending)
        self.plan_alarm()
        _note_end(ending, self.place.owner)

    def cleared(self) -> None:
        """The directory is told, so that a search finds nothing of it."""
        self.listing.changed()
        self.plan_alarm()

    def fault(self, error: BaseException, where: str) -> None:
        name = for_log(self.place.session_id)
        _log.error("fault in %s of session %s", where, name, exc_info=error)

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        self.place.spawn(work)


def _note_end(ending: Ending, owner: str) -> None:
    metadata = ending.reply["metadata"]
    usage = metadata.get("usage") or {}
    observer().work(
        agent="task-agent",
        work="turn",
        outcome=ending.outcome,
        begun_ms=ending.turn.created_at_ms,
        id=str(ending.turn.number),
        user=payer_of(ending.turn) or owner,
        request_id=ending.turn.request_id,
        model=metadata.get("model", ""),
        input_tokens=usage.get("inputTokens", 0),
        output_tokens=usage.get("outputTokens", 0),
        credits=metadata.get("credits", 0),
        code=metadata.get("error", {}).get("code", ""),
    )
