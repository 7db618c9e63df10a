"""The next step of a build, out of its rows: plan, phase, file, look, repair, end.

    blueprint ─► waiting ─► phase ─► files ─► phase … ─► review ─► repair ─► review … ─► finalizing

Each step is one piece of work that may be lost and done again; what it did is one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from littoral.builder import limits
from littoral.builder.architect import Architect, Choice
from littoral.builder.blueprint import PlannedFile
from littoral.builder.build import Build, Phase
from littoral.builder.build_book import BuildBook
from littoral.builder.file_changes import FileChanges
from littoral.builder.finishing import Finishing
from littoral.builder.plan_changes import PlanChanges
from littoral.builder.review_changes import ReviewChanges
from littoral.builder.reviewer import Reviewer
from littoral.builder.schemas import Action
from littoral.builder.writer import Writer
from littoral.errors import ModelUnavailable
from littoral.models.model import Model
from littoral.ops.here import observer

_BY_DEFAULT: tuple[Action, ...] = ("phase", "review", "add_phase", "finish")


class Engine:
    """Takes steps of one build. ``metered`` gives the model within the round's budget."""

    def __init__(
        self,
        *,
        book: BuildBook,
        plan: PlanChanges,
        files: FileChanges,
        reviews: ReviewChanges,
        architect: Architect,
        writer: Writer,
        reviewer: Reviewer,
        finishing: Finishing,
        metered: Callable[[Build], Model],
    ) -> None:
        self._book = book
        self._plan = plan
        self._files = files
        self._reviews = reviews
        self._architect = architect
        self._writer = writer
        self._reviewer = reviewer
        self._finishing = finishing
        self._metered = metered

    async def step(self, build: Build) -> None:
        """One step. Raises ``Overtaken``, or the error that ends the build."""
        await asyncio.sleep(0)  # Between two steps others may speak: a cancellation, a socket.
        begun = observer().begin(build.round.trace if build.round else None)
        try:
            await self._step(build)
        finally:
            observer().leave(begun)

    async def _step(self, build: Build) -> None:
        if build.dev == "blueprint":
            await self._blueprint(build)
        elif build.dev == "files":
            await self._file(build)
        elif build.dev == "review":
            await self._review(build)
        elif build.dev == "finalizing":
            self._finishing.finish(build)
        else:
            await self._next(build)

    async def _blueprint(self, build: Build) -> None:
        assert build.round is not None
        if build.blueprint is None:
            await self._architect.blueprint(self._metered(build), build)
        elif build.start and build.wanted is None:
            self._plan.begun(build.round.number)
        else:
            self._finishing.rest(build)

    # --- between phases --------------------------------------------------------------------------

    async def _next(self, build: Build) -> None:
        assert build.round is not None
        waiting = self._book.messages(taken=False)
        if waiting and len(self._book.phases()) < limits.MAX_PHASES_IN_ALL:
            await self._architect.next_phase(self._metered(build), build, waiting)
            return
        possible = self._possible(build)
        choice = Choice(action=possible[0], by="pipeline", reason="")
        if build.mode == "smart":
            choice = await self._architect.choose(self._metered(build), build, possible)
            self._plan.chosen(build.round.number, choice.to_json(), choice.plan)
        self._begin(build, choice)

    def _possible(self, build: Build) -> list[Action]:
        """What can come next, first what the fixed order has.

        Nothing ends that has files which were not reviewed, or phases which were not written.
        """
        phases = self._book.phases()
        pending = any(each.status == "pending" for each in phases)
        could: dict[Action, bool] = {
            "phase": pending,
            "review": not build.reviewed and bool(self._book.files()),
            "add_phase": build.mode == "smart" and len(phases) < limits.MAX_PHASES_IN_ALL,
            "finish": not pending and (build.reviewed or not self._book.files()),
        }
        found = [each for each in _BY_DEFAULT if could[each]]
        if "add_phase" in found and found[0] == "add_phase":
            found = [*found[1:], "add_phase"]
        return found

    def _begin(self, build: Build, choice: Choice) -> None:
        assert build.round is not None
        number = build.round.number
        if choice.action == "review":
            self._reviews.started(number)
        elif choice.action == "finish":
            self._plan.review_next(number, dev="finalizing")
        else:
            pending = [each for each in self._book.phases() if each.status == "pending"]
            self._plan.phase_started(number, pending[0].index)

    # --- files -----------------------------------------------------------------------------------

    async def _file(self, build: Build) -> None:
        assert build.round is not None and build.current is not None
        _require_progress(build)
        phase = self._book.phase(build.current)
        waiting = [each for each in phase.files if each.status == "pending"]
        if not waiting:
            self._files.phase_completed(build.round.number, phase.index)
            return
        file = PlannedFile(path=waiting[0].path, purpose=waiting[0].purpose)
        if self._is_full(file.path):
            self._files.given_up(build.round.number, file.path, _FULL)
            return
        await self._writer.write(self._metered(build), build, file)

    def _is_full(self, path: str) -> bool:
        files = self._book.files()
        return len(files) >= limits.MAX_FILES and all(each.path != path for each in files)

    async def _review(self, build: Build) -> None:
        assert build.round is not None and build.review is not None
        _require_progress(build)
        review = build.review
        if review.pending:
            file = _planned(self._book.phases(), review.pending[0])
            await self._writer.write(self._metered(build), build, file)
        elif review.repairing:
            self._reviews.repaired(build.round.number)
        else:
            await self._reviewer.look(self._metered(build), build)


_FULL = f"a build has at most {limits.MAX_FILES} files"


def _planned(phases: list[Phase], path: str) -> PlannedFile:
    """A file with the purpose that the newest plan of it gives."""
    for phase in reversed(phases):
        for file in phase.files:
            if file.path == path:
                return PlannedFile(path=path, purpose=file.purpose)
    return PlannedFile(path=path, purpose="")


def _require_progress(build: Build) -> None:
    if build.lost >= limits.MOST_LOST_IN_A_ROW:
        raise ModelUnavailable(
            f"{build.lost} files in a row could not be had from the model.",
            next_step="Look at the events for the reasons; resume the build, or choose another "
            "model.",
        )
