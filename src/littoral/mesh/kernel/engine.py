"""Takes whatever comes to one agent, each once: one incoming, one transaction.

An envelope is handled when it arrives; what was decided lies in rows before the sender hears that
it was taken. What fails in a way that nobody expected waits and is tried again, then becomes a
dead letter. Sending, effects and reports happen afterwards (``pump``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from littoral.errors import (
    Conflict,
    DeadlineExceeded,
    DependencyUnavailable,
    InvalidInput,
    LittoralError,
    NotAllowed,
    problem,
)
from littoral.mesh.kernel import tables
from littoral.mesh.kernel.behaviour import Behaviour, Decision, Incoming
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event_store import EventStore
from littoral.mesh.kernel.facts import Facts, KnownRules
from littoral.mesh.kernel.handling import Handling
from littoral.mesh.kernel.inbox import Inbox, Mark, Waiting
from littoral.mesh.kernel.incoming import described
from littoral.mesh.kernel.letters import Letters
from littoral.mesh.kernel.memory import Memory, digest_of
from littoral.mesh.kernel.ports import Place, Receipt, ReceiptStatus
from littoral.mesh.kernel.watchers import Watchers
from littoral.models.json_schema import JsonSchema
from littoral.store.migrations import migrate

Result = TypeVar("Result")


class Engine:
    """One agent's handling of what comes in. ``open`` it first."""

    def __init__(self, place: Place, behaviour: Behaviour) -> None:
        self._place = place
        self._clock = place.clock
        self._behaviour = behaviour
        self._facts = Facts(place.sql)
        self._schemas = {kind: JsonSchema(each) for kind, each in behaviour.accepts.items()}
        self.store = EventStore(place.sql, place.name)
        self.memory = Memory(self.store, behaviour)
        self.rules = KnownRules(self._facts)
        self.inbox = Inbox(place.sql, place.name, place.clock, place.jitter)
        self.handling = Handling(
            place.sql, self.memory, behaviour, place.name, place.clock, place.ids
        )
        self.watchers = Watchers()
        self.letters = Letters(place.sql, place.clock, self.handling, self.atomically)

    def open(self) -> None:
        """Makes the tables and brings the state to this behaviour's version. Safe to repeat.

        Raises ``DependencyUnavailable`` when newer code has been here.
        """
        migrate(self._place.sql, (tables.KERNEL_SCHEMA,))
        known = self._facts.get("version")
        wanted = self._behaviour.version
        if known is None or int(known) == wanted:
            return
        if int(known) > wanted:
            raise DependencyUnavailable(
                f"{self._place.name} was at version {known}; this code knows {wanted}.",
                next_step="Deploy the newer code again.",
            )
        self.atomically(lambda: self._upgrade(int(known), wanted))

    def _upgrade(self, known: int, wanted: int) -> None:
        self.memory.refold()
        body = {
            "from": known,
            "to": wanted,
            "events": self.memory.number,
            "digest": digest_of(self.memory.state),
        }
        self.handling.record("agent.upgraded", body, None)
        self.memory.keep(now=True)
        self._facts.keep("version", str(wanted))

    # --- what comes from outside -----------------------------------------------------------------

    def take(self, envelope: Envelope) -> Receipt:
        """One delivery, to what became of it. Never raises ``LittoralError``; safe to repeat."""
        try:
            return self._take(envelope)
        except LittoralError as error:
            return _receipt(envelope, "later" if error.retryable else "refused", error)

    def _take(self, envelope: Envelope) -> Receipt:
        mark = self.inbox.mark(envelope.id)
        if mark is not None and mark.fingerprint != envelope.fingerprint:
            raise Conflict(f"Another message came with the id {envelope.id}.")
        if mark is not None and mark.status in ("taken", "waiting"):
            status: ReceiptStatus = "duplicate" if mark.status == "taken" else "waiting"
            return Receipt(id=envelope.id, status=status, reply=mark.reply)
        self.inbox.require_room()
        wrong = self._wrong(envelope)
        if wrong is None:
            try:
                return self._handled(envelope)
            except LittoralError as error:
                if error.retryable:
                    raise
                wrong = error
        refused = wrong
        return self.atomically(lambda: self._refused(envelope, refused, mark))

    def _handled(self, envelope: Envelope) -> Receipt:
        """Raises what ``decide`` raises as ``LittoralError``; other failures wait."""
        try:
            return self.atomically(lambda: self._received(envelope))
        except LittoralError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a behaviour does, the message is kept
            self._place.fault(error, f"{envelope.kind} of {self._place.name}")
            return self.atomically(lambda: self._postponed(envelope))

    def _received(self, envelope: Envelope) -> Receipt:
        decision = self._decide(envelope)
        self._start()
        told = {"id": envelope.id, "from": envelope.sender, "kind": envelope.kind}
        self.handling.record("message.received", told, envelope)
        self.handling.decided(decision, envelope)
        self.inbox.set_mark(envelope, "taken", decision.reply)
        return Receipt(id=envelope.id, status="taken", reply=decision.reply)

    def _postponed(self, envelope: Envelope) -> Receipt:
        self._start()
        self.inbox.wait(envelope)
        self.inbox.set_mark(envelope, "waiting")
        return Receipt(id=envelope.id, status="waiting")

    def _wrong(self, envelope: Envelope) -> LittoralError | None:
        """Why nobody need look at this message, if there is a reason."""
        if envelope.deadline is not None and envelope.deadline <= self._clock.now_ms():
            return DeadlineExceeded("The message came after its deadline.", retryable=False)
        if envelope.to != self._place.name:
            return InvalidInput(f"This is {self._place.name}, not {envelope.to}.")
        if not self.rules.get().allows(envelope):
            return NotAllowed(
                f"{envelope.sender} may not send {envelope.kind} to {envelope.to}.",
                next_step="Add a rule with PUT /api/mesh/permissions.",
            )
        schema = self._schemas.get(envelope.kind)
        if schema is None:
            return InvalidInput(f"{envelope.to} does not take messages of kind {envelope.kind}.")
        wrong = schema.problems(dict(envelope.body))
        if wrong:
            return InvalidInput(f"The body of {envelope.kind} does not fit: {wrong[0]}.")
        return None

    def _refused(self, envelope: Envelope, error: LittoralError, mark: Mark | None) -> Receipt:
        """Records a refusal, once however often the message comes."""
        expired = isinstance(error, DeadlineExceeded)
        status: ReceiptStatus = "expired" if expired else "refused"
        if mark is None or mark.status != status:
            self._start()
            told: dict[str, Any] = described(envelope)
            if expired:
                told["deadline"] = envelope.deadline
            else:
                told.update(code=error.code, detail=error.detail[:500])
            self.handling.record(f"message.{status}", told, envelope)
            self.inbox.set_mark(envelope, status)
        return _receipt(envelope, status, error)

    # --- what comes from inside ------------------------------------------------------------------

    def happen(self, incoming: Incoming, first: Callable[[], bool]) -> bool:
        """Handles a timer, an outcome or a returned message.

        ``first`` takes away the row that it came from, in the same transaction; when it gives
        ``False`` the row has gone and nothing happens (``False``). What fails waits.
        """

        def work() -> bool:
            if not first():
                return False
            self._start()
            self.handling.decided(self._decide(incoming), incoming)
            return True

        def postponed() -> bool:
            if first():
                self.inbox.wait(incoming)
            return False

        try:
            return self.atomically(work)
        except Exception as error:  # noqa: BLE001 - as above: kept, tried again, then a dead letter
            self._place.fault(error, f"{type(incoming).__name__} of {self._place.name}")
            return self.atomically(postponed)

    def try_again(self, waiting: Waiting) -> None:
        """Another try of something that waits; after the last one it is a dead letter."""
        incoming, attempts = waiting.incoming, waiting.attempts + 1

        def work() -> None:
            self.inbox.done(incoming)
            decision = self._decide(incoming)
            if isinstance(incoming, Envelope):
                told = {"id": incoming.id, "from": incoming.sender, "kind": incoming.kind}
                self.handling.record("message.received", told, incoming)
                self.inbox.set_mark(incoming, "taken", decision.reply)
            self.handling.decided(decision, incoming)

        def failed(why: Exception) -> None:
            if attempts < tables.MAX_TRIES:
                self.inbox.later(incoming, attempts)
            else:
                self.inbox.done(incoming)
                self.letters.keep("in", incoming, problem(why), attempts)

        try:
            self.atomically(work)
        except Exception as error:  # noqa: BLE001 - as above
            self._place.fault(error, f"try {attempts} of {self._place.name}")
            why = error
            self.atomically(lambda: failed(why))

    # --- parts -----------------------------------------------------------------------------------

    def atomically(self, work: Callable[[], Result]) -> Result:
        """One transaction; when it fails memory is read anew from the rows."""
        try:
            found = self._place.sql.transaction(work)
        except BaseException:
            self.memory.forget()
            raise
        self.watchers.all()
        return found

    def _decide(self, incoming: Incoming) -> Decision:
        return self._behaviour.decide(self.memory.state, incoming, self._clock.now_ms())

    def _start(self) -> None:
        if self.memory.number == 0:
            body = {"kind": self._behaviour.kind, "version": self._behaviour.version}
            self.handling.record("agent.started", body, None)
            self._facts.keep("version", str(self._behaviour.version))


def _receipt(envelope: Envelope, status: ReceiptStatus, error: LittoralError) -> Receipt:
    return Receipt(id=envelope.id, status=status, problem=problem(error))
