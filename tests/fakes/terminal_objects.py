"""The terminals' side of sandboxes in memory: the real calls over the real desk."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from littoral.api.gateway import JsonObject
from littoral.clock import Clock, Ids
from littoral.store.migrations import migrate
from littoral.terminal.calls import TerminalCalls
from littoral.terminal.desk import TERMINAL_SCHEMA, TerminalDesk
from tests.fakes.sqlite import Sqlite


class TerminalObjects:
    """``begin`` makes a session; of every other one the object says that there is none.

    ``hung_up`` lists the shares whose sockets were closed.
    """

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._desks: dict[str, tuple[Sqlite, TerminalDesk]] = {}
        self._begun: dict[str, bool] = defaultdict(bool)
        self.hung_up: list[str] = []

    def begin(self, owner: str, session_id: str) -> None:
        self._begun[f"{owner}/{session_id}"] = True

    def desk(self, name: str) -> TerminalDesk:
        if name not in self._desks:
            sql = Sqlite()
            migrate(sql, (TERMINAL_SCHEMA,))
            self._desks[name] = (sql, TerminalDesk(sql, self._clock, self._ids))
        return self._desks[name][1]

    def remote(self, name: str, payer: str) -> TerminalRemote:
        calls = TerminalCalls(
            self.desk(name), exists=lambda: self._begun[name], hang_up=self.hung_up.append
        )
        return TerminalRemote(calls, payer)

    def close(self) -> None:
        for sql, _ in self._desks.values():
            sql.close()


class TerminalRemote:
    """One sandbox, as routes call it."""

    def __init__(self, calls: TerminalCalls, payer: str) -> None:
        self._calls = calls
        self._payer = payer

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        return self._calls.answer(method, arguments or {}, payer=self._payer)
