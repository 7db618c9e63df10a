"""The routes, one module for each noun: they read a request, call one object, and answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from littoral.accounts.session_id import SESSION_ID_PATTERN

SessionId = Annotated[
    str, Path(alias="sessionId", pattern=SESSION_ID_PATTERN, description="The session's id.")
]
TaskId = Annotated[int, Path(alias="taskId", ge=1, le=2**31 - 1, description="The task's number.")]

_MEANINGS = {
    400: "The request cannot be understood.",
    401: "No credential, or one that is not good.",
    402: "The account's credits do not cover this.",
    403: "A page of another origin asked, or the key lacks the scope.",
    404: "There is no such thing, or it is somebody else's.",
    409: "It does not fit the present state.",
    413: "The body is too large or nested too deep.",
    415: "The body is no JSON.",
    422: "A value breaks a rule.",
    429: "A limit is reached.",
    500: "Something failed on our side.",
    502: "The model's provider refused.",
    503: "Something that is needed does not answer.",
    504: "It took too long.",
}


def problems(*statuses: int, asks_who: bool = True) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route for the API description.

    500 and 503 are always possible; 401, 403 and 429 wherever it is asked who calls.
    """
    always = (401, 403, 429, 500, 503) if asks_who else (500, 503)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _MEANINGS[status], "content": content}
        for status in (*statuses, *always)
    }


IDEMPOTENCY_KEY_DOC: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Repeating a request with the same key gives the first answer again.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,128}$"},
}

WRITE = (400, 403, 413, 415, 422)
"""What any route with a body may refuse."""
