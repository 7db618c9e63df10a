"""``Gateway`` in memory: real directories, real agents, and the same strings on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.accounts.key_sockets import KEY_SOCKETS_SCHEMA, KeySockets, SocketPlace
from littoral.accounts.key_sockets_service import answer as answer_key_sockets
from littoral.accounts.session_id import object_name
from littoral.accounts.store import AccountStore
from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, result_of
from littoral.api.gateway import DependencyState, JsonObject
from littoral.builder.blobs import Blobs
from littoral.builder.offline import OfflineBuilder
from littoral.clock import Clock, Ids
from littoral.errors import DependencyUnavailable
from littoral.mesh.catalogue import kind_named
from littoral.mesh.projections.projections import Projections
from littoral.models.offline import OfflineModel
from littoral.sessions.directory import DIRECTORY_SCHEMAS, Directory
from littoral.sessions.service import answer
from littoral.settings import Settings
from littoral.store.database import Database
from littoral.store.migrations import migrate
from tests.fakes.build_object import BuildObject
from tests.fakes.execution_object import ExecutionObject
from tests.fakes.function_object import FunctionObject
from tests.fakes.memory_object import MemoryObject
from tests.fakes.mesh_agents import watching_agents
from tests.fakes.mesh_objects import MeshObjects
from tests.fakes.object_store import MemoryStore
from tests.fakes.orchestrator_object import OrchestratorObject
from tests.fakes.session_object import SessionObject, SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.telemetry_object import TelemetryObject
from tests.fakes.terminal_objects import TerminalObjects, TerminalRemote


class MemoryGateway:
    """All objects of one test.

    ``out_of_reach`` names methods whose object does not answer, ``broken`` those that fail in a way
    nobody expected. ``woken`` are the names of the session objects that were called.
    """

    def __init__(
        self, clock: Clock, ids: Ids, database: Database, *, most_sessions: int = 200
    ) -> None:
        self._database = database
        self._key_sockets: dict[str, tuple[Sqlite, KeySockets]] = {}
        self._clock = clock
        self._ids = ids
        self._most_sessions = most_sessions
        self._sessions: dict[str, SessionObject] = {}
        self._directories: dict[str, tuple[Sqlite, Directory]] = {}
        self.out_of_reach: set[str] = set()
        self.broken: set[str] = set()
        self.states = {"storage": DependencyState(status="ok", latency_ms=1.0)}
        self.woken: list[str] = []
        self.artifacts: dict[str, bytes] = {}
        self._orchestrators: dict[str, OrchestratorObject] = {}
        self._builds: dict[str, BuildObject] = {}
        self.store = MemoryStore()
        self._functions: dict[str, FunctionObject] = {}
        self.mesh_behaviours, self.mesh_methods = watching_agents(database, clock)
        self._meshes: dict[str, MeshObjects] = {}
        self._memories: dict[str, MemoryObject] = {}
        self._executions: dict[str, ExecutionObject] = {}
        self.told: list[str] = []
        self.terminals = TerminalObjects(clock, ids)
        self.telemetry_object = TelemetryObject(clock)

    def agent(
        self, owner: str, session_id: str, *, bare: bool = False, payer: str = ""
    ) -> AgentRemote:
        return AgentRemote(self, owner, session_id, bare, payer)

    def directory(self, owner: str, *, payer: str = "") -> DirectoryRemote:
        return DirectoryRemote(self, owner, payer)

    def orchestrator(self, owner: str, *, payer: str = "") -> OrchestratorRemote:
        return OrchestratorRemote(self, owner, payer)

    def functions(self, owner: str, *, payer: str = "") -> FunctionRemote:
        return FunctionRemote(self, owner, payer)

    def telemetry(self) -> TelemetryObject:
        return self.telemetry_object

    def mesh(self, owner: str, name: str = "mesh", *, payer: str = "") -> MeshRemote:
        if name != "mesh":
            kind_named(name)
        return MeshRemote(self, owner, name, payer)

    async def artifact(self, owner: str, run_id: str, path: str) -> bytes | None:
        return self.artifacts.get(f"{owner}/{run_id}/{path}")

    def sandbox(self, owner: str, sandbox_id: str, *, payer: str = "") -> TerminalRemote:
        return self.terminals.remote(object_name(owner, sandbox_id), payer)

    def build(self, owner: str, build_id: str, *, payer: str = "") -> BuildRemote:
        return BuildRemote(self, owner, build_id, payer)

    def blobs(self, owner: str, build_id: str) -> Blobs:
        return Blobs(store=self.store, owner=owner, build_id=build_id)

    def memory(self, owner: str, agent_id: str, *, payer: str = "") -> MemoryRemote:
        return MemoryRemote(self, owner, agent_id, payer)

    def executor(
        self, owner: str, agent_id: str, place: str, *, payer: str = ""
    ) -> ExecutionRemote:
        return ExecutionRemote(self, owner, f"{agent_id}.{place}", payer)

    def registry(self, owner: str) -> RegistryRemote:
        return RegistryRemote(self, owner)

    def key_sockets(self, user_id: str) -> KeySocketsRemote:
        return KeySocketsRemote(self, user_id)

    async def ready(self) -> Mapping[str, DependencyState]:
        return self.states

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()
        for sql, _ in (*self._directories.values(), *self._key_sockets.values()):
            sql.close()
        self.terminals.close()
        self.telemetry_object.close()
        for orchestrator in self._orchestrators.values():
            orchestrator.close()
        for build in self._builds.values():
            build.close()
        for functions in self._functions.values():
            functions.close()
        for mesh in self._meshes.values():
            mesh.close()
        for memory in self._memories.values():
            memory.close()
        for executions in self._executions.values():
            executions.close()

    def check(self, method: str) -> None:
        if method in self.out_of_reach:
            raise DependencyUnavailable("The object that keeps this did not answer.")
        if method in self.broken:
            raise RuntimeError("secret internals")

    def session_at(self, owner: str, session_id: str) -> SessionObject:
        name = object_name(owner, session_id)
        self.woken.append(name)
        if name not in self._sessions:
            self._sessions[name] = SessionObject(
                owner, session_id, self._clock, self._ids, self.directory(owner).call
            )
        return self._sessions[name]

    def key_sockets_of(self, user_id: str) -> KeySockets:
        if user_id not in self._key_sockets:
            sql = Sqlite()
            migrate(sql, (KEY_SOCKETS_SCHEMA,))

            async def tell(place: SocketPlace) -> None:
                owner, _, session_id = place.name.partition("/")
                remote = self.agent(owner, session_id)
                await remote.call("sockets.close", {"keyId": place.key_id})

            made = KeySockets(
                sql,
                user_id=user_id,
                store=AccountStore(self._database),
                tell=tell,
                alarm=AlarmClock(SilentAlarm()),
                clock=self._clock,
            )
            self._key_sockets[user_id] = (sql, made)
        return self._key_sockets[user_id][1]

    def orchestrator_of(self, owner: str) -> OrchestratorObject:
        if owner not in self._orchestrators:
            self._orchestrators[owner] = OrchestratorObject(
                owner, self._clock, self._ids, self._database
            )
        return self._orchestrators[owner]

    def mesh_of(self, owner: str) -> MeshObjects:
        if owner not in self._meshes:
            made = MeshObjects(
                owner, self._clock, self._ids, self.mesh_behaviours, self.mesh_methods
            )
            made.mesh.projecting = Projections(owner, self._database, made.mesh, self._clock)
            self._meshes[owner] = made
        return self._meshes[owner]

    def functions_of(self, owner: str) -> FunctionObject:
        if owner not in self._functions:
            self._functions[owner] = FunctionObject(owner, self._clock, self._ids, self._database)
        return self._functions[owner]

    def memory_at(self, owner: str, agent_id: str) -> MemoryObject:
        name = object_name(owner, agent_id)
        if name not in self._memories:
            self._memories[name] = MemoryObject(name, self._clock, self._ids, self._database)
        return self._memories[name]

    def executions_at(self, owner: str, place: str) -> ExecutionObject:
        name = object_name(owner, place)
        if name not in self._executions:
            self._executions[name] = ExecutionObject(owner, self._clock, self._ids, self._database)
        return self._executions[name]

    def build_at(self, owner: str, build_id: str) -> BuildObject:
        name = object_name(owner, build_id)
        if name not in self._builds:
            settings = Settings(default_model="offline", session_secret="s" * 32)
            self._builds[name] = BuildObject(
                owner,
                build_id,
                clock=self._clock,
                ids=self._ids,
                database=self._database,
                store=self.store,
                model=OfflineModel([OfflineBuilder()], ids=self._ids),
                settings=settings,
            )
        return self._builds[name]

    def directory_of(self, owner: str) -> Directory:
        if owner not in self._directories:
            sql = Sqlite()
            migrate(sql, DIRECTORY_SCHEMAS)

            async def pull(session_id: str, after: int, limit: int) -> Any:
                agent = self.agent(owner, session_id)
                return await agent.call("directory.pull", {"after": after, "limit": limit})

            made = Directory(sql, self._clock, pull, most_sessions=self._most_sessions)
            self._directories[owner] = (sql, made)
        return self._directories[owner][1]


class OrchestratorRemote:
    """One orchestrator, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._owner, payer=self._payer)
        orchestrator = self._world.orchestrator_of(self._owner)
        return result_of(await orchestrator.answer(call.text()))


