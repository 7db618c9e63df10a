"""Tickets and shares of one session's terminal, in the SQLite of its sandbox's object.

A ticket opens one socket, once, within a minute, from the page that asked for it. A share lets
people without an account ask for read-only tickets until it expires or is revoked. Stored are
hashes of tickets only. How both look outside is ``littoral.terminal.seal``.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from littoral.clock import Clock, Ids, iso, iso_or_none
from littoral.errors import Conflict, NotAllowed, NotFound, QueueFull
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

TICKET_LIFE_MS = 60_000
MOST_TICKETS = 100
MOST_SHARES = 50
_OWNER, _VISITOR = "t", "v"

TERMINAL_SCHEMA = Schema(
    name="terminal",
    steps=(
        "CREATE TABLE terminal_tickets (hash TEXT PRIMARY KEY, origin TEXT NOT NULL, "
        "read_only INTEGER NOT NULL, share_id TEXT NOT NULL, payer TEXT NOT NULL, "
        "key_expires_at_ms INTEGER, expires_at_ms INTEGER NOT NULL, used_at_ms INTEGER) "
        "WITHOUT ROWID",
        "CREATE TABLE terminal_shares (id TEXT PRIMARY KEY, name TEXT NOT NULL, "
        "created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER, "
        "used_at_ms INTEGER) WITHOUT ROWID",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A fresh ticket: ``word`` is told once and kept nowhere."""

    word: str
    read_only: bool
    expires_at_ms: int


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What a redeemed ticket allows. ``share_id`` is empty for the owner, ``payer`` for a share.

    ``key_expires_at_ms`` is the end of the key that asked for it, ``None`` for one without.
    """

    read_only: bool
    share_id: str = ""
    payer: str = ""
    key_expires_at_ms: int | None = None


def is_visitors(word: str) -> bool:
    """Whether a ticket's word was issued for a share."""
    return word.startswith(f"{_VISITOR}_")


class TerminalDesk:
    """Issues, redeems, shares. Every method is one transaction."""

    def __init__(self, sql: Sql, clock: Clock, ids: Ids) -> None:
        self._sql = sql
        self._clock = clock
        self._ids = ids

    # --- tickets ---------------------------------------------------------------------------------

    def issue(self, admission: Admission, *, origin: str) -> Ticket:
        """A ticket that allows this. ``origin`` is that of the asking page, empty for a program.

        Raises ``QueueFull`` while too many wait to be used.
        """
        return self._sql.transaction(lambda: self._add(admission, origin))

    def issue_for_share(self, share_id: str, *, origin: str) -> Ticket:
        """A read-only ticket for a visitor; ``NotFound`` when the share does not count any more."""
        return self._sql.transaction(lambda: self._issue_for_share(share_id, origin))

    def redeem(self, word: str, *, origin: str) -> Admission:
        """Uses a ticket up, whatever comes of it.

        Raises ``NotAllowed`` that says why: unknown, used before, expired, shown by a page of
        another origin than the one that asked for it, or its share has been revoked.
        """
        return self._sql.transaction(lambda: self._use(_hash(word)))(origin)

    def _issue_for_share(self, share_id: str, origin: str) -> Ticket:
        self._require_good(share_id)
        now = self._clock.now_ms()
        self._sql.run("UPDATE terminal_shares SET used_at_ms = ? WHERE id = ?", now, share_id)
        return self._add(Admission(read_only=True, share_id=share_id), origin)

    def _add(self, admission: Admission, origin: str) -> Ticket:
        now = self._clock.now_ms()
        self._sql.run("DELETE FROM terminal_tickets WHERE expires_at_ms <= ?", now)
        if int(self._sql.value("SELECT count(*) FROM terminal_tickets") or 0) >= MOST_TICKETS:
            raise QueueFull(
                f"{MOST_TICKETS} tickets were asked for within a minute.",
                next_step="Wait a minute, or open the terminal with the last ticket.",
                retry_after_seconds=TICKET_LIFE_MS // 1000,
            )
        ticket = Ticket(
            word=self._ids.new(_VISITOR if admission.share_id else _OWNER),
            read_only=admission.read_only,
            expires_at_ms=now + TICKET_LIFE_MS,
        )
        self._sql.run(
            "INSERT INTO terminal_tickets VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            _hash(ticket.word), origin, int(admission.read_only), admission.share_id,
            admission.payer, admission.key_expires_at_ms, ticket.expires_at_ms,
        )  # fmt: skip
        return ticket

    def _use(self, ticket_hash: str) -> _Redeemed:
        rows = self._sql.rows(
            "SELECT origin, read_only, share_id, payer, key_expires_at_ms, expires_at_ms, "
            "used_at_ms FROM terminal_tickets WHERE hash = ?",
            ticket_hash,
        )
        if not rows:
            raise _refused("This ticket is not known; it may have expired.")
        now = self._clock.now_ms()
        self._sql.run(
            "UPDATE terminal_tickets SET used_at_ms = ? WHERE hash = ? AND used_at_ms IS NULL",
            now, ticket_hash,
        )  # fmt: skip
        return _Redeemed(self, rows[0], now)

    # --- shares ----------------------------------------------------------------------------------

    def share(self, *, name: str, life_ms: int) -> dict[str, Any]:
        """A new share as ``shares`` lists it; ``Conflict`` when there are too many."""
        return self._sql.transaction(lambda: self._share(name, life_ms))

    def shares(self) -> list[dict[str, Any]]:
        """Shares that count and those that ended, newest first."""
        rows = self._sql.rows(
            "SELECT id, name, created_at_ms, expires_at_ms, revoked_at_ms, used_at_ms "
            "FROM terminal_shares ORDER BY created_at_ms DESC, id"
        )
        return [_share_json(row, self._clock.now_ms()) for row in rows]

    def revoke(self, share_id: str) -> None:
        """Ends a share at once; repeating is harmless. ``NotFound`` when there never was one."""
        now = self._clock.now_ms()
        if self._sql.value("SELECT 1 FROM terminal_shares WHERE id = ?", share_id) is None:
            raise _no_share()
        self._sql.run(
            "UPDATE terminal_shares SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL",
            now, share_id,
        )  # fmt: skip

    def is_good(self, share_id: str) -> bool:
        """Whether a share still counts."""
        found = self._sql.value(
            "SELECT 1 FROM terminal_shares WHERE id = ? AND revoked_at_ms IS NULL "
            "AND expires_at_ms > ?",
            share_id, self._clock.now_ms(),
        )  # fmt: skip
        return found is not None

    def _require_good(self, share_id: str) -> None:
        if not self.is_good(share_id):
            raise _no_share()

    def _share(self, name: str, life_ms: int) -> dict[str, Any]:
        now = self._clock.now_ms()
        self._sql.run(
            "DELETE FROM terminal_shares WHERE expires_at_ms <= ? OR revoked_at_ms <= ?",
            now - 7 * 86_400_000, now - 7 * 86_400_000,
        )  # fmt: skip
        if int(self._sql.value("SELECT count(*) FROM terminal_shares") or 0) >= MOST_SHARES:
            raise Conflict(
                f"A session has at most {MOST_SHARES} shares, those of the last week included.",
                next_step="Use one that there is; an ended one is forgotten after a week.",
            )
        share_id = self._ids.new("shr")
        self._sql.run(
            "INSERT INTO terminal_shares VALUES (?, ?, ?, ?, NULL, NULL)",
            share_id, name, now, now + life_ms,
        )  # fmt: skip
        return _share_json((share_id, name, now, now + life_ms, None, None), now)


