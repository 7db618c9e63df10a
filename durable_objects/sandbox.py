"""The object of one sandbox: wires its container, its database and its alarm to the service."""

import logging

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of, success
from littoral.clock import RandomIds, SystemClock
from littoral.errors import DependencyUnavailable, LittoralError
from littoral.platform.alarm import DurableAlarm
from littoral.platform.answer import problem_response
from littoral.platform.container import DurableContainer
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.object_store import R2Store
from littoral.platform.runtime import Background, read_settings
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.platform.terminal_room import (
    TerminalRoom,
    is_terminal_call,
    upgrade_request,
    upgraded,
)
from littoral.sandbox.records import SANDBOX_SCHEMA
from littoral.sandbox.service import SandboxService
from littoral.store.migrations import migrate

_log = logging.getLogger(__name__)


class Sandbox(DurableObject):
    """One sandbox. Its name is ``<owner>/<sandbox id>``; only our own objects make such names."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, "sandbox")
        self._clock = AlarmClock(DurableAlarm(self._state.storage))
        self._opened = None
        self._room = None

    def _service(self):
        """The service; made when the first event needs it."""
        if self._opened is None:
            self._opened = self._made()
        return self._opened

    def _made(self):
        owner, _, sandbox_id = str(self._state.id.name).partition("/")
        sql = DurableSql(self._state.storage)
        migrate(sql, (SANDBOX_SCHEMA,))
        return SandboxService(
            owner=owner,
            sandbox_id=sandbox_id,
            box=DurableContainer(self._state.container, self._background, lambda: None),
            sql=sql,
            clock=SystemClock(),
            store=R2Store(self._env.AGENT_SANDBOX),
            tell=self._teller(owner),
            spawn=self._background.spawn,
            wake_at=self._clock.at_latest,
            idle_seconds=read_settings(self._env).sandbox_idle_seconds,
        )

    def _terminals(self):
        """The terminals' side; made when the first of their calls or sockets needs it."""
        if self._room is None:
            service = self._service()
            self._room = TerminalRoom(
                DurableSql(self._state.storage),
                SystemClock(),
                RandomIds(),
                self._background,
                env=self._env,
                name=str(self._state.id.name),
                exists=lambda: service.is_open,
                connect=lambda path: upgraded(service.forward(upgrade_request(), path)),
            )
        return self._room

    def _teller(self, owner):
        async def tell(method, args):
            agents = getattr(self._env, "ORCHESTRATOR_AGENT", None)
            if agents is None:
                raise DependencyUnavailable("There is no orchestrator here.")
            call = Call(method=method, args=args, owner=owner)
            try:
                return result_of(await agents.getByName(owner).rpc(call.text()))
            except LittoralError:
                raise
            except Exception:  # noqa: BLE001 - exception types do not survive RPC
                _log.exception("the orchestrator could not be told")
                raise DependencyUnavailable("The orchestrator did not answer.") from None

        return tell

    async def rpc(self, text):
        """One call as a JSON string, answered by one."""
        return await self._telemetry.call(text, self._answer)

    async def _answer(self, text):
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            if is_terminal_call(call.method):
                return success(self._terminals().answer(call))
            return success(await self._service().answer(call.method, call.args))
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
            _log.exception("a call of the sandbox failed")
            return failure(error, request_id)

    async def fetch(self, request):
        """`/terminal/<name>` (a socket) and `/ports/<n>/…`, handed to the daemon."""
        raw = getattr(request, "js_object", request)
        path = "/" + raw.url.split("/", 3)[3]
        try:
            if path.startswith("/terminal/"):
                name = path.removeprefix("/terminal/").partition("?")[0]
                return await self._terminals().open(raw, name)
            return await self._service().forward(raw, path)
        except Exception as error:  # noqa: BLE001 - the caller gets a problem in place of a reset
            if not isinstance(error, LittoralError):
                _log.exception("the sandbox could not be reached")
                error = DependencyUnavailable("The sandbox did not answer.")
            return problem_response(error, "", {})

    async def alarm(self, *_):
        self._clock.rang()
        await self._telemetry.event(self._service().on_alarm())
