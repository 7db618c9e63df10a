"""Reminders: one job for the next one, one message and one notice when it is due.

What was reminded of is kept as rows, written in the same transaction as the message, so a reminder
that is run again after a kill says nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from littoral.clock import Clock
from littoral.store.event_log import EventLog
from littoral.store.jobs import Job, Jobs
from littoral.store.migrations import Schema
from littoral.store.sql import Sql
from littoral.task_agent.task_desk import TaskDesk
from littoral.tasks.reminders import (
    Reminder,
    due_reminders,
    next_reminder_at_ms,
    reminder_text,
    reminders,
)

REMINDED_SCHEMA = Schema(
    name="reminded",
    steps=(
        "CREATE TABLE reminded (task INTEGER NOT NULL, at_ms INTEGER NOT NULL, "
        "PRIMARY KEY (task, at_ms)) WITHOUT ROWID",
    ),
)
JOB = "reminder"


class Reminding:
    """Plans and gives the reminders of one session.

    ``say`` makes the message, inside the transaction; ``given`` is told afterwards.
    """

    def __init__(
        self,
        *,
        sql: Sql,
        desk: TaskDesk,
        jobs: Jobs,
        events: EventLog,
        clock: Clock,
        say: Callable[[str], None],
        given: Callable[[Reminder, str], None],
    ) -> None:
        self._sql = sql
        self._desk = desk
        self._jobs = jobs
        self._events = events
        self._clock = clock
        self._say = say
        self._given = given
        self._planned_at_ms: int | None = None

    def plan(self) -> None:
        """Makes the job fit the tasks as they are (a row only when the time changes)."""
        due = next_reminder_at_ms(self._waiting())
        if due == self._planned_at_ms:
            return
        if due is None:
            self._jobs.cancel(JOB)
        else:
            self._jobs.schedule(JOB, JOB, due, {})
        self._planned_at_ms = due

    def forget(self) -> None:
        """Drops what is in memory (rows were erased)."""
        self._planned_at_ms = None

    async def remind(self, job: Job) -> None:
        """The job: says what is due, plans the next."""
        for reminder in due_reminders(self._waiting(), self._clock.now_ms()):
            text = reminder_text(reminder, self._desk.zone())
            self._sql.transaction(partial(self._give, reminder, text))
            self._given(reminder, text)
        self._planned_at_ms = None
        self.plan()

    def _give(self, reminder: Reminder, text: str) -> None:
        self._sql.run("INSERT INTO reminded VALUES (?, ?)", reminder.task.id, reminder.at_ms)
        self._events.append("reminder.given", {"taskId": reminder.task.id, "text": text})
        self._say(text)

    def _waiting(self) -> list[Reminder]:
        """Reminders of pending tasks that were not given yet, earliest first."""
        found = reminders(self._desk.tasks.all(), self._desk.zone())
        if not found:
            return []
        rows = self._sql.rows("SELECT task, at_ms FROM reminded")
        given = {(int(task or 0), int(at_ms or 0)) for task, at_ms in rows}
        return [each for each in found if (each.task.id, each.at_ms) not in given]
