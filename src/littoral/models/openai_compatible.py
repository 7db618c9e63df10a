"""Models behind any endpoint that speaks OpenAI's chat completions.

OpenAI, Ollama, vLLM, llama.cpp and AI Gateway differ in what they refuse; a request that is refused
for one feature is sent again without it, and the endpoint is remembered to lack it. The key is sent
to the configured endpoint and never appears in an error.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from littoral.clock import Ids, RandomIds
from littoral.errors import LittoralError, ModelRefused, ModelUnavailable
from littoral.models.chat_completions import messages_of, tools_of
from littoral.models.deadline import Deadline
from littoral.models.http_client import HttpClient, HttpFailed, HttpResponse
from littoral.models.model import ModelEvent, ModelRequest
from littoral.models.reply import ReplyReader
from littoral.models.reply_stream import TransportFailed, close, events_of_stream

PREFIX = "openai/"
MAX_BODY_BYTES = 4_000_000
MAX_REFUSAL_BYTES = 16_000
MAX_RETRY_AFTER_SECONDS = 3_600.0


@dataclass(frozen=True, kw_only=True)
class _Manner:
    """What an endpoint understands; begins with everything and loses what it refuses."""

    usage_in_stream: bool = True
    schema: bool = True
    json_object: bool = True
    temperature: bool = True
    completion_tokens: bool = False

    def without(self, refusal: str, body: Mapping[str, Any]) -> _Manner | None:
        """The manner to try after this refusal, or ``None`` when the refusal stands."""
        if "max_completion_tokens" in refusal and "max_tokens" in body:
            return _changed(self, completion_tokens=True)
        if "stream_options" in refusal and "stream_options" in body:
            return _changed(self, usage_in_stream=False)
        if "temperature" in refusal and "temperature" in body:
            return _changed(self, temperature=False)
        kind = body.get("response_format", {}).get("type")
        if kind == "json_schema":
            return _changed(self, schema=False)
        if kind == "json_object":
            return _changed(self, json_object=False)
        return None


def _changed(manner: _Manner, **changes: bool) -> _Manner:
    return _Manner(**{**vars(manner), **changes})


class OpenAiCompatible:
    """``Model`` over HTTP. ``base_url`` ends before ``/chat/completions``; the key may be empty.

    The model's name is the request's id without ``openai/``.
    """

    def __init__(
        self, http: HttpClient, *, base_url: str, api_key: str = "", ids: Ids | None = None
    ) -> None:
        self._http = http
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._api_key = api_key
        self._ids = ids or RandomIds()
        self._manners: dict[str, _Manner] = {}

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        """Streams; an endpoint that answers in one piece all the same is understood too."""
        reader = ReplyReader(request, self._ids)
        with Deadline(request.timeout_seconds) as deadline:
            response = await self._send(request, deadline)
            try:
                if "json" in response.headers.get("content-type", ""):
                    for event in await _whole(response, reader, deadline):
                        yield event
                    return
                events = events_of_stream(
                    response.chunks(), reader, deadline, failure_in=_failure_in, failure_of=_lost
                )
                async with aclosing(events):
                    async for event in events:
                        yield event
            finally:
                await response.close()

    async def _send(self, request: ModelRequest, deadline: Deadline) -> HttpResponse:
        """An answer with status 200, after as many changes of manner as it takes.

        What worked is remembered for the model; a refusal that stood teaches nothing.
        """
        manner: _Manner | None = self._manners.get(request.model, _Manner())
        while True:
            assert manner is not None
            body = _body(request, manner)
            response = await self._post(request, body, deadline)
            if response.status == 200:
                self._manners[request.model] = manner
                return response
            refusal = await _refusal_text(response, deadline)
            manner = manner.without(refusal, body) if response.status in (400, 422) else None
            if manner is None:
                raise self._failure(response, refusal, request.model)

    async def _post(
        self, request: ModelRequest, body: dict[str, Any], deadline: Deadline
    ) -> HttpResponse:
        headers = {"content-type": "application/json", "accept": "text/event-stream"}
        if self._api_key:
            headers["authorization"] = f"Bearer {self._api_key}"
        if request.affinity:
            headers["x-session-affinity"] = request.affinity
        text = json.dumps(body, separators=(",", ":"))
        call = self._http.stream("POST", self._url, headers, text, request.timeout_seconds)
        try:
            return await deadline.wait(call)
        except HttpFailed:
            raise _unreachable() from None

    def _failure(self, response: HttpResponse, refusal: str, model: str) -> LittoralError:
        status = response.status
        if status in (401, 403):
            return ModelRefused(
                f"The model's endpoint answered {status}: it does not accept the key.",
                next_step="Check OPENAI_API_KEY, and that it belongs to OPENAI_BASE_URL.",
            )
        if status == 404:
            return ModelRefused(
                f"The model's endpoint answered 404 for {model}.",
                next_step="Check the model's name, and that OPENAI_BASE_URL ends with /v1 "
                "(or what the endpoint asks).",
            )
        if status in (408, 409, 425, 429) or status >= 500:
            return ModelUnavailable(
                f"The model's endpoint answered {status}.", retry_after_seconds=_wait(response)
            )
        said = self._without_key(refusal)
        return ModelRefused(f"The model's endpoint answered {status}{': ' if said else ''}{said}")

    def _without_key(self, text: str) -> str:
        """The endpoint's own words, short, on one line, and never with the key in them."""
        clean = text.replace(self._api_key, "…") if self._api_key else text
        return " ".join(clean.split())[:300]


