"""Changes of a round: asked for, opened, paid for call by call, ended, settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from littoral.builder import limits
from littoral.builder.budget import Amounts
from littoral.builder.build import Build, BuildEvent, BuildStatus, Round
from littoral.builder.journal import Journal
from littoral.ops.current import traceparent

Opening = Callable[[Build], Build]
"""What an opened round does to the build, inside the transaction that opens it."""


class RoundChanges:
    """Each method may be repeated: what is so already changes nothing."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._book = journal.book

    def asked(self, limit: Amounts, reserved: int) -> Round:
        """A round is about to ask for its place and its credits."""

        def work() -> Round:
            build = self._book.find()
            assert build is not None and build.round is None
            asked = Round(
                number=build.rounds + 1,
                stage="asked",
                reserved=reserved,
                asked_at_ms=self._journal.now_ms(),
                limit=limit,
                trace=traceparent(),
            )
            self._journal.put(build, round=asked, rounds=asked.number)
            return asked

        return self._journal.change(work, shown=False)

    def opened(self, number: int, opening: Opening) -> Build:
        """Place and credits are there: the round begins."""

        def work() -> Build:
            build = self._book.find()
            if build is None or build.round is None or build.round.number != number:
                raise LookupError(f"round {number} is not asked for")
            if build.round.stage != "asked":
                return build
            build = replace(
                build,
                round=replace(build.round, stage="open"),
                draft=False,
                error=None,
                attempts=0,
                problem="",
                lost=0,
                setbacks=0,
                pause_until_ms=0,
                listed="",
            )
            return self._journal.put(opening(build))

        return self._journal.change(work)

    def dropped(self, number: int) -> None:
        """The round was refused, or its caller went away; a draft goes with it."""

        def work() -> None:
            build = self._book.find()
            if build is None or build.rounds != number:
                return
            if build.draft:
                self._book.forget()
            elif build.round is not None and build.round.stage == "asked":
                self._journal.put(build, round=None, listed="")

        self._journal.change(work, shown=False)

    def of_round(self, number: int) -> Build:
        """The build, when that round goes on; raises ``Overtaken`` otherwise."""
        return self._journal.working(number)

    # --- what is used ----------------------------------------------------------------------------

    def calling(self, number: int) -> None:
        """A model is about to be asked: counted before, so that kills cannot make it free."""

        def work() -> None:
            build = self._journal.working(number)
            assert build.round is not None
            used = build.round.used + Amounts(calls=1)
            self._book.put(replace(build, round=replace(build.round, used=used)))

        self._journal.change(work, shown=False)

    def used(
        self, number: int, amounts: Amounts, *, inputs: int = 0, outputs: int = 0, model: str = ""
    ) -> None:
        """Something was used; also taken while the round closes, for calls that were cut off."""

        def work() -> None:
            build = self._book.find()
            if build is None or build.round is None or build.round.number != number:
                return
            open_round = replace(
                build.round,
                used=build.round.used + amounts,
                inputs=build.round.inputs + inputs,
                outputs=build.round.outputs + outputs,
            )
            self._book.put(replace(build, round=open_round, model=model or build.model))

        self._journal.change(work)

    def degraded(self, number: int, reason: str) -> None:
        """Another model than the first of the chain answered."""

        def work() -> None:
            build = self._journal.working(number)
            if not build.degraded:
                self._book.put(replace(build, degraded=True, degraded_reason=reason))

        self._journal.change(work, shown=False)

    # --- ends ------------------------------------------------------------------------------------

    def ended(
        self,
        status: BuildStatus,
        event: BuildEvent,
        *,
        error: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        number: int | None = None,
    ) -> Build:
        """The build ends so, with its last event; from now on the round is closing.

        With ``number`` only if that round still goes on (``Overtaken`` otherwise).
        """

        def work() -> Build:
            build = self._book.get() if number is None else self._journal.working(number)
            if build.ended:
                return build
            told = {"status": status, **(data or {})}
            if error is not None:
                told["error"] = error
            self._journal.event(event, told)
            return self._journal.put(
                build,
                status=status,
                dev="idle",
                writing=None,
                error=error,
                round=closing(build, status),
            )

        return self._journal.change(work)

    def rested(self, number: int) -> None:
        """The round's work is done and nothing has ended: the plan waits to be looked at."""

        def work() -> None:
            build = self._journal.working(number)
            self._journal.put(
                build, status="waiting", dev="idle", round=closing(build, "completed")
            )

        self._journal.change(work)

    def settled(self, number: int, cost: int) -> None:
        """The credits of a round are settled; ``cost`` is what was charged."""

        def work() -> None:
            build = self._book.find()
            if build is None or build.round is None or build.round.number != number:
                return
            self._journal.put(
                build,
                round=None,
                setbacks=0,
                pause_until_ms=0,
                last_limit=build.round.limit,
                last_used=replace(build.round.used, cost=cost),
            )

        self._journal.change(work)

    # --- stores that do not answer ---------------------------------------------------------------

    def setback(self) -> int:
        """A store did not answer: a pause, longer each time; gives how many there were in a row."""

        def work() -> int:
            build = self._book.find()
            if build is None:
                return 0
            count = build.setbacks + 1
            pause = limits.SETBACK_MS[min(count, len(limits.SETBACK_MS)) - 1]
            until = self._journal.now_ms() + pause
            self._book.put(replace(build, setbacks=count, pause_until_ms=until))
            return count

        return self._journal.change(work, shown=False)

    def recovered(self) -> None:
        """A step went well again."""

        def work() -> None:
            build = self._book.find()
            if build is not None and build.setbacks:
                self._book.put(replace(build, setbacks=0, pause_until_ms=0))

        self._journal.change(work, shown=False)

    def listed(self, words: str) -> None:
        """The list of builds was told this."""

        def work() -> None:
            build = self._book.find()
            if build is not None:
                self._book.put(replace(build, listed=words))

        self._journal.change(work, shown=False)


def closing(build: Build, outcome: str) -> Round | None:
    """The round of a build that ends, for ``Journal.put``."""
    if build.round is None:
        return None
    return replace(build.round, stage="closing", outcome=outcome)
