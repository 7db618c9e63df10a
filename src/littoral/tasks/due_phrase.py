"""A phrase that says when, and the moment that it means at a given time in a given zone.

Leaves to others: reading phrases from words (``due_grammar``), finding them in sentences (``due``).
"""

from __future__ import annotations

import datetime as clock
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from littoral.errors import InvalidInput
from littoral.tasks.day import Day
from littoral.tasks.recurring import moment_ms
from littoral.tasks.repeat_words import Repeat
from littoral.tasks.time_words import PART_HOURS, Part, TimeOfDay

MAX_YEARS_AHEAD = 100


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due moment. Without a time it is the start of the day in the user's zone.

    ``recurrence`` is the canonical text; ``anchor_day`` belongs to ``Task.anchor_day``.
    """

    at_ms: int
    has_time: bool
    recurrence: str | None = None
    anchor_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words that mean a due date, not yet tied to a clock.

    ``start`` and ``end`` are its span in characters, ``first`` and ``last`` in words (the ends are
    exclusive), ``text`` is what stands there. Of the pieces either ``span_seconds``, ``moment``, or
    any of the others are set; ``pieces`` counts them. ``prefixed``: a word like "by" leads it.
    """

    start: int = 0
    end: int = 0
    first: int = 0
    last: int = 0
    day: Day | None = None
    time: TimeOfDay | None = None
    part: Part | None = None
    span_seconds: int | None = None
    moment: datetime | None = None
    repeat: Repeat | None = None
    prefixed: bool = False
    pieces: int = 0
    text: str = field(default="", compare=False)

    def resolve(self, now_ms: int, zone: tzinfo) -> Due:
        """The due moment. Raises ``InvalidInput`` for one that is past or too far away."""
        try:
            due = self._resolve(now_ms, zone)
        except (OverflowError, ValueError) as error:
            raise _too_far(self.text) from error
        if due.at_ms - now_ms > MAX_YEARS_AHEAD * 366 * 86_400_000:
            raise _too_far(self.text)
        return due

    def _resolve(self, now_ms: int, zone: tzinfo) -> Due:
        now = datetime.fromtimestamp(now_ms / 1000, zone)
        if self.span_seconds is not None:
            return Due(at_ms=now_ms + self.span_seconds * 1_000, has_time=True)
        if self.moment is not None:
            return self._at_moment(self.moment, now, zone)
        day, at = self._day(), self._time()
        on = day.on(now.date()) if day else now.date()
        if day is not None and day.night and at is not None:
            on, at = _at_night(on, at, now)
        if at is None:
            on = self._without_time(day, on, now.date())
        else:
            on, at = self._with_time(day, on, at, now, zone)
        repeat = self.repeat
        return Due(
            at_ms=moment_ms(on, at or clock.time.min, zone),
            has_time=at is not None,
            recurrence=str(repeat.rule) if repeat else None,
            anchor_day=day.anchor if repeat and day else None,
        )

    def _day(self) -> Day | None:
        return self.day or (self.repeat.day if self.repeat else None)

    def _time(self) -> clock.time | None:
        part = self.part or (self.repeat.part if self.repeat else None)
        if part is None and self.day is not None and self.day.night:
            part = "night" if self.time else None
            if self.time is None:
                return clock.time(20)
        if self.time is not None:
            return self.time.within(part).at if part else self.time.at
        return clock.time(PART_HOURS[part]) if part else None

    def _without_time(self, day: Day | None, on: date, today: date) -> date:
        if day is None:
            raise ValueError("a phrase has a day or a time")
        if on < today or (on == today and day.today_needs_time):
            if day.again is None:
                raise _past(self.text)
            on = day.again(on)
        if on < today:
            raise _past(self.text)
        return on

    def _with_time(
        self, day: Day | None, on: date, at: clock.time, now: datetime, zone: tzinfo
    ) -> tuple[date, clock.time]:
        now_ms = int(now.timestamp() * 1000)
        if moment_ms(on, at, zone) > now_ms:
            return on, at
        if self._may_be_later() and self.time and moment_ms(on, self.time.other(), zone) > now_ms:
            return on, self.time.other()
        if day is None:
            return on + timedelta(days=1), at
        if day.again is None:
            raise _past(self.text)
        on = day.again(on)
        if moment_ms(on, at, zone) <= now_ms:
            on = day.again(on)
        return on, at

    def _may_be_later(self) -> bool:
        return bool(self.time and self.time.ambiguous and not self.part and not self.repeat)

    def _at_moment(self, moment: datetime, now: datetime, zone: tzinfo) -> Due:
        if moment.tzinfo is None:
            at_ms = moment_ms(moment.date(), moment.time(), zone)
        else:
            at_ms = int(moment.timestamp() * 1000)
        if at_ms <= now.timestamp() * 1000:
            raise _past(self.text)
        return Due(at_ms=at_ms, has_time=True)


def _at_night(on: date, at: clock.time, now: datetime) -> tuple[date, clock.time]:
    """The night goes on until five in the morning; late in the evening its end is meant."""
    if at.hour < 5:
        return on + timedelta(days=1), at
    is_over = (on, at) <= (now.date(), now.time())
    return on, clock.time(23, 59) if is_over else at


def _past(text: str) -> InvalidInput:
    return InvalidInput(
        f"{text!r} is in the past. Give a moment that is still to come.",
        fields=[{"field": "due", "message": "must be in the future"}],
    )


def _too_far(text: str) -> InvalidInput:
    return InvalidInput(
        f"{text!r} is more than {MAX_YEARS_AHEAD} years away. Give an earlier date.",
        fields=[{"field": "due", "message": f"at most {MAX_YEARS_AHEAD} years ahead"}],
    )
