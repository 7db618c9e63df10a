"""``Limiter`` in memory: the real window on the standard library's SQLite."""

from __future__ import annotations

from littoral.clock import Clock
from littoral.errors import DependencyUnavailable
from littoral.limits.limiter import Rule
from littoral.limits.window import WINDOW_SCHEMA, Window
from littoral.store.migrations import migrate
from tests.fakes.sqlite import Sqlite


class MemoryLimiter:
    """Counts every rule exactly. With ``away`` set it answers nothing, as a store that is down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, Window] = {}
        self._databases: list[Sqlite] = []
        self.away = False

    async def take(self, subject: str, rule: Rule) -> None:
        if self.away:
            raise DependencyUnavailable("The object that keeps this did not answer.")
        self._window(subject).take(rule, self._clock.now_ms())

    def _window(self, subject: str) -> Window:
        if subject not in self._windows:
            sql = Sqlite()
            migrate(sql, (WINDOW_SCHEMA,))
            self._databases.append(sql)
            self._windows[subject] = Window(sql)
        return self._windows[subject]

    def close(self) -> None:
        for sql in self._databases:
            sql.close()
