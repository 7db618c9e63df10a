"""What of a conversation a model is given: a summary of the old, the newest turns word for word.

The newest turns are kept in memory as the model reads them, so that a plain turn reads nothing from
the database; after a wake they are read once. What no longer fits goes into the summary, which a
job writes later: until then the model does without those turns, and the turn does not wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from littoral.chat.fold import text_of
from littoral.chat.stream import LiveStream
from littoral.chat.transcript import Transcript, Turn
from littoral.jsontext import dumps
from littoral.models.model import ModelMessage, ToolCall
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

SUMMARY_SCHEMA = Schema(
    name="summary",
    steps=(
        "CREATE TABLE summary (id INTEGER PRIMARY KEY CHECK (id = 1), upto INTEGER NOT NULL, "
        "text TEXT NOT NULL)",
    ),
)

MAX_TURNS = 40
SPARE_TURNS = 10
"""So many leave the window at a time, so that a summary is due now and then only."""
OLD_OUTPUT_CHARACTERS = 600
OUTPUT_CHARACTERS = 16_000


@dataclass(frozen=True, kw_only=True)
class _Kept:
    number: int
    messages: tuple[ModelMessage, ...]
    tokens: int


class _KeptTurns:
    """Turns, oldest first, and the sum of their tokens."""

    def __init__(self) -> None:
        self.turns: deque[_Kept] = deque()
        self.tokens = 0

    def append(self, kept: _Kept) -> None:
        self.turns.append(kept)
        self.tokens += kept.tokens

    def drop_oldest(self) -> None:
        self.tokens -= self.turns.popleft().tokens

    def drop_newest(self) -> None:
        self.tokens -= self.turns.pop().tokens


class Window:
    """The newest turns of one session as a model reads them.

    ``budget_tokens`` bounds them together with the summary; tokens are estimated from characters.
    """

    def __init__(self, sql: Sql, transcript: Transcript, *, budget_tokens: int) -> None:
        self._sql = sql
        self._transcript = transcript
        self._budget = budget_tokens
        self._kept: _KeptTurns | None = None
        self._summary: tuple[int, str] | None = None

    def add(self, turn: Turn, reply: dict[str, Any]) -> None:
        """Takes in a turn that just ended, or ended again after it was continued."""
        kept = self._kept
        if kept is not None:
            if kept.turns and kept.turns[-1].number == turn.number:
                kept.drop_newest()
            kept.append(_kept(turn.number, turn.user, reply))
            self._trim(kept)

    def forget(self) -> None:
        """Drops what is in memory; call it when turns were changed or removed."""
        self._kept = None
        self._summary = None

    def prompt(self, turn: Turn, instructions: Callable[[], str]) -> Prompt:
        """What the model is given for ``turn``."""
        return Prompt(self, turn, instructions)

    def before(self, number: int) -> list[ModelMessage]:
        """Messages of the kept turns before ``number``."""
        return [m for kept in self._turns() if kept.number < number for m in kept.messages]

    @property
    def summary(self) -> tuple[int, str]:
        """The number of the last turn that the summary covers (0: none), and its text."""
        if self._summary is None:
            rows = self._sql.rows("SELECT upto, text FROM summary")
            self._summary = (int(rows[0][0] or 0), str(rows[0][1])) if rows else (0, "")
        return self._summary

    def summarise(self, upto: int, text: str) -> None:
        """Keeps a new summary of everything up to that turn (repeating is safe)."""
        self._sql.run("INSERT OR REPLACE INTO summary VALUES (1, ?, ?)", upto, text)
        self._summary = (upto, text)

    def clear(self) -> None:
        """Forgets the summary as well."""
        self._sql.run("DELETE FROM summary")
        self.forget()

    def cut(self, number: int) -> None:
        """Turns from ``number`` on are gone or will be said anew."""
        if self.summary[0] >= number:
            self._sql.run("DELETE FROM summary")
        self.forget()

    def uncovered(self) -> tuple[int, int] | None:
        """``(first, last)`` of the turns that neither the window nor the summary holds, if any."""
        turns = self._turns()
        first = self.summary[0] + 1
        last = (turns[0].number if turns else 1) - 1
        return (first, last) if last >= first else None

    def _turns(self) -> deque[_Kept]:
        if self._kept is None:
            self._kept = self._load()
        return self._kept.turns

    def _load(self) -> _KeptTurns:
        upto = self.summary[0]
        turns = [
            turn
            for turn in self._transcript.before(None, MAX_TURNS + SPARE_TURNS)
            if turn.number > upto and (turn.reply is not None or turn.status != "open")
        ]
        kept = _KeptTurns()
        for turn in turns:
            kept.append(_kept(turn.number, turn.user, turn.reply))
        if kept.turns and kept.turns[0].number > upto + 1:
            self._shrink(kept)  # turns before these are missing already: make the next gap far
        self._trim(kept)
        return kept

    def _trim(self, kept: _KeptTurns) -> None:
        if len(kept.turns) > MAX_TURNS + SPARE_TURNS or kept.tokens > self._budget:
            self._shrink(kept)

    def _shrink(self, kept: _KeptTurns) -> None:
        most = self._budget * 3 // 4
        while kept.turns and (len(kept.turns) > MAX_TURNS or kept.tokens > most):
            kept.drop_oldest()


class Prompt:
    """The messages for one turn, made anew for each step."""

    def __init__(self, window: Window, turn: Turn, instructions: Callable[[], str]) -> None:
        self._window = window
        self._turn = turn
        self._instructions = instructions

    def messages(self, stream: LiveStream) -> Sequence[ModelMessage]:
        """Instructions, summary, the turns before, this turn's message, its steps so far."""
        system = self._instructions()
        summary = self._window.summary[1]
        if summary:
            system = f"{system}\n\nWhat was said earlier, in short:\n{summary}"
        return [
            ModelMessage(role="system", text=system),
            *self._window.before(self._turn.number),
            *_user_messages(self._turn.user),
            *reply_messages(stream.fold.parts, OUTPUT_CHARACTERS),
        ]


