"""Answers of the hot door: a ``js.Response`` with the headers that every answer carries."""

from __future__ import annotations

import json
from typing import Any

from pyodide.ffi import jsnull

from littoral.api.headers import AUTHENTICATE, answer_headers
from littoral.errors import DependencyUnavailable, problem
from littoral.jsontext import dumps
from littoral.platform.builtin import builtins

JSON = "application/json"
PROBLEM = "application/problem+json"
NO_BODY = jsnull


def header_of(request: Any, name: str) -> str | None:
    """One header of a raw request, ``None`` when it is missing."""
    value = request.headers.get(name)
    return value if isinstance(value, str) else None


def headers_of(request: Any) -> dict[str, str]:
    """All headers of a raw request, names in lower case: one crossing instead of one for each."""
    known = builtins()
    headers: dict[str, str] = json.loads(known.stringify(known.from_entries(request.headers)))
    return headers


def response(
    body: Any, *, status: int = 200, content_type: str = JSON, headers: dict[str, str]
) -> Any:
    """A response; ``body`` is text or a JavaScript stream."""
    init = {"status": status, "headers": {"content-type": content_type, **headers}}
    known = builtins()
    return known.new_response(body, known.parse(dumps(init)))


def problem_response(error: BaseException, request_id: str, headers: dict[str, str]) -> Any:
    """The answer for any error (RFC 9457)."""
    body = problem(error, request_id)
    more = dict(headers)
    if body["status"] == 401:
        more.update((AUTHENTICATE,))
    if "retryAfterSeconds" in body:
        more["retry-after"] = str(max(1, round(body["retryAfterSeconds"])))
    return response(dumps(body), status=body["status"], content_type=PROBLEM, headers=more)


def common_headers(*, is_https: bool, request_id: str, cookie: str | None) -> dict[str, str]:
    """What every answer of the hot door carries."""
    headers = dict(answer_headers(is_https=is_https))
    headers["x-request-id"] = request_id
    if cookie:
        headers["set-cookie"] = cookie
    return headers


def misconfigured(error: ValueError) -> Any:
    """The answer to every request while a setting cannot be used; the text names it."""
    return problem_response(misconfiguration(error), "", {})


def misconfiguration(error: ValueError) -> DependencyUnavailable:
    """What is told to callers while a setting cannot be used."""
    return DependencyUnavailable(
        str(error), next_step="Correct the setting (docs/settings.md) and deploy again."
    )