def _body(request: ModelRequest, manner: _Manner) -> dict[str, Any]:
    limit = "max_completion_tokens" if manner.completion_tokens else "max_tokens"
    body: dict[str, Any] = {
        "model": request.model.removeprefix(PREFIX),
        "messages": messages_of(request),
        "stream": True,
        limit: request.max_output_tokens,
    }
    if manner.usage_in_stream:
        body["stream_options"] = {"include_usage": True}
    if request.temperature is not None and manner.temperature:
        body["temperature"] = request.temperature
    tools = tools_of(request)
    if tools:
        body["tools"] = tools
    if request.response_schema is not None:
        _ask_document(body, request.response_schema, manner)
    return body


def _ask_document(body: dict[str, Any], schema: Mapping[str, Any], manner: _Manner) -> None:
    if manner.schema:
        described = {"name": "answer", "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": described}
        return
    text = (
        f"Answer with one JSON document of this JSON schema and nothing else: {json.dumps(schema)}"
    )
    body["messages"] = [*body["messages"], {"role": "system", "content": text}]
    if manner.json_object:
        body["response_format"] = {"type": "json_object"}


async def _whole(
    response: HttpResponse, reader: ReplyReader, deadline: Deadline
) -> list[ModelEvent]:
    try:
        piece = from_json(await _read(response, MAX_BODY_BYTES, deadline))
    except ValueError:
        raise ModelUnavailable("The model's answer is no JSON.") from None
    failure = _failure_in(piece)
    if failure is not None:
        raise failure
    return [*reader.read_whole(piece), *reader.finish()]


async def _read(response: HttpResponse, most_bytes: int, deadline: Deadline) -> bytes:
    """The whole body; raises ``ModelUnavailable`` when it is longer than is taken."""
    chunks = response.chunks()
    body = bytearray()
    try:
        while len(body) <= most_bytes:
            body += await deadline.wait(anext(chunks))
    except StopAsyncIteration:
        return bytes(body)
    except HttpFailed as error:
        raise _lost(error) from None
    finally:
        await close(chunks)
    raise ModelUnavailable("The model's answer has no end; it was cut off.")


async def _refusal_text(response: HttpResponse, deadline: Deadline) -> str:
    """What the endpoint says about its refusal: its ``error.message``, or the body's beginning."""
    try:
        body = await _read(response, MAX_REFUSAL_BYTES, deadline)
    except ModelUnavailable:
        return ""
    finally:
        await response.close()
    try:
        error = from_json(body)["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, LookupError, TypeError):
        return body.decode(errors="replace")


def _failure_in(piece: Any) -> LittoralError | None:
    """The error that an endpoint may send with status 200, in place of words."""
    if not isinstance(piece, dict) or not piece.get("error"):
        return None
    return ModelUnavailable("The model's endpoint reported an error in its answer.")


def _lost(_: TransportFailed) -> ModelUnavailable:
    return ModelUnavailable("The connection to the model's endpoint was lost.")


def _unreachable() -> ModelUnavailable:
    return ModelUnavailable(
        "The model's endpoint cannot be reached.",
        next_step="Check OPENAI_BASE_URL and that the endpoint runs, and try again.",
    )


def _wait(response: HttpResponse) -> float | None:
    """Retry-After in seconds. The form with a date is rare here and is not read."""
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= MAX_RETRY_AFTER_SECONDS else MAX_RETRY_AFTER_SECONDS
