"""What a look at each dependency of this Worker is: the smallest thing that it must answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyodide.ffi import JsException

from littoral.api.gateway import DependencyState, Remote
from littoral.clock import Clock
from littoral.errors import DependencyUnavailable
from littoral.functions.queueing import QUEUE
from littoral.models.offline import OFFLINE
from littoral.ops.noted import models_state, queue_state
from littoral.ops.readiness import Readiness
from littoral.platform.models import breaker_states
from littoral.platform.runtime import read_settings

OPTIONAL: Final = frozenset({"telemetry", "models", "queue"})
"""Without these everything still answers, if less well or later."""

_FILE: Final = "ready"
_OK: Final = DependencyState(status="ok")


def open_readiness(env: Any, clock: Clock, *, directory: Remote, telemetry: Remote) -> Readiness:
    """The readiness of this isolate. ``env`` is the raw environment."""
    looks = _Looks(env, clock, directory, telemetry)
    probes = {
        "database": looks.database,
        "files": looks.files,
        "models": looks.models,
        "objects": looks.objects,
        "queue": looks.queue,
        "telemetry": looks.telemetry,
    }
    return Readiness(probes, clock, optional=OPTIONAL)


class _Looks:
    def __init__(self, env: Any, clock: Clock, directory: Remote, telemetry: Remote) -> None:
        self._env = env
        self._clock = clock
        self._directory = directory
        self._telemetry = telemetry

    async def database(self) -> DependencyState:
        """One query of D1."""
        try:
            await self._env.DB.prepare("SELECT 1").first()
        except JsException as error:
            raise DependencyUnavailable(f"D1 did not answer: {_short(error)}.") from None
        return _OK

    async def files(self) -> DependencyState:
        """The head of a file in each bucket; there need not be one."""
        for binding in (self._env.AGENT_SANDBOX, self._env.AGENT_ASSETS):
            try:
                await binding.head(_FILE)
            except JsException as error:
                raise DependencyUnavailable(f"R2 did not answer: {_short(error)}.") from None
        return _OK

    async def objects(self) -> DependencyState:
        """A round trip to one object and a query of its database."""
        await self._directory.call("ping")
        return _OK

    async def telemetry(self) -> DependencyState:
        """A round trip to the telemetry's object."""
        await self._telemetry.call("ping")
        return _OK

    async def queue(self) -> DependencyState:
        """What was last heard of the queue of jobs, and how many wait where the platform tells."""
        notes = await self._notes()
        waiting = None
        measure = getattr(self._env.FUNCTION_QUEUE, "metrics", None)
        if measure is not None:
            try:
                waiting = int((await self._env.FUNCTION_QUEUE.metrics()).backlogCount)
            except JsException as error:
                raise DependencyUnavailable(f"The queue did not answer: {_short(error)}.") from None
        return queue_state(notes.get(f"queue {QUEUE}"), waiting, self._clock.now_ms())

    async def models(self) -> DependencyState:
        """What the models' last calls came to."""
        settings = read_settings(self._env)
        ids = (settings.default_model, *settings.fallback_models)
        return models_state(
            await self._notes(),
            breaker_states(),
            [each for each in ids if each != OFFLINE],
            self._clock.now_ms(),
        )

    async def _notes(self) -> Mapping[str, Any]:
        """Nothing when the telemetry does not answer: that is told elsewhere."""
        try:
            found: Mapping[str, Any] = (await self._telemetry.call("notes"))["notes"]
        except DependencyUnavailable:
            return {}
        return found


def _short(error: JsException) -> str:
    return str(error).partition("\n")[0][:120]
