"""``Gateway`` over the Durable Objects of this Worker.

A call is one RPC to the object's method ``rpc``, one JSON string each way
(``littoral.api.envelope``), through the raw binding: the SDK's wrapper would convert the strings as
if they were objects.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.accounts.session_id import for_log, object_name
from littoral.api.envelope import Call, result_of
from littoral.api.gateway import DependencyState, JsonObject
from littoral.builder.blobs import Blobs
from littoral.clock import Clock
from littoral.errors import DependencyUnavailable
from littoral.jsontext import dumps
from littoral.mesh.catalogue import kind_named
from littoral.ops.readiness import Readiness
from littoral.ops.telemetry import NAME as TELEMETRY_NAME
from littoral.platform.object_store import R2Store
from littoral.platform.readiness import open_readiness
from littoral.registry.places import AUTO

READING = frozenset(
    {
        "ping",
        "session.describe",
        "messages.page",
        "tasks.list",
        "export",
        "events.since",
        "directory.pull",
        "sessions.list",
        "search",
        "session.claim",
        "sessions.claim",
        "revoke",
        "terminal.shares",
        "run.list",
        "run.describe",
        "run.events",
        "run.wait",
        "run.output",
        "run.artifacts",
        "approvals.list",
        "session.list",
        "job.list",
        "job.describe",
        "job.events",
        "job.wait",
        "task.list",
        "task.describe",
        "override.list",
        "build.describe",
        "build.files",
        "build.events",
        "build.wait",
        "build.revisions",
        "preview.check",
        "mesh.agents",
        "mesh.agent",
        "mesh.events",
        "mesh.wait",
        "mesh.permissions",
        "mesh.letters",
        "watches.list",
        "notifications.list",
        "webhooks.list",
        "envelope.send",
        "agent.describe",
        "agent.events",
        "agent.replay",
        "exec.start",
        "exec.describe",
        "exec.output",
        "exec.follow",
        "exec.cancel",
        "execution.start",
        "execution.describe",
        "execution.events",
        "execution.wait",
        "execution.cancel",
        "memory.add",
        "memory.list",
        "memory.nearest",
        "memory.describe",
        "totals",
        "window",
        "points",
        "traces",
        "trace",
        "tail",
        "notes",
        "sandbox.start",
        "sandbox.describe",
        "sandbox.release",
    }
)
"""Methods that may be repeated freely, so that a lost call is made once more."""

PROBED_OWNER = "ready"

_log = logging.getLogger(__name__)


class DurableRemote:
    """One Durable Object. ``namespace`` is the raw binding, ``name`` the object's real name."""

    def __init__(
        self,
        namespace: Any,
        name: str,
        *,
        owner: str,
        session_id: str = "",
        bare: bool = False,
        payer: str = "",
        location: str = "",
    ) -> None:
        self._namespace = namespace
        self._location = location
        self._name = name
        self._owner = owner
        self._session_id = session_id
        self._bare = bare
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        text = Call(
            method=method,
            args=arguments or {},
            owner=self._owner,
            session_id=self._session_id,
            bare=self._bare,
            payer=self._payer,
        ).text()
        return result_of(await self._deliver(method, text))

    async def _deliver(self, method: str, text: str) -> str:
        try:
            return await self._send(text)
        except JsException as error:
            if method not in READING:
                raise unreachable(self._name, method, error) from None
        try:  # A stub that has failed once stays broken: _send makes a new one.
            return await self._send(text)
        except JsException as error:
            raise unreachable(self._name, method, error) from None

    async def _send(self, text: str) -> str:
        answer: str = await self._stub().rpc(text)
        return answer

    def _stub(self) -> Any:
        if not self._location:
            return self._namespace.getByName(self._name)
        return self._namespace.getByName(self._name, hinted(self._location))


def hinted(location: str) -> Any:
    """Options of a stub: where its object is made, if it is not there yet."""
    return js.JSON.parse(dumps({"locationHint": location}))


def unreachable(name: str, method: str, error: JsException) -> DependencyUnavailable:
    """The error for an object that did not answer; what the platform said goes to the log."""
    _log.error("object %s did not answer %s: %s", for_log(name), method, error)
    return DependencyUnavailable("The object that keeps this did not answer.")


class DurableGateway:
    """All objects of this Worker. ``env`` is the raw environment of the Worker or of an object."""

    def __init__(self, env: Any, clock: Clock) -> None:
        self._env = env
        self._clock = clock

    @cached_property
    def _readiness(self) -> Readiness:
        return open_readiness(
            self._env,
            self._clock,
            directory=self.directory(PROBED_OWNER),
            telemetry=self.telemetry(),
        )

    def agent(
        self, owner: str, session_id: str, *, bare: bool = False, payer: str = ""
    ) -> DurableRemote:
        return DurableRemote(
            self._env.TASK_AGENT,
            object_name(owner, session_id),
            owner=owner,
            session_id=session_id,
            bare=bare,
            payer=payer,
        )

    def directory(self, owner: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(self._env.SESSION_DIRECTORY, owner, owner=owner, payer=payer)

    def orchestrator(self, owner: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(self._env.ORCHESTRATOR_AGENT, owner, owner=owner, payer=payer)

    def functions(self, owner: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(self._env.FUNCTION_AGENT, owner, owner=owner, payer=payer)

    def mesh(self, owner: str, name: str = "mesh", *, payer: str = "") -> DurableRemote:
        if name == "mesh":
            return DurableRemote(self._env.MESH_AGENT, owner, owner=owner, payer=payer)
        namespace = getattr(self._env, kind_named(name).binding)
        return DurableRemote(namespace, object_name(owner, name), owner=owner, payer=payer)

    async def artifact(self, owner: str, run_id: str, path: str) -> bytes | None:
        return await R2Store(self._env.AGENT_SANDBOX).get(f"{owner}/{run_id}/{path}")

    def sandbox(self, owner: str, sandbox_id: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(
            self._env.SANDBOX,
            object_name(owner, sandbox_id),
            owner=owner,
            session_id=sandbox_id,
            payer=payer,
        )

    def build(self, owner: str, build_id: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(
            self._env.CODE_GENERATOR_AGENT,
            object_name(owner, build_id),
            owner=owner,
            session_id=build_id,
            payer=payer,
        )

    def blobs(self, owner: str, build_id: str) -> Blobs:
        return Blobs(store=R2Store(self._env.AGENT_ASSETS), owner=owner, build_id=build_id)

    def memory(self, owner: str, agent_id: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(
            self._env.AGENT_MEMORY,
            object_name(owner, agent_id),
            owner=owner,
            session_id=agent_id,
            payer=payer,
        )

    def executor(self, owner: str, agent_id: str, place: str, *, payer: str = "") -> DurableRemote:
        return DurableRemote(
            self._env.EXECUTION_AGENT,
            object_name(owner, f"{agent_id}.{place}"),
            owner=owner,
            session_id=agent_id,
            payer=payer,
            location="" if place == AUTO else place,
        )

    def registry(self, owner: str) -> DurableRemote:
        return DurableRemote(self._env.REGISTRY_AGENT, owner, owner=owner)

    def key_sockets(self, user_id: str) -> DurableRemote:
        return DurableRemote(self._env.KEY_SOCKETS, user_id, owner=user_id)

    def telemetry(self) -> DurableRemote:
        return DurableRemote(self._env.TELEMETRY, TELEMETRY_NAME, owner="")

    async def ready(self) -> Mapping[str, DependencyState]:
        return await self._readiness.states()


def raw_env(env: Any) -> Any:
    """The environment without the SDK's wrapper."""
    return getattr(env, "_env", env)
