"""The pure heart of one kind of agent: what it remembers, what it decides, and the one impure part.

Owns the protocol and the values that cross it. A behaviour is written, tested and replayed without
storage, clock or network; ``engine`` and ``pump`` give it these.

The rules, and what the engine makes of them:

- ``apply`` is the fold. State is nothing but ``apply`` over this agent's events from number 1, so
  it must be pure and total: no clock, no randomness, no exception, whatever events there are. It
  must give a new state or change the one it was given, and return it.
- ``decide`` looks and says; it changes nothing. Everything that it says is written in ONE
  transaction with the mark that the message was taken: all of it happens, once, or nothing.
- ``decide`` refuses a message by raising ``LittoralError``: one that is not ``retryable`` ends the
  message (``message.refused`` here, a dead letter at its sender, who is told by ``Undelivered``);
  one that is ``retryable`` leaves no trace here and the sender comes again later.
- ``perform`` is done at least once: a kill at the wrong moment does it again, with the same
  ``effect.key``. Hand the key on as an idempotency key wherever that is possible.
- Ids of new things are made of the incoming's id (``f"{incoming.id}-{index}"``), so that the same
  message always makes the same things.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import EventUpgrades

State = MutableMapping[str, Any]
"""A JSON object. Keep it bounded: it is serialised for every snapshot (every 200 events)."""

INHERIT: Final = -1
"""As a deadline: that of what is being handled."""


# --- what comes in -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A timer that was set by ``SetTimer`` has come due. It is gone; set it again to repeat it.

    ``id`` names this firing; ``at`` is when it was due, not when it rang.
    """

    id: str
    key: str
    at: int
    body: Mapping[str, Any]
    correlation_id: str
    causation_id: str = ""
    deadline: int | None = None
    trace: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an effect: ``result`` of ``perform``, or ``error`` after the last attempt.

    ``error`` is ``{code, detail, retryable}``; code ``interrupted`` says that a kill came and that
    it is not known how far the effect got. Exactly one outcome follows each effect that was not
    cancelled.
    """

    id: str
    key: str
    kind: str
    body: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    attempts: int
    correlation_id: str
    causation_id: str = ""
    deadline: int | None = None
    trace: str = ""

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """A message of ours that will not be taken: refused, expired, or given up after every attempt.

    It is kept as a dead letter, which the owner may replay. ``message`` is the id it was sent
    under; after a lost answer it may have been taken all the same, so treat it as unknown.
    """

    id: str
    message: str
    to: str
    kind: str
    body: Mapping[str, Any]
    error: Mapping[str, Any]
    correlation_id: str
    causation_id: str = ""
    deadline: int | None = None
    trace: str = ""


Incoming = Envelope | Fired | Outcome | Undelivered


# --- what is decided -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message to send: ``to`` one agent by name, or to whichever agent has ``capability``.

    An agent that was once chosen for a capability stays chosen for this message. ``deadline`` in
    milliseconds since 1970, ``None`` for none, ``INHERIT`` for that of what is being handled.
    ``correlation_id`` is inherited when empty.
    """

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""
    capability: str = ""
    deadline: int | None = INHERIT
    correlation_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SetTimer:
    """Comes back as ``Fired`` at ``at`` (milliseconds since 1970) or soon after, also after a kill.

    The same key again moves the timer instead of doubling it. ``correlation_id`` is inherited when
    empty.
    """

    key: str
    at: int
    body: Mapping[str, Any] = field(default_factory=dict)
    correlation_id: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelTimer:
    """Forgets the timer of this key, if there is one."""

    key: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Something to do in the world (``perform``), after the transaction; ends in an ``Outcome``.

    ``key`` is unique among this agent's open effects (the same key again is left out) and an
    idempotency key for the world. ``attempts`` bounds the tries, kills in the middle included; 1
    means never twice. A try takes at most ``timeout_seconds``; past ``deadline`` none begins.
    ``correlation_id`` is inherited when empty; ``attempt`` and ``trace`` are filled in by the
    engine before ``perform`` sees the effect.
    """

    key: str
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    deadline: int | None = INHERIT
    attempts: int = 5
    timeout_seconds: float = 60.0
    attempt: int = 0
    correlation_id: str = ""
    trace: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelEffect:
    """No further try of this effect and no outcome; a try that runs is let run and not heard."""

    key: str


Fact = tuple[str, Mapping[str, Any]] | tuple[str, Mapping[str, Any], str]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything that follows from one incoming, written together.

    ``events`` are ``(type, body)`` in order, with a correlation id as third where an event belongs
    to another chain of messages than what is being handled. ``reply`` is handed back to whoever
    delivered an envelope, and handed back again, the same, when the same envelope comes twice; it
    must be small (routes answer with it).
    """

    events: tuple[Fact, ...] = ()
    send: tuple[Outgoing, ...] = ()
    timers: tuple[SetTimer | CancelTimer, ...] = ()
    effects: tuple[Effect | CancelEffect, ...] = ()
    reply: Mapping[str, Any] | None = None


NOTHING: Final = Decision()


class Behaviour(Protocol):
    """One kind of agent. Instances are made per object and must keep nothing between calls."""

    kind: str
    """``worker``: names of its agents are ``worker`` or ``worker-<n>``."""

    version: int
    """Raise it when ``apply`` or the shape of the state changes: state is folded anew."""

    capabilities: tuple[str, ...]
    """What others may ask for without knowing a name."""

    accepts: Mapping[str, Mapping[str, Any]]
    """Kinds of envelopes that are taken, each with the JSON Schema of its body."""

    upgrades: EventUpgrades
    """Shapes of old events; ``NO_UPGRADES`` for none."""

    effects_at_once: int
    """How many effects run at the same time (1 to 32)."""

    def initial(self) -> State:
        """The state before event 1: a new object each time."""
        ...

    def apply(self, state: State, event: MeshEvent) -> State:
        """The state after one event of the behaviour's own. Pure and total."""
        ...

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        """What follows. Pure: may read ``state``, must not change it. ``now`` in milliseconds."""
        ...

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        """Does an effect and gives a JSON object (at most 1 MB) for its ``Outcome``.

        At least once. Raise ``LittoralError``: retryable ones are tried again with growing,
        jittered delays while attempts are left, others end in an outcome at once.
        """
        ...

    def status(self, state: State) -> Mapping[str, Any]:
        """What lists show of this agent, small: ``{"breakers": [...], …}``. ``{}`` for nothing."""
        ...
