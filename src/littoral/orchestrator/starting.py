"""Accepting a run: the same request twice is one run, and no run exists without its credits.

The row comes first as a draft that nobody sees, then the reservation, then the run is there for
everybody. A kill in between leaves a draft: asking again goes on with it, otherwise it is swept.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock, Ids
from littoral.errors import Conflict, InvalidInput, LittoralError, NotAuthenticated, QueueFull
from littoral.ops.current import traceparent
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.charges import Charges
from littoral.orchestrator.motors import Motors
from littoral.orchestrator.plan import Plan, PlannedCommand
from littoral.orchestrator.ports import Purse
from littoral.orchestrator.request import read_input, read_title
from littoral.orchestrator.run import Run, RunInput
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.run_json import input_json
from littoral.orchestrator.sandbox_session import SessionBook
from littoral.orchestrator.supervisor import Supervisor


@dataclass(frozen=True, kw_only=True)
class StartingParts:
    """What accepting a run needs. ``most_active`` is how many runs one owner may have at once."""

    owner: str
    book: RunBook
    sessions: SessionBook
    changes: RunChanges
    charges: Charges
    purse: Purse
    motors: Motors
    supervisor: Supervisor
    clock: Clock
    ids: Ids
    most_active: int


class Starting:
    """Accepts runs for one owner."""

    def __init__(self, parts: StartingParts) -> None:
        self._parts = parts

    async def start(
        self, args: Mapping[str, Any], payer: str, *, restarted_from: str | None = None
    ) -> Run:
        """A run for the request; with ``idempotencyKey``, the one that it made before.

        Raises ``InvalidInput``, ``Conflict`` (the key was used for something else), ``QueueFull``,
        ``InsufficientCredits``, ``BudgetExceeded``.
        """
        parts = self._parts
        asked = read_input(args)
        session_id = self._session(args, asked)
        key = args.get("idempotencyKey")
        run_id = run_id_of(parts.owner, str(key)) if key else parts.ids.new("run")
        known = parts.book.find(run_id)
        if known is not None:
            self._require_same(known, asked, session_id)
            if not known.draft:
                return known
        amount = parts.charges.reservation(asked)
        if known is None:
            self._require_room()
            draft = Run(
                id=run_id,
                owner=parts.owner,
                user_id=user_of(payer),
                title=read_title(args, asked),
                input=asked,
                session_id=session_id,
                restarted_from=restarted_from,
                trace=traceparent(),
                created_at_ms=parts.clock.now_ms(),
            )
            parts.book.put(draft)
        return await self._accept(run_id, amount)

    async def _accept(self, run_id: str, amount: int) -> Run:
        parts = self._parts
        draft = parts.book.find(run_id)
        assert draft is not None
        if run_id in parts.supervisor.sweeping:
            raise _given_up()
        parts.supervisor.starting.add(run_id)
        try:
            await parts.purse.reserve(draft.user_id, amount, ref=run_id, kind="run")
        except Conflict:
            parts.book.forget(run_id)
            raise _given_up() from None
        except LittoralError as error:
            if error.http_status in (402, 429):
                parts.book.forget(run_id)
            raise
        finally:
            parts.supervisor.starting.discard(run_id)
        run = parts.changes.accepted(run_id, amount, _plan_of(draft.input))
        if run.motor == 0 and not run.over:
            parts.motors.begin("run", run_id, trace=run.trace)
        return run

    def _session(self, args: Mapping[str, Any], asked: RunInput) -> str | None:
        session_id = args.get("sessionId")
        if session_id is None:
            return None
        if asked.network:
            raise InvalidInput(
                "network cannot be chosen for a run in a session: the session has its own.",
                fields=[{"field": "network", "message": "belongs to the session"}],
            )
        return self._parts.sessions.usable(str(session_id)).id

    def _require_same(self, known: Run, asked: RunInput, session_id: str | None) -> None:
        if known.input != asked or known.session_id != session_id:
            raise Conflict(
                "This Idempotency-Key was used for another run.",
                next_step="Use a new key for a new run.",
            )

    def _require_room(self) -> None:
        most = self._parts.most_active
        if self._parts.book.active_count() >= most:
            raise QueueFull(
                f"You have {most} runs that have not ended; more are not taken.",
                next_step="Wait for one to end, or cancel one.",
            )


def run_id_of(owner: str, key: str) -> str:
    """The id of the run that a request with this key makes."""
    digest = hashlib.sha256(f"run\0{owner}\0{key}".encode()).digest()
    return f"run_{base64.urlsafe_b64encode(digest[:16]).decode().rstrip('=')}"


def restart_args(run: Run) -> dict[str, Any]:
    """The request that makes the same run again."""
    return {**input_json(run.input), "sessionId": run.session_id, "title": run.title}


def _plan_of(asked: RunInput) -> Plan | None:
    if asked.kind == "task":
        return None
    return Plan(
        commands=tuple(
            PlannedCommand(title=_first_line(command), command=command)
            for command in asked.commands
        )
    )


def _given_up() -> Conflict:
    return Conflict(
        "The run of this Idempotency-Key was given up before it began.",
        next_step="Send the request again with a new key.",
    )


def _first_line(command: str) -> str:
    line = command.strip().splitlines()[0]
    return line if len(line) <= 80 else f"{line[:79]}…"


def user_of(payer: str) -> str:
    """Who pays; raises ``NotAuthenticated`` when nobody does."""
    user_id = payer.partition(".")[0]
    if not user_id:
        raise NotAuthenticated("A run needs an account that pays for it.")
    return user_id
