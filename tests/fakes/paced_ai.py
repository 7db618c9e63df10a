"""A Workers AI double under load: it answers every turn by what was said, slowly, word by word.

It keeps nothing of a turn, so a turn that is asked again after a kill is answered the same. What a
test scripts call by call is `scripted_ai`'s business.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.scripted_ai import Answer, Call, ScriptedAi, ToolCall

ADD = "Add task: "
HOLD = "Hold on: "
WORDS = 24


@dataclass(kw_only=True)
class PacedAnswer(Answer):
    """An answer whose chunks come `pause_seconds` apart."""

    pause_seconds: float = 0.02

    def _stream_lines(self) -> Iterator[dict[str, Any]]:
        for line in super()._stream_lines():
            time.sleep(self.pause_seconds)
            yield line


class PacedAi(ScriptedAi):
    """`Add task: X` becomes a call of `add_tasks`, then words; everything else only words.

    The first call about a text that begins with `Hold on: ` says a few words and then nothing more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked = threading.Condition()
        self._about: Counter[str] = Counter()

    def take(self, call: Call) -> Answer:
        """The answer to this call."""
        if not call.is_turn:
            return self.aside
        said = call.last_user_text
        with self._asked:
            self._about[said] += 1
            answer = _answer(said, call, hold=self._about[said] == 1 and said.startswith(HOLD))
            self._given.append(answer)
            self._asked.notify_all()
        return answer

    def wait_for_calls_about(self, said: str, number: int, seconds: float) -> None:
        """Returns when a model was asked so often about this; AssertionError after `seconds`."""
        with self._asked:
            enough = self._asked.wait_for(lambda: self._about[said] >= number, seconds)
            assert enough, f"{self._about[said]} of {number} calls about {said!r} in {seconds} s"


def answer_to(said: str) -> str:
    """What a turn is answered in the end."""
    words = " ".join(f"word{number}" for number in range(WORDS))
    return f"You said {said!r} {words}."


def _answer(said: str, call: Call, *, hold: bool) -> Answer:
    if said.startswith(ADD) and call.inputs["messages"][-1]["role"] != "tool":
        title = said.removeprefix(ADD)
        return PacedAnswer(
            tool_calls=[ToolCall(name="add_tasks", arguments={"tasks": [{"title": title}]})]
        )
    return PacedAnswer(text=answer_to(said), hold_after=3 if hold else None)
