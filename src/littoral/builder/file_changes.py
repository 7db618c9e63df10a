"""Changes of files: begun, saved, given up; phases completed; revisions kept and restored.

A file's text, its row, the place in its phase and the event are one transaction, after its content
was put into the store. So a kill loses no saved file, and doubles none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from littoral.builder.build import (
    Build,
    FileStatus,
    Phase,
    PhaseFile,
    PhaseStatus,
    SavedFile,
    Writing,
)
from littoral.builder.issue import found
from littoral.builder.journal import Journal
from littoral.builder.language import language_of
from littoral.builder.revisions import KeptFile, Revision, Revisions
from littoral.preview.media import media_type

NOT_WRITTEN = "The plan has this file and it was not written:"


class FileChanges:
    """All are the worker's but ``restored``; ``Overtaken`` when its round has ended."""

    def __init__(self, journal: Journal, revisions: Revisions) -> None:
        self._journal = journal
        self._book = journal.book
        self._revisions = revisions

    def started(self, number: int, path: str) -> Writing:
        """A model is about to be asked for a file; counted before it is asked."""

        def work() -> Writing:
            build = self._journal.working(number)
            known = build.writing
            if known is not None and known.path == path:
                writing = replace(known, starts=known.starts + 1)
            else:
                writing = Writing(path=path)
            told = {"path": path, "phase": build.current, "attempt": writing.attempt}
            self._journal.event("file.started", {**told, "fix": build.dev == "review"})
            self._journal.put(build, writing=writing)
            return writing

        return self._journal.change(work)

    def answer_refused(self, number: int, problem: str) -> Writing:
        """A model's answer was no whole file; the next attempt is told what was wrong."""

        def work() -> Writing:
            build = self._journal.working(number)
            assert build.writing is not None
            writing = replace(build.writing, attempt=build.writing.attempt + 1, problem=problem)
            self._journal.put(build, writing=writing)
            return writing

        return self._journal.change(work, shown=False)

    def saved(self, number: int, path: str, content_hash: str, text: str) -> Build:
        """A whole file; its content is in the store."""

        def work() -> Build:
            build = self._journal.working(number)
            if build.writing is None or build.writing.path != path:
                return build
            file = SavedFile(
                path=path,
                hash=content_hash,
                bytes=len(text.encode()),
                language=language_of(path),
                phase=self._phase_of(build, path),
                updated_at_ms=self._journal.now_ms(),
            )
            self._book.put_content(content_hash, text)
            self._book.put_file(file)
            told = {"path": path, "bytes": file.bytes, "hash": file.hash, "phase": file.phase}
            self._journal.event("file.saved", {**told, "fix": build.dev == "review"})
            return self._done(build, path, "saved", lost=0)

        return self._journal.change(work)

    def given_up(self, number: int, path: str, problem: str) -> Build:
        """No whole file could be had; an issue says so unless an older text of it is there."""

        def work() -> Build:
            build = self._journal.working(number)
            told = {"path": path, "phase": build.current, "problem": problem}
            self._journal.event("file.failed", {**told, "fix": build.dev == "review"})
            if self._book.file(path) is None:
                issue = found(path, f"{NOT_WRITTEN} {problem}", source="reference", about=path)
                if self._book.issue(issue.fingerprint) is None:
                    self._book.put_issue(issue)
                    self._journal.event("issue.found", issue.to_json())
            return self._done(build, path, "failed", lost=build.lost + 1)

        return self._journal.change(work)

    def _done(self, build: Build, path: str, status: FileStatus, *, lost: int) -> Build:
        changes: dict[str, Any] = {"writing": None, "lost": lost, "reviewed": False}
        if build.dev == "review" and build.review is not None:
            rest = tuple(each for each in build.review.pending if each != path)
            changes["review"] = replace(build.review, pending=rest)
        elif build.current is not None:
            phase = self._book.phase(build.current)
            self._book.put_phase(replace(phase, files=_marked(phase, path, status)))
        return self._journal.put(build, **changes)

    def _phase_of(self, build: Build, path: str) -> int:
        known = self._book.file(path)
        if build.current is not None:
            return build.current
        return known.phase if known else 0

    def try_again(self, index: int) -> None:
        """Files of a phase that were given up wait again, inside a transaction."""
        phase = self._book.phase(index)
        files = tuple(
            replace(each, status="pending") if each.status == "failed" else each
            for each in phase.files
        )
        self._book.put_phase(replace(phase, files=files))

    # --- phases and revisions --------------------------------------------------------------------

    def phase_completed(self, number: int, index: int) -> Build:
        """Every file of a phase was written or given up; what is there is kept as a revision."""

        def work() -> Build:
            build = self._journal.working(number)
            phase = self._book.phase(index)
            if build.dev != "files" or build.current != index:
                return build
            failed = [each.path for each in phase.files if each.status == "failed"]
            status: PhaseStatus = "completed_with_issues" if failed else "completed"
            self._book.put_phase(replace(phase, status=status))
            told = {"phase": index, "name": phase.name, "failed": failed}
            self._journal.event("phase.completed", told)
            self.keep(f"phase {index + 1}: {phase.name}")
            return self._journal.put(build, dev="phase", current=None, mvp=True)

        return self._journal.change(work)

    def keep(self, reason: str) -> int:
        """Keeps the files as a revision, inside a transaction; its number.

        Nothing is written when the newest revision has just these files.
        """
        newest = self._revisions.newest()
        kept = [
            KeptFile(path=each.path, hash=each.hash, bytes=each.bytes, type=media_type(each.path))
            for each in self._book.files()
        ]
        revision = self._revisions.save(kept, reason=reason)
        if newest is None or newest.number != revision.number:
            told = {"revision": revision.number, "reason": reason, "files": len(kept)}
            self._journal.event("revision.saved", told)
        return revision.number

    def put_back(self, revision: Revision) -> None:
        """The build's files are those of a revision, inside a transaction."""
        now = self._journal.now_ms()
        known = {each.path: each for each in self._book.files()}
        self._book.forget_files()
        for each in revision.files:
            before = known.get(each.path)
            self._book.put_file(
                before
                if before is not None and before.hash == each.hash
                else SavedFile(
                    path=each.path,
                    hash=each.hash,
                    bytes=each.bytes,
                    language=language_of(each.path),
                    phase=before.phase if before else 0,
                    updated_at_ms=now,
                )
            )

    def texts_of(self, revision: Revision) -> Mapping[str, str]:
        """The texts of a revision's files; raises ``LookupError`` when one is not kept."""
        texts = {}
        for each in revision.files:
            text = self._book.text(each.hash)
            if text is None:
                raise LookupError(f"the content of {each.path!r} is not kept")
            texts[each.path] = text
        return texts


def _marked(phase: Phase, path: str, status: FileStatus) -> tuple[PhaseFile, ...]:
    return tuple(
        replace(each, status=status) if each.path == path else each for each in phase.files
    )
