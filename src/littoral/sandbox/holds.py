"""Who needs the sandbox awake although nothing runs in it: runs that have begun and not ended."""

from __future__ import annotations

from littoral.clock import Clock
from littoral.sandbox.records import Records

HOLD_SECONDS = 8 * 24 * 3600
"""How long a hold lasts since it was last taken: a day of commands, and the seven days that a
person may take to answer. No sandbox is kept for ever for a run that was forgotten."""
_FACT = "holds"


class Holds:
    """The holds of one sandbox, by name; they outlive the object's memory."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    @property
    def any(self) -> bool:
        """Whether somebody holds it now."""
        return bool(self._now())

    def take(self, name: str) -> None:
        """Until ``free``, or ``HOLD_SECONDS`` from now. Repeating prolongs it."""
        until_ms = self._clock.now_ms() + HOLD_SECONDS * 1000
        self._records.remember(_FACT, {**self._now(), name: until_ms})

    def free(self, name: str) -> None:
        """The end of one hold; repeatable."""
        self._records.remember(
            _FACT, {each: until_ms for each, until_ms in self._now().items() if each != name}
        )

    def free_all(self) -> None:
        """The end of them all; repeatable."""
        self._records.remember(_FACT, {})

    def _now(self) -> dict[str, int]:
        """Those whose time is not over: name to milliseconds since 1970."""
        known: dict[str, int] = self._records.fact(_FACT) or {}
        now = self._clock.now_ms()
        return {name: until_ms for name, until_ms in known.items() if until_ms > now}
