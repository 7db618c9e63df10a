"""The one JSON string that crosses each way between a door and an object.

A call is ``{"method", "trace", "args", "owner", "sessionId", "bare", "requestId", "payer"}``; an
answer is ``{"ok": true, "result": …}`` or ``{"ok": false, "problem": {…}}``. Exception types do not
survive RPC between objects, so an error travels as its problem and is made anew from the ``code``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from littoral.errors import InvalidInput, LittoralError, every_error, problem
from littoral.jsontext import dumps
from littoral.ops.current import traceparent

_HEAD = re.compile(r'\{"method":"([^"\\]{0,80})","trace":"([^"\\]{0,256})"')
_RESULT = '{"ok":true,"result":'


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an object's method.

    ``owner`` and ``session_id`` name the object for itself (a directory has no ``session_id``).
    ``bare`` is true when the caller has no cookie. ``payer`` is ``<user id>.<key id>`` of an
    account, empty for a guest. ``trace`` is the W3C ``traceparent`` of what makes the call, by
    itself the current one.
    """

    method: str
    args: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    session_id: str = ""
    bare: bool = False
    request_id: str = ""
    payer: str = ""
    trace: str = field(default_factory=traceparent)

    def text(self) -> str:
        """The call as it travels."""
        return dumps(
            {
                "method": self.method,
                "trace": self.trace,
                "args": self.args,
                "owner": self.owner,
                "sessionId": self.session_id,
                "bare": self.bare,
                "requestId": self.request_id,
                "payer": self.payer,
            }
        )

    @classmethod
    def read(cls, text: str) -> Call:
        """Reads what ``text`` wrote; raises ``InvalidInput`` for anything else."""
        try:
            raw = json.loads(text)
            return cls(
                method=raw["method"],
                args=raw["args"],
                owner=raw["owner"],
                session_id=raw["sessionId"],
                bare=raw["bare"],
                request_id=raw["requestId"],
                payer=raw.get("payer", ""),
                trace=raw.get("trace", ""),
            )
        except (ValueError, KeyError, TypeError):
            raise InvalidInput("This is no call of an object's method.") from None


def head_of(text: str) -> tuple[str, str]:
    """Method and trace of a call as it travels, without reading the rest; empty when unknown."""
    found = _HEAD.match(text)
    return (found[1], found[2]) if found else ("", "")


def success(result: Any) -> str:
    """The answer that carries a result."""
    return f"{_RESULT}{dumps(result)}}}"


def failure(error: BaseException, request_id: str = "") -> str:
    """The answer that carries an error; an unknown exception loses its text here."""
    return dumps({"ok": False, "problem": problem(error, request_id)})


def result_of(text: str) -> Any:
    """The result in an answer; raises the error that it carries."""
    answer = json.loads(text)
    if answer["ok"]:
        return answer["result"]
    raise error_of(answer["problem"])


def result_text(text: str) -> str:
    """The result in an answer as JSON text, not parsed; raises the error that it carries."""
    if text.startswith(_RESULT):
        return text[len(_RESULT) : -1]
    return dumps(result_of(text))


def error_of(body: Mapping[str, Any]) -> LittoralError:
    """The error that a problem object describes."""
    kind = _errors_by_code().get(str(body.get("code")), LittoralError)
    return kind(
        str(body.get("detail", "")),
        next_step=body.get("nextStep"),
        fields=body.get("errors"),
        retry_after_seconds=body.get("retryAfterSeconds"),
        retryable=body.get("retryable"),
    )


@cache
def _errors_by_code() -> dict[str, type[LittoralError]]:
    # Parents come first in the list and win: a child of the same code may want other arguments.
    return {error.code: error for error in reversed(every_error())}
