"""Dead letters: what is given up, kept for its owner to replay or discard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from littoral.clock import Clock, iso
from littoral.errors import NotFound
from littoral.jsontext import dumps
from littoral.mesh.kernel import incoming as rows
from littoral.mesh.kernel.behaviour import Incoming
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.handling import Handling
from littoral.mesh.kernel.tables import LETTER_KEPT_MS, MAX_LETTERS
from littoral.store.sql import Sql

Side = Literal["in", "out"]
PAGE = 100


class Letters:
    """Rows of dead letters. Writes belong into a transaction of the caller's."""

    def __init__(
        self, sql: Sql, clock: Clock, handling: Handling, atomically: Callable[..., Any]
    ) -> None:
        self._sql = sql
        self._clock = clock
        self._handling = handling
        self._atomically = atomically

    def keep(
        self,
        side: Side,
        incoming: Incoming,
        why: Mapping[str, Any],
        attempts: int,
        capability: str = "",
    ) -> None:
        """Keeps what is given up and records ``message.failed``. Within a transaction.

        The oldest beyond a thousand go. ``capability`` belongs to a message that nobody had.
        """
        told: dict[str, Any] = rows.described(incoming)
        told.update(code=why["code"], detail=str(why["detail"])[:500], attempts=attempts)
        self._handling.record("message.failed", told, incoming)
        self._sql.run(
            "INSERT OR REPLACE INTO letters VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            incoming.id,
            side,
            rows.written(incoming),
            told["code"],
            told["detail"],
            attempts,
            self._clock.now_ms(),
            capability,
        )
        self._sql.run(
            "DELETE FROM letters WHERE at_ms < ? OR id IN "
            "(SELECT id FROM letters ORDER BY at_ms DESC, id LIMIT -1 OFFSET ?)",
            self._clock.now_ms() - LETTER_KEPT_MS,
            MAX_LETTERS,
        )

    def page(self, agent: str) -> list[dict[str, Any]]:
        """The newest hundred, newest first."""
        found = self._sql.rows(
            "SELECT incoming, side, code, detail, attempts, at_ms FROM letters "
            "ORDER BY at_ms DESC, id LIMIT ?",
            PAGE,
        )
        return [_shown(agent, *row) for row in found]

    def count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM letters") or 0)

    def replay(self, letter_id: str) -> None:
        """Sends a message again under its id, without its deadline; or tries anew what came."""
        self._atomically(lambda: self._replayed(letter_id))

    def discard(self, letter_id: str) -> None:
        """Forgets it for good."""

        def work() -> None:
            incoming, _, _ = self._taken(letter_id)
            self._handling.record("letter.discarded", {"id": letter_id}, incoming)

        self._atomically(work)

    def _replayed(self, letter_id: str) -> None:
        incoming, side, capability = self._taken(letter_id)
        number = self._handling.record("letter.replayed", {"id": letter_id}, incoming)
        now = self._clock.now_ms()
        again = replace(incoming, deadline=None)
        if side == "out" and isinstance(again, Envelope):
            self._sql.run(
                "INSERT INTO outbox VALUES (?, ?, ?, ?, 0, ?)",
                number,
                again.to,
                capability,
                dumps(again.to_json()),
                now,
            )
            return
        self._sql.run(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?, 0, ?)", again.id, rows.written(again), now
        )

    def _taken(self, letter_id: str) -> tuple[Incoming, str, str]:
        found = self._sql.rows(
            "SELECT incoming, side, capability FROM letters WHERE id = ?", letter_id
        )
        if not found:
            raise NotFound(f"There is no dead letter {letter_id[:80]}.")
        self._sql.run("DELETE FROM letters WHERE id = ?", letter_id)
        text, side, capability = (str(each) for each in found[0])
        return rows.read(text), side, capability


def _shown(
    agent: str, text: Any, side: Any, code: Any, detail: Any, attempts: Any, at_ms: Any
) -> dict[str, Any]:
    """A dead letter as lists have it; its id names the agent that holds it."""
    incoming = rows.read(str(text))
    return {
        "id": f"{agent}.{incoming.id}",
        "agent": agent,
        "side": side,
        "envelope": {
            **rows.described(incoming),
            "correlationId": incoming.correlation_id,
            "body": dict(incoming.body),
        },
        "error": {"code": code, "detail": detail},
        "attempts": int(attempts),
        "at": iso(int(at_ms)),
    }
