"""Opening, keeping, paying and stopping sandbox sessions.

A session is paid for in periods: each is reserved before it begins and settled when it is over. One
that cannot be paid any more is stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from littoral.clock import Clock, Ids
from littoral.credits.prices import PRICES
from littoral.credits.usage import Usage
from littoral.errors import LimitError, LittoralError, NotFound, OutsideError, QueueFull
from littoral.orchestrator import limits
from littoral.orchestrator.ended_instances import EndedInstances
from littoral.orchestrator.motors import Motors
from littoral.orchestrator.ports import Purse, Sandbox
from littoral.orchestrator.request import read_hosts
from littoral.orchestrator.sandbox_session import (
    CLOSED,
    SandboxSession,
    SessionBook,
    SessionStatus,
)
from littoral.orchestrator.stages import GO, OVER, Answer, error_of
from littoral.orchestrator.starting import user_of
from littoral.store.jobs import Job, Jobs
from littoral.text import require_text

JOB = "session"
PERIOD_MINUTES = 10
PERIOD_MS = PERIOD_MINUTES * 60_000
DRAFT_LIMIT_MS = limits.DRAFT_MS

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SessionParts:
    """``changed`` is called when something that is shown has changed."""

    book: SessionBook
    jobs: Jobs
    motors: Motors
    purse: Purse
    sandbox: Callable[[str], Sandbox]
    changed: Callable[[], None]
    instances: EndedInstances
    clock: Clock
    ids: Ids


class SandboxSessions:
    """The sandbox sessions of one owner."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts

    async def create(self, args: Mapping[str, Any], payer: str) -> SandboxSession:
        """Opens one. Raises ``InvalidInput``, ``QueueFull``, ``InsufficientCredits``."""
        parts = self._parts
        name = args.get("name") or "Sandbox"
        name = " ".join(require_text(name, field="name", most=80).split())
        network = read_hosts(args.get("network"))
        if sum(not each.draft for each in parts.book.open()) >= limits.MAX_SESSIONS:
            raise QueueFull(
                f"You have {limits.MAX_SESSIONS} sandbox sessions; more are not opened.",
                next_step="Stop one of them first.",
            )
        now = parts.clock.now_ms()
        session = SandboxSession(
            id=parts.ids.new("box"),
            user_id=user_of(payer),
            name=name,
            network=network,
            created_at_ms=now,
            last_used_at_ms=now,
            period_began_at_ms=now,
        )
        parts.book.put(session)
        self._plan(session, now + DRAFT_LIMIT_MS)
        try:
            await self._reserve(session)
        except LittoralError:
            parts.book.forget(session.id)
            parts.jobs.cancel(_job_name(session.id))
            raise
        session = self._put(replace(session, draft=False))
        self._plan(session, now + PERIOD_MS)
        parts.motors.begin("session", session.id)
        return session

    async def describe(self, session_id: str) -> SandboxSession:
        """The session as its sandbox is now; what it was when the sandbox does not answer."""
        session = self._parts.book.get(session_id)
        if session.status not in ("ready", "asleep"):
            return session
        try:
            told = await self._parts.sandbox(session_id).call("sandbox.describe", {})
        except LittoralError:
            return session
        seen: SessionStatus = "ready" if told.get("state") == "running" else "asleep"
        return self._put(replace(session, status=seen)) if seen != session.status else session

    def used(self, session_id: str) -> SandboxSession:
        """Somebody works in it. Raises ``NotFound`` or ``Conflict``."""
        session = self._parts.book.usable(session_id)
        return self._put(replace(session, last_used_at_ms=self._parts.clock.now_ms()))

    async def stop(self, session_id: str, error: dict[str, str] | None = None) -> SandboxSession:
        """Ends it with everything in it. Repeating is safe."""
        session = self._parts.book.get(session_id)
        if session.status in CLOSED:
            return session
        try:
            await self._parts.sandbox(session_id).call("sandbox.stop", {})
        except NotFound:
            pass
        await self._settle(session)
        now = self._parts.clock.now_ms()
        self._parts.jobs.cancel(_job_name(session_id))
        self._parts.motors.forget(session_id)
        if session.status == "starting":
            self._parts.instances.note("session", session_id, session.motor)
        stopped = replace(session, status="stopped", ended_at_ms=now, error=error)
        return self._put(stopped)

    # --- what its workflow asks ------------------------------------------------------------------

    async def ask(self, session_id: str, stage: str) -> Answer:
        """A stage of CreateSessionWorkflow; repeating is safe."""
        session = self._parts.book.get(session_id)
        if session.status in CLOSED:
            return OVER
        try:
            if stage == "reserve":
                await self._reserve(session)
            elif stage == "sandbox" and session.status == "starting":
                asked = {"network": list(session.network), "env": session.env}
                told = await self._parts.sandbox(session_id).call("sandbox.start", asked)
                isolation = str(told.get("isolation", ""))
                current = self._parts.book.get(session_id)
                if current.status == "starting":
                    self._put(replace(current, status="ready", isolation=isolation))
                    self._parts.instances.note("session", session.id, current.motor)
        except OutsideError:
            raise
        except LittoralError as error:
            await self._settle(session)
            self._put(replace(session, status="failed", error=error_of(error)))
            self._parts.instances.note("session", session.id, session.motor)
            return OVER
        return GO

    def look(self) -> None:
        """Tells the workflows again of sessions that do not begin."""
        for session in self._parts.book.open():
            if session.draft or session.status != "starting":
                continue
            if not self._parts.motors.look("session", session.id, session.motor):
                if session.motor + 1 >= limits.MOST_MOTORS:
                    continue
                self._put(replace(session, motor=session.motor + 1))
                self._parts.motors.begin("session", session.id, session.motor + 1)

    def next_look_ms(self) -> int | None:
        """When to look again, ``None`` when none is beginning."""
        begins = any(s.status == "starting" and not s.draft for s in self._parts.book.open())
        return self._parts.clock.now_ms() + limits.SUPERVISE_MS if begins else None

    # --- paying ----------------------------------------------------------------------------------

    async def on_job(self, job: Job) -> None:
        """A period is over, or a draft was left behind."""
        session = self._parts.book.find(job.payload["id"])
        if session is None or session.status in CLOSED:
            return
        if session.draft:
            await self._parts.purse.release(session.user_id, ref=_ref(session))
            self._parts.book.forget(session.id)
            return
        now = self._parts.clock.now_ms()
        self._plan(session, now + 60_000)  # If what follows fails, it is tried again.
        session = await self.describe(session.id)
        await self._settle(session)
        session = self._put(replace(session, period=session.period + 1, period_began_at_ms=now))
        try:
            await self._reserve(session)
        except LimitError as error:
            await self.stop(session.id, error_of(error))
            return
        self._plan(session, now + PERIOD_MS)

    async def _reserve(self, session: SandboxSession) -> None:
        amount = PERIOD_MINUTES * PRICES["session.minute"]
        if session.period == 0:
            amount += PRICES["session.start"]
        await self._parts.purse.reserve(session.user_id, amount, ref=_ref(session), kind="session")

    async def _settle(self, session: SandboxSession) -> None:
        now = self._parts.clock.now_ms()
        minutes = -(-max(0, now - session.period_began_at_ms) // 60_000)
        cost = 0 if session.status == "asleep" else minutes * PRICES["session.minute"]
        if session.period == 0:
            cost += PRICES["session.start"]
        usage = Usage(
            kind="session",
            cost=cost,
            latency_ms=now - session.period_began_at_ms,
            at_ms=now,
        )
        try:
            await self._parts.purse.settle(session.user_id, ref=_ref(session), usage=usage)
        except NotFound:
            _log.warning("a session's period had not been reserved")

    def _plan(self, session: SandboxSession, due_at_ms: int) -> None:
        self._parts.jobs.schedule(_job_name(session.id), JOB, due_at_ms, {"id": session.id})

    def _put(self, session: SandboxSession) -> SandboxSession:
        self._parts.book.put(session)
        self._parts.changed()
        return session


def _job_name(session_id: str) -> str:
    return f"{JOB}:{session_id}"


def _ref(session: SandboxSession) -> str:
    return f"{session.id}.{session.period}"
