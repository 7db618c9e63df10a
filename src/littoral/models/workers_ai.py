"""Models on Workers AI, through the binding of the Worker.

The binding itself is the platform's (``littoral.platform.ai``); here it is one call that takes and
gives text. Error codes are those of Cloudflare's page "Workers AI: Errors" (seen 2026-07-29).
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Protocol

from pydantic_core import from_json

from littoral.clock import Ids, RandomIds
from littoral.errors import LittoralError, ModelRefused, ModelUnavailable
from littoral.models.chat_completions import messages_of, tools_of
from littoral.models.deadline import Deadline
from littoral.models.model import ModelEvent, ModelMessage, ModelRequest
from littoral.models.reply import ReplyReader
from littoral.models.reply_stream import TransportFailed, events_of_stream

_CODE = re.compile(r"\b([35]0\d\d)\b")
_NO_MODEL = (5007, 3042)
_NO_ACCESS = (3023, 3041, 5016, 5018)


class AiFailed(TransportFailed):
    """The binding refused or failed; the text is the platform's, codes included."""


class AiBinding(Protocol):
    """``env.AI`` with everything that crosses the border as text."""

    async def run(
        self, model: str, inputs_json: str, options_json: str
    ) -> str | AsyncIterator[bytes | str]:
        """Calls a model: JSON text of the whole answer, or the chunks of its event stream.

        Raises ``AiFailed``, also from the iterator. Closing the iterator ends the call.
        """
        ...


class WorkersAi:
    """``Model`` on Workers AI. The model's id, ``@cf/…``, is read from each request."""

    def __init__(self, binding: AiBinding, *, gateway_id: str = "", ids: Ids | None = None) -> None:
        self._binding = binding
        self._gateway_id = gateway_id
        self._ids = ids or RandomIds()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        """Streams, but for a document: JSON mode cannot stream and comes in one piece."""
        reader = ReplyReader(request, self._ids)
        with Deadline(request.timeout_seconds) as deadline:
            answer = await self._run(request, deadline)
            if isinstance(answer, str):
                for event in _whole(answer, reader):
                    yield event
                return
            events = events_of_stream(
                answer,
                reader,
                deadline,
                failure_in=lambda piece: _failure_in(piece, request.model),
                failure_of=lambda error: failure_of(str(error), request.model),
            )
            async with aclosing(events):
                async for event in events:
                    yield event

    async def _run(
        self, request: ModelRequest, deadline: Deadline
    ) -> str | AsyncIterator[bytes | str]:
        inputs = json.dumps(_inputs(request), separators=(",", ":"))
        options = json.dumps(self._options(request), separators=(",", ":"))
        try:
            return await deadline.wait(self._binding.run(request.model, inputs, options))
        except AiFailed as error:
            raise failure_of(str(error), request.model) from None

    def _options(self, request: ModelRequest) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if request.affinity:
            options["headers"] = {"x-session-affinity": request.affinity}
        gateway = {"id": self._gateway_id, **(request.gateway or {})}
        if gateway["id"]:  # Options mean nothing without a gateway.
            options["gateway"] = gateway
        return options


def _inputs(request: ModelRequest) -> dict[str, Any]:
    """Always with ``max_tokens``: the default of 256 cuts most answers off."""
    inputs: dict[str, Any] = {
        "messages": [
            _named(body, message)
            for body, message in zip(messages_of(request), request.messages, strict=True)
        ],
        "max_tokens": request.max_output_tokens,
    }
    if request.temperature is not None:
        inputs["temperature"] = request.temperature
    if request.response_schema is not None:
        schema = request.response_schema
        inputs["response_format"] = {"type": "json_schema", "json_schema": schema}
        return inputs
    inputs["stream"] = True
    tools = tools_of(request)
    if tools:
        inputs["tools"] = tools
    return inputs


def _named(body: dict[str, Any], message: ModelMessage) -> dict[str, Any]:
    """Workers AI tells the results of tools apart by the tool's name."""
    return {**body, "name": message.tool_name} if message.role == "tool" else body


def _whole(answer: str, reader: ReplyReader) -> list[ModelEvent]:
    try:
        piece = from_json(answer)
    except ValueError:
        raise ModelUnavailable("The model's answer is no JSON.") from None
    return [*reader.read_whole(piece), *reader.finish()]


def _failure_in(piece: Any, model: str) -> LittoralError | None:
    """The error that a stream may carry in place of words."""
    if not isinstance(piece, dict):
        return None
    found = piece.get("error") or piece.get("errors")
    return failure_of(json.dumps(found), model) if found else None


def failure_of(text: str, model: str) -> LittoralError:
    """The error of ours for the platform's text. Only its code is passed on, never the text."""
    if "run remotely" in text:
        return ModelUnavailable(
            "The Workers AI binding has no account here: it only works when it runs remotely.",
            next_step="Deploy, or set DEFAULT_MODEL to offline or to openai/<model>.",
            retryable=False,
        )
    found = _CODE.search(text)
    code = int(found[1]) if found else 0
    named = f"Workers AI error {code}" if code else "Workers AI failed"
    return _refusal(code, named, model) or ModelUnavailable(f"{named} for {model}.")


def _refusal(code: int, named: str, model: str) -> LittoralError | None:
    """A ``ModelRefused`` for codes that the same request meets again."""
    if code == 3036:
        return ModelRefused(
            f"{named}: today's free allocation of the account is used up.",
            next_step="Wait until 00:00 UTC or take the Workers Paid plan.",
        )
    if code == 5035:
        return ModelRefused(
            f"{named}: the account's plan does not include {model}.",
            next_step="Take a plan that includes it, or set DEFAULT_MODEL to another model.",
        )
    if code in _NO_MODEL:
        return ModelRefused(f"{named}: there is no model {model}.")
    if code in _NO_ACCESS:
        return ModelRefused(
            f"{named}: the account may not use {model}.",
            next_step="Accept the model's terms in the dashboard, or choose another model.",
        )
    if code == 3006 or (5000 <= code < 5030):
        return ModelRefused(f"{named}: the request does not suit {model}.")
    return None
