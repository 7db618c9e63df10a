"""The Worker's entry: makes the doors once and sends every request to one of them."""

from __future__ import annotations

from inspect import signature
from typing import Any

from workers import WorkerEntrypoint

from durable_objects.agent_memory import AgentMemory
from durable_objects.analysis_agent import AnalysisAgent
from durable_objects.code_generator_agent import CodeGeneratorAgent
from durable_objects.coordinator_agent import CoordinatorAgent
from durable_objects.data_agent import DataAgent
from durable_objects.execution_agent import ExecutionAgent
from durable_objects.function_agent import FunctionAgent
from durable_objects.key_sockets import KeySockets
from durable_objects.mesh_agent import MeshAgent
from durable_objects.notification_agent import NotificationAgent
from durable_objects.orchestrator_agent import OrchestratorAgent
from durable_objects.rate_limiter import RateLimiter
from durable_objects.registry_agent import RegistryAgent
from durable_objects.sandbox import Sandbox
from durable_objects.session_directory import SessionDirectory
from durable_objects.task_agent import TaskAgent
from durable_objects.telemetry import Telemetry
from durable_objects.worker_agent import WorkerAgent
from littoral.api.aliases import canonical_path
from littoral.api.app import build_app
from littoral.api.envelope import failure
from littoral.api.service import Service, call_of
from littoral.clock import RandomIds, SystemClock
from littoral.platform.answer import misconfiguration, misconfigured
from littoral.platform.asgi import respond
from littoral.platform.database import D1Database
from littoral.platform.egress import EgressDoor
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import DurableGateway, raw_env
from littoral.platform.hot_door import HotDoor
from littoral.platform.limiter import DurableLimiter
from littoral.platform.mesh_work import MESH_QUEUES, consume_offers
from littoral.platform.preview_door import PreviewDoor
from littoral.platform.queues import consume
from littoral.platform.runtime import read_settings
from littoral.platform.telemetry import isolate
from workflows.create_session import CreateSessionWorkflow
from workflows.execute_task import ExecuteTaskWorkflow

__all__ = [
    "AgentMemory",
    "AgentService",
    "AnalysisAgent",
    "CodeGeneratorAgent",
    "CoordinatorAgent",
    "CreateSessionWorkflow",
    "DataAgent",
    "Default",
    "Egress",
    "ExecuteTaskWorkflow",
    "ExecutionAgent",
    "FunctionAgent",
    "FunctionService",
    "KeySockets",
    "MeshAgent",
    "NotificationAgent",
    "OrchestratorAgent",
    "RateLimiter",
    "RegistryAgent",
    "Sandbox",
    "SessionDirectory",
    "TaskAgent",
    "Telemetry",
    "WorkerAgent",
]

_doors: dict[str, Any] = {}


class Default(WorkerEntrypoint):
    """Everything that comes by HTTP."""

    async def queue(self, batch: Any, *_: Any) -> None:
        """Jobs of functions, offers of parts to workers, and those of both that are given up."""
        env = raw_env(self.env)
        here = isolate(lambda: read_settings(env))
        raw = getattr(batch, "_binding", batch)
        take = consume_offers if str(raw.queue) in MESH_QUEUES else consume
        await take(env, raw)
        here.noted(env, self._afterwards, here.worker)

    async def fetch(self, request: Any) -> Any:
        """Chat and sockets take the hot door, everything else the framework's."""
        raw = getattr(request, "js_object", request)
        env = raw_env(self.env)
        try:
            doors = _open_doors(env)
        except ValueError as error:
            return misconfigured(error)
        here = isolate(lambda: read_settings(env))
        path = canonical_path("/" + raw.url.split("/", 3)[3].partition("?")[0])
        if doors["hot"].takes(raw.method, path):
            answer = await doors["hot"].answer(raw, path)
        elif doors["previews"].takes(path):
            answer = await doors["previews"].answer(raw)
        else:
            answer = await respond(doors["front"], raw, self.ctx.waitUntil)
        here.noted(env, self._afterwards, here.worker)
        return answer

    def _afterwards(self, work: Any) -> None:
        self.ctx.waitUntil(work())


# The SDK asks for it at every request, and inspecting a function takes 80 µs (measured 2026-11).
Default.fetch.__signature__ = signature(Default.fetch)  # type: ignore[attr-defined]


