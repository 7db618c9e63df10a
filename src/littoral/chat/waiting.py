"""The turn that waits for a person's decision or a browser's result; there is at most one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from littoral.chat.fold import MessageFold, Part
from littoral.chat.transcript import Transcript, Turn

Change = Callable[[Part], bool]
"""Edits a tool part and says whether it did."""


class Waiting:
    """Remembers which turn waits, and changes its tool parts. A part's first result stands."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._number: int | None = None

    def set(self, number: int | None) -> None:
        """That turn waits from now on; ``None``: no turn does."""
        self._number = number

    @property
    def turn(self) -> Turn | None:
        """The turn that waits, as its row has it."""
        turn = self._transcript.get(self._number) if self._number is not None else None
        return turn if turn is not None and turn.status == "waiting" else None

    def settle(self, tool_call_id: str, change: Change) -> Turn | None:
        """Applies a result or a decision and writes it (one row).

        Gives the turn when something changed, ``None`` when the part has ended or does not exist.
        """
        turn = self.turn
        if turn is None or turn.reply is None:
            return None
        part = MessageFold(message=turn.reply).tool_part(tool_call_id)
        if part is None or not change(part):
            return None
        self._transcript.change_reply(turn.number, turn.reply)
        return turn

    def supersede(self) -> Turn | None:
        """A person who writes on instead of deciding has decided: no. Gives the turn, if any."""
        turn = self.turn
        self._number = None
        if turn is None or turn.reply is None:
            return None
        fold = MessageFold(message=turn.reply)
        for part in fold.parts:
            chunk = _refusal(part)
            if chunk is not None:
                fold.apply(chunk)
        self._transcript.end(turn.number, fold.message(), "completed")
        return turn


def is_settled(turn: Turn, own_tools: Collection[str]) -> bool:
    """Whether no part of a turn waits for a person or a browser; ours run by themselves."""
    parts = (turn.reply or {"parts": []})["parts"]
    return not any(_waits(part, own_tools) for part in parts)


def _waits(part: Part, own_tools: Collection[str]) -> bool:
    state = part.get("state")
    foreign = part["type"].removeprefix("tool-") not in own_tools
    return state == "approval-requested" or (state == "input-available" and foreign)


def _refusal(part: Part) -> dict[str, Any] | None:
    state = part.get("state")
    if state in ("approval-requested", "approval-responded"):
        return {"type": "tool-output-denied", "toolCallId": part["toolCallId"]}
    if state == "input-available":
        return {
            "type": "tool-output-error",
            "toolCallId": part["toolCallId"],
            "errorText": "The conversation went on without a result.",
        }
    return None
