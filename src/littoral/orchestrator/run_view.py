"""What callers read of runs: one run whole, pages, events, output, the inbox of approvals."""

from __future__ import annotations

from typing import Any

from littoral.orchestrator import limits
from littoral.orchestrator.run import Run
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.run_events import RunEvents
from littoral.orchestrator.run_json import approval_json, run_json, summary_json

MAX_PAGE = 100


class RunView:
    """Reads; changes nothing."""

    def __init__(self, book: RunBook, events: RunEvents) -> None:
        self._book = book
        self._events = events

    def run(self, run: Run) -> dict[str, Any]:
        """Everything of one run."""
        tail = run.tail
        if not run.ended:
            tail = self._events.tail(run.id, limits.OUTPUT_TAIL_CHARACTERS)
        return run_json(
            run,
            self._book.steps(run.id),
            self._book.approvals(run.id),
            output=tail,
            last_event=self._events.last(run.id),
        )

    def page(
        self, *, status: str | None, words: str, cursor: str | None, limit: int
    ) -> dict[str, Any]:
        """A page of summaries, newest first."""
        size = max(1, min(limit, MAX_PAGE))
        runs, more = self._book.page(status=status, words=words, cursor=cursor, limit=size)
        return {"runs": [summary_json(run) for run in runs], "cursor": more}

    def events(self, run_id: str, since: int, limit: int) -> dict[str, Any]:
        """Events after ``since``; ``ended`` when the last of all is among those known."""
        run = self._book.get(run_id)
        found = self._events.since(run_id, since, limit)
        following = found[-1].number if found else since
        ended = run.ended and following >= self._events.last(run_id)
        return {"events": [each.to_json() for each in found], "next": following, "ended": ended}

    def output(
        self, run_id: str, stream: str | None, since: int, limit: int = 100
    ) -> dict[str, Any]:
        """The kept output of a run, a page of events at a time."""
        self._book.get(run_id)
        found = self._events.since(run_id, since, limit)
        parts = []
        for event in found:
            if event.type == "step.output" and stream in (None, event.data["stream"]):
                gone = event.data.get("letGo")
                parts.append(
                    f"[… {gone} characters were let go …]\n" if gone else event.data["text"]
                )
            elif event.type == "step.output_skipped":
                parts.append(f"\n[… {event.data['bytes']} bytes were skipped …]\n")
        return {"text": "".join(parts), "next": found[-1].number if found else None}

    def waiting_approvals(self) -> list[dict[str, Any]]:
        """Questions that wait, with the run that they belong to."""
        inbox = []
        for approval in self._book.waiting_approvals():
            run = self._book.get(approval.run_id)
            command = None
            if approval.step is not None:
                command = self._book.step(run.id, approval.step).command
            about = {"runId": run.id, "runTitle": run.title, "command": command}
            inbox.append({**approval_json(approval), **about})
        return inbox
