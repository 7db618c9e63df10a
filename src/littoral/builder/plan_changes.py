"""Changes of the plan: the blueprint, its edits, phases, messages that become phases, choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from littoral.builder import limits
from littoral.builder.blueprint import Blueprint, PlannedPhase
from littoral.builder.build import Build, Phase, QueuedMessage
from littoral.builder.charges import begun
from littoral.builder.journal import Journal
from littoral.errors import Conflict, QueueFull


class PlanChanges:
    """Those with ``number`` are the worker's and raise ``Overtaken`` when its round has ended."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._book = journal.book

    # --- the blueprint ---------------------------------------------------------------------------

    def blueprint_asked(self, number: int) -> Build:
        """A model is about to be asked for the blueprint."""

        def work() -> Build:
            build = self._journal.working(number)
            if build.attempts == 0:
                self._journal.event("blueprint.started", {})
            return self._journal.put(build, attempts=build.attempts + 1)

        return self._journal.change(work)

    def attempted(self, number: int) -> Build:
        """A model is about to be asked for a phase."""

        def work() -> Build:
            build = self._journal.working(number)
            return self._journal.put(build, attempts=build.attempts + 1)

        return self._journal.change(work, shown=False)

    def problem(self, number: int, problem: str) -> Build:
        """What was wrong with a model's answer, to be told to it."""

        def work() -> Build:
            return self._journal.put(self._journal.working(number), problem=problem)

        return self._journal.change(work, shown=False)

    def blueprint_ready(self, number: int, blueprint: Blueprint, told: dict[str, Any]) -> Build:
        """The plan is there, with its phases."""

        def work() -> Build:
            build = self._journal.working(number)
            if build.blueprint is not None:
                return build
            self._journal.event(
                "blueprint.ready",
                {
                    "title": blueprint.title,
                    "kind": blueprint.kind,
                    "phases": len(blueprint.phases),
                    "files": len(blueprint.paths),
                    **told,
                },
            )
            return self._planned(build, blueprint)

        return self._journal.change(work)

    def blueprint_edited(self, blueprint: Blueprint) -> Build:
        """A person changed the plan before it was built. Raises ``Conflict`` later than that."""

        def work() -> Build:
            build = self._book.get()
            if build.status != "waiting" or (build.round is not None and build.round.started):
                raise Conflict(
                    "The blueprint can be edited only while it waits to be built.",
                    next_step="Send a message with what shall change instead.",
                )
            if build.blueprint == blueprint:
                return build
            self._journal.event(
                "blueprint.edited",
                {"title": blueprint.title, "phases": len(blueprint.phases)},
            )
            return self._planned(build, blueprint)

        return self._journal.change(work)

    def _planned(self, build: Build, blueprint: Blueprint) -> Build:
        self._book.forget_phases()
        for index, each in enumerate(blueprint.phases):
            self._book.put_phase(Phase.of(each, index))
        return self._journal.put(
            build, blueprint=blueprint, title=blueprint.title, attempts=0, problem=""
        )

    def begun(self, number: int) -> Build:
        """From planning to building."""

        def work() -> Build:
            build = self._journal.working(number)
            if build.dev != "blueprint":
                return build
            return self._journal.put(begin_building(build, self._journal, len(self._phases())))

        return self._journal.change(work)

    def _phases(self) -> list[Phase]:
        return self._book.phases()

    # --- phases ----------------------------------------------------------------------------------

    def phase_started(self, number: int, index: int) -> Build:
        """The files of a phase are written from now on."""

        def work() -> Build:
            build = self._journal.working(number)
            phase = self._book.phase(index)
            if build.dev == "files" and build.current == index:
                return build
            self._book.put_phase(replace(phase, status="running"))
            paths = [each.path for each in phase.files]
            told = {"phase": index, "name": phase.name, "files": paths}
            self._journal.event("phase.started", told)
            return self._journal.put(
                build,
                status="building",
                dev="files",
                current=index,
                writing=None,
                round=begun(build.round),
            )

        return self._journal.change(work)

    def review_next(self, number: int, *, dev: str) -> Build:
        """From phases to the review, or from there to the end (``dev``)."""

        def work() -> Build:
            build = self._journal.working(number)
            return self._journal.put(build, dev=dev, current=None, writing=None)

        return self._journal.change(work)

    def chosen(self, number: int, decision: dict[str, Any], plan: PlannedPhase | None) -> Build:
        """Smart mode: what comes next, by whom, why; with the plan of a phase that is new."""

        def work() -> Build:
            build = self._journal.working(number)
            assert build.round is not None
            if plan is not None:
                self._insert(plan, ())
            self._journal.event("action.chosen", decision)
            decided = replace(build.round, decisions=build.round.decisions + 1)
            return self._journal.put(build, decision=decision, round=decided)

        return self._journal.change(work)

    # --- messages --------------------------------------------------------------------------------

    def message_queued(self, text: str) -> int:
        """What a user said waits for the next phase; its number. Raises ``QueueFull``."""

        def work() -> int:
            build = self._book.get()
            return self.queue(build, text)

        return self._journal.change(work)

    def queue(self, build: Build, text: str) -> int:
        """The same inside of a transaction."""
        if len(self._book.messages(taken=False)) >= limits.MAX_QUEUED_MESSAGES:
            raise QueueFull(
                f"{limits.MAX_QUEUED_MESSAGES} messages wait for the next phase already.",
                next_step="Wait until the next phase has begun.",
            )
        if self._book.message_count() >= limits.MAX_KEPT_MESSAGES:
            raise QueueFull(
                f"This build has had {limits.MAX_KEPT_MESSAGES} messages; more are not taken.",
                next_step="Begin a new build.",
            )
        message = self._book.add_message(text, self._journal.now_ms())
        self._journal.event("message.queued", {"message": message, "text": text})
        return message

    def messages_taken(
        self, number: int, messages: Sequence[QueuedMessage], plan: PlannedPhase
    ) -> Build:
        """Messages became a phase, the next one; an empty one when nothing is to be written."""

        def work() -> Build:
            build = self._journal.working(number)
            waiting = [each.number for each in self._book.messages(taken=False)]
            if not messages or messages[0].number not in waiting:
                return build
            phase = self._insert(plan, tuple(each.text for each in messages))
            self._book.take_messages(messages[-1].number)
            numbers = [each.number for each in messages]
            told = {"messages": numbers, "phase": phase.index, "description": plan.description}
            self._journal.event("message.taken", {**told, "files": len(plan.files)})
            return self._journal.put(build, attempts=0, problem="", dev="phase")

        return self._journal.change(work)

    def _insert(self, plan: PlannedPhase, messages: tuple[str, ...]) -> Phase:
        """A new phase before those that have not begun; one without files is over at once."""
        phases = self._book.phases()
        waiting = [each for each in phases if each.status == "pending"]
        index = waiting[0].index if waiting else len(phases)
        for each in waiting:
            self._book.put_phase(replace(each, index=each.index + 1))
        phase = Phase.of(plan, index, messages)
        if not phase.files:
            phase = replace(phase, status="completed")
        self._book.put_phase(phase)
        return phase


def begin_building(build: Build, journal: Journal, phases: int) -> Build:
    """What begins to build does to the build; writes the event, leaves the row to the caller."""
    journal.event("build.started", {"phases": phases, "mode": build.mode})
    return replace(build, status="building", dev="phase", current=None)
