"""Errors as HTTP answers: ``application/problem+json`` (RFC 9457), made in this one place."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from littoral.accounts.guest import clear_cookie
from littoral.api.context import ERROR_CODE, REQUEST_ID, is_https, set_cookie
from littoral.api.headers import AUTHENTICATE
from littoral.api.validation import invalid_input
from littoral.errors import (
    CallerError,
    GuestClaimed,
    LittoralError,
    MethodNotAllowed,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    problem,
)
from littoral.jsontext import dumps

PROBLEM_TYPE = "application/problem+json"

_BY_STATUS: dict[int, type[LittoralError]] = {
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMedia,
}

_log = logging.getLogger(__name__)


def problem_response(
    error: BaseException, request_id: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for any error. An unknown one is logged here and says nothing outside."""
    if not isinstance(error, LittoralError):
        _log.error("request %s failed", request_id, exc_info=error)
    body = problem(error, request_id)
    more = dict(headers or {})
    if body["status"] == 401:
        more.update((AUTHENTICATE,))
    wait = body.get("retryAfterSeconds")
    if wait is not None:
        more["retry-after"] = str(max(1, round(wait)))
    return Response(dumps(body).encode(), body["status"], more, media_type=PROBLEM_TYPE)


def code_of(error: BaseException) -> str:
    """The code that callers are told."""
    return error.code if isinstance(error, LittoralError) else LittoralError.code


def add_problem_handlers(app: FastAPI) -> None:
    """Lets the application answer its own errors and the framework's alike."""
    app.add_exception_handler(LittoralError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


async def _on_error(request: Request, error: Exception) -> Response:
    if isinstance(error, GuestClaimed):
        set_cookie(request, clear_cookie(is_https(request)))
    return _answered(request, error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = invalid_input(error.errors())
    if request.method in ("GET", "HEAD") and isinstance(found, CallerError):
        found.advice = "Correct the address and try again."
    return _answered(request, found)


async def _on_http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths and methods, unreadable bodies."""
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(error.status_code, CallerError)
    detail = {
        404: f"There is nothing at {request.url.path[:200]}.",
        405: f"{request.method} is not available at {request.url.path[:200]}.",
    }.get(error.status_code, "The request cannot be read.")
    advice = "See /docs for the paths there are." if error.status_code == 404 else None
    headers = error.headers
    if error.status_code == 405:
        headers = {"allow": _allowed(request)}
    return _answered(request, kind(detail, next_step=advice), headers)


def _answered(
    request: Request, error: Exception, headers: Mapping[str, str] | None = None
) -> Response:
    request.scope[ERROR_CODE] = code_of(error)
    return problem_response(error, _request_id(request), headers)


def _allowed(request: Request) -> str:
    """The methods of every route at this path; the framework itself names those of the first."""
    routes: Iterable[Any] = request.app.state.routes
    found = {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods
    }
    return ", ".join(sorted(found))


def _request_id(request: Request) -> str:
    found: Any = request.scope.get(REQUEST_ID, "")
    return str(found)
