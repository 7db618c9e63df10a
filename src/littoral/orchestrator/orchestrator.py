"""The orchestrator of one owner, put together from its parts; plain Python.

``durable_objects/orchestrator_agent.py`` gives it the platform's parts and hands it every event.
It owns no rules of its own: they stand in the parts.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import broadcast
from littoral.clock import Clock, Ids
from littoral.errors import LittoralError
from littoral.models.model import Model
from littoral.orchestrator import limits, retention
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.charges import Charges
from littoral.orchestrator.closing import Closing
from littoral.orchestrator.ended_instances import ENDED_INSTANCES_SCHEMA, EndedInstances
from littoral.orchestrator.motors import Motors
from littoral.orchestrator.planner import Planner
from littoral.orchestrator.ports import Place
from littoral.orchestrator.retention import Retention
from littoral.orchestrator.run import Approval, Run
from littoral.orchestrator.run_book import RUN_BOOK_SCHEMA, RunBook
from littoral.orchestrator.run_desk import RunDesk
from littoral.orchestrator.run_events import RUN_EVENTS_SCHEMA, RunEvents
from littoral.orchestrator.run_json import summary_json
from littoral.orchestrator.run_view import RunView
from littoral.orchestrator.sandbox_reports import SandboxReports
from littoral.orchestrator.sandbox_session import SANDBOX_SESSIONS_SCHEMA, SessionBook
from littoral.orchestrator.sandbox_sessions import JOB as SESSION
from littoral.orchestrator.sandbox_sessions import SandboxSessions, SessionParts
from littoral.orchestrator.stages import Answer, StageParts, Stages
from littoral.orchestrator.starting import Starting, StartingParts
from littoral.orchestrator.supervisor import Supervisor, SupervisorParts
from littoral.orchestrator.watchers import Watchers
from littoral.settings import Settings
from littoral.store.jobs import JOBS_SCHEMA, Job, Jobs
from littoral.store.migrations import migrate

SCHEMAS = (
    RUN_BOOK_SCHEMA,
    RUN_EVENTS_SCHEMA,
    SANDBOX_SESSIONS_SCHEMA,
    ENDED_INSTANCES_SCHEMA,
    JOBS_SCHEMA,
)
EXPIRY = "expiry"
STATE_RUNS = 50

_log = logging.getLogger(__name__)


class Orchestrator:
    """Composition of one owner's orchestrator; ``on_start`` brings it to life."""

    def __init__(
        self, place: Place, *, settings: Settings, model: Model, clock: Clock, ids: Ids
    ) -> None:
        migrate(place.sql, SCHEMAS)
        self.place = place
        self.clock = clock
        self.watchers = Watchers()
        self.book = RunBook(place.sql)
        self.events = RunEvents(place.sql, clock)
        self.session_book = SessionBook(place.sql)
        self.jobs = Jobs(place.sql, clock, per_hour=settings.jobs_per_hour)
        self.view = RunView(self.book, self.events)
        self._instances = EndedInstances(place.sql, place.workflows, clock)
        changes = RunChanges(place.sql, clock, self.book, self.events, self._told, self._instances)
        charges = Charges(
            model=settings.default_model, max_output_tokens=settings.max_output_tokens
        )
        closing = Closing(
            book=self.book,
            changes=changes,
            charges=charges,
            purse=place.purse,
            sandbox=place.sandbox,
            clock=clock,
        )
        self.motors = Motors(
            owner=place.owner, workflows=place.workflows, clock=clock, spawn=place.spawn
        )
        self.desk = RunDesk(
            book=self.book,
            changes=changes,
            closing=closing,
            motors=self.motors,
            sandbox=place.sandbox,
            clock=clock,
        )
        self.reports = SandboxReports(
            book=self.book,
            changes=changes,
            sandbox=place.sandbox,
            clock=clock,
            moved=self.desk.moved,
        )
        self.supervisor = Supervisor(
            SupervisorParts(
                book=self.book,
                changes=changes,
                closing=closing,
                motors=self.motors,
                reports=self.reports,
                purse=place.purse,
                sandbox=place.sandbox,
                expire=self.desk.expire,
                clock=clock,
            )
        )
        self.sessions = SandboxSessions(
            SessionParts(
                book=self.session_book,
                jobs=self.jobs,
                motors=self.motors,
                purse=place.purse,
                sandbox=place.sandbox,
                changed=self._shown,
                instances=self._instances,
                clock=clock,
                ids=ids,
            )
        )
        self.stages = Stages(
            StageParts(
                book=self.book,
                changes=changes,
                charges=charges,
                closing=closing,
                planner=Planner(
                    model,
                    max_output_tokens=settings.max_output_tokens,
                    timeout_seconds=settings.model_timeout_seconds,
                ),
                purse=place.purse,
                sandbox=place.sandbox,
                sessions=self.session_book,
                planned_expiry=self._plan_expiry,
                clock=clock,
                ids=ids,
            )
        )
        self.starting = Starting(
            StartingParts(
                owner=place.owner,
                book=self.book,
                sessions=self.session_book,
                changes=changes,
                charges=charges,
                purse=place.purse,
                motors=self.motors,
                supervisor=self.supervisor,
                clock=clock,
                ids=ids,
                most_active=settings.runs_at_once,
            )
        )
        self._retention = Retention(place.sql, self.book, self.events, clock)

    # --- life ------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """Goes on with what was going on when the object lost its memory; call it once, first."""
        self.plan_alarm()

    async def on_alarm(self) -> None:
        """The alarm: looks at everything that is active, runs what is due, sets it again."""
        self.place.alarm.rang()
        try:
            await self.supervisor.look()
            self.sessions.look()
            failures = await self.jobs.run_due(
                {EXPIRY: self._expire, SESSION: self.sessions.on_job, retention.JOB: self._retain}
            )
            for failure in failures:
                self.fault(failure.error, f"job {failure.job.kind}")
            await self._instances.delete_due()
            if self.book.ended_count() and not self.jobs.named(retention.JOB):
                self._plan_retention()
        finally:
            self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        times = (
            self.jobs.next_due_at_ms(),
            self.supervisor.next_look_ms(),
            self.sessions.next_look_ms(),
            self._instances.next_due_at_ms(),
        )
        known = [at_ms for at_ms in times if at_ms is not None]
        if known:
            self.place.alarm.at_latest(min(known))

    def _look_soon(self) -> None:
        """Something moved: the supervisor looks once more, however many things move until then."""
        self.place.alarm.at_latest(self.clock.now_ms() + limits.SUPERVISE_MS)

    async def stage(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """A workflow asks for a stage of a run or of a session."""
        subject, stage = str(args["subject"]), str(args["stage"])
        answer: Answer | None = None
        before = self.book.find(subject) if stage == "close" else None
        self.motors.asked(subject)
        try:
            if args.get("kind") == "session":
                answer = await self.sessions.ask(subject, stage)
            else:
                answer = await self.stages.ask(subject, stage)
        finally:
            self.motors.answered(subject, answer)
            self._look_soon()
        if stage == "close":
            self.motors.forget(subject)
        if before is not None and before.ended:  # News that came late began an instance anew.
            self._instances.note("run", subject, before.motor)
        return answer.to_json()

    # --- what is shown ---------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What every client sees: newest runs, sandboxes, approvals that wait."""
        runs, _ = self.book.page(status=None, words="", cursor=None, limit=STATE_RUNS)
        return {
            "runs": [summary_json(run) for run in runs],
            "sessions": [session.to_json() for session in self.session_book.newest()],
            "approvals": self.view.waiting_approvals(),
        }

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state())

    def _told(self, run_id: str, shown: bool) -> None:
        """Events of a run were written; ``shown`` when lists have to show something new."""
        self.watchers.tell(run_id)
        if shown:
            self._shown()
            self._look_soon()

    def _shown(self) -> None:
        connections = self.place.connections.all()
        if connections:
            broadcast(connections, self.state_frame())

    def run_json(self, run: Run) -> dict[str, Any]:
        """Everything of one run."""
        return self.view.run(run)

    # --- jobs ------------------------------------------------------------------------------------

    def _plan_expiry(self, approval: Approval) -> None:
        name = f"{EXPIRY}:{approval.id}"
        self.jobs.schedule(name, EXPIRY, approval.expires_at_ms, {"id": approval.id})
        self.plan_alarm()

    async def _expire(self, _job: Job) -> None:
        await self.desk.expire()

    async def _retain(self, job: Job) -> None:
        await self._retention.on_job(job)
        if self.book.ended_count():
            self._plan_retention()

    def _plan_retention(self) -> None:
        due = self.clock.now_ms() + retention.EVERY_MS
        self.jobs.schedule(retention.JOB, retention.JOB, due, {})

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s of an orchestrator failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of an orchestrator", where, exc_info=error)
