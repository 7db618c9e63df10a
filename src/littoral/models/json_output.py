"""JSON documents from a model: asked by schema, checked, asked again with the exact problems.

The checking itself is left to ``littoral.models.json_schema``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import from_json

from littoral.errors import ModelRefused, ModelUnavailable
from littoral.models.json_schema import JsonSchema
from littoral.models.model import (
    Chosen,
    Finished,
    FinishReason,
    Model,
    ModelMessage,
    ModelRequest,
    TextDelta,
    Usage,
)
from littoral.models.reply_stream import close

MOST_ASKS = 3
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class JsonAnswer:
    """A document that fits. ``usage`` sums all ``asks``; ``chosen`` is the last model's."""

    value: Any
    usage: Usage
    asks: int
    chosen: Chosen


@dataclass(frozen=True, kw_only=True)
class _Said:
    text: str
    reason: FinishReason
    usage: Usage
    chosen: Chosen


async def ask_json(
    model: Model, request: ModelRequest, schema: Mapping[str, Any] | JsonSchema
) -> JsonAnswer:
    """Asks for one document of the schema.

    A document that does not fit is asked again with its problems, twice at most, then
    ``ModelUnavailable``. One that was cut off by its length raises ``ModelRefused`` at once:
    asking again would cut it off again. A schema that cannot be used raises ``InvalidInput``. The
    request's own tools and ``response_schema`` are not used. Give a ``JsonSchema`` to have it
    read once.
    """
    checker = schema if isinstance(schema, JsonSchema) else JsonSchema(schema)
    document = checker.schema if isinstance(checker.schema, Mapping) else {}
    asking = replace(request, tools=(), response_schema=document)
    used = Usage()
    problems: list[str] = []
    for asks in range(1, MOST_ASKS + 1):
        said = await _ask(model, asking)
        used += said.usage
        if said.reason == "length":
            raise _too_long(request)
        value, problems = _check(said.text, checker)
        if not problems:
            return JsonAnswer(value=value, usage=used, asks=asks, chosen=said.chosen)
        asking = replace(asking, messages=(*asking.messages, *_correction(said.text, problems)))
    raise ModelUnavailable(
        f"The model gave no document that fits, asked {MOST_ASKS} times. Last: {problems[0]}",
        next_step="Simplify the schema or choose another model.",
    )


async def _ask(model: Model, request: ModelRequest) -> _Said:
    parts: list[str] = []
    chosen = Chosen(model=request.model)
    events = model.stream(request)
    try:
        async for event in events:
            if isinstance(event, TextDelta):
                parts.append(event.text)
            elif isinstance(event, Chosen):
                chosen = event
            elif isinstance(event, Finished):
                return _Said(
                    text="".join(parts), reason=event.reason, usage=event.usage, chosen=chosen
                )
    finally:
        await close(events)
    raise ModelUnavailable("The model's answer was cut off before its end.")


def _check(text: str, checker: JsonSchema) -> tuple[Any, list[str]]:
    try:
        value = read_document(text)
    except ValueError as error:
        return None, [f"document: is not JSON: {error}"]
    return value, checker.problems(value)


def read_document(text: str) -> Any:
    """The JSON document in a model's text: all of it, in a code fence, or after some words.

    Raises ``ValueError`` when there is none.
    """
    problem: ValueError | None = None
    for each in _candidates(text):
        try:
            return from_json(each, allow_inf_nan=False)
        except ValueError as error:
            problem = problem or error
    raise problem or ValueError("there is no text")


def _candidates(text: str) -> Iterator[str]:
    yield text
    fence = _FENCE.search(text)
    if fence:
        yield fence[1]
    brackets = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    if brackets:
        yield text[min(brackets) : max(text.rfind("}"), text.rfind("]")) + 1]


def _correction(text: str, problems: list[str]) -> tuple[ModelMessage, ModelMessage]:
    listed = "\n".join(f"- {each}" for each in problems)
    words = f"That does not fit the JSON schema:\n{listed}\nAnswer with the corrected JSON only."
    said = ModelMessage(role="assistant", text=text[:20_000] or "(nothing)")
    return said, ModelMessage(role="user", text=words)


def _too_long(request: ModelRequest) -> ModelRefused:
    return ModelRefused(
        f"The document was cut off after {request.max_output_tokens} tokens.",
        next_step="Ask for less, or raise MAX_OUTPUT_TOKENS.",
    )
