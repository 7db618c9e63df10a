"""The loop that answers one turn: ask the model, run the tools that it calls, ask again.

    run ── step ── model.stream           words and tool calls become chunks
       └── settle ── run, ask, refuse     every call gets a result, or the turn waits for a person

The loop keeps nothing of its own. What was done is in the chunks of the stream, so after a kill the
same loop goes on from the journaled chunks: a finished step is not asked for again and a tool that
took effect is not run again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from littoral.chat.fold import SETTLED_STATES, Part
from littoral.chat.journal import Journal
from littoral.chat.stream import LiveStream
from littoral.clock import Clock
from littoral.errors import BudgetExceeded, ModelUnavailable
from littoral.jsontext import dumps
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
from littoral.models.tool import Arguments, InvalidArguments, Tool, ToolFailed, ToolSet
from littoral.store.sql import Sql

REPEATS_WARNED = 3
REPEATS_ENDED = 5
FLUSH_CHUNKS = 64
FLUSH_AFTER_MS = 1_000
TOOL_STARTED = "data-tool-running"
INTERNAL_FAULT = "The tool failed for a reason of its own; what it was to change is unchanged."

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
    result. ``affinity`` names the conversation to the model's provider.
    """

    prompt: Prompt
    tools: ToolSet
    client_tools: Sequence[ToolSpec] = ()
    affinity: str = ""


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
        self._saved = len(stream.chunks)
        self._saved_at_ms = loop._clock.now_ms()
        self._client_tools = {spec.name for spec in context.client_tools}
        self._tool_specs = (*context.tools.specs(), *context.client_tools)

    async def run(self) -> Standing:
        if self._open_calls():
            await self._settle()
        while not self._waits():
            if not await self._step():
                return "completed"
            await self._settle()
            self._stream.emit({"type": "finish-step"})
        return "waiting"

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
            tools=self._tool_specs,
            max_output_tokens=self._loop._limits.max_output_tokens,
            affinity=self._context.affinity,
            timeout_seconds=self._loop._limits.model_timeout_seconds,
        )
        self._stream.emit({"type": "start-step"})
        calls, finished = await self._listen(request, f"t{steps}")
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
            self._announce(call)
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
                        kind = "text" if isinstance(event, TextDelta) else "reasoning"
                        if begun != kind:
                            self._stream.close_open_texts()
                            emit({"type": f"{kind}-start", "id": f"{text_id}-{kind}"})
                            begun = kind
                        emit({"type": f"{kind}-delta", "id": f"{text_id}-{kind}", "delta": text})
                        self._flush_now_and_then()
                    case ToolCallReady(call=call):
                        calls.append(call)
                    case Chosen():
                        self._note_model(event)
                    case Finished():
                        return calls, event
        return calls, None

    def _note_model(self, chosen: Chosen) -> None:
        """Degraded once is degraded for the whole answer, whatever answers the later steps."""
        metadata = self._stream.fold.metadata
        metadata["model"] = chosen.model
        if chosen.degraded:
            metadata["degraded"] = True
            metadata["degradedReason"] = chosen.reason

    def _meter(self, finished: Finished) -> None:
        metadata = self._stream.fold.metadata
        usage = usage_of(metadata) + finished.usage
        metadata["usage"] = usage_json(usage)
        if finished.reason in ("length", "content-filter"):
            metadata["finishReason"] = finished.reason

    # --- tools -----------------------------------------------------------------------------------

    def _announce(self, call: ToolCall) -> None:
        """Shows a call; one that cannot be made is answered at once with the reason."""
        base = {"toolCallId": call.id, "toolName": call.name}
        try:
            values = self._checked(call)
        except InvalidArguments as error:
            shown = {"arguments": call.arguments[:2_000]}
            self._stream.emit(
                {"type": "tool-input-error", **base, "input": shown, "errorText": error.text}
            )
        else:
            self._stream.emit({"type": "tool-input-available", **base, "input": values})

    def _checked(self, call: ToolCall) -> dict[str, Any]:
        tool = self._context.tools.get(call.name)
        if tool is not None:
            return dict(tool.parse(call.arguments).input)
        if call.name in self._client_tools:
            return _object(call.arguments)
        offered = ", ".join(spec.name for spec in self._tool_specs) or "none"
        raise InvalidArguments(f"There is no tool {call.name!r}. Offered are: {offered}.")

    def _open_calls(self) -> list[Part]:
        parts = self._stream.fold.parts
        return [p for p in parts if "toolCallId" in p and p["state"] not in SETTLED_STATES]

    def _waits(self) -> bool:
        """Whether a person or a browser has to act before the model can go on."""
        return bool(self._open_calls())

    async def _settle(self) -> None:
        """Brings every open call of this answer to a result, as far as it depends on us."""
        ready: list[tuple[Part, Tool, Arguments]] = []
        for part in self._open_calls():
            if part["state"] == "approval-requested":
                continue
            name = part["type"].removeprefix("tool-")
            tool = self._context.tools.get(name)
            if part["state"] == "approval-responded" and not part["approval"].get("approved"):
                self._stream.emit({"type": "tool-output-denied", "toolCallId": part["toolCallId"]})
            elif tool is None:
                self._settle_foreign(part, name)
            else:
                self._settle_own(part, tool, ready)
        await self._run_async(ready)

    def _settle_foreign(self, part: Part, name: str) -> None:
        if name not in self._client_tools:
            self._error(part, f"The tool {name!r} is not offered any more.")

    def _settle_own(
        self, part: Part, tool: Tool, ready: list[tuple[Part, Tool, Arguments]]
    ) -> None:
        try:
            arguments = tool.parse(dumps(part["input"]))
        except InvalidArguments as error:
            self._error(part, error.text)
            return
        if self._repeats(part) >= REPEATS_WARNED:
            self._refuse_repeat(part, tool)
        elif part["state"] == "input-available" and tool.needs_approval(arguments):
            self._ask(part)
        elif tool.is_async:
            ready.append((part, tool, arguments))
        else:
            self._run_local(part, tool, arguments)

    def _ask(self, part: Part) -> None:
        approval_id = f"approval-{part['toolCallId']}"
        self._stream.emit(
            {
                "type": "tool-approval-request",
                "toolCallId": part["toolCallId"],
                "approvalId": approval_id,
            }
        )

    def _run_local(self, part: Part, tool: Tool, arguments: Arguments) -> None:
        """Runs a tool and journals its result in one transaction: both happen, or neither."""

        def effect() -> None:
            self._output(part, tool.run(arguments))
            self._flush()

        self._flush()
        try:
            self._loop._sql.transaction(effect)
        except ToolFailed as error:
            self._error(part, error.text)
        except Exception as error:  # noqa: BLE001 - a tool's fault ends the call, not the turn
            self._loop._on_fault(error)
            self._error(part, INTERNAL_FAULT)
        else:
            self._loop._on_effect()

    async def _run_async(self, ready: list[tuple[Part, Tool, Arguments]]) -> None:
        """Runs tools that reach outside: at most once each, because what they did cannot be undone.

        The intent is durable before the call. A kill in between leaves an intent without a result,
        and then nobody knows whether it happened: the model is told so.
        """
        fresh: list[tuple[Part, Tool, Arguments]] = []
        for part, tool, arguments in ready:
            if self._was_started(part):
                self._error(
                    part,
                    "The call was cut off; whether it took effect is not known. Do not repeat it "
                    "unasked.",
                )
                continue
            fresh.append((part, tool, arguments))
            self._stream.emit(
                {
                    "type": TOOL_STARTED,
                    "data": {"toolCallId": part["toolCallId"]},
                    "transient": True,
                }
            )
        if not fresh:
            return
        self._flush()
        side_by_side = [self._call(*each) for each in fresh if each[1].parallel]
        if side_by_side:
            await asyncio.gather(*side_by_side)
        for part, tool, arguments in fresh:
            if not tool.parallel:
                await self._call(part, tool, arguments)

    async def _call(self, part: Part, tool: Tool, arguments: Arguments) -> None:
        try:
            async with asyncio.timeout(self._loop._limits.model_timeout_seconds):
                output = await tool.run_async(arguments)
        except ToolFailed as error:
            self._error(part, error.text)
        except TimeoutError:
            self._error(part, "The call took too long and was given up; it may have taken effect.")
        except Exception as error:  # noqa: BLE001 - a tool's fault ends the call, not the turn
            self._loop._on_fault(error)
            self._error(part, INTERNAL_FAULT)
        else:
            self._output(part, output)
        self._flush()

    def _was_started(self, part: Part) -> bool:
        return any(
            chunk["type"] == TOOL_STARTED and chunk["data"]["toolCallId"] == part["toolCallId"]
            for chunk in self._stream.chunks
        )

    def _repeats(self, part: Part) -> int:
        """How often this very call was made before in this answer."""
        same = [
            other
            for other in self._stream.fold.parts
            if other["type"] == part["type"] and other.get("input") == part["input"]
        ]
        return len(same) - 1

    def _refuse_repeat(self, part: Part, tool: Tool) -> None:
        if self._repeats(part) >= REPEATS_ENDED:
            raise BudgetExceeded(
                f"The model called {tool.title!r} again and again with the same arguments.",
                next_step="Say it differently, or try another model.",
            )
        self._error(
            part,
            "This call was made before with the same arguments, and its result stands above. "
            "Answer with what you have.",
        )

    def _output(self, part: Part, output: Any) -> None:
        self._stream.emit(
            {
                "type": "tool-output-available",
                "toolCallId": part["toolCallId"],
                "output": output,
            }
        )

    def _error(self, part: Part, text: str) -> None:
        self._stream.emit(
            {"type": "tool-output-error", "toolCallId": part["toolCallId"], "errorText": text}
        )

    # --- journal ---------------------------------------------------------------------------------

    def _flush(self) -> None:
        bodies = self._stream.bodies(self._saved)
        if bodies:
            self._loop._journal.save(self._stream.turn, self._saved, bodies)
            self._stream.journaled = True
            self._saved += len(bodies)
        self._saved_at_ms = self._loop._clock.now_ms()

    def _flush_now_and_then(self) -> None:
        if len(self._stream.chunks) - self._saved < FLUSH_CHUNKS:
            return
        if self._loop._clock.now_ms() - self._saved_at_ms >= FLUSH_AFTER_MS:
            self._flush()


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError as error:
        raise InvalidArguments(f"The arguments are not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidArguments("The arguments must be a JSON object.")
    return value


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
