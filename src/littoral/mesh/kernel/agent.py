"""One agent of the mesh, put together; plain Python. Platform and tests give it a place.

``calls`` are the methods that others call by one JSON text (``littoral.api.envelope``).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from littoral.api.envelope import Call, error_of, failure, success
from littoral.errors import LittoralError, NotFound
from littoral.mesh.kernel.behaviour import Behaviour
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.memory import canonical
from littoral.mesh.kernel.permissions import Permissions
from littoral.mesh.kernel.ports import Place, Receipt
from littoral.mesh.kernel.pump import Begin, Pump
from littoral.mesh.kernel.replay import MAX_STATE_CHARACTERS, replayed
from littoral.ops import here
from littoral.ops.current import traceparent

ALARM_SECONDS: Final = 25.0
"""How long an alarm stays with what it began. It must not stay for effects: the platform rings no
other alarm before this one is over, and timers go on while effects run.
"""

Method = Callable[[Call], Any]


class Agent:
    """An agent's life: ``open`` first, then ``answer`` for calls and ``on_alarm``."""

    def __init__(self, place: Place, behaviour: Behaviour, begin: Begin) -> None:
        self._place = place
        self._behaviour = behaviour
        self.engine = Engine(place, behaviour)
        self.pump = Pump(place, self.engine, behaviour, begin)
        self._methods: dict[str, Method] = {
            "envelope.deliver": self._deliver,
            "envelope.send": self._send,
            "agent.describe": self._describe,
            "agent.events": self._events,
            "agent.replay": self._replay,
            "agent.wake": self._wake,
            "letters.list": self._letters,
            "letters.replay": self._replay_letter,
            "letters.discard": self._discard_letter,
            "permissions.set": self._learn,
        }

    def add_methods(self, methods: Mapping[str, Method]) -> None:
        """Further methods, for whoever composes the agent."""
        self._methods.update(methods)

    def open(self) -> None:
        """Tables and version; raises ``DependencyUnavailable``. Call it once, first."""
        self.engine.open()

    async def on_alarm(self) -> None:
        """The alarm: sees to everything that is due, and sets itself again."""
        self._place.alarm.rang()
        self.pump.poke()
        await self.pump.rested(ALARM_SECONDS)

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            return success(await self.call(call))
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            self._place.fault(error, f"call of {self._place.name}")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None or call.owner != self._place.owner:
            raise NotFound(f"{self._place.name} has no method {call.method!r} for you.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    async def changed(self, seconds: float) -> bool:
        """Waits until something is handled, at most so long; whether it was.

        Look at ``engine.memory.state`` and call this without an await in between.
        """
        return await self.engine.watchers.wait(seconds)

    # --- messages --------------------------------------------------------------------------------

    async def take(self, envelopes: list[Envelope]) -> list[Receipt]:
        """Takes messages in order, each in a transaction of its own."""
        if self.engine.rules.version < 0:
            try:
                await self.pump.reporting.tell()
            except LittoralError as error:
                self._place.fault(error, f"first report of {self._place.name}")
        receipts = [self._observed(each) for each in envelopes]
        self.pump.poke()
        return receipts

    def _observed(self, envelope: Envelope) -> Receipt:
        """Takes one message within its trace; what follows from it belongs to that."""
        observer = here.observer()
        begun = observer.begin(envelope.trace)
        try:
            receipt = self.engine.take(replace(envelope, trace=traceparent()))
        finally:
            observer.leave(begun)
        observer.message(
            begun, queue=f"mesh {self._behaviour.kind}", outcome=receipt.status, id=envelope.id
        )
        return receipt

    async def _deliver(self, call: Call) -> dict[str, Any]:
        envelopes = [Envelope.read(each) for each in call.args["envelopes"]]
        return {"receipts": [each.to_json() for each in await self.take(envelopes)]}

    async def _send(self, call: Call) -> dict[str, Any]:
        """One message from a route: the reply, or the error that it was refused with."""
        [receipt] = await self.take([Envelope.read(call.args["envelope"])])
        if receipt.problem is not None:
            raise error_of(receipt.problem)
        return {"status": receipt.status, "reply": receipt.reply}

    # --- what is shown ---------------------------------------------------------------------------

    def _describe(self, _: Call) -> dict[str, Any]:
        state = self.engine.memory.state
        text = canonical(state)
        return {
            "name": self._place.name,
            "kind": self._behaviour.kind,
            "version": self._behaviour.version,
            "capabilities": list(self._behaviour.capabilities),
            **self.pump.reporting.status(),
            "state": json.loads(text) if len(text) <= MAX_STATE_CHARACTERS else None,
        }

    def _events(self, call: Call) -> dict[str, Any]:
        since, limit = int(call.args.get("since") or 0), int(call.args.get("limit") or 200)
        events = self.engine.store.since(since, limit)
        last = events[-1].number if events else since
        return {
            "events": [each.to_json() for each in events],
            "next": last,
            "last": self.engine.memory.number,
        }

    async def _replay(self, call: Call) -> dict[str, Any]:
        up_to = call.args.get("upTo")
        found = await replayed(
            self._place.name, self.engine, self._behaviour, self._place.clock, up_to
        )
        return found.to_json()

    async def _wake(self, _: Call) -> dict[str, Any]:
        """Goes on with whatever there is, and says how it is, here and with a report."""
        self.pump.poke()
        try:
            await self.pump.reporting.tell()
        except LittoralError as error:
            self._place.fault(error, f"report of {self._place.name}")
        return self.pump.reporting.status()

    # --- dead letters, permissions ---------------------------------------------------------------

    def _letters(self, _: Call) -> dict[str, Any]:
        return {"letters": self.engine.letters.page(self._place.name)}

    def _replay_letter(self, call: Call) -> dict[str, Any]:
        self.engine.letters.replay(str(call.args["id"]))
        self.pump.poke()
        return {}

    def _discard_letter(self, call: Call) -> dict[str, Any]:
        self.engine.letters.discard(str(call.args["id"]))
        self.pump.poke()
        return {}

    def _learn(self, call: Call) -> dict[str, Any]:
        self.engine.rules.learn(Permissions.read(call.args))
        return {"version": self.engine.rules.version}
