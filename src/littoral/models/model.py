"""What a language model is to the rest of the package: a request in, a stream of events out.

Providers (Workers AI, OpenAI-compatible HTTP, offline) implement ``Model``;
``littoral.models.chain`` puts the breaker, retries, fallbacks and the meter around them and is
itself a ``Model``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool-calls", "content-filter", "other"]
JsonObject = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ToolSpec:
    """A tool as a model sees it. ``parameters`` is a JSON schema of type object."""

    name: str
    description: str
    parameters: JsonObject


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A model's wish to call a tool. ``arguments`` is the JSON text as the model wrote it.

    The text may be no JSON at all: ``littoral.models.tool`` parses it and answers the model with
    the exact problem. ``id`` is unique within a conversation (providers without ids get ours).
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, kw_only=True)
class ModelMessage:
    """One message of the conversation as it is sent to a model.

    ``tool_calls`` belongs to role assistant, ``tool_call_id`` and ``tool_name`` to role tool.
    """

    role: Role
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    tool_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelRequest:
    """One call of a model.

    ``affinity`` names the conversation so that a provider can reuse its prompt cache.
    ``response_schema`` asks for one JSON document of that schema as the text (no tools then).
    ``timeout_seconds`` covers the whole call, from the request to the last word.
    ``model`` is filled by the chain; a provider reads its own id from it. With ``free_because`` the
    chain asks only the model that costs nothing, and tells this as the reason. ``gateway`` are
    options of AI Gateway, for providers that go through one.
    """

    messages: Sequence[ModelMessage]
    tools: Sequence[ToolSpec] = ()
    model: str = ""
    max_output_tokens: int = 1024
    temperature: float | None = None
    response_schema: JsonObject | None = None
    affinity: str = ""
    timeout_seconds: float = 60.0
    free_because: str = ""
    gateway: JsonObject | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a call used. ``cost_usd`` is 0.0 for models whose price is not known."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=self.cost_usd + other.cost_usd,
        )


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Comes first from the chain: which model answers, and whether that is second best.

    ``degraded`` is true when an earlier model of the list failed; ``reason`` says why, for people.
    """

    model: str
    degraded: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TextDelta:
    """The next words of the answer; never empty. A provider sends what is ready as one delta."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ReasoningDelta:
    """The next words of the model's reasoning, where a provider shows it."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ToolCallReady:
    """A complete tool call. A half-streamed one is never sent."""

    call: ToolCall


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Comes last, once. A stream that ends without it was cut off."""

    reason: FinishReason = "stop"
    usage: Usage = field(default_factory=Usage)


ModelEvent = Chosen | TextDelta | ReasoningDelta | ToolCallReady | Finished


class Model(Protocol):
    """A language model.

    ``stream`` yields events and ends with ``Finished``, or raises ``ModelUnavailable`` (worth
    another try), ``ModelRefused`` (the same request fails again) or ``DeadlineExceeded``. Closing
    the iterator early ends the call at the provider.
    """

    def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]: ...