class _Redeemed:
    """A ticket that is used up now; calling it says whether it opens anything.

    Apart from the transaction, because a refusal must not roll the use back.
    """

    def __init__(self, desk: TerminalDesk, row: Row, now_ms: int) -> None:
        self._desk = desk
        self._row = row
        self._now_ms = now_ms

    def __call__(self, origin: str) -> Admission:
        issued_to, read_only, share_id, payer, key_expires, expires_at_ms, used_at_ms = self._row
        if used_at_ms is not None:
            raise _refused("This ticket has been used already.")
        if self._now_ms >= int(expires_at_ms or 0):
            raise _refused("This ticket has expired.")
        if origin != issued_to:
            raise _refused("This ticket was given to a page of another origin.")
        if share_id and not self._desk.is_good(str(share_id)):
            raise _refused("This terminal is no longer shared.")
        return Admission(
            read_only=bool(read_only),
            share_id=str(share_id),
            payer=str(payer),
            key_expires_at_ms=None if key_expires is None else int(key_expires),
        )


def _share_json(row: Row, now_ms: int) -> dict[str, Any]:
    share_id, name, created, expires, revoked, used = row
    return {
        "id": share_id,
        "name": name,
        "createdAt": iso(int(created or 0)),
        "expiresAt": iso(int(expires or 0)),
        "expiresAtMs": int(expires or 0),
        "revokedAt": iso_or_none(None if revoked is None else int(revoked)),
        "lastUsedAt": iso_or_none(None if used is None else int(used)),
        "good": revoked is None and now_ms < int(expires or 0),
    }


def _hash(word: str) -> str:
    return sha256(word.encode()).hexdigest()


def _refused(reason: str) -> NotAllowed:
    return NotAllowed(reason, next_step="Ask for a new ticket; each opens one terminal, once.")


def _no_share() -> NotFound:
    return NotFound(
        "There is no such share, or it has ended.", next_step="Ask its owner for a new link."
    )
