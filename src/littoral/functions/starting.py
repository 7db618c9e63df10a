"""Accepting a job: the same request twice is one job, and no job exists without its credits.

The row comes first as a draft that nobody sees, then the credits are set aside, then the job is
there for everybody. A kill in between leaves a draft: asking again goes on with it, otherwise the
supervisor sweeps it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from littoral.clock import Clock, Ids
from littoral.errors import Conflict, LittoralError, NotAuthenticated, QueueFull
from littoral.functions import job_limits
from littoral.functions.changes import JobChanges
from littoral.functions.charges import Charges
from littoral.functions.job import Job, JobInput
from littoral.functions.job_book import JobBook
from littoral.ops.current import traceparent
from littoral.store.sql import Sql

ID_PREFIX = "job"


@dataclass(frozen=True, kw_only=True)
class StartingParts:
    """What accepting a job needs."""

    owner: str
    sql: Sql
    book: JobBook
    changes: JobChanges
    charges: Charges
    clock: Clock
    ids: Ids


class Starting:
    """Accepts jobs for one owner."""

    def __init__(self, parts: StartingParts) -> None:
        self._parts = parts
        self.reserving: set[str] = set()
        """Drafts that a request of this moment is setting credits aside for."""
        self.sweeping: set[str] = set()
        """Drafts whose credits are being freed at this moment."""

    async def start(
        self, asked: JobInput, payer: str, *, key: str | None, replay_of: str | None = None
    ) -> Job:
        """A job for the request; with a ``key``, the one that it made before.

        Raises ``Conflict`` (the key was used for something else), ``QueueFull``,
        ``InsufficientCredits``, ``BudgetExceeded``.
        """
        parts = self._parts
        job_id = job_id_of(parts.owner, key) if key else parts.ids.new(ID_PREFIX)
        known = parts.book.find(job_id)
        if known is not None:
            if parts.book.input(job_id) != asked or known.replay_of != replay_of:
                raise _used_otherwise()
            if not known.draft:
                return known
        else:
            self._require_room()
            self._write(job_id, asked, payer, replay_of)
        return await self._accept(job_id)

    def _write(self, job_id: str, asked: JobInput, payer: str, replay_of: str | None) -> None:
        parts = self._parts
        draft = Job(
            id=job_id,
            owner=parts.owner,
            user_id=user_of(payer),
            payer=payer,
            description=asked.description,
            mode=asked.mode,
            type=asked.type,
            replay_of=replay_of,
            trace=traceparent(),
            created_at_ms=parts.clock.now_ms(),
        )

        def write() -> None:
            parts.book.put(draft)
            parts.book.put_input(job_id, asked)

        parts.sql.transaction(write)

    async def _accept(self, job_id: str) -> Job:
        parts = self._parts
        draft = parts.book.find(job_id)
        assert draft is not None
        if job_id in self.sweeping:
            raise _given_up()
        amount = parts.charges.reservation()
        self.reserving.add(job_id)
        try:
            await parts.charges.open(job_id, draft.user_id, amount)
        except Conflict:
            parts.book.forget(job_id)
            raise _given_up() from None
        except LittoralError as error:
            if error.http_status in (402, 429):
                parts.book.forget(job_id)
            raise
        finally:
            self.reserving.discard(job_id)
        return parts.changes.accepted(job_id, amount)

    def _require_room(self) -> None:
        most = job_limits.UNFINISHED_JOBS
        if self._parts.book.active_count() >= most:
            raise QueueFull(
                f"You have {most} jobs that have not ended; more are not taken.",
                next_step="Wait for one to end, or cancel one.",
            )


def job_id_of(owner: str, key: str) -> str:
    """The id of the job that a request with this key makes."""
    digest = hashlib.sha256(f"function\0{owner}\0{key}".encode()).digest()
    return f"{ID_PREFIX}_{base64.urlsafe_b64encode(digest[:16]).decode().rstrip('=')}"


def user_of(payer: str) -> str:
    """Who pays; raises ``NotAuthenticated`` when nobody does."""
    user_id = payer.partition(".")[0]
    if not user_id:
        raise NotAuthenticated("A function needs an account that pays for it.")
    return user_id


def _used_otherwise() -> Conflict:
    return Conflict(
        "This Idempotency-Key was used for another call.", next_step="Use a new key for a new call."
    )


def _given_up() -> Conflict:
    return Conflict(
        "The call of this Idempotency-Key was given up before it began.",
        next_step="Send the request again with a new key.",
    )
