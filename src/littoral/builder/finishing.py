"""How a round of a build ends: written to its end, resting, failed, out of budget; and is settled.

The outcome is written first; credits and the list follow, each safe to repeat, until both are done.
"""

from __future__ import annotations

from littoral.builder.build import ACTIVE, Build
from littoral.builder.build_book import BuildBook
from littoral.builder.charges import Charges
from littoral.builder.file_changes import FileChanges
from littoral.builder.journal import Journal
from littoral.builder.listing import Listing, Row
from littoral.builder.review_changes import built_status
from littoral.builder.round_changes import RoundChanges, closing
from littoral.clock import Clock
from littoral.credits.amount import credits_of
from littoral.credits.till import Till
from littoral.credits.usage import Usage
from littoral.errors import BudgetExceeded, LittoralError, NotFound
from littoral.ops.here import observer

NOTHING_WRITTEN = {
    "code": "model_unavailable",
    "message": "No file could be had from the model.",
    "nextStep": "Look at the events for the reasons; resume the build, or choose another model.",
}


class Finishing:
    """Ends rounds of one build."""

    def __init__(
        self,
        *,
        book: BuildBook,
        journal: Journal,
        rounds: RoundChanges,
        files: FileChanges,
        charges: Charges,
        till: Till,
        listing: Listing,
        clock: Clock,
    ) -> None:
        self._book = book
        self._journal = journal
        self._rounds = rounds
        self._files = files
        self._charges = charges
        self._till = till
        self._listing = listing
        self._clock = clock

    def finish(self, build: Build) -> None:
        """Everything is written and reviewed: it is completed, or says what is still open."""
        assert build.round is not None
        number = build.round.number
        if not self._book.files():
            self._rounds.ended("failed", "build.failed", error=NOTHING_WRITTEN, number=number)
            return

        def work() -> None:
            now = self._journal.working(number)
            issues = self._book.open_issues()
            status = built_status(issues)
            revision = self._files.keep("completed")
            told = {"status": status, "issues": len(issues), "revision": revision}
            self._journal.event("build.completed", {**told, "files": len(self._book.files())})
            self._journal.put(
                now,
                status=status,
                dev="idle",
                mvp=True,
                current=None,
                writing=None,
                round=closing(now, "completed"),
            )

        self._journal.change(work)

    def rest(self, build: Build) -> None:
        """The blueprint is there and waits for a person."""
        assert build.round is not None
        self._rounds.rested(build.round.number)

    def fail(self, build: Build, error: LittoralError) -> None:
        """The build ends for this reason; resuming goes on from the last finished file."""
        number = build.round.number if build.round else None
        told = error_json(error)
        if isinstance(error, BudgetExceeded):
            self._rounds.ended(
                "budget_exceeded", "build.budget_exceeded", error=told, number=number
            )
        else:
            self._rounds.ended("failed", "build.failed", error=told, number=number)

    # --- afterwards ------------------------------------------------------------------------------

    async def settle(self, build: Build) -> None:
        """Credits of a closing round: charged for what was used, or freed. Safe to repeat."""
        assert build.round is not None
        ref, now = build.round.ref(build.id), self._clock.now_ms()
        usage = self._charges.usage(build, now)
        idle = not build.round.used.calls and not build.round.started
        cost = 0
        if build.round.reserved == 0:
            if not idle:
                await self._till.record(build.user_id, {ref: usage})
        elif idle:
            await self._till.release(build.user_id, ref=ref)
        else:
            try:
                cost = await self._till.settle(build.user_id, ref=ref, usage=usage)
            except NotFound:
                cost = 0  # Nothing was reserved; nothing can be charged.
        self._rounds.settled(build.round.number, cost)
        _note_end(build, usage)

    async def give_up(self, build: Build, *, release: bool = True) -> None:
        """A round that was asked for and never opened: its credits are freed, it is gone.

        Without ``release`` when it is certain that none were set aside, so that the same may be
        asked for again.
        """
        if release and build.round is not None and build.round.reserved:
            await self._till.release(build.user_id, ref=build.round.ref(build.id))
        if build.draft:
            await self._listing.forget(build.id)
        self._rounds.dropped(build.rounds)

    async def list(self, build: Build) -> None:
        """The list of builds says what is so. Safe to repeat."""
        row = self.row(build)
        await self._listing.write(row)
        self._rounds.listed(row.words())

    def is_listed(self, build: Build) -> bool:
        """Whether the list says so already."""
        return build.draft or build.listed == self.row(build).words()

    def row(self, build: Build) -> Row:
        """How the list shows the build; sizes are counted where it stands still."""
        active = build.status in ACTIVE or (build.round is not None and build.round.stage == "open")
        files = [] if active else self._book.files()
        return Row(
            id=build.id,
            owner=build.owner,
            user_id=build.user_id,
            title=build.title,
            query=build.query,
            status=build.status,
            mode=build.mode,
            active=active,
            created_at_ms=build.created_at_ms,
            updated_at_ms=build.updated_at_ms,
            files=len(files) if not active else None,
            bytes=sum(each.bytes for each in files) if not active else None,
        )


def error_json(error: LittoralError) -> dict[str, str]:
    """An error as a build's state and events tell it."""
    return {"code": error.code, "message": error.detail, "nextStep": error.advice}


def _note_end(build: Build, usage: Usage) -> None:
    assert build.round is not None
    observer().work(
        agent="code-generator-agent",
        work="build",
        outcome=usage.outcome,
        begun_ms=build.round.asked_at_ms,
        id=build.round.ref(build.id),
        user=build.user_id,
        model=usage.model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        credits=credits_of(usage.cost),
        code=str((build.error or {}).get("code", "")),
        trace=build.round.trace,
    )
