"""Who pays for the turns of a session: reserved before the model is asked, settled when it ended.

Only turns of accounts are looked at. Where a model with a price may answer, the turn's reservation
is a job too (one row, written before the ledger is asked), so that a kill at any moment leaves
something that settles it: with what the turn's row says was used, or with nothing. Where only free
models answer, nothing is asked of the ledger; what was used is reported later, many turns at once.
The parts that a turn already had before it was continued were charged with their own request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from littoral.chat.ending import Ending
from littoral.chat.gate import Gate
from littoral.chat.transcript import Transcript, Turn
from littoral.chat.turn import usage_of
from littoral.clock import Clock
from littoral.credits.amount import millicredits_of
from littoral.credits.prices import is_free, of_tokens
from littoral.credits.till import Till
from littoral.credits.usage import Usage
from littoral.errors import LimitError, LittoralError, NotFound, OutsideError
from littoral.models.estimate import request_tokens
from littoral.models.model import ModelRequest
from littoral.models.model import Usage as ModelUsage
from littoral.models.offline import OfflineModel
from littoral.store.jobs import Job, Jobs

CHARGE: Final = "charge"
REPORT: Final = "usage"
KIND: Final = "chat.turn"

RESERVED_STEPS: Final = 3
"""Calls of the model that a reservation covers; a turn is never charged more than it reserved."""
LOOK_AFTER_MS: Final = 60_000
"""When a charge is looked at that nobody settled: the object may have been killed."""
RETRY_MS: Final = 30_000
GIVE_UP_AFTER_MS: Final = 24 * 3_600_000
REPORT_AFTER_MS: Final = 30_000
REPORT_TURNS: Final = 50


@dataclass(frozen=True, kw_only=True)
class ChargingParts:
    """What charging works on. ``models`` are the ids that may answer; ``free`` is the model that
    carries commands out for nothing."""

    session_id: str
    till: Till
    jobs: Jobs
    transcript: Transcript
    clock: Clock
    models: Sequence[str]
    max_steps: int
    free: OfflineModel
    spawn: Callable[[Callable[[], Awaitable[Any]]], None]
    plan_alarm: Callable[[], None]


class Charging:
    """Charges the turns of one session."""

    def __init__(self, parts: ChargingParts) -> None:
        self._parts = parts
        self._priced = tuple(each for each in parts.models if not is_free(each))
        self._reported_from: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether no model that may answer has a price."""
        return not self._priced

    def gate(self, turn: Turn) -> Gate | None:
        """The gate of a turn; ``None`` where nobody pays or nothing costs."""
        user_id = payer_of(turn)
        return TurnGate(self, turn, user_id) if user_id and self._priced else None

    def turn_ended(self, ending: Ending) -> None:
        """A turn's end was written: it is settled now, or reported later."""
        turn = ending.turn
        user_id = payer_of(turn)
        if not user_id:
            return
        planned = self._parts.jobs.named(_job_name(turn)) if self._priced else []
        if planned:
            ended = replace(turn, reply=ending.reply, status=ending.outcome)
            usage = _usage(ended, planned[0].payload["before"])
            self._parts.spawn(lambda: self._settle_now(planned[0], usage))
        elif ending.reply["metadata"].get("model"):
            self._report_later(user_id, turn.number)

    # --- turns that cost something ---------------------------------------------------------------

    def estimate(self, request: ModelRequest) -> int:
        """Millicredits that the turn may cost, by its first request and the dearest model."""
        tokens = request_tokens(request)
        step = max(of_tokens(each, tokens, request.max_output_tokens) for each in self._priced)
        return max(1, step * min(self._parts.max_steps, RESERVED_STEPS))

    async def reserve(self, turn: Turn, user_id: str, amount: int) -> None:
        """Reserves for one request of a turn; safe to repeat. Raises what the ledger raises.

        After an error that leaves open whether it arrived, the job stays and looks.
        """
        if not self._parts.jobs.named(_job_name(turn)):
            self._plan_charge(turn, user_id)
        try:
            await self._parts.till.reserve(user_id, amount, ref=self._ref(turn), kind=KIND)
        except LimitError:
            self._parts.jobs.cancel(_job_name(turn))
            raise

    def understands(self, request: ModelRequest) -> bool:
        """Whether the command can be carried out for nothing."""
        return self._parts.free.understands(request)

    def _plan_charge(self, turn: Turn, user_id: str) -> None:
        now = self._parts.clock.now_ms()
        before = (turn.reply or {}).get("metadata", {})
        payload = {
            "user": user_id,
            "ref": self._ref(turn),
            "turn": turn.number,
            "request": turn.request_id,
            "before": {key: before[key] for key in ("usage", "credits") if key in before},
            "at": now,
        }
        self._parts.jobs.schedule(_job_name(turn), CHARGE, now + LOOK_AFTER_MS, payload)
        self._parts.plan_alarm()

    def _ref(self, turn: Turn) -> str:
        return f"chat/{self._parts.session_id}/{turn.number}/{turn.request_id}"

    async def _settle_now(self, job: Job, usage: Usage) -> None:
        try:
            await self._settle(job, usage)
        except OutsideError:
            # The job tries again; the turn's row may tell of another answer by then.
            self._look_again(replace(job, payload={**job.payload, "used": asdict(usage)}), RETRY_MS)
            self._parts.plan_alarm()
        else:
            self._parts.jobs.cancel(job.name)

    async def charge(self, job: Job) -> None:
        """The job: settles what a turn used whose own settlement did not come through.

        Looks again later while the turn goes on, and while the ledger does not answer, for a day.
        """
        turn = self._parts.transcript.get(int(job.payload["turn"]))
        if turn is not None and turn.request_id != job.payload["request"]:
            turn = None
        used = job.payload.get("used")
        if turn is not None and turn.status == "open" and used is None:
            return self._look_again(job, LOOK_AFTER_MS)
        usage = _usage(turn, job.payload["before"]) if turn is not None else None
        try:
            await self._settle(job, Usage(**used) if used else usage)
        except OutsideError:
            if self._parts.clock.now_ms() - int(job.payload["at"]) > GIVE_UP_AFTER_MS:
                raise
            self._look_again(job, RETRY_MS)

    def _look_again(self, job: Job, after_ms: int) -> None:
        due = self._parts.clock.now_ms() + after_ms
        self._parts.jobs.schedule(job.name, CHARGE, due, job.payload)

    async def _settle(self, job: Job, usage: Usage | None) -> None:
        """Charges what was used; gives all back when nobody knows (``None``). Repeatable."""
        user_id, ref = str(job.payload["user"]), str(job.payload["ref"])
        if usage is not None:
            try:
                await self._parts.till.settle(user_id, ref=ref, usage=usage)
                return
            except NotFound:
                pass  # The reservation never arrived; the release keeps it from arriving late.
        await self._parts.till.release(user_id, ref=ref)

    # --- turns that cost nothing -----------------------------------------------------------------

    def _report_later(self, user_id: str, number: int) -> None:
        """Plans one report for this turn and those after it (one row, or none when planned)."""
        if self._reported_from is not None and self._reported_from <= number:
            return
        planned = self._parts.jobs.named(REPORT)
        first = min([number, *(int(each.payload["from"]) for each in planned)])
        due = self._parts.clock.now_ms() + REPORT_AFTER_MS
        self._parts.jobs.schedule(REPORT, REPORT, due, {"user": user_id, "from": first})
        self._reported_from = first

    def pending(self) -> list[Job]:
        """Charges that are not settled; they outlive the session's rows."""
        return self._parts.jobs.named(f"{CHARGE} ")

    def keep(self, pending: Sequence[Job]) -> None:
        """Everything else was erased, and these charges go on."""
        self._reported_from = None
        for job in pending:
            self._parts.jobs.schedule(job.name, job.kind, job.due_at_ms, job.payload)

    async def report(self, job: Job) -> None:
        """The job: tells the usage of turns that cost nothing. Repeating is safe."""
        self._reported_from = None
        after = int(job.payload["from"]) - 1
        while turns := self._parts.transcript.after(after, REPORT_TURNS):
            rows = {self._ref(turn): _usage(turn, {}) for turn in turns if _is_free_end(turn)}
            if rows:
                await self._parts.till.record(str(job.payload["user"]), rows)
            after = turns[-1].number


