"""The API for other Workers: named methods, one JSON string in and one out.

A call is translated into the request that it stands for and sent through the whole application, so
that the key, scopes, limits, sizes and errors are those of HTTP. What comes back is an envelope:
``{"ok": true, "result": …}`` or ``{"ok": false, "problem": {…}}``.

Exceptions of Workers do not survive RPC, so nothing is raised here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from littoral.api.envelope import failure
from littoral.api.limits import BODY_BYTES, FUNCTION_BODY_BYTES, body_bytes
from littoral.errors import InvalidInput, NotAuthenticated, NotFound
from littoral.jsontext import dumps, loads
from littoral.text import kind_of

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
Arguments = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The request that a method stands for; ``{names}`` in ``path`` come from the arguments."""

    method: str
    path: str


OPERATIONS: Final[Mapping[str, Operation]] = {
    "me": Operation(method="GET", path="/api/me"),
    "chat": Operation(method="POST", path="/api/chat"),
    "list_sessions": Operation(method="GET", path="/api/sessions"),
    "get_session": Operation(method="GET", path="/api/sessions/{sessionId}"),
    "start_run": Operation(method="POST", path="/api/orchestrator"),
    "list_runs": Operation(method="GET", path="/api/orchestrator/runs"),
    "get_run": Operation(method="GET", path="/api/orchestrator/runs/{runId}"),
    "run_events": Operation(method="GET", path="/api/orchestrator/runs/{runId}/events"),
    "approve_run": Operation(method="POST", path="/api/orchestrator/runs/{runId}/approve"),
    "reject_run": Operation(method="POST", path="/api/orchestrator/runs/{runId}/reject"),
    "cancel_run": Operation(method="POST", path="/api/orchestrator/runs/{runId}/cancel"),
    "create_agent": Operation(method="POST", path="/agents"),
    "get_status": Operation(method="GET", path="/agents/{sessionId}"),
    "generate_code": Operation(method="POST", path="/agents/{sessionId}/generate"),
    "send_message": Operation(method="POST", path="/agents/{sessionId}/message"),
    "get_files": Operation(method="GET", path="/agents/{sessionId}/files"),
    "get_preview": Operation(method="GET", path="/agents/{sessionId}/preview"),
    "cancel_agent": Operation(method="POST", path="/agents/{sessionId}/cancel"),
    "credits": Operation(method="GET", path="/api/credits"),
    "execute_agent": Operation(method="POST", path="/api/agents/{agentId}/execute"),
    "start_mesh_task": Operation(method="POST", path="/api/mesh/tasks"),
    "get_mesh_task": Operation(method="GET", path="/api/mesh/tasks/{taskId}"),
    "execute_function": Operation(method="POST", path="/fn"),
    "classify": Operation(method="POST", path="/fn/classify"),
    "get_job": Operation(method="GET", path="/fn/jobs/{jobId}"),
    "list_jobs": Operation(method="GET", path="/fn/jobs"),
    "cancel_job": Operation(method="POST", path="/fn/jobs/{jobId}/cancel"),
    "complete_human_task": Operation(method="POST", path="/fn/human-tasks/{taskId}/complete"),
}
"""Every method of the service by its name."""


class Service:
    """Answers calls with one application."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def call(self, name: str, text: str) -> str:
        """One call. ``text`` is an object: ``apiKey``, ``requestId?``, ``idempotencyKey?``, and the
        operation's own fields. Never raises; repeating is as safe as the operation is.
        """
        request_id = ""
        try:
            operation = _operation(name)
            arguments = _arguments(text, body_bytes(operation.path))
            request_id = str(arguments.pop("requestId", ""))
            headers = _headers(arguments, request_id)
            status, body = await self._send(operation, arguments, headers)
        except Exception as error:  # noqa: BLE001 - the rim: exceptions do not survive RPC
            return failure(error, request_id)
        if status < 400:
            return f'{{"ok":true,"result":{body or "null"}}}'
        return f'{{"ok":false,"problem":{body}}}'

    async def _send(
        self, operation: Operation, arguments: Arguments, headers: dict[str, str]
    ) -> tuple[int, str]:
        path = _path(operation.path, arguments)
        query, body = "", b""
        if operation.method == "GET":
            query = urlencode({key: _word(key, value) for key, value in arguments.items()})
        else:
            body = dumps(arguments).encode()
            headers = {**headers, "content-type": "application/json"}
        exchange = _Exchange(body)
        scope = _scope(operation.method, path, query, headers)
        await self._app(scope, exchange.receive, exchange.send)
        return exchange.status, b"".join(exchange.pieces).decode()


class _Exchange:
    """One request's body in, one answer out."""

    def __init__(self, body: bytes) -> None:
        self._waiting = [{"type": "http.request", "body": body, "more_body": False}]
        self.status = 500
        self.pieces: list[bytes] = []

    async def receive(self) -> dict[str, Any]:
        return self._waiting.pop() if self._waiting else {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.pieces.append(message.get("body", b""))


def _operation(name: str) -> Operation:
    found = OPERATIONS.get(name)
    if found is None:
        raise NotFound(
            f"The service has no method {name[:60]!r}.",
            next_step=f"Call one of: {', '.join(OPERATIONS)}.",
        )
    return found


def _arguments(text: str, most: int = BODY_BYTES) -> Arguments:
    if not isinstance(text, str):
        raise InvalidInput("Calls take one JSON text.")
    found = loads(text, most_characters=most, what="The call")
    if not isinstance(found, dict):
        raise InvalidInput(f"A call must be an object, not {kind_of(found)}.")
    return found


def _headers(arguments: Arguments, request_id: str) -> dict[str, str]:
    """The headers that the common fields stand for; takes these out of ``arguments``."""
    key = arguments.pop("apiKey", None)
    if not isinstance(key, str) or not key:
        raise NotAuthenticated("The call has no apiKey.", next_step="Send a key as apiKey.")
    headers = {"x-api-key": key, "accept": "application/json"}
    repeat = arguments.pop("idempotencyKey", None)
    if repeat is not None:
        headers["idempotency-key"] = _word("idempotencyKey", repeat)
    if request_id:
        headers["x-request-id"] = request_id
    return headers


def _path(template: str, arguments: Arguments) -> str:
    parts = []
    for part in template.split("/"):
        if part.startswith("{"):
            name = part[1:-1]
            part = quote(_word(name, arguments.pop(name, None)), safe="")
        parts.append(part)
    return "/".join(parts)


def _word(name: str, value: Any) -> str:
    """A value as it stands in an address or a header."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise InvalidInput(
            f"{name} must be text or a number, not {kind_of(value)}.",
            fields=[{"field": name, "message": "this is needed as text"}],
        )
    return str(value)


def _scope(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "server": ("rpc.littoral", None),
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()
        ],
    }


def call_of(text: str) -> tuple[str, str]:
    """Name and arguments of a call that names its method itself: ``{"method": …, …}``.

    Raises ``InvalidInput``.
    """
    arguments = _arguments(text, FUNCTION_BODY_BYTES)
    name = arguments.pop("method", None)
    if not isinstance(name, str):
        raise InvalidInput("method must be the name of a method.")
    return name, json.dumps(arguments)
