"""Changes of a review: begun, what a look found, repaired, reverted, over; problems of previews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from littoral.builder import limits
from littoral.builder.build import BUILT, Build, BuildStatus, Review
from littoral.builder.charges import begun
from littoral.builder.file_changes import FileChanges
from littoral.builder.issue import Issue, weight
from littoral.builder.journal import Journal
from littoral.builder.revisions import Revisions
from littoral.builder.verdict import Verdict


class ReviewChanges:
    """Those with ``number`` are the worker's and raise ``Overtaken`` when its round has ended."""

    def __init__(self, journal: Journal, files: FileChanges, revisions: Revisions) -> None:
        self._journal = journal
        self._book = journal.book
        self._files = files
        self._revisions = revisions

    def started(self, number: int) -> Build:
        """A review begins with its first look."""

        def work() -> Build:
            build = self._journal.working(number)
            if build.review is not None:
                return build
            return self.begin(build)

        return self._journal.change(work)

    def begin(self, build: Build) -> Build:
        """The same inside of a transaction."""
        self._looking(1)
        return self._journal.put(
            build,
            status="reviewing",
            dev="review",
            current=None,
            writing=None,
            review=Review(),
            review_cycles=1,
            round=begun(build.round),
        )

    def _looking(self, look: int) -> None:
        verifying = look > limits.MAX_REVIEW_CYCLES
        self._journal.event("review.started", {"cycle": look, "verifying": verifying})

    def looked(
        self, number: int, issues: Sequence[Issue], found: Verdict, told: dict[str, Any]
    ) -> Build:
        """What a look found: issues are open or fixed, and the review goes on or ends."""

        def work() -> Build:
            build = self._journal.working(number)
            review = build.review
            assert review is not None
            if found.stop == "worse":
                self._revert(review, issues)
            else:
                self.compare(issues)
            facts, every = weight(self._book.open_issues())
            self._journal.event(
                "review.completed",
                {
                    "cycle": review.look,
                    "open": every,
                    "facts": facts,
                    "stop": found.stop,
                    "repair": list(found.repair),
                    **told,
                },
            )
            if found.stop is not None:
                return self._journal.put(build, review=None, reviewed=True, dev="phase")
            kept = self._files.keep(f"before repair {review.look}")
            following = Review(
                look=review.look,
                repairing=True,
                pending=found.repair,
                before=tuple(each.fingerprint for each in issues),
                weight=weight(issues),
                revision=kept,
            )
            return self._journal.put(build, review=following)

        return self._journal.change(work)

    def repaired(self, number: int) -> Build:
        """Every file with issues was written anew or given up: another look."""

        def work() -> Build:
            build = self._journal.working(number)
            review = build.review
            assert review is not None and not review.pending
            look = review.look + 1
            self._files.keep(f"repair {review.look}")
            self._looking(look)
            return self._journal.put(
                build,
                review=replace(review, look=look, repairing=False),
                review_cycles=min(look, limits.MAX_REVIEW_CYCLES),
                writing=None,
            )

        return self._journal.change(work)

    def compare(self, issues: Sequence[Issue]) -> None:
        """Rows and events for what is new and what is gone, inside a transaction."""
        now_open = {each.fingerprint: each for each in issues[: limits.MAX_ISSUES]}
        for known in self._book.open_issues():
            if known.fingerprint not in now_open:
                self._book.put_issue(replace(known, status="fixed"))
                told = {"fingerprint": known.fingerprint, "file": known.file}
                self._journal.event("issue.fixed", told)
        for issue in now_open.values():
            known_one = self._book.issue(issue.fingerprint)
            if known_one is None or known_one.status == "fixed":
                self._journal.event("issue.found", issue.to_json())
            self._book.put_issue(issue)
        self._book.forget_old_issues(2 * limits.MAX_ISSUES)

    def _revert(self, review: Review, issues: Sequence[Issue]) -> None:
        """The files as they were before the repair that made it worse, and their issues."""
        assert review.revision is not None and review.before is not None
        self._files.put_back(self._revisions.get(review.revision))
        before = set(review.before)
        told = {"revision": review.revision, "open": len(before), "worse": len(issues)}
        self._journal.event("review.reverted", told)
        self._files.keep(f"as before repair {review.look - 1}")
        known = self._book.issues()
        self.compare([replace(each, status="open") for each in known if each.fingerprint in before])

    # --- problems that a preview met -------------------------------------------------------------

    def problems_found(self, issues: Sequence[Issue]) -> int:
        """What a preview reported; gives how many of them were not open already.

        A build that was called completed is so no more.
        """

        def work() -> int:
            build = self._book.get()
            new = 0
            room = limits.MAX_ISSUES - len(self._book.open_issues())
            for issue in issues:
                known = self._book.issue(issue.fingerprint)
                if (known is None or known.status == "fixed") and new < room:
                    self._book.put_issue(issue)
                    self._journal.event("issue.found", issue.to_json())
                    new += 1
            if new and build.status == "completed":
                self._journal.put(build, status="completed_with_issues", listed="")
            return new

        return self._journal.change(work)

    def restored(self, revision_number: int, issues: Sequence[Issue]) -> Build:
        """A person chose the files of an old revision; ``issues`` are what checks say of them."""

        def work() -> Build:
            build = self._book.get()
            old = self._revisions.get(revision_number)
            self._files.put_back(old)
            made = self._revisions.restore(revision_number)
            told = {"revision": made.number, "from": revision_number}
            self._journal.event("revision.restored", told)
            self.compare(issues)
            status: BuildStatus = build.status
            if status in BUILT:
                status = built_status(self._book.open_issues())
            return self._journal.put(
                build, status=status, review=None, writing=None, reviewed=False, listed=""
            )

        return self._journal.change(work)


def built_status(issues: Sequence[Issue]) -> BuildStatus:
    """How a build that was written to its end is called, by what is still open."""
    return "completed_with_issues" if any(each.hard for each in issues) else "completed"
