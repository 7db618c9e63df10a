"""One build, put together from its parts; plain Python.

``durable_objects/code_generator_agent.py`` gives it the platform's parts and hands it every event.
It owns no rules of its own: they stand in the parts.
"""

from __future__ import annotations

import logging
from typing import Any

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import broadcast
from littoral.builder import limits
from littoral.builder.architect import Architect
from littoral.builder.asking import Asking
from littoral.builder.blobs import Blobs
from littoral.builder.build import Build
from littoral.builder.build_book import BUILD_BOOK_SCHEMA, BuildBook
from littoral.builder.charges import Charges
from littoral.builder.desk import BuildDesk
from littoral.builder.engine import Engine
from littoral.builder.file_changes import FileChanges
from littoral.builder.finishing import Finishing
from littoral.builder.journal import Journal
from littoral.builder.listing import Listing
from littoral.builder.metering import MeteredModel
from littoral.builder.opening import RoundOpener
from littoral.builder.plan_changes import PlanChanges
from littoral.builder.ports import Place
from littoral.builder.review_changes import ReviewChanges
from littoral.builder.reviewer import Reviewer
from littoral.builder.revisions import REVISIONS_SCHEMA, Revisions
from littoral.builder.round_changes import RoundChanges
from littoral.builder.view import BuildView
from littoral.builder.worker import Worker
from littoral.builder.writer import Writer
from littoral.clock import Clock, Ids
from littoral.errors import LittoralError
from littoral.models.model import Model
from littoral.orchestrator.watchers import Watchers
from littoral.preview.calls import PreviewCalls, Shown
from littoral.preview.desk import PREVIEW_SCHEMA, PreviewDesk
from littoral.preview.link import PreviewLink, prefix_of, token_of
from littoral.settings import Settings
from littoral.store.event_log import EVENT_LOG_SCHEMA, EventLog
from littoral.store.migrations import migrate

SCHEMAS = (BUILD_BOOK_SCHEMA, EVENT_LOG_SCHEMA, REVISIONS_SCHEMA, PREVIEW_SCHEMA)

_log = logging.getLogger(__name__)


class Builder:
    """Composition of one build; ``on_start`` brings it to life."""

    def __init__(
        self, place: Place, *, settings: Settings, model: Model, clock: Clock, ids: Ids
    ) -> None:
        migrate(place.sql, SCHEMAS)
        self.place = place
        self.clock = clock
        self.watchers = Watchers()
        self.book = BuildBook(place.sql)
        self._secret = settings.session_secret
        self._revisions = Revisions(place.sql, clock)
        self._blobs = Blobs(store=place.assets, owner=place.owner, build_id=place.build_id)
        events = EventLog(place.sql, clock)
        journal = Journal(place.sql, clock, self.book, events, self._told)
        rounds = RoundChanges(journal)
        plan = PlanChanges(journal)
        files = FileChanges(journal, self._revisions)
        reviews = ReviewChanges(journal, files, self._revisions)
        charges = Charges(settings.default_model)
        listing = Listing(place.database, most_active=settings.builds_at_once)
        asking = Asking.within(
            settings.context_tokens,
            max_output_tokens=settings.build_output_tokens,
            timeout_seconds=settings.build_timeout_seconds,
        )
        finishing = Finishing(
            book=self.book,
            journal=journal,
            rounds=rounds,
            files=files,
            charges=charges,
            till=place.till,
            listing=listing,
            clock=clock,
        )
        reviewer = Reviewer(
            book=self.book,
            changes=reviews,
            rounds=rounds,
            checks=place.checks,
            asking=asking,
            clock=clock,
        )
        engine = Engine(
            book=self.book,
            plan=plan,
            files=files,
            reviews=reviews,
            architect=Architect(book=self.book, changes=plan, asking=asking),
            writer=Writer(
                book=self.book,
                changes=files,
                asking=asking,
                blobs=self._blobs,
                connections=place.connections,
                clock=clock,
            ),
            reviewer=reviewer,
            finishing=finishing,
            metered=lambda build: MeteredModel(model, build, rounds, charges, clock),
        )
        opener = RoundOpener(
            book=self.book,
            rounds=rounds,
            charges=charges,
            listing=listing,
            till=place.till,
            finishing=finishing,
        )
        self.desk = BuildDesk(
            owner=place.owner,
            build_id=place.build_id,
            book=self.book,
            journal=journal,
            rounds=rounds,
            plan=plan,
            files=files,
            reviews=reviews,
            reviewer=reviewer,
            revisions=self._revisions,
            opener=opener,
            interrupt=self._interrupt,
            clock=clock,
        )
        self._worker = Worker(
            book=self.book,
            rounds=rounds,
            engine=engine,
            finishing=finishing,
            opener=opener,
            tidy=self._tidy,
            wanted=self.desk.wanted,
            clock=clock,
        )
        self._previews = PreviewDesk(place.sql, clock, ids, tell=journal.tell)
        self.previews = PreviewCalls(self._previews, self._revisions, shown=self._preview_of)
        self.view = BuildView(self.book, events, self._revisions, preview_url=self._preview_url)

    # --- life ------------------------------------------------------------------------------------

    def on_start(self) -> None:
        """Goes on with what was going on when the object lost its memory; call it once, first."""
        self.plan_alarm()

    async def on_alarm(self) -> None:
        """The alarm: sets the next one, so that nothing needs this life to go on; then works."""
        self.place.alarm.rang()
        if self.has_work():
            self.place.alarm.at_latest(self.clock.now_ms() + limits.WATCH_MS)
        try:
            await self._worker.work()
        finally:
            self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to when there is something to do; while work goes on it is set already."""
        if self._worker.busy:
            return
        at_ms = self._worker.next_ms()
        if at_ms is not None:
            self.place.alarm.at_latest(at_ms)

    def has_work(self) -> bool:
        """Whether anything is to be done: work, or what remains after it."""
        return self._worker.next_ms() is not None

    def _interrupt(self) -> None:
        self._worker.interrupt()

    async def _tidy(self) -> None:
        """Contents that no file and no kept revision has any more are let go."""
        kept = {file.hash for each in self._revisions.all() for file in each.files}
        self.book.forget_contents(kept)
        try:
            in_use = {each.hash for each in self.book.files()}
            await self._revisions.sweep(self._blobs, in_use=in_use)
        except LittoralError as error:
            self.fault(error, "tidying")

    # --- what is shown ---------------------------------------------------------------------------

    def state(self) -> dict[str, Any] | None:
        """What every client sees; ``None`` for a build that is not there."""
        build = self.book.find()
        return None if build is None or build.draft else self.view.state(build)

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state())

    def _told(self, shown: bool) -> None:
        self.plan_alarm()
        if not shown:
            return
        self.watchers.tell(self.place.build_id)
        connections = self.place.connections.all()
        if connections:
            broadcast(connections, self.state_frame())

    def told(self) -> None:
        """Something was written beside the journal; whoever watches is told."""
        self._told(True)

    def shown(self, build: Build) -> dict[str, Any]:
        """A build as calls answer it."""
        return {"sessionId": build.id, "status": build.status, "state": self.view.state(build)}

    def _preview_of(self) -> Shown:
        build = self.book.get()
        kind = build.blueprint.kind if build.blueprint else "static"
        return Shown(kind=kind, title=build.title)

    def _preview_url(self) -> str | None:
        current = self._previews.current()
        if current is None:
            return None
        word, expires_at_ms = current
        link = PreviewLink(build_id=self.place.build_id, word=word, expires_at_ms=expires_at_ms)
        return prefix_of(token_of(link, secret=self._secret))

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s of a build failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of a build", where, exc_info=error)
