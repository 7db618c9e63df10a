"""What people and programs do with a build: begin, steer, stop, resume, repair, restore."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from littoral.builder import limits
from littoral.builder.blueprint import read_blueprint
from littoral.builder.budget import Amounts, read_budget
from littoral.builder.build import BUILT, MODES, Build, Mode
from littoral.builder.build_book import BuildBook
from littoral.builder.file_changes import FileChanges
from littoral.builder.issue import Issue, found
from littoral.builder.journal import Journal
from littoral.builder.opening import RoundOpener
from littoral.builder.plan_changes import PlanChanges, begin_building
from littoral.builder.review_changes import ReviewChanges
from littoral.builder.reviewer import Reviewer
from littoral.builder.revisions import Revisions
from littoral.builder.round_changes import RoundChanges
from littoral.clock import Clock
from littoral.errors import Conflict, InvalidInput, LittoralError, NotAuthenticated, TooLarge
from littoral.text import require_text

RESUMABLE = frozenset({"failed", "cancelled", "budget_exceeded"})


class BuildDesk:
    """Every method gives the build as it is afterwards, and may be repeated."""

    def __init__(
        self,
        *,
        owner: str,
        build_id: str,
        book: BuildBook,
        journal: Journal,
        rounds: RoundChanges,
        plan: PlanChanges,
        files: FileChanges,
        reviews: ReviewChanges,
        reviewer: Reviewer,
        revisions: Revisions,
        opener: RoundOpener,
        interrupt: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._owner = owner
        self._build_id = build_id
        self._book = book
        self._journal = journal
        self._rounds = rounds
        self._plan = plan
        self._files = files
        self._reviews = reviews
        self._reviewer = reviewer
        self._revisions = revisions
        self._opener = opener
        self._interrupt = interrupt
        self._clock = clock

    # --- beginning -------------------------------------------------------------------------------

    async def create(self, args: Mapping[str, Any], user_id: str) -> Build:
        """A build for the query; the same request again gives the same build.

        Raises ``InvalidInput``, ``Conflict`` for another request under this id, ``QueueFull``,
        ``InsufficientCredits``, ``BudgetExceeded``.
        """
        if not user_id:
            raise NotAuthenticated("A build needs an account that pays for it.")
        query = require_text(
            args.get("query"), field="query", most=limits.MAX_QUERY_CHARACTERS
        ).strip()
        mode = _mode(args.get("mode"))
        start, limit = bool(args.get("start")), read_budget(args.get("budget"))
        known = self._book.find()
        if known is not None and (known.query, known.mode) != (query, mode):
            raise Conflict(
                "This id was used for another build.", next_step="Use a new id for a new build."
            )
        if known is not None and not known.draft:
            return known
        if known is None:
            draft = self._draft(query, mode, start, user_id)
            self._journal.change(lambda: self._book.put(draft), shown=False)

        def opening(build: Build) -> Build:
            self._journal.event("build.created", {"query": build.query, "mode": build.mode})
            return build

        return await self._opener.open(limit, opening, builds=start)

    def _draft(self, query: str, mode: Mode, start: bool, user_id: str) -> Build:
        now = self._clock.now_ms()
        return Build(
            id=self._build_id,
            owner=self._owner,
            user_id=user_id,
            query=query,
            mode=mode,
            start=start,
            title=" ".join(query.split())[: limits.MAX_TITLE_CHARACTERS],
            created_at_ms=now,
            updated_at_ms=now,
        )

    async def generate(self, budget: Any) -> Build:
        """Builds what the blueprint has; while that is written, as soon as it is there.

        Raises ``Conflict`` for a build that has ended, and what opening a round raises.
        """
        limit, build = read_budget(budget), self._book.get()
        if build.status == "drafting":
            return build if build.start else self._want(limit)
        if build.ended:
            raise Conflict(
                f"This build is {build.status}.",
                next_step="Resume it, send a message with what shall change, or have it fixed.",
            )
        if build.status != "waiting":
            return build
        return await self._begin(limit)

    def _want(self, limit: Amounts) -> Build:
        return self._journal.change(
            lambda: self._journal.put(self._book.get(), start=True, wanted=limit)
        )

    async def wanted(self, build: Build) -> None:
        """The blueprint is there and was asked to be built; a refusal is told in the state."""
        limit = build.wanted
        assert limit is not None
        try:
            if build.status == "waiting":
                await self._begin(limit)
        except LittoralError as error:
            if error.http_status >= 500:
                raise
            told = {"code": error.code, "message": error.detail, "nextStep": error.advice}
            self._journal.change(
                lambda: self._journal.put(self._book.get(), error=told, start=False, wanted=None)
            )
            return
        self._journal.change(lambda: self._journal.put(self._book.get(), wanted=None))

    async def _begin(self, limit: Amounts) -> Build:
        def opening(build: Build) -> Build:
            if build.status != "waiting":
                raise Conflict(f"This build is {build.status}.")
            build = replace(build, start=True, wanted=None)
            return begin_building(build, self._journal, len(self._book.phases()))

        return await self._opener.open(limit, opening, builds=True)

    def edit(self, document: Any) -> Build:
        """Replaces the blueprint before it is built. Raises ``InvalidInput``, ``Conflict``."""
        return self._plan.blueprint_edited(read_blueprint(document))

    # --- while it goes on ------------------------------------------------------------------------

    async def message(self, text: Any, budget: Any = None) -> Build:
        """Queues a message for the next phase; on a completed build it begins one.

        Raises ``InvalidInput``, ``QueueFull``, and what opening a round raises.
        """
        words = require_text(text, field="text", most=limits.MAX_MESSAGE_CHARACTERS).strip()
        build = self._book.get()
        if build.status not in BUILT:
            self._plan.message_queued(words)
            return self._book.get()

        def opening(build: Build) -> Build:
            self._plan.queue(build, words)
            return replace(build, status="building", dev="phase", current=None)

        return await self._opener.open(read_budget(budget), opening, builds=True)

    def cancel(self, reason: Any) -> Build:
        """Stops at once, also in the middle of a file; what was saved stays. Raises nothing for a
        build that has ended."""
        build = self._book.get()
        if build.ended:
            return build
        words = require_text(reason, field="reason", most=1_000) if reason else ""
        ended = self._rounds.ended("cancelled", "build.cancelled", data={"reason": words})
        self._interrupt()
        return ended

    async def resume(self, budget: Any = None) -> Build:
        """Goes on from the last finished file. Raises ``Conflict`` for a build that is built."""
        limit, build = read_budget(budget), self._book.get()
        if build.status not in RESUMABLE:
            if build.status in BUILT or build.status == "waiting":
                raise Conflict(
                    f"This build is {build.status}; there is nothing to resume.",
                    next_step="Generate it, or send a message with what shall change.",
                )
            return build
        begun = build.blueprint is None or build.start or build.mvp
        if not begun:
            return self._journal.change(self._wait_again)
        return await self._opener.open(limit, self._resumed, builds=build.start)

    def _wait_again(self) -> Build:
        self._journal.event("build.resumed", {"files": 0})
        build = self._book.get()
        return self._journal.put(build, status="waiting", dev="idle", error=None, listed="")

    def _resumed(self, build: Build) -> Build:
        if build.status not in RESUMABLE:
            raise Conflict(f"This build is {build.status}.")
        self._journal.event("build.resumed", {"files": len(self._book.files())})
        if build.blueprint is None:
            return replace(build, status="drafting", dev="blueprint")
        if build.review is not None:
            return replace(build, status="reviewing", dev="review")
        if build.current is not None:
            self._files.try_again(build.current)
            return replace(build, status="building", dev="files")
        return replace(build, status="building", dev="phase")

    # --- afterwards ------------------------------------------------------------------------------

    def problems(self, problems: Any) -> int:
        """What a preview met becomes issues; gives how many are new. Raises ``InvalidInput``."""
        if not isinstance(problems, Sequence) or isinstance(problems, str):
            raise InvalidInput("problems must be a list.")
        if len(problems) > limits.MAX_PROBLEMS:
            raise TooLarge(f"problems has more than {limits.MAX_PROBLEMS} entries.")
        paths = [each.path for each in self._book.files()]
        return self._reviews.problems_found([_problem(each, paths) for each in problems])

    async def fix(self, budget: Any = None) -> Build:
        """Has what is open repaired, in a review. Raises ``Conflict`` when there is nothing."""
        limit, build = read_budget(budget), self._book.get()
        if build.working:
            return build
        if build.status not in BUILT:
            raise Conflict(
                f"This build is {build.status}.", next_step="Resume it; a review comes at its end."
            )
        if not self._book.open_issues():
            raise Conflict("No issue of this build is open.")
        return await self._opener.open(limit, self._reviews.begin, builds=True)

    async def restore(self, revision: int) -> Build:
        """The files of an old revision again, checked. Raises ``NotFound``, ``Conflict``."""
        build = self._book.get()
        if build.working:
            raise Conflict("This build is being worked on.", next_step="Cancel it first.")
        old = self._revisions.get(revision)
        issues: list[Issue] = []
        if build.blueprint is not None:
            issues = await self._reviewer.facts(build, self._files.texts_of(old))
        if self._book.get().working:
            raise Conflict("This build is being worked on.", next_step="Cancel it first.")
        return self._reviews.restored(revision, issues)


def _mode(value: Any) -> Mode:
    for mode in MODES:
        if value in (mode, None):
            return mode
    raise InvalidInput(f"mode is {str(value)[:40]!r}: use {' or '.join(MODES)}.")


def _problem(raw: Any, paths: Sequence[str]) -> Issue:
    """A preview's words as an issue of the file that they name, or of the page."""
    if not isinstance(raw, Mapping):
        raise InvalidInput("Each of problems must be an object.")
    message = require_text(raw.get("message"), field="message", most=4_000)
    source, line = raw.get("source"), raw.get("line")
    named = source.partition("?")[0].partition("#")[0] if isinstance(source, str) else ""
    file = next((each for each in paths if named == each or named.endswith(f"/{each}")), "")
    pages = [each for each in paths if each.endswith((".html", ".htm"))]
    fallback = (pages or list(paths) or ["index.html"])[0]
    at = line if isinstance(line, int) and not isinstance(line, bool) and file else 0
    return found(file or fallback, message, source="preview", line=min(max(0, at), 1_000_000))
