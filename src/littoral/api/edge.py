"""The outermost layer of the application: what holds for every request, whatever its route.

In: request id, trace, page origin, size, content type, nesting. Out: request id, trace, security
and CORS headers, a new guest's cookie. An error of any kind leaves here as a problem. Each request
is noted (``littoral.ops.observer``) when its answer begins.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from littoral.accounts import origin
from littoral.api.body_rules import check_body_text, decode_body, require_json, too_large
from littoral.api.context import ERROR_CODE, REQUEST_ID, SET_COOKIE, USER, Api
from littoral.api.headers import answer_headers
from littoral.api.limits import PATH_CHARACTERS, body_bytes
from littoral.api.problems import code_of, problem_response
from littoral.api.request_id import REQUEST_ID_HEADER, request_id_of
from littoral.errors import NotAllowed, TooLarge
from littoral.ops.here import observer
from littoral.ops.tally import OTHER
from littoral.ops.trace import TRACEPARENT, TRACERESPONSE

RawHeaders = list[tuple[bytes, bytes]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE = "(nowhere)"
"""The route of requests that no route takes, in counts and traces."""
PREFLIGHT = "(preflight)"


class Edge:
    """ASGI middleware around the framework."""

    def __init__(self, app: ASGIApp, api: Api) -> None:
        self._app = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Passage(self._app, self._api, scope, receive, send).run()


class _Passage:
    """One request on its way in and its answer on its way out."""

    def __init__(self, app: ASGIApp, api: Api, scope: Scope, receive: Receive, send: Send) -> None:
        self._app = app
        self._api = api
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._request_id = request_id_of(self._headers.get(REQUEST_ID_HEADER), api.ids)
        self._method: str = scope["method"]
        self._is_head = self._method == "HEAD"
        self._started = False
        self._begun = observer().begin(self._headers.get(TRACEPARENT), outside=True)

    async def run(self) -> None:
        self._scope[REQUEST_ID] = self._request_id
        if self._is_head:
            self._scope["method"] = "GET"
        try:
            await self._admit_and_answer()
        except Exception as error:
            if self._started:
                raise
            self._scope[ERROR_CODE] = code_of(error)
            response = problem_response(error, self._request_id)
            await response(self._scope, self._receive, self.send)
        finally:
            observer().leave(self._begun)

    def _note(self, status: int) -> None:
        route = getattr(self._scope.get("route"), "path", None)
        observer().request(
            self._begun,
            method=self._method if self._method in METHODS else OTHER,
            route=route or (PREFLIGHT if self._is_preflight() else NOWHERE),
            status=status,
            request_id=self._request_id,
            user=self._scope.get(USER, ""),
            code=self._scope.get(ERROR_CODE, ""),
        )

    async def _admit_and_answer(self) -> None:
        if len(self._scope["path"]) > PATH_CHARACTERS:
            raise TooLarge(f"The address is longer than {PATH_CHARACTERS} characters.")
        if self._is_preflight():
            await self._answer_preflight()
            return
        if self._scope["method"] not in origin.SAFE_METHODS:
            self._require_origin()
            body = await self._read_body()
            self._receive = _replay(body, self._receive)
        await self._app(self._scope, self._receive, self.send)

    # --- in --------------------------------------------------------------------------------------

    def _require_origin(self) -> None:
        origin.require_allowed(
            self._headers.get("origin"),
            sec_fetch_site=self._headers.get("sec-fetch-site"),
            own_origin=f"{self._scope['scheme']}://{self._headers.get('host', '')}",
            allowed=self._api.settings.allowed_origins,
        )

    async def _read_body(self) -> bytes:
        """The whole body, checked; no more than the limit is read of one that is too long."""
        declared = self._headers.get("content-length", "0")
        most = body_bytes(self._scope["path"])
        if declared.isdecimal() and int(declared) > most:
            raise too_large(most)
        pieces, length, more = [], 0, True
        while more:
            message = await self._receive()
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            length += len(piece)
            if length > most:
                raise too_large(most)
            pieces.append(piece)
        body = b"".join(pieces)
        if body:
            require_json(self._headers.get("content-type"))
            check_body_text(decode_body(body), most)
        return body

    def _is_preflight(self) -> bool:
        return (
            self._scope["method"] == "OPTIONS"
            and "origin" in self._headers
            and "access-control-request-method" in self._headers
        )

    async def _answer_preflight(self) -> None:
        allowed = origin.preflight_headers(
            self._headers["origin"], self._api.settings.allowed_origins
        )
        if not allowed:
            raise NotAllowed(
                "Pages of this origin may not call the API.",
                next_step="Add the page's origin to ALLOWED_ORIGINS.",
            )
        await self.send({"type": "http.response.start", "status": 204, "headers": _raw(allowed)})
        await self.send({"type": "http.response.body", "body": b""})

    # --- out -------------------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Adds what every answer carries."""
        if message["type"] == "http.response.start":
            self._started = True
            self._note(message["status"])
            message["headers"] = self._with_common(message.get("headers", ()))
        elif self._is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _with_common(self, headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
        found: MutableMapping[bytes, bytes] = dict(headers)
        for name, value in _raw(answer_headers(is_https=self._scope["scheme"] == "https")):
            found.setdefault(name, value)
        found[REQUEST_ID_HEADER.encode()] = self._request_id.encode()
        found[TRACERESPONSE.encode()] = self._begun.place.header().encode()
        page, allowed = self._headers.get("origin"), self._api.settings.allowed_origins
        found.update(_raw(origin.cors_headers(page, allowed)))
        site = self._headers.get("sec-fetch-site")
        cookies = (
            origin.cookie_for(cookie, page, sec_fetch_site=site, allowed=allowed)
            for cookie in self._scope.get(SET_COOKIE, [])
        )
        return [*found.items(), *((b"set-cookie", cookie.encode()) for cookie in cookies)]


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, once."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _raw(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
