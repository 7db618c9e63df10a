"""Runs the effects of one agent: at least once, a few at a time, each with a bound on its tries.

A try is counted in its row before it begins, so that one that takes the whole object down with it
is not begun for ever.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from littoral.errors import DeadlineExceeded, LittoralError, TooLarge, short_problem
from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import Behaviour, Effect, Outcome
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.incoming import id_of
from littoral.mesh.kernel.ports import Place
from littoral.mesh.kernel.retry import delay_ms
from littoral.ops import here

MAX_RESULT_CHARACTERS: Final = 1_000_000
INTERRUPTED: Final = {
    "code": "interrupted",
    "detail": "A kill came while it ran; how far it got is not known.",
    "retryable": True,
    "nextStep": "Look whether it happened before it is tried again.",
}


@dataclass(frozen=True, kw_only=True)
class Running:
    """A row of an effect whose try begins."""

    effect: Effect
    context: Mapping[str, Any]
    begun: int


class Performing:
    """``changed`` is called when an effect has ended: there may be more to do."""

    def __init__(
        self,
        place: Place,
        engine: Engine,
        behaviour: Behaviour,
        begin: Callable[[Any], asyncio.Task[None]],
    ) -> None:
        self._place = place
        self._sql = place.sql
        self._engine = engine
        self._behaviour = behaviour
        self._begin = begin
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def tasks(self) -> list[asyncio.Task[None]]:
        """Tries that run."""
        return list(self._tasks.values())

    def next_due_ms(self) -> int | None:
        """When the next try that does not run yet may begin."""
        if len(self._tasks) >= self._behaviour.effects_at_once:
            return None
        due = self._sql.value(
            "SELECT min(due_at_ms) FROM effects WHERE key NOT IN (SELECT value FROM json_each(?))",
            dumps(list(self._tasks)),
        )
        return None if due is None else int(due)

    def run(self) -> int:
        """Begins what is due, as far as there is room; gives how many."""
        room = self._behaviour.effects_at_once - len(self._tasks)
        if room <= 0:
            return 0
        rows = self._sql.rows(
            "SELECT key, effect, context, begun FROM effects WHERE due_at_ms <= ? "
            "AND key NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at_ms, key LIMIT ?",
            self._place.clock.now_ms(),
            dumps(list(self._tasks)),
            room,
        )
        for key, effect, context, begun in rows:
            running = Running(
                effect=Effect(**json.loads(str(effect))),
                context=json.loads(str(context)),
                begun=int(begun or 1),
            )
            self._start(str(key), running)
        return len(rows)

    def _start(self, key: str, running: Running) -> None:
        granted = self._engine.handling.granted
        if key not in granted:  # A life before this one may have begun it.
            if running.begun >= running.effect.attempts:
                self._end(running, None, INTERRUPTED)
                return
            running = replace(running, begun=running.begun + 1)
            self._sql.run("UPDATE effects SET begun = ? WHERE key = ?", running.begun, key)
            granted.add(key)
        task = self._begin(self._try(running))
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _try(self, running: Running) -> None:
        """One try, within the trace of the message that asked for it."""
        observer = here.observer()
        begun = observer.begin(str(running.context["trace"]))
        try:
            ok = await self._tried(running)
        finally:
            observer.leave(begun)
        observer.stage(
            begun, workflow=f"mesh {self._behaviour.kind}", stage=running.effect.kind, ok=ok
        )

    async def _tried(self, running: Running) -> bool:
        effect = running.effect
        try:
            result = await self._performed(running)
            if len(dumps(dict(result))) > MAX_RESULT_CHARACTERS:
                raise TooLarge(f"The result of {effect.kind} is larger than a megabyte.")
        except LittoralError as error:
            self._failed(running, error)
        except Exception as error:  # noqa: BLE001 - a fault of the behaviour's: tried again, bounded
            self._place.fault(error, f"effect {effect.kind} of {self._place.name}")
            self._failed(running, LittoralError(f"{effect.kind} failed unexpectedly."))
        else:
            self._end(running, dict(result), None)
            return True
        return False

    async def _performed(self, running: Running) -> Mapping[str, Any]:
        effect, seconds = running.effect, running.effect.timeout_seconds
        if effect.deadline is not None:
            left = (effect.deadline - self._place.clock.now_ms()) / 1000
            if left <= 0:
                raise DeadlineExceeded(f"{effect.kind} has no time left.", retryable=False)
            seconds = min(seconds, left)
        shown = replace(
            effect,
            attempt=running.begun,
            correlation_id=str(running.context["correlation_id"]),
            trace=str(running.context["trace"]),
        )
        try:
            async with asyncio.timeout(seconds):
                return await self._behaviour.perform(shown)
        except TimeoutError:
            raise DeadlineExceeded(f"{effect.kind} took longer than {seconds:g} seconds.") from None

    def _failed(self, running: Running, error: LittoralError) -> None:
        effect = running.effect
        if not error.retryable or running.begun >= effect.attempts:
            self._end(running, None, short_problem(error))
            return
        self._sql.run(
            "UPDATE effects SET begun = ?, due_at_ms = ? WHERE key = ?",
            running.begun + 1,
            self._place.clock.now_ms() + delay_ms(running.begun, self._place.jitter, error),
            effect.key,
        )

    def _end(
        self,
        running: Running,
        result: Mapping[str, Any] | None,
        error: Mapping[str, Any] | None,
    ) -> None:
        effect = running.effect
        outcome = Outcome(
            id=id_of("out", str(running.context["causation_id"]), effect.key),
            key=effect.key,
            kind=effect.kind,
            body=effect.body,
            result=result,
            error=error,
            attempts=running.begun,
            **running.context,
        )

        def first() -> bool:
            self._engine.handling.granted.discard(effect.key)
            return self._sql.run("DELETE FROM effects WHERE key = ?", effect.key) > 0

        self._engine.happen(outcome, first)
