"""``Workflows`` on the platform's engine, and what a workflow class gives its driver.

Facts of the engine (measured 2026-11, wrangler 4.164): an event wakes an instance that a kill left
lying, and one that comes before it is waited for is kept. ``pause`` on a live instance ends a
Python one as errored, because the abort reaches it as an exception of Python's: it is not used.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.api.envelope import Call, result_of
from littoral.errors import DependencyUnavailable
from littoral.jsontext import dumps
from littoral.ops.here import observer
from littoral.orchestrator.ports import WorkflowKind
from littoral.platform.runtime import Background
from littoral.platform.telemetry import ObjectTelemetry

NEWS = "news"
NO_SUCH_INSTANCE = 10400
STEP_CONFIG = {
    "retries": {"limit": 5, "delay": "1 second", "backoff": "exponential"},
    "timeout": "10 minutes",
}
DELETE_SECONDS = 20.0
LONGEST_WAIT_SECONDS = 30 * 24 * 3600
_background = Background()
_BINDINGS: dict[WorkflowKind, str] = {"run": "EXECUTE_TASK", "session": "CREATE_SESSION"}


class DurableWorkflows:
    """``env`` is the raw environment of an object."""

    def __init__(self, env: Any) -> None:
        self._env = env

    async def create(
        self, kind: WorkflowKind, instance_id: str, subject: Mapping[str, Any]
    ) -> None:
        asked = {"id": instance_id, "params": {**subject, "kind": kind}}
        try:
            await self._binding(kind).create(js.JSON.parse(dumps(asked)))
        except JsException as error:
            if "already_exists" not in str(error):
                raise DependencyUnavailable(f"No workflow could be begun: {error}.") from None

    async def tell(self, kind: WorkflowKind, instance_id: str) -> None:
        event = js.JSON.parse(dumps({"type": NEWS, "payload": {}}))
        try:
            instance = await self._binding(kind).get(instance_id)
            await instance.sendEvent(event)
        except JsException as error:
            raise DependencyUnavailable(f"The workflow cannot be told: {error}.") from None

    async def delete(self, kind: WorkflowKind, instance_ids: Sequence[str]) -> None:
        asked = js.JSON.parse(dumps(list(instance_ids)))
        try:
            async with asyncio.timeout(DELETE_SECONDS):
                told = await self._binding(kind).deleteBatch(asked)
        except (JsException, TimeoutError) as error:
            raise DependencyUnavailable(f"No workflow could be deleted: {error!r}.") from None
        errors = json.loads(str(js.JSON.stringify(told.errors)))
        left = [each for each in errors if each.get("code") != NO_SUCH_INSTANCE]
        if left:
            raise DependencyUnavailable(f"{len(left)} workflows were not deleted: {left[0]}.")

    def _binding(self, kind: WorkflowKind) -> Any:
        return getattr(self._env, _BINDINGS[kind])


class WorkflowEngine:
    """``littoral.orchestrator.motor.Engine`` on the step that a workflow's ``run`` is given."""

    def __init__(self, step: Any) -> None:
        self._step = step

    async def do(self, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        @self._step.do(name, config=STEP_CONFIG)  # type: ignore[untyped-decorator]
        async def stage() -> str:
            return dumps(await work())

        found: dict[str, Any] = json.loads(await stage())
        return found

    async def wait_for_news(self, name: str, seconds: int) -> None:
        wait = f"{min(seconds, LONGEST_WAIT_SECONDS)} seconds"
        try:
            await self._step.wait_for_event(name, NEWS, timeout=wait)
        except JsException as error:
            if "timed out" not in str(error) and "Timeout" not in str(error):
                raise  # The engine ends this instance here; another one goes on.


def asker(env: Any, params: Mapping[str, Any]) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """Asks the owner's object for a stage. What fails is raised: the engine tries again."""
    telemetry = ObjectTelemetry(env, _background.spawn, "workflow")

    async def ask(stage: str) -> dict[str, Any]:
        begun, went_well = observer().begin(params.get("trace", "")), False
        try:
            args = {"subject": params["subject"], "kind": params["kind"], "stage": stage}
            call = Call(method="workflow.stage", args=args, owner=params["owner"])
            stub = env.ORCHESTRATOR_AGENT.getByName(params["owner"])
            answer: dict[str, Any] = result_of(await stub.rpc(call.text()))
            went_well = True
            return answer
        finally:
            observer().leave(begun)
            observer().stage(
                begun, workflow=params["kind"], stage=stage.partition(" ")[0], ok=went_well
            )
            telemetry.noted()

    return ask
