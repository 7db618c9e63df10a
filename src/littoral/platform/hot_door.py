"""The short way in: chat and agent sockets go from the Worker to their object in one hop.

Everything else takes the framework's door. Both doors ask the same functions who calls
(``littoral.accounts``) and what a chat request may be (``littoral.api.chat``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.accounts import origin
from littoral.accounts.account import PAYER_HEADER, Scope
from littoral.accounts.caller import Caller, no_such_session
from littoral.accounts.claim import Claims
from littoral.accounts.identity import Identity, spent_cookie
from littoral.accounts.session_id import object_name, require_session_id
from littoral.accounts.store import AccountStore
from littoral.api.body_rules import decode_body, too_large
from littoral.api.chat import ChatCommand, parse_chat_request
from littoral.api.edge import METHODS
from littoral.api.envelope import Call, result_of, result_text
from littoral.api.limits import BODY_BYTES
from littoral.api.problems import code_of
from littoral.api.request_id import REQUEST_ID_HEADER, request_id_of
from littoral.clock import Clock, Ids
from littoral.errors import (
    CallerError,
    LittoralError,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
)
from littoral.jsontext import dumps
from littoral.limits.limiter import Limiter
from littoral.limits.newcomers import guest_count
from littoral.limits.policy import Limits
from littoral.ops.here import observer
from littoral.ops.tally import OTHER
from littoral.ops.trace import TRACEPARENT, TRACERESPONSE
from littoral.platform.agents import AGENT_KINDS, BUILD_KIND, EXPIRES_HEADER
from littoral.platform.answer import (
    NO_BODY,
    common_headers,
    headers_of,
    problem_response,
    response,
)
from littoral.platform.asgi import drop_body
from littoral.platform.gateway import DurableGateway, unreachable
from littoral.platform.sockets import refused_socket
from littoral.platform.terminal_door import is_terminal, open_terminal
from littoral.settings import Settings
from littoral.store.database import Database

_log = logging.getLogger(__name__)

HOT_ROUTES = (
    ("POST", "/api/chat"),
    ("GET", "/agents/{kind}/{name}"),
    ("GET", "/agents/{kind}/{name}/get-messages"),
    ("GET", "/agents/{id}/ws"),
    ("GET", "/api/orchestrator/session/{id}/terminal"),
)
"""Routes that are answered here; the documentation is checked against this."""

_BUILD_SOCKET = re.compile(r"/agents/(bld_[^/]{1,120})/ws")

BARE_HEADER = "x-littoral-bare"
COOKIE_HEADER = "x-littoral-set-cookie"


class HotDoor:
    """Answers the hot routes. ``env`` is the raw environment."""

    def __init__(
        self,
        env: Any,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        *,
        database: Database,
        limiter: Limiter,
    ) -> None:
        self._env = env
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._limits = Limits(limiter, settings.rate_limits)
        store = AccountStore(database)
        self._identity = Identity(
            store,
            secret=settings.session_secret,
            clock=clock,
            ids=ids,
            finish_claim=Claims(DurableGateway(env, clock), store).finish,
            admit_guest=guest_count(settings, self._limits),
        )

    def takes(self, method: str, path: str) -> bool:
        """Whether a request is answered here."""
        if path.startswith("/agents/"):
            return not path.startswith("/agents/bld_") or _BUILD_SOCKET.fullmatch(path) is not None
        return (path == "/api/chat" and method == "POST") or is_terminal(method, path)

    async def answer(self, request: Any, path: str) -> Any:
        """The response to a raw request; never raises."""
        visit = _Visit(self, request)
        answer = None
        try:
            if path == "/api/chat":
                answer = await visit.chat()
            elif is_terminal("GET", path):
                answer = await visit.terminal(path)
            else:
                answer = await visit.agent(path)
        except Exception as error:  # noqa: BLE001 - the rim: every error becomes an answer
            await visit.leave_body()
            answer = visit.refuse(error)
        finally:
            visit.end(path, 499 if answer is None else answer.status)
        return answer


class _Visit:
    """One request."""

    def __init__(self, door: HotDoor, request: Any) -> None:
        self._door = door
        self._request = request
        url: str = request.url
        self._is_https = url.startswith("https:")
        self._own_origin = "/".join(url.split("/", 3)[:3])
        self._sent = headers_of(request)
        self._request_id = request_id_of(self._sent.get(REQUEST_ID_HEADER), door._ids)
        self._cookie: str | None = None
        self._body_was_read = False
        self._user = ""
        self._code = ""
        self._begun = observer().begin(self._sent.get(TRACEPARENT), outside=True)

    def end(self, path: str, status: int) -> None:
        """The request has its answer; 499 when its client left before."""
        observer().leave(self._begun)
        observer().request(
            self._begun,
            method=self._request.method if self._request.method in METHODS else OTHER,
            route=_route_of(path),
            status=status,
            request_id=self._request_id,
            user=self._user,
            code=self._code,
        )

    async def leave_body(self) -> None:
        """What nobody read of the body is read away (``asgi.read_away``)."""
        if not self._body_was_read:
            await drop_body(self._request, self._sent)

    def refuse(self, error: BaseException) -> Any:
        self._code = code_of(error)
        if not isinstance(error, LittoralError):
            _log.error("request %s failed", self._request_id, exc_info=error)
        if isinstance(error, NotAuthenticated):
            self._cookie = spent_cookie(error, self._sent.get, is_https=self._is_https)
        return problem_response(error, self._request_id, self._headers())

    def _headers(self) -> dict[str, str]:
        page, allowed = self._sent.get("origin"), self._door._settings.allowed_origins
        cookie = self._cookie
        if cookie and page:
            site = self._sent.get("sec-fetch-site")
            cookie = origin.cookie_for(cookie, page, sec_fetch_site=site, allowed=allowed)
        headers = common_headers(
            is_https=self._is_https, request_id=self._request_id, cookie=cookie
        )
        headers[TRACERESPONSE] = self._begun.place.header()
        headers.update(origin.cors_headers(page, allowed))
        return headers

    async def _caller(self, session_id: str | None, scope: Scope) -> Caller:
        caller = await self._door._identity.caller(
            self._sent.get, is_https=self._is_https, session_id=session_id, scope=scope
        )
        self._cookie = caller.new_cookie
        self._user = caller.account.user_id if caller.account else caller.owner
        return caller

    def _require_origin(self) -> None:
        origin.require_allowed(
            self._sent.get("origin"),
            sec_fetch_site=self._sent.get("sec-fetch-site"),
            own_origin=self._own_origin,
            allowed=self._door._settings.allowed_origins,
        )

    # --- POST /api/chat --------------------------------------------------------------------------

    async def chat(self) -> Any:
        self._require_origin()
        text = await self._body()
        command = parse_chat_request(text, self._sent.get)
        caller = await self._caller(command.session_id, "chat")
        session_id = self._session_of(command, caller)
        stub = self._door._env.TASK_AGENT.getByName(object_name(caller.owner, session_id))
        call = Call(
            method="chat.send",
            args=command.arguments(),
            owner=caller.owner,
            session_id=session_id,
            bare=caller.bare and command.session_id is not None,
            request_id=self._request_id,
            payer=caller.payer,
        )
        if command.stream:
            return await self._stream(stub, call)
        answer = await _answered(stub.rpc(call.text()), session_id)
        return response(result_text(answer), headers=self._headers())

    async def _body(self) -> str:
        declared = self._sent.get("content-length")
        if declared is not None and declared.isdecimal() and int(declared) > BODY_BYTES:
            raise too_large()
        self._body_was_read = True
        body = await self._request.bytes()
        if body.byteLength > BODY_BYTES:
            raise too_large()
        return decode_body(body.to_bytes())

    def _session_of(self, command: ChatCommand, caller: Caller) -> str:
        if command.session_id is None:
            return caller.begin_session(self._door._ids, command.idempotency_key)
        return caller.reach(command.session_id)

    async def _stream(self, stub: Any, call: Call) -> Any:
        """The same turn as server-sent events, straight from the object."""
        init = {
            "method": "POST",
            "body": call.text(),
            "headers": {"x-request-id": self._request_id},
        }
        asked = stub.fetch("https://agent/chat", js.JSON.parse(dumps(init)))
        streamed = await _answered(asked, call.session_id)
        if streamed.status != 200:
            result_of(await streamed.text())
        return response(
            streamed.body,
            content_type="text/event-stream",
            headers={**self._headers(), "x-accel-buffering": "no"},
        )

    # --- GET /api/orchestrator/session/<id>/terminal ---------------------------------------------

    async def terminal(self, path: str) -> Any:
        opened = open_terminal(
            self._request,
            path,
            self._sent,
            env=self._door._env,
            settings=self._door._settings,
            clock=self._door._clock,
            require_origin=self._require_origin,
            caller=lambda: self._caller(None, "terminal"),
        )
        return await _answered(opened, path.split("/")[4])

    # --- /agents/<kind>/<name> -------------------------------------------------------------------

    async def agent(self, path: str) -> Any:
        kind, name, rest = _agent_path(path)
        if self._sent.get("upgrade") == "websocket":
            return await self._socket(kind, name)
        session_id = require_session_id(name)
        if self._request.method == "OPTIONS":
            return self._preflight()
        if rest == "ws":
            raise CallerError("This is a socket.", next_step="Open it with a WebSocket.")
        if rest != "get-messages":
            raise NotFound(f"There is nothing at {path[:200]}.")
        if self._request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(f"{self._request.method} is not available at {path[:200]}.")
        return await self._get_messages(kind, session_id)

    async def _socket(self, kind: str, name: str) -> Any:
        try:
            self._require_origin()
            session_id = require_session_id(name)
            caller = await self._agent_caller(kind, session_id)
        except CallerError as error:
            return refused_socket(error.detail)
        forwarded = js.Request.new(self._request)
        headers = forwarded.headers
        headers.set(BARE_HEADER, "1" if session_id == caller.session_only else "")
        headers.set(COOKIE_HEADER, caller.new_cookie or "")
        headers.set(PAYER_HEADER, caller.payer)
        headers.set(TRACEPARENT, self._begun.place.header())
        headers.set(EXPIRES_HEADER, str((caller.account and caller.account.expires_at_ms) or ""))
        stub = self._stub(kind, caller.owner, session_id)
        return await _answered(stub.fetch(forwarded), session_id)

    async def _agent_caller(self, kind: str, session_id: str) -> Caller:
        agent = AGENT_KINDS[kind]
        caller = await self._caller(session_id, agent.scope)
        if caller.account is None and not agent.guests:
            raise NotAuthenticated("Agents of this kind need an account.")
        return caller

    async def _get_messages(self, kind: str, session_id: str) -> Any:
        caller = await self._agent_caller(kind, session_id)
        call = Call(
            method="messages.transcript",
            owner=caller.owner,
            session_id=session_id,
            bare=session_id == caller.session_only,
            request_id=self._request_id,
            payer=caller.payer,
        )
        stub = self._stub(kind, caller.owner, session_id)
        answer = await _answered(stub.rpc(call.text()), session_id)
        return response(result_text(answer), headers=self._headers())

    def _stub(self, kind: str, owner: str, session_id: str) -> Any:
        agent = AGENT_KINDS[kind]
        name = owner if agent.per == "owner" else object_name(owner, session_id)
        return getattr(self._door._env, agent.binding).getByName(name)

    def _preflight(self) -> Any:
        page = self._sent.get("origin")
        headers = dict(origin.preflight_headers(page, self._door._settings.allowed_origins))
        if not headers:
            raise no_such_session("")
        return response(NO_BODY, status=204, headers={**self._headers(), **headers})


async def _answered(asked: Awaitable[Any], session_id: str) -> Any:
    """What an object answers; ``DependencyUnavailable`` when it was cut off before it did."""
    try:
        return await asked
    except JsException as error:
        raise unreachable(session_id, "the hot door", error) from None


def _route_of(path: str) -> str:
    """The template of a hot path."""
    if path == "/api/chat":
        return path
    if not path.startswith("/agents/"):
        return "/api/orchestrator/session/{id}/terminal"
    if path.startswith("/agents/bld_"):
        return "/agents/{id}/ws"
    kind, _, rest = path.removeprefix("/agents/").partition("/")
    tail = "/get-messages" if rest.endswith("/get-messages") else ""
    return f"/agents/{kind if kind in AGENT_KINDS else '{kind}'}/{{name}}{tail}"


def _agent_path(path: str) -> tuple[str, str, str]:
    """Kind, name and the rest of ``/agents/<kind>/<name>[/…]``, and of ``/agents/<build>/ws``."""
    build = _BUILD_SOCKET.fullmatch(path)
    if build is not None:
        return BUILD_KIND, build[1], "ws"
    _, _, kind, *others = path.split("/", 4)
    if kind not in AGENT_KINDS:
        raise CallerError(
            f"There is no kind of agent {kind[:60]!r}.",
            next_step=f"The kinds are: {', '.join(AGENT_KINDS)}.",
        )
    if not others or not others[0]:
        raise CallerError("The address names no agent.", next_step="Use /agents/<kind>/<name>.")
    return kind, others[0], others[1].rstrip("/") if len(others) > 1 else ""
