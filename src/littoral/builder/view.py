"""What callers read of a build: its state, files, events, revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from littoral.builder.build import Build
from littoral.builder.build_book import BuildBook
from littoral.builder.build_json import file_json, state_json
from littoral.builder.revisions import Revisions
from littoral.errors import NotFound
from littoral.store.event_log import EventLog


class BuildView:
    """Reads; changes nothing. ``preview_url`` gives the link that counts now, if there is one."""

    def __init__(
        self,
        book: BuildBook,
        events: EventLog,
        revisions: Revisions,
        *,
        preview_url: Callable[[], str | None],
    ) -> None:
        self._book = book
        self._events = events
        self._revisions = revisions
        self._preview_url = preview_url

    def state(self, build: Build) -> dict[str, Any]:
        """Everything of a build but the texts of its files."""
        newest = self._revisions.newest()
        return state_json(
            build,
            phases=self._book.phases(),
            files=self._book.files(),
            issues=self._book.issues(),
            queued=self._book.messages(taken=False),
            revision=newest.number if newest else None,
            preview_url=self._preview_url(),
            last_event=self._book.last_event(),
        )

    def files(self, path: str | None) -> dict[str, Any]:
        """All files, or one of them with its text in ``content``. Raises ``NotFound``."""
        build = self._book.get()
        if path is None:
            return {"sessionId": build.id, "files": [file_json(f) for f in self._book.files()]}
        file = self._book.file(path)
        if file is None:
            raise NotFound(f"This build has no file {path[:80]!r}.")
        shown = {**file_json(file), "content": self._book.text(file.hash)}
        return {"sessionId": build.id, "files": [shown]}

    def events(self, since: int, limit: int) -> dict[str, Any]:
        """Events after ``since``; ``ended``: the build stands still after the last of them."""
        build = self._book.get()
        found = self._events.since(since, limit)
        following = found[-1].number if found else since
        still = build.round is None or build.round.stage != "open"
        return {
            "events": [each.to_json() for each in found],
            "next": following,
            "ended": still and following >= self._book.last_event(),
        }

    def revisions(self) -> dict[str, Any]:
        """What is kept, newest first."""
        self._book.get()
        return {"revisions": [each.to_json() for each in self._revisions.all()]}
