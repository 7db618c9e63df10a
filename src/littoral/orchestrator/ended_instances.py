"""Workflow instances that are not needed any more: noted with the end, deleted half a minute later.

The platform keeps an ended instance for up to 30 days and counts what it stored; the local engine
keeps it in memory, too. What happened is in the rows of the run, so nothing is lost with it.
"""

from __future__ import annotations

import logging
from typing import Final

from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.jsontext import dumps
from littoral.orchestrator import limits
from littoral.orchestrator.ports import WorkflowKind, Workflows, instance_id
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

ENDED_INSTANCES_SCHEMA = Schema(
    name="ended_instances",
    steps=(
        "CREATE TABLE ended_instances (subject TEXT PRIMARY KEY, kind TEXT NOT NULL, "
        "instances INTEGER NOT NULL, due_at_ms INTEGER NOT NULL, tries INTEGER NOT NULL) "
        "WITHOUT ROWID",
    ),
)
BATCH: Final = 100 // limits.MOST_MOTORS
"""Subjects of one deletion: the platform takes 100 instances at once."""

_log = logging.getLogger(__name__)


class EndedInstances:
    """Those of one owner. What it does not come to after a kill, it does at the next alarm."""

    def __init__(self, sql: Sql, workflows: Workflows, clock: Clock) -> None:
        self._sql = sql
        self._workflows = workflows
        self._clock = clock

    def note(self, kind: WorkflowKind, subject: str, number: int) -> None:
        """Instances 0 to ``number`` of a run or session have ended, or may; repeating is safe.

        To be called in one transaction with the end.
        """
        self._sql.run(
            "INSERT OR REPLACE INTO ended_instances VALUES (?, ?, ?, ?, 0)",
            subject,
            kind,
            number + 1,
            self._clock.now_ms() + limits.INSTANCE_KEPT_MS,
        )

    def next_due_at_ms(self) -> int | None:
        """When something is to be deleted; ``None`` while there is nothing."""
        due = self._sql.value("SELECT min(due_at_ms) FROM ended_instances")
        return None if due is None else int(due)

    async def delete_due(self) -> None:
        """Deletes what is due, a batch of each kind. What fails is tried again, a few times."""
        for kind in ("run", "session"):
            await self._delete(kind)

    async def _delete(self, kind: WorkflowKind) -> None:
        now = self._clock.now_ms()
        rows = self._sql.rows(
            "SELECT subject, instances FROM ended_instances WHERE kind = ? AND due_at_ms <= ? "
            "ORDER BY due_at_ms LIMIT ?",
            kind,
            now,
            BATCH,
        )
        if not rows:
            return
        subjects = dumps([subject for subject, _ in rows])
        ids = [instance_id(str(name), at) for name, count in rows for at in range(int(count or 0))]
        try:
            await self._workflows.delete(kind, ids)
        except LittoralError as error:
            _log.warning("ended workflow instances could not be deleted: %s", error.detail)
            self._postpone(subjects, now)
        else:
            self._forget(subjects, now)

    def _postpone(self, subjects: str, now: int) -> None:
        self._sql.run(
            "UPDATE ended_instances SET tries = tries + 1, due_at_ms = ? "
            "WHERE subject IN (SELECT value FROM json_each(?)) AND due_at_ms <= ?",
            self._clock.now_ms() + limits.INSTANCE_KEPT_MS,
            subjects,
            now,
        )
        self._sql.run("DELETE FROM ended_instances WHERE tries >= ?", limits.MOST_DELETIONS)

    def _forget(self, subjects: str, now: int) -> None:
        """What was noted anew while the engine was asked is due later, and stays."""
        self._sql.run(
            "DELETE FROM ended_instances "
            "WHERE subject IN (SELECT value FROM json_each(?)) AND due_at_ms <= ?",
            subjects,
            now,
        )
