"""What one isolate has seen since it told the telemetry last: counts, spans, log lines, notes.

Recording is a few dictionary operations and never waits. Everything is bounded; what does not fit
is counted as lost. It lies in memory: what an isolate had not told when it died is gone, a second's
worth as a rule (``littoral.ops.observer`` says when it is told).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.ops.log_line import Line
from littoral.ops.metric import LOST
from littoral.ops.span import Span
from littoral.ops.tally import Series, Tally

MOST_SPANS: Final = 300
MOST_LINES: Final = 500
"""Log lines that wait to be written, where every line is written."""
TAIL_LINES: Final = 100
"""The newest of them, which go to the tail that operators see."""
MOST_NOTES: Final = 100
MOST_IN_A_BATCH: Final = 400
"""Series that one isolate sends in a batch."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """``batch`` is what the telemetry is told, as JSON; ``lines`` what the log is."""

    batch: dict[str, Any]
    lines: list[str]


class Recorder:
    """Of one isolate. Safe to use from anything that runs in it: nothing here awaits.

    ``every_line`` where the log is written: otherwise only the newest lines are kept.
    """

    def __init__(self, *, every_line: bool = True) -> None:
        self._every_line = every_line
        self._empty()

    def _empty(self) -> None:
        self.tally = Tally(MOST_IN_A_BATCH)
        self._spans: list[Span] = []
        self._lines: deque[Line] = deque(maxlen=None if self._every_line else TAIL_LINES)
        self._notes: dict[str, Mapping[str, Any]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (len(self.tally) or self._spans or self._lines or self._notes)

    def time(self, series: Series, milliseconds: float) -> None:
        """One duration of a metric."""
        self.tally.time(series, milliseconds)

    def count(self, series: Series, number: float = 1) -> None:
        """So many of a counter."""
        self.tally.count(series, number)

    def span(self, span: Span) -> None:
        """A span of a sampled trace."""
        if len(self._spans) < MOST_SPANS:
            self._spans.append(span)
        else:
            self.tally.count((LOST, "spans"))

    @property
    def is_full(self) -> bool:
        """Whether it should be told now rather than in a while."""
        many_lines = self._every_line and len(self._lines) >= MOST_LINES // 2
        return many_lines or len(self._spans) >= MOST_SPANS // 2

    def line(self, line: Line) -> None:
        """A line of the log."""
        if len(self._lines) < MOST_LINES:
            self._lines.append(line)
        else:
            self.tally.count((LOST, "lines"))

    def note(self, subject: str, fact: Mapping[str, Any]) -> None:
        """The newest fact about a subject (a model, a queue); replaces the one before."""
        if subject in self._notes or len(self._notes) < MOST_NOTES:
            self._notes[subject] = fact

    def take(self) -> Taken:
        """Everything so far; the recorder is empty afterwards."""
        lines = [each.text() for each in self._lines]
        batch = {
            "tally": self.tally.to_json(),
            "spans": [each.to_json() for each in self._spans],
            "lines": lines[-TAIL_LINES:],
            "notes": self._notes,
        }
        self._empty()
        return Taken(batch=batch, lines=lines)