class AgentService(WorkerEntrypoint):
    """The API for other Workers, by a service binding: docs/rpc.md.

    Each method takes one JSON text and gives one; what it does is in ``littoral.api.service``.
    """

    async def rpc(self, text: str) -> str:
        """Any method by its name, in the field ``method``."""
        try:
            name, arguments = call_of(text)
        except Exception as error:  # noqa: BLE001 - the rim: exceptions do not survive RPC
            return failure(error)
        return await _serve(self.env, name, arguments)

    async def me(self, text: str) -> str:
        return await _serve(self.env, "me", text)

    async def chat(self, text: str) -> str:
        return await _serve(self.env, "chat", text)

    async def list_sessions(self, text: str) -> str:
        return await _serve(self.env, "list_sessions", text)

    async def get_session(self, text: str) -> str:
        return await _serve(self.env, "get_session", text)

    async def start_run(self, text: str) -> str:
        return await _serve(self.env, "start_run", text)

    async def list_runs(self, text: str) -> str:
        return await _serve(self.env, "list_runs", text)

    async def get_run(self, text: str) -> str:
        return await _serve(self.env, "get_run", text)

    async def run_events(self, text: str) -> str:
        return await _serve(self.env, "run_events", text)

    async def approve_run(self, text: str) -> str:
        return await _serve(self.env, "approve_run", text)

    async def reject_run(self, text: str) -> str:
        return await _serve(self.env, "reject_run", text)

    async def cancel_run(self, text: str) -> str:
        return await _serve(self.env, "cancel_run", text)

    async def create_agent(self, text: str) -> str:
        return await _serve(self.env, "create_agent", text)

    async def get_status(self, text: str) -> str:
        return await _serve(self.env, "get_status", text)

    async def generate_code(self, text: str) -> str:
        return await _serve(self.env, "generate_code", text)

    async def send_message(self, text: str) -> str:
        return await _serve(self.env, "send_message", text)

    async def get_files(self, text: str) -> str:
        return await _serve(self.env, "get_files", text)

    async def get_preview(self, text: str) -> str:
        return await _serve(self.env, "get_preview", text)

    async def cancel_agent(self, text: str) -> str:
        return await _serve(self.env, "cancel_agent", text)

    async def execute_agent(self, text: str) -> str:
        return await _serve(self.env, "execute_agent", text)

    async def start_mesh_task(self, text: str) -> str:
        return await _serve(self.env, "start_mesh_task", text)

    async def get_mesh_task(self, text: str) -> str:
        return await _serve(self.env, "get_mesh_task", text)

    async def credits(self, text: str) -> str:
        return await _serve(self.env, "credits", text)


class Egress(WorkerEntrypoint):
    """The only network of code that was granted hosts; nothing else calls it."""

    async def fetch(self, request: Any) -> Any:
        """One request of the code, made or refused by the grant in this entry's properties."""
        raw = getattr(request, "js_object", request)
        context = getattr(self.ctx, "_ctx", self.ctx)
        return await _egress_door(raw_env(self.env)).answer(raw, context.props)


class FunctionService(WorkerEntrypoint):
    """Functions for other Workers, under the same rules as ``AgentService``: docs/rpc.md."""

    async def execute_function(self, text: str) -> str:
        return await _serve(self.env, "execute_function", text)

    async def classify(self, text: str) -> str:
        return await _serve(self.env, "classify", text)

    async def get_job(self, text: str) -> str:
        return await _serve(self.env, "get_job", text)

    async def list_jobs(self, text: str) -> str:
        return await _serve(self.env, "list_jobs", text)

    async def cancel_job(self, text: str) -> str:
        return await _serve(self.env, "cancel_job", text)

    async def complete_human_task(self, text: str) -> str:
        return await _serve(self.env, "complete_human_task", text)


def _egress_door(env: Any) -> EgressDoor:
    if "egress" not in _doors:
        near = read_settings(env).function_near_hosts
        _doors["egress"] = EgressDoor(SystemClock(), near=near)
    door: EgressDoor = _doors["egress"]
    return door


async def _serve(env: Any, name: str, text: str) -> str:
    try:
        service = _open_doors(raw_env(env))["service"]
    except ValueError as error:
        return failure(misconfiguration(error))
    answer: str = await service.call(name, text)
    return answer


def _open_doors(env: Any) -> dict[str, Any]:
    """Both doors, made at the first request: bindings cannot be touched before."""
    if "front" not in _doors:
        mend_event_loop()
        settings, clock, ids = read_settings(env), SystemClock(), RandomIds()
        database, limiter = D1Database(env.DB), DurableLimiter(env)
        _doors["hot"] = HotDoor(env, settings, clock, ids, database=database, limiter=limiter)
        gateway = DurableGateway(env, clock)
        _doors["previews"] = PreviewDoor(
            env, settings, clock, gateway=gateway, database=database, limiter=limiter
        )
        _doors["front"] = build_app(
            gateway, settings, clock, ids, database=database, limiter=limiter
        )
        _doors["service"] = Service(_doors["front"])
    return _doors
