"""The tool calls of one answer: shown, checked, asked for, run; each ends with a result.

A local tool runs in one transaction with the journal row of its result. A tool that reaches outside
runs at most once: its intent is durable before the call. Calls of client tools and calls that need
a person's approval are left open; then the turn waits.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from littoral.chat.answer_budget import AnswerBudget
from littoral.chat.fold import SETTLED_STATES, Part
from littoral.chat.journal import JournalWriter
from littoral.chat.stream import LiveStream
from littoral.errors import BudgetExceeded
from littoral.jsontext import dumps
from littoral.models.model import ToolCall, ToolSpec
from littoral.models.tool import Arguments, InvalidArguments, Tool, ToolFailed, ToolSet
from littoral.store.sql import Sql

REPEATS_WARNED = 3
REPEATS_ENDED = 5
MAX_TOOL_OUTPUT_CHARACTERS = 64_000

TOOL_STARTED = "data-tool-running"
INTERNAL_FAULT = "The tool failed for a reason of its own; what it was to change is unchanged."
OUTSIDE_FAULT = "The tool failed for a reason of its own; it may have taken effect."


class ToolCalls:
    """Brings the calls of one answer to their results.

    ``on_effect`` is told after a local tool changed something, ``on_fault`` of bugs in tools.
    """

    def __init__(
        self,
        stream: LiveStream,
        *,
        tools: ToolSet,
        client_tools: Sequence[ToolSpec],
        sql: Sql,
        writer: JournalWriter,
        budget: AnswerBudget,
        timeout_seconds: float,
        on_effect: Callable[[], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self.specs = (*tools.specs(), *client_tools)
        self._stream = stream
        self._tools = tools
        self._client_tools = {spec.name for spec in client_tools}
        self._sql = sql
        self._writer = writer
        self._budget = budget
        self._timeout_seconds = timeout_seconds
        self._on_effect = on_effect
        self._on_fault = on_fault

    def announce(self, call: ToolCall) -> None:
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
        tool = self._tools.get(call.name)
        if tool is not None:
            return dict(tool.parse(call.arguments).input)
        if call.name in self._client_tools:
            return _object(call.arguments)
        offered = ", ".join(spec.name for spec in self.specs) or "none"
        raise InvalidArguments(f"There is no tool {call.name!r}. Offered are: {offered}.")

    def open_calls(self) -> list[Part]:
        parts = self._stream.fold.parts
        return [p for p in parts if "toolCallId" in p and p["state"] not in SETTLED_STATES]

    def waits(self) -> bool:
        """Whether a person or a browser has to act before the model can go on."""
        return bool(self.open_calls())

    async def settle(self) -> None:
        """Brings every open call of this answer to a result, as far as it depends on us."""
        ready: list[tuple[Part, Tool, Arguments]] = []
        for part in self.open_calls():
            if part["state"] == "approval-requested":
                continue
            name = part["type"].removeprefix("tool-")
            tool = self._tools.get(name)
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
            self._writer.flush()

        self._writer.flush()
        try:
            self._sql.transaction(effect)
        except ToolFailed as error:
            self._error(part, error.text)
        except BudgetExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - a tool's fault ends the call, not the turn
            self._on_fault(error)
            self._error(part, INTERNAL_FAULT)
        else:
            self._on_effect()

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
        self._writer.flush()
        side_by_side = [self._call(*each) for each in fresh if each[1].parallel]
        if side_by_side:
            await asyncio.gather(*side_by_side)
        for part, tool, arguments in fresh:
            if not tool.parallel:
                await self._call(part, tool, arguments)

    async def _call(self, part: Part, tool: Tool, arguments: Arguments) -> None:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                output = await tool.run_async(arguments)
            self._output(part, output)
        except ToolFailed as error:
            self._error(part, error.text)
        except TimeoutError:
            self._error(part, "The call took too long and was given up; it may have taken effect.")
        except BudgetExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - a tool's fault ends the call, not the turn
            self._on_fault(error)
            self._error(part, OUTSIDE_FAULT)
        self._writer.flush()

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
        size = len(dumps(output))
        self._budget.grow(min(size, MAX_TOOL_OUTPUT_CHARACTERS))
        if size > MAX_TOOL_OUTPUT_CHARACTERS:
            output = {"cut": True, "text": dumps(output)[:MAX_TOOL_OUTPUT_CHARACTERS]}
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


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError as error:
        raise InvalidArguments(f"The arguments are not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidArguments("The arguments must be a JSON object.")
    return value