def estimate_tokens(text: str) -> int:
    """A careful guess: English has about four characters a token, other languages fewer."""
    return len(text) // 3 + 4


def reply_messages(parts: Sequence[dict[str, Any]], output_characters: int) -> list[ModelMessage]:
    """An answer's parts as a model reads them: each step's words and calls, then the results."""
    messages: list[ModelMessage] = []
    if not parts:
        return messages
    for step in _steps(parts):
        text = "\n\n".join(p["text"] for p in step if p["type"] == "text" and p["text"])
        tools = [p for p in step if "toolCallId" in p]
        if not text and not tools:
            continue
        calls = tuple(_call(part) for part in tools)
        messages.append(ModelMessage(role="assistant", text=text, tool_calls=calls))
        messages.extend(_result(part, output_characters) for part in tools)
    return messages


def _steps(parts: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    steps: list[list[dict[str, Any]]] = [[]]
    for part in parts:
        if part["type"] == "step-start":
            steps.append([])
        else:
            steps[-1].append(part)
    return steps


def _call(part: dict[str, Any]) -> ToolCall:
    name = part["type"].removeprefix("tool-")
    return ToolCall(id=part["toolCallId"], name=name, arguments=dumps(part.get("input") or {}))


def _result(part: dict[str, Any], most: int) -> ModelMessage:
    match part["state"]:
        case "output-available":
            output = part.get("output")
            text = output if isinstance(output, str) else dumps(output)
        case "output-error":
            text = f"Error: {part.get('errorText', 'the call failed')}"
        case "output-denied":
            text = "The user did not allow this call. Do not try it again unasked."
        case _:
            text = "There is no result yet."
    if len(text) > most:
        text = f"{text[:most]}… ({len(text) - most} more characters left out)"
    name = part["type"].removeprefix("tool-")
    return ModelMessage(role="tool", text=text, tool_call_id=part["toolCallId"], tool_name=name)


def _user_messages(user: dict[str, Any] | None) -> list[ModelMessage]:
    return [ModelMessage(role="user", text=text_of(user))] if user else []


def _kept(number: int, user: dict[str, Any] | None, reply: dict[str, Any] | None) -> _Kept:
    answer = reply_messages(reply["parts"], OLD_OUTPUT_CHARACTERS) if reply else []
    messages = (*_user_messages(user), *answer)
    tokens = sum(
        estimate_tokens(m.text) + sum(estimate_tokens(c.arguments) for c in m.tool_calls)
        for m in messages
    )
    return _Kept(number=number, messages=messages, tokens=tokens)
