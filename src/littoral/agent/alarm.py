"""The one alarm of an agent object."""

from __future__ import annotations

from typing import Protocol


class Alarm(Protocol):
    """Wakes the object at a time, also after a kill; late but never early. There is only one."""

    def set(self, at_ms: int) -> None:
        """Rings at that time instead of any other."""
        ...

    async def get(self) -> int | None:
        """When it rings, in milliseconds since 1970; ``None`` when it is not set."""
        ...


class AlarmClock:
    """Keeps the alarm at the earliest time that is asked for, with few writes.

    Asking for a later time than the one set costs nothing: the alarm rings too early, finds nothing
    to do and is set again from the tables. After a wake the time that is set is not known, so the
    first time asked for must be the earliest of everything that has to happen.
    """

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._armed_at_ms: int | None = None

    def at_latest(self, at_ms: int) -> None:
        """Makes sure that the alarm rings at ``at_ms`` or before."""
        if self._armed_at_ms is None or at_ms < self._armed_at_ms:
            self._alarm.set(at_ms)
            self._armed_at_ms = at_ms

    def rang(self) -> None:
        """The alarm has rung; it is not set any more."""
        self._armed_at_ms = None