class MeshRemote:
    """One owner's mesh or one of its agents, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, name: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._name = name
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._owner, payer=self._payer)
        mesh = self._world.mesh_of(self._owner)
        return result_of(await mesh.answer(self._name, call.text()))


class FunctionRemote:
    """One owner's functions, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._owner, payer=self._payer)
        functions = self._world.functions_of(self._owner)
        return result_of(await functions.answer(call.text()))


class MemoryRemote:
    """The memory of one agent, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, agent_id: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._agent_id = agent_id
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(
            method=method,
            args=arguments or {},
            owner=self._owner,
            session_id=self._agent_id,
            payer=self._payer,
        )
        memory = self._world.memory_at(self._owner, self._agent_id)
        return result_of(await memory.answer(call.text()))


class ExecutionRemote:
    """The executions of one agent in one place, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, place: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._place = place
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._owner, payer=self._payer)
        executions = self._world.executions_at(self._owner, self._place)
        return result_of(await executions.answer(call.text()))


class RegistryRemote:
    """An owner's live view: it only notes that it was told."""

    def __init__(self, world: MemoryGateway, owner: str) -> None:
        self._world = world
        self._owner = owner

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        self._world.told.append(self._owner)
        return {"told": True}


class BuildRemote:
    """One build, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, build_id: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._build_id = build_id
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(
            method=method,
            args=arguments or {},
            owner=self._owner,
            session_id=self._build_id,
            payer=self._payer,
        )
        build = self._world.build_at(self._owner, self._build_id)
        return result_of(await build.answer(call.text()))


class AgentRemote:
    """One agent, reached by strings."""

    def __init__(
        self, world: MemoryGateway, owner: str, session_id: str, bare: bool, payer: str
    ) -> None:
        self._world = world
        self._owner = owner
        self._session_id = session_id
        self._bare = bare
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        call = Call(
            method=method,
            args=arguments or {},
            owner=self._owner,
            session_id=self._session_id,
            bare=self._bare,
            payer=self._payer,
        )
        self._world.check(method)
        session = self._world.session_at(self._owner, self._session_id)
        return result_of(await session.answer(call.text()))


class KeySocketsRemote:
    """The sockets of one user's keys, reached by strings."""

    def __init__(self, world: MemoryGateway, user_id: str) -> None:
        self._world = world
        self._user_id = user_id

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._user_id)
        sockets = self._world.key_sockets_of(self._user_id)
        return result_of(await answer_key_sockets(sockets, Call.read(call.text())))


class DirectoryRemote:
    """One directory, reached by strings."""

    def __init__(self, world: MemoryGateway, owner: str, payer: str) -> None:
        self._world = world
        self._owner = owner
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        self._world.check(method)
        call = Call(method=method, args=arguments or {}, owner=self._owner, payer=self._payer)
        return result_of(
            await answer(self._world.directory_of(self._owner), Call.read(call.text()))
        )
