"""The session's entry in its owner's directory: kept fresh by being fetched, not by being sent.

The first turn after a fetch tells the directory once that there is something new (the record
becomes dirty); the turns after it tell nothing. Who lists or searches makes the directory fetch. So
what was just said is found at once, and a plain turn writes nothing for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral.chat.fold import text_of
from littoral.chat.transcript import Transcript, Turn
from littoral.clock import Clock, iso
from littoral.errors import LittoralError
from littoral.store.jobs import Job, Jobs
from littoral.task_agent.session_record import SessionRecord, SessionStore
from littoral.task_agent.task_desk import TaskDesk

RETRY_MS = 5_000
PULL_TURNS = 200
PREVIEW_CHARACTERS = 140
INDEXED_CHARACTERS = 20_000
JOB = "directory"

Spawn = Callable[[Callable[[], Awaitable[Any]]], None]
Tell = Callable[[str, dict[str, Any]], Awaitable[Any]]


class Listing:
    """Tells the directory, and is read by it. ``tell`` calls a method of the directory."""

    def __init__(
        self,
        *,
        sessions: SessionStore,
        transcript: Transcript,
        desk: TaskDesk,
        jobs: Jobs,
        clock: Clock,
        spawn: Spawn,
        tell: Tell,
    ) -> None:
        self._sessions = sessions
        self._transcript = transcript
        self._desk = desk
        self._jobs = jobs
        self._clock = clock
        self._spawn = spawn
        self._tell_directory = tell

    def turn_opened(self, number: int) -> None:
        """A turn was written; one that was indexed before is to be indexed anew."""
        record = self._sessions.get()
        if record is None:
            return
        if record.indexed >= number:
            self._sessions.change(indexed=number - 1)
        self.changed()

    def changed(self) -> None:
        """Something that the directory shows is new."""
        record = self._sessions.get()
        if record is None or record.dirty:
            return
        self._sessions.change(dirty=True, updated_at_ms=self._clock.now_ms())
        due = self._clock.now_ms() + RETRY_MS
        self._jobs.schedule(JOB, JOB, due, {})
        self._spawn(self._tell_now)

    async def tell(self, job: Job) -> None:
        """The job: tells the directory, unless it has fetched already. Repeating is safe."""
        await self._tell()

    async def _tell_now(self) -> None:
        try:
            await self._tell()
        except LittoralError:
            return  # the job tries again
        self._jobs.cancel(JOB)

    async def _tell(self) -> None:
        record = self._sessions.get()
        if record is not None and record.dirty:
            entry = {
                "sessionId": record.session_id,
                "title": record.title,
                "at": iso(record.updated_at_ms),
            }
            await self._tell_directory("sessions.dirty", entry)

    def pull(self, record: SessionRecord, known: int, limit: int) -> dict[str, Any]:
        """What is new after turn ``known``, the last one that the directory holds.

        The directory drops what it holds of turns after ``after`` and takes ``messages`` in. It
        asks from what it really holds, so a fetch that is lost on the way is made again; ``after``
        is less than ``known`` where turns were said anew or forgotten.
        """
        newest = self._transcript.last()
        after = min(known, record.indexed, newest.number if newest else 0)
        turns = self._transcript.after(after, max(1, min(limit, PULL_TURNS)))
        ended = [turn for turn in turns if turn.status != "open"]
        if len(ended) < len(turns):
            turns = ended[: next(i for i, t in enumerate(turns) if t.status == "open")]
        last = turns[-1].number if turns else after
        complete = newest is None or newest.number <= last
        self._sessions.change(indexed=last, dirty=not complete)
        return {
            **self.entry(record),
            "after": after,
            "last": last,
            "complete": complete,
            "messages": [message for turn in turns for message in _messages(turn)],
        }

    def entry(self, record: SessionRecord) -> dict[str, Any]:
        """The session as a list shows it."""
        last = self._transcript.last()
        spoken = (last.reply or last.user) if last is not None else None
        at_ms = max(record.updated_at_ms, last.created_at_ms if last else 0)
        return {
            "sessionId": record.session_id,
            "title": record.title,
            "createdAt": iso(record.created_at_ms),
            "updatedAt": iso(at_ms),
            "messageCount": self._transcript.message_count(),
            "openTaskCount": sum(t["status"] == "pending" for t in self._desk.tasks_json()),
            "preview": " ".join(text_of(spoken).split())[:PREVIEW_CHARACTERS] if spoken else "",
        }


def _messages(turn: Turn) -> list[dict[str, Any]]:
    return [
        {
            "turn": turn.number,
            "messageId": message["id"],
            "role": message["role"],
            "text": text_of(message)[:INDEXED_CHARACTERS],
            "at": (message.get("metadata") or {}).get("createdAt") or iso(turn.created_at_ms),
        }
        for message in (turn.user, turn.reply)
        if message is not None and text_of(message)
    ]
