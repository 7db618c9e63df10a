"""The loop that answers one turn: ask the model, run the tools that it calls, ask again.

    run ── step ── model.stream           words and tool calls become chunks
       └── settle ── run, ask, refuse     every call gets a result, or the turn waits for a person

The loop keeps nothing of its own. What was done is in the chunks of the stream, so after a kill the
same loop goes on from the journaled chunks: a finished step is not asked for again and a tool that
took effect is not run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from littoral.chat.answer_budget import AnswerBudget
from littoral.chat.gate import Gate
from littoral.chat.journal import Journal, JournalWriter
from littoral.chat.stream import LiveStream
from littoral.chat.tool_calls import ToolCalls
from littoral.clock import Clock
from littoral.credits.amount import credits_of, millicredits_of
from littoral.errors import BudgetExceeded, ModelUnavailable
from littoral.models.estimate import request_tokens, tokens_of
from littoral.models.model import (
    Chosen,
    Finished,
    Model,
    ModelMessage,
    ModelRequest,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallReady,
    ToolSpec,
    Usage,
)
from littoral.models.tool import ToolSet
from littoral.store.sql import Sql

MAX_CALLS = 32

Standing = Literal["completed", "waiting"]


class Prompt(Protocol):
    """Makes what the model is given from the conversation so far."""

    def messages(self, stream: LiveStream) -> Sequence[ModelMessage]:
        """Instructions, the window of the conversation, and the answer's steps so far."""
        ...


@dataclass(frozen=True, kw_only=True)
class TurnLimits:
    """What one turn may use."""

    max_steps: int
    max_output_tokens: int
    model_timeout_seconds: float


@dataclass(frozen=True, kw_only=True)
class TurnContext:
    """What differs from turn to turn.

    ``client_tools`` run in the browser: a call of one ends the stream, and the turn waits for its
    result. ``affinity`` names the conversation to the model's provider. ``gate`` is asked before
    each call of the model, if there is one.
    """

    prompt: Prompt
    tools: ToolSet
    client_tools: Sequence[ToolSpec] = ()
    affinity: str = ""
    gate: Gate | None = None


