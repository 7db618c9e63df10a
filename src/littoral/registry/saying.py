"""One answer while it comes: filtered, counted, handed on in pieces that are worth a row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from littoral.clock import Clock
from littoral.errors import ModelUnavailable
from littoral.models.estimate import tokens_of
from littoral.models.model import Chosen, Finished, FinishReason, ModelEvent, TextDelta, Usage
from littoral.registry.agent import FilterChoice
from littoral.registry.limits import MAX_OUTPUT_CHARACTERS
from littoral.registry.output_filter import OutputFilter

FLUSH_MS: Final = 50
FLUSH_CHARACTERS: Final = 1_000


class Saying:
    """``tell`` takes the next words of the answer, which passed the filter; never empty.

    Words that come quickly are told together, a moment later at most.
    """

    def __init__(self, choice: FilterChoice, clock: Clock, tell: Callable[[str], None]) -> None:
        self._filter = OutputFilter(choice)
        self._clock = clock
        self._tell = tell
        self._pieces: list[str] = []
        self._waiting = ""
        self._told_at_ms = 0
        self._timer: asyncio.TimerHandle | None = None
        self._heard = 0
        self.model = ""
        self.degraded = False
        self.reason: FinishReason = "other"
        self._usage: Usage | None = None

    def take(self, event: ModelEvent) -> None:
        """The model's next event. Raises ``ModelUnavailable`` when it says far too much."""
        if isinstance(event, Chosen):
            self.model, self.degraded = event.model, event.degraded
        elif isinstance(event, TextDelta):
            self._heard += len(event.text)
            if self._heard > MAX_OUTPUT_CHARACTERS:
                raise ModelUnavailable(
                    f"The model said more than {MAX_OUTPUT_CHARACTERS} characters.", retryable=False
                )
            self._say(self._filter.feed(event.text))
        elif isinstance(event, Finished):
            self.reason, self._usage = event.reason, event.usage
            self._say(self._filter.finish())
            self._flush()

    def _say(self, words: str) -> None:
        self._waiting += words
        now = self._clock.now_ms()
        if now - self._told_at_ms >= FLUSH_MS or len(self._waiting) >= FLUSH_CHARACTERS:
            self._flush()
        elif self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_MS / 1000, self._flush)

    def close(self) -> None:
        """Nothing is told any more; what was about to be told belongs to the output."""
        self._stop_timer()
        self._pieces.append(self._waiting)
        self._waiting = ""

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush(self) -> None:
        self._stop_timer()
        if self._waiting:
            self._told_at_ms = self._clock.now_ms()
            self._pieces.append(self._waiting)
            self._tell(self._waiting)
            self._waiting = ""

    @property
    def output(self) -> str:
        """Everything that was told so far."""
        return "".join(self._pieces)

    @property
    def filtered(self) -> tuple[dict[str, Any], ...]:
        """What was taken out so far."""
        return tuple(self._filter.counts)

    def usage(self, input_tokens: int) -> Usage:
        """What the model counted; of an answer that was cut short, what can be reckoned."""
        if self._usage is not None:
            return self._usage
        if not self.model:
            return Usage()
        return Usage(input_tokens=input_tokens, output_tokens=tokens_of(self._heard))
