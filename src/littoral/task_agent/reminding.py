"""Reminders: one job for the next one, one message and one notice when it is due.

What was reminded of is kept as rows, written in the same transaction as the message, so a reminder
that is run again after a kill says nothing twice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from littoral.store.jobs import Job
from littoral.store.migrations import Schema
from littoral.tasks.reminders import (
    Reminder,
    due_reminders,
    next_reminder_at_ms,
    reminder_text,
    reminders,
)

if TYPE_CHECKING:
    from littoral.task_agent.session import TaskSession

REMINDED_SCHEMA = Schema(
    name="reminded",
    steps=(
        "CREATE TABLE reminded (task INTEGER NOT NULL, at_ms INTEGER NOT NULL, "
        "PRIMARY KEY (task, at_ms)) WITHOUT ROWID",
    ),
)
JOB = "reminder"


class Reminding:
    """Plans and gives the reminders of one session."""

    def __init__(self, session: TaskSession) -> None:
        self._session = session
        self._planned_at_ms: int | None = None

    def plan(self) -> None:
        """Makes the job fit the tasks as they are (a row only when the time changes)."""
        due = next_reminder_at_ms(self._waiting())
        if due == self._planned_at_ms:
            return
        if due is None:
            self._session.jobs.cancel(JOB)
        else:
            self._session.jobs.schedule(JOB, JOB, due, {})
        self._planned_at_ms = due

    async def remind(self, job: Job) -> None:
        """The job: says what is due, plans the next."""
        session = self._session
        for reminder in due_reminders(self._waiting(), session.clock.now_ms()):
            text = reminder_text(reminder, session.desk.zone())
            session.place.sql.transaction(partial(self._give, reminder, text))
            session.listing.changed()
            session.notice("reminder", text, taskId=reminder.task.id)
        self._planned_at_ms = None
        self.plan()

    def _give(self, reminder: Reminder, text: str) -> None:
        session = self._session
        session.place.sql.run(
            "INSERT INTO reminded VALUES (?, ?)", reminder.task.id, reminder.at_ms
        )
        session.events.append("reminder.given", {"taskId": reminder.task.id, "text": text})
        session.conversation.say(text, "reminder")

    def _waiting(self) -> list[Reminder]:
        """Reminders of pending tasks that were not given yet, earliest first."""
        desk = self._session.desk
        found = reminders(desk.tasks.all(), desk.zone())
        if not found:
            return []
        rows = self._session.place.sql.rows("SELECT task, at_ms FROM reminded")
        given = {(int(task or 0), int(at_ms or 0)) for task, at_ms in rows}
        return [each for each in found if (each.task.id, each.at_ms) not in given]
