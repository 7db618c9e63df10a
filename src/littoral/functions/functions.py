"""The functions of one owner, put together from their parts; plain Python.

``durable_objects/function_agent.py`` gives it the platform's parts and hands it every event. It
owns no rules of its own: they stand in the parts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import broadcast
from littoral.clock import Clock, Ids
from littoral.errors import LittoralError, NotFound
from littoral.functions import job_limits, retention
from littoral.functions.building import AgenticMaker, BuildFollowing, build_id_of
from littoral.functions.calling import Calling
from littoral.functions.changes import JobChanges
from littoral.functions.charges import CHARGES_SCHEMA, Charges
from littoral.functions.classification.cache import CACHE_SCHEMA, SqlCache
from littoral.functions.classification.classifier import Classifier
from littoral.functions.classification.overrides import OVERRIDES_SCHEMA, SqlOverrides
from littoral.functions.code.kept import KEPT_CODE_SCHEMA
from littoral.functions.desk import JobDesk
from littoral.functions.function_type import FunctionType
from littoral.functions.human_asking import HumanMaker
from littoral.functions.human_task import HUMAN_TASKS_SCHEMA, HumanTasks
from littoral.functions.job import Job
from littoral.functions.job_book import JOB_BOOK_SCHEMA, JobBook
from littoral.functions.job_events import JOB_EVENTS_SCHEMA, JobEvents
from littoral.functions.job_json import summary_json
from littoral.functions.job_view import JobView
from littoral.functions.objects.objects import ObjectMaker
from littoral.functions.ports import Maker, Place
from littoral.functions.retention import Retention
from littoral.functions.starting import Starting, StartingParts
from littoral.functions.supervisor import Supervisor, SupervisorParts
from littoral.functions.working import Working, WorkingParts
from littoral.models.model import Model
from littoral.orchestrator.watchers import Watchers
from littoral.settings import Settings
from littoral.store.jobs import JOBS_SCHEMA, Jobs
from littoral.store.jobs import Job as LaterWork
from littoral.store.migrations import Schema, migrate

SCHEMAS: tuple[Schema, ...] = (
    JOB_BOOK_SCHEMA,
    JOB_EVENTS_SCHEMA,
    HUMAN_TASKS_SCHEMA,
    CHARGES_SCHEMA,
    KEPT_CODE_SCHEMA,
    CACHE_SCHEMA,
    OVERRIDES_SCHEMA,
    JOBS_SCHEMA,
)
STOP_BUILD = "stop-build"
STATE_JOBS = 50

_log = logging.getLogger(__name__)


class Functions:
    """Composition of one owner's functions; ``on_start`` brings it to life.

    ``code`` makes what functions of type code give; ``jitter`` gives a number from 0 to 1.
    """

    def __init__(
        self,
        place: Place,
        *,
        settings: Settings,
        model: Model,
        code: Maker,
        clock: Clock,
        ids: Ids,
        jitter: Callable[[], float],
    ) -> None:
        self.near_hosts = settings.function_near_hosts
        migrate(place.sql, SCHEMAS)
        self.place = place
        self.clock = clock
        self.watchers = Watchers()
        self.book = JobBook(place.sql)
        self.events = JobEvents(place.sql, clock)
        self.tasks = HumanTasks(place.sql)
        self.overrides = SqlOverrides(place.sql, clock)
        self.later = Jobs(place.sql, clock, per_hour=settings.jobs_per_hour)
        self.view = JobView(self.book, self.events, self.tasks)
        self.charges = Charges(
            place.sql,
            place.purse,
            clock,
            model=settings.default_model,
            max_output_tokens=settings.max_output_tokens,
        )
        changes = JobChanges(
            place.sql, clock, self.book, self.events, self.tasks, self.charges, self._told
        )
        classifier = Classifier(
            model,
            SqlCache(place.sql, clock),
            self.overrides,
            timeout_seconds=settings.model_timeout_seconds,
        )
        makers: Mapping[FunctionType, Maker] = {
            "code": code,
            "object": ObjectMaker(model, timeout_seconds=settings.model_timeout_seconds),
            "agentic": AgenticMaker(place.builds),
            "human": HumanMaker(),
        }
        self.working = Working(
            WorkingParts(
                book=self.book,
                changes=changes,
                charges=self.charges,
                classifier=classifier,
                makers=makers,
                clock=clock,
                jitter=jitter,
                fault=self.fault,
            )
        )
        starting = Starting(
            StartingParts(
                owner=place.owner,
                sql=place.sql,
                book=self.book,
                changes=changes,
                charges=self.charges,
                clock=clock,
                ids=ids,
            )
        )
        self.desk = JobDesk(
            book=self.book,
            tasks=self.tasks,
            changes=changes,
            working=self.working,
            stop_build=self._stop_build,
            clock=clock,
        )
        self.supervisor = Supervisor(
            SupervisorParts(
                owner=place.owner,
                book=self.book,
                changes=changes,
                charges=self.charges,
                working=self.working,
                starting=starting,
                desk=self.desk,
                following=BuildFollowing(place.builds, changes),
                queue=place.queue,
                clock=clock,
            )
        )
        self.calling = Calling(
            book=self.book,
            starting=starting,
            working=self.working,
            changes=changes,
            charges=self.charges,
            classifier=classifier,
            supervisor=self.supervisor,
            clock=clock,
            ids=ids,
        )
        self._retention = Retention(place.sql, self.book, self.events, self.tasks)

    # --- life ------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """Goes on with what was going on when the object lost its memory; call it once, first."""
        self.plan_alarm()

    async def on_alarm(self) -> None:
        """The alarm: looks at everything that has not ended, runs what is due, sets it again."""
        self.place.alarm.rang()
        try:
            await self.supervisor.look()
            failures = await self.later.run_due(
                {STOP_BUILD: self._on_stop_build, retention.JOB: self._retention.on_job}
            )
            for failure in failures:
                self.fault(failure.error, f"job {failure.job.kind}")
            if self.book.ended_count() > job_limits.KEPT_JOBS:
                self._plan_retention()
        finally:
            self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        times = (self.later.next_due_at_ms(), self.supervisor.next_look_ms())
        known = [at_ms for at_ms in times if at_ms is not None]
        if known:
            self.place.alarm.at_latest(min(known))

    # --- what is shown ---------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What every client sees: newest jobs, human tasks that wait."""
        jobs, _ = self.book.page(
            status=None, kind=None, dead=None, words="", cursor=None, limit=STATE_JOBS
        )
        return {
            "jobs": [summary_json(job) for job in jobs],
            "humanTasks": self.view.waiting_tasks(),
        }

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state())

    def _told(self, job: Job, shown: bool) -> None:
        """A job was changed; ``shown`` when lists have something new to show."""
        self.watchers.tell(job.id)
        if shown:
            connections = self.place.connections.all()
            if connections:
                broadcast(connections, self.state_frame())
        if job.status == "waiting":
            self.plan_alarm()
        else:
            self.place.alarm.at_latest(self.clock.now_ms() + job_limits.SUPERVISE_MS)

    # --- later work ------------------------------------------------------------------------------

    def _stop_build(self, job_id: str, reason: str) -> None:
        build_id = build_id_of(job_id)
        payload = {"buildId": build_id, "reason": reason}
        self.later.schedule(f"{STOP_BUILD}:{build_id}", STOP_BUILD, self.clock.now_ms(), payload)
        self.plan_alarm()

    async def _on_stop_build(self, job: LaterWork) -> None:
        try:
            await self.place.builds.cancel(job.payload["buildId"], job.payload["reason"])
        except NotFound:
            return  # It never began.

    def _plan_retention(self) -> None:
        if not self.later.named(retention.JOB):
            due = self.clock.now_ms() + retention.EVERY_MS
            self.later.schedule(retention.JOB, retention.JOB, due, {})

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s of functions failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of functions", where, exc_info=error)