class TurnGate:
    """``Gate`` of one turn: reserves once; without credits it lets free commands through."""

    def __init__(self, charging: Charging, turn: Turn, user_id: str) -> None:
        self._charging = charging
        self._turn = turn
        self._user_id = user_id
        self._reserved = False
        self._refused = ""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """As ``Gate.admit``; raises ``InsufficientCredits``, ``BudgetExceeded`` and what a ledger
        that does not answer raises, unless the command can be carried out without a model."""
        if not self._reserved and not self._refused:
            await self._reserve(request)
        return replace(request, free_because=self._refused) if self._refused else request

    async def _reserve(self, request: ModelRequest) -> None:
        amount = self._charging.estimate(request)
        try:
            await self._charging.reserve(self._turn, self._user_id, amount)
        except LittoralError as error:
            if not self._charging.understands(request):
                raise
            self._refused = f"No model was asked: {error.detail} The command was carried out."
        else:
            self._reserved = True

    def cost_of(self, model: str, usage: ModelUsage) -> int | None:
        if not self._reserved:
            return None
        return of_tokens(model, usage.input_tokens, usage.output_tokens)


def payer_of(turn: Turn) -> str:
    """The user who pays for a turn; empty for a guest's."""
    return str(turn.options.get("payer", "")).partition(".")[0]


def _job_name(turn: Turn) -> str:
    return f"{CHARGE} {turn.number} {turn.request_id}"


def _is_free_end(turn: Turn) -> bool:
    metadata = (turn.reply or {}).get("metadata", {})
    ended = turn.status not in ("open", "waiting")
    return bool(payer_of(turn)) and ended and "model" in metadata and "credits" not in metadata


def _usage(turn: Turn, before: Mapping[str, Any]) -> Usage:
    """What a request of a turn used: what its row has now, less what it had before."""
    metadata = (turn.reply or {}).get("metadata", {})
    now, earlier = usage_of(metadata), usage_of(before)
    cost = millicredits_of(metadata.get("credits", 0)) - millicredits_of(before.get("credits", 0))
    return Usage(
        kind=KIND,
        model=str(metadata.get("model", "")),
        input_tokens=max(0, now.input_tokens - earlier.input_tokens),
        output_tokens=max(0, now.output_tokens - earlier.output_tokens),
        cost=max(0, cost),
        latency_ms=int(metadata.get("latencyMs", 0)),
        outcome=turn.status,
        at_ms=turn.created_at_ms,
    )