class TurnLoop:
    """Answers turns with one model, inside one object's database."""

    def __init__(
        self,
        *,
        model: Model,
        sql: Sql,
        journal: Journal,
        clock: Clock,
        limits: TurnLimits,
        on_effect: Callable[[], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        """``on_effect`` is told after a local tool changed something, ``on_fault`` of bugs in
        tools.
        """
        self._model = model
        self._sql = sql
        self._journal = journal
        self._clock = clock
        self._limits = limits
        self._on_effect = on_effect
        self._on_fault = on_fault

    async def run(self, stream: LiveStream, context: TurnContext) -> Standing:
        """Answers until the model has no more calls, or a person is asked.

        Raises what a model raises, ``BudgetExceeded`` after too many steps or too many equal calls,
        and ``asyncio.CancelledError``. May be called again with the restored stream.
        """
        answer = _Answer(self, stream, context)
        return await answer.run()


class _Answer:
    """One run of the loop."""

    def __init__(self, loop: TurnLoop, stream: LiveStream, context: TurnContext) -> None:
        self._loop = loop
        self._stream = stream
        self._context = context
        self._budget = AnswerBudget()
        self._said_characters = 0
        self._chosen = False
        self._writer = JournalWriter(loop._journal, stream, loop._clock)
        self._calls = ToolCalls(
            stream,
            tools=context.tools,
            client_tools=context.client_tools,
            sql=loop._sql,
            writer=self._writer,
            budget=self._budget,
            timeout_seconds=loop._limits.model_timeout_seconds,
            on_effect=loop._on_effect,
            on_fault=loop._on_fault,
        )

    async def run(self) -> Standing:
        if self._calls.open_calls() or self._in_step():
            await self._finish_step()
        while not self._calls.waits():
            if not await self._step():
                return "completed"
            await self._finish_step()
        return "waiting"

    def _in_step(self) -> bool:
        """Whether a step was cut off after its calls: it is to be finished, not asked for again."""
        marks = [c["type"] for c in self._stream.chunks if c["type"].endswith("-step")]
        return bool(marks) and marks[-1] == "start-step"

    async def _finish_step(self) -> None:
        await self._calls.settle()
        if self._in_step():
            self._stream.emit({"type": "finish-step"})

    # --- one call of the model -------------------------------------------------------------------

    async def _step(self) -> bool:
        """Asks the model once; true when it called tools."""
        steps = sum(part["type"] == "step-start" for part in self._stream.fold.parts)
        if steps >= self._loop._limits.max_steps:
            raise BudgetExceeded(
                f"The answer took {steps} steps, as many as one turn may take.",
                next_step="Ask for less at once, or raise MAX_STEPS.",
            )
        request = ModelRequest(
            messages=self._context.prompt.messages(self._stream),
            tools=self._calls.specs,
            max_output_tokens=self._loop._limits.max_output_tokens,
            affinity=self._context.affinity,
            timeout_seconds=self._loop._limits.model_timeout_seconds,
        )
        if self._context.gate is not None:
            request = await self._context.gate.admit(request)
        self._stream.emit({"type": "start-step"})
        self._said_characters, self._chosen = 0, False
        try:
            calls, finished = await self._listen(request, f"t{steps}")
        except asyncio.CancelledError:
            self._meter_stopped(request)
            raise
        self._stream.close_open_texts()
        if finished is None:
            raise ModelUnavailable("The model's answer broke off before its end.")
        self._meter(finished)
        if not calls:
            self._stream.emit({"type": "finish-step"})
            return False
        # What the step cost is journaled with it; a plain answer tells it when it finishes.
        metadata = dict(self._stream.fold.metadata)
        self._stream.emit({"type": "message-metadata", "messageMetadata": metadata})
        for call in calls:
            self._calls.announce(call)
        return True

    async def _listen(
        self, request: ModelRequest, text_id: str
    ) -> tuple[list[ToolCall], Finished | None]:
        """Turns the model's events into chunks; gives its calls and how it finished."""
        emit = self._stream.emit
        calls: list[ToolCall] = []
        begun = ""
        # The model's stream is closed at once when the turn is cancelled or fails.
        async with aclosing(self._loop._model.stream(request)) as events:  # type: ignore[type-var]
            async for event in events:
                match event:
                    case TextDelta(text=text) | ReasoningDelta(text=text):
                        self._budget.grow(len(text))
                        self._said_characters += len(text)
                        kind = "text" if isinstance(event, TextDelta) else "reasoning"
                        if begun != kind:
                            self._stream.close_open_texts()
                            emit({"type": f"{kind}-start", "id": f"{text_id}-{kind}"})
                            begun = kind
                        emit({"type": f"{kind}-delta", "id": f"{text_id}-{kind}", "delta": text})
                        self._writer.now_and_then()
                    case ToolCallReady(call=call):
                        self._budget.grow(len(call.arguments))
                        calls.append(call)
                        if len(calls) > MAX_CALLS:
                            raise BudgetExceeded(f"The model made over {MAX_CALLS} calls at once.")
                    case Chosen():
                        self._note_model(event)
                    case Finished():
                        return calls, event
        return calls, None

    def _note_model(self, chosen: Chosen) -> None:
        """Degraded once is degraded for the whole answer, whatever answers the later steps."""
        self._chosen = True
        metadata = self._stream.fold.metadata
        metadata["model"] = chosen.model
        if chosen.degraded:
            metadata["degraded"] = True
            metadata["degradedReason"] = chosen.reason

    def _meter_stopped(self, request: ModelRequest) -> None:
        """A person stopped an answer that is paid for: what was read and said counts, estimated."""
        if self._context.gate is not None and self._chosen:
            usage = Usage(
                input_tokens=request_tokens(request),
                output_tokens=tokens_of(self._said_characters),
            )
            self._meter(Finished(reason="other", usage=usage))

    def _meter(self, finished: Finished) -> None:
        metadata = self._stream.fold.metadata
        usage = usage_of(metadata) + finished.usage
        metadata["usage"] = usage_json(usage)
        if self._context.gate is not None:
            cost = self._context.gate.cost_of(metadata.get("model", ""), finished.usage)
            if cost is not None:
                before = millicredits_of(metadata.get("credits", 0))
                metadata["credits"] = credits_of(before + cost)
        if finished.reason in ("length", "content-filter"):
            metadata["finishReason"] = finished.reason


def usage_of(metadata: Mapping[str, Any]) -> Usage:
    """The usage that a message's metadata tells."""
    found = metadata.get("usage") or {}
    return Usage(
        input_tokens=found.get("inputTokens", 0),
        output_tokens=found.get("outputTokens", 0),
        cost_usd=found.get("costUsd", 0.0),
    )


def usage_json(usage: Usage) -> dict[str, Any]:
    """Usage as every JSON of ours has it."""
    return {
        "inputTokens": usage.input_tokens,
        "outputTokens": usage.output_tokens,
        "costUsd": usage.cost_usd,
    }
