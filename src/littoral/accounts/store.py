"""Users, keys and used invitations in D1 (``migrations/0001_accounts.sql``).

Owns the statements. Rules (who may sign up, what a key may do) are in ``littoral.accounts.signup``
and ``littoral.accounts.keys``; credits are ``littoral.credits``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from littoral.accounts.account import Account
from littoral.accounts.key import ApiKey
from littoral.clock import iso
from littoral.errors import NotAuthenticated
from littoral.store.database import Database, Statement

_KEY_COLUMNS = (
    "k.id, k.user_id, k.name, k.hash, k.last_four, k.scopes, k.created_at_ms, k.expires_at_ms, "
    "k.last_used_at_ms, k.revoked_at_ms, u.owner, u.claiming"
)


@dataclass(frozen=True, kw_only=True)
class UserRecord:
    """One user. ``owner`` names their objects and never changes."""

    id: str
    email: str
    name: str
    owner: str
    created_at_ms: int


@dataclass(frozen=True, kw_only=True)
class KeyRecord:
    """One key with the owner of its user. Times are milliseconds since 1970; ``None`` is never."""

    id: str
    user_id: str
    name: str
    hash: str
    last_four: str
    scopes: frozenset[str]
    created_at_ms: int
    expires_at_ms: int | None
    last_used_at_ms: int | None
    revoked_at_ms: int | None
    owner: str
    claiming: bool

    def require_good(self, now_ms: int) -> None:
        """Raises ``NotAuthenticated`` with the reason for a key that is revoked or has expired."""
        if self.revoked_at_ms is not None:
            raise NotAuthenticated(
                f"This key was revoked at {iso(self.revoked_at_ms)}.",
                next_step="Sign in with another key.",
            )
        if self.expires_at_ms is not None and now_ms >= self.expires_at_ms:
            raise NotAuthenticated(
                f"This key expired at {iso(self.expires_at_ms)}.",
                next_step="Sign in with another key.",
            )

    def account(self, *, via: Literal["key", "cookie"]) -> Account:
        """The account that this key stands for."""
        return Account(
            user_id=self.user_id,
            key_id=self.id,
            owner=self.owner,
            scopes=self.scopes,
            via=via,
            expires_at_ms=self.expires_at_ms,
        )


class AccountStore:
    """Reads and writes over one database. Raises ``DependencyUnavailable`` when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self, key_id: str) -> KeyRecord | None:
        """One key, whatever its state."""
        found = await self._database.rows(
            f"SELECT {_KEY_COLUMNS} FROM keys k JOIN users u ON u.id = k.user_id WHERE k.id = ?",
            key_id,
        )
        return _key(found[0]) if found else None

    async def keys(self, user_id: str) -> list[KeyRecord]:
        """All keys of a user, newest first, also those that are revoked or have expired."""
        found = await self._database.rows(
            f"SELECT {_KEY_COLUMNS} FROM keys k JOIN users u ON u.id = k.user_id "
            "WHERE k.user_id = ? ORDER BY k.created_at_ms DESC, k.id LIMIT 500",
            user_id,
        )
        return [_key(row) for row in found]

    async def user(self, user_id: str) -> UserRecord | None:
        """One user."""
        found = await self._database.rows(
            "SELECT id, email, name, owner, created_at_ms FROM users WHERE id = ?", user_id
        )
        if not found:
            return None
        user, email, name, owner, created = found[0]
        return UserRecord(
            id=str(user), email=str(email), name=str(name), owner=str(owner),
            created_at_ms=_number(created),
        )  # fmt: skip

    async def touch(self, key_id: str, now_ms: int) -> None:
        """Writes the time of a key's last use."""
        await self._database.batch(
            [
                Statement(
                    text="UPDATE keys SET last_used_at_ms = ? WHERE id = ?",
                    values=(now_ms, key_id),
                )
            ]
        )

    async def add_key(self, statement: Statement) -> bool:
        """Runs what ``new_key_within`` made; ``False`` when the user has as many as they may."""
        (outcome,) = await self._database.batch([statement])
        return outcome.changes > 0

    async def revoke(self, user_id: str, key_id: str, now_ms: int) -> bool:
        """Marks a key of this user as revoked; ``False`` when the user has no such key.

        Repeating is safe and keeps the first time.
        """
        (outcome,) = await self._database.batch(
            [
                Statement(
                    text="UPDATE keys SET revoked_at_ms = COALESCE(revoked_at_ms, ?) "
                    "WHERE id = ? AND user_id = ?",
                    values=(now_ms, key_id, user_id),
                )
            ]
        )
        return outcome.changes > 0

    async def write(self, statements: Sequence[Statement]) -> None:
        """Several statements in one transaction; raises ``ConstraintBroken``."""
        await self._database.batch(statements)

    async def claimed(self, user_id: str) -> None:
        """The chats of the guest whom this user was are closed to the guest's cookie."""
        await self._database.batch(
            [Statement(text="UPDATE users SET claiming = 0 WHERE id = ?", values=(user_id,))]
        )


def new_user(user: UserRecord, *, claiming: bool) -> Statement:
    """Adds a user; breaks a constraint when the e-mail or the owner has one already."""
    return Statement(
        text="INSERT INTO users (id, email, name, owner, claiming, created_at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        values=(user.id, user.email, user.name, user.owner, int(claiming), user.created_at_ms),
    )


def use_invite(code_hash: str, user_id: str, now_ms: int) -> Statement:
    """Uses up an invitation; breaks a constraint when it was used before."""
    return Statement(
        text="INSERT INTO invites (code_hash, user_id, used_at_ms) VALUES (?, ?, ?)",
        values=(code_hash, user_id, now_ms),
    )


def new_key_within(
    most: int,
    key: ApiKey,
    *,
    user_id: str,
    name: str,
    scopes: frozenset[str],
    now_ms: int,
    expires_at_ms: int | None = None,
) -> Statement:
    """Adds a key, unless the user has ``most`` good ones: then it changes no row."""
    return Statement(
        text="INSERT INTO keys (id, user_id, name, hash, last_four, scopes, created_at_ms, "
        "expires_at_ms) SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM keys WHERE "
        "user_id = ? AND revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > ?)) "
        "< ?",
        values=(
            key.id, user_id, name, key.hash, key.last_four, " ".join(sorted(scopes)), now_ms,
            expires_at_ms, user_id, now_ms, most,
        ),
    )  # fmt: skip


def _key(row: Sequence[Any]) -> KeyRecord:
    (
        key_id,
        user_id,
        name,
        kept,
        last_four,
        scopes,
        created,
        expires,
        used,
        revoked,
        owner,
        open_,
    ) = row
    return KeyRecord(
        id=str(key_id),
        user_id=str(user_id),
        name=str(name),
        hash=str(kept),
        last_four=str(last_four),
        scopes=frozenset(str(scopes).split()),
        created_at_ms=_number(created),
        expires_at_ms=_number_or_none(expires),
        last_used_at_ms=_number_or_none(used),
        revoked_at_ms=_number_or_none(revoked),
        owner=str(owner),
        claiming=bool(open_),
    )


def _number(value: Any) -> int:
    return int(value)


def _number_or_none(value: Any) -> int | None:
    return None if value is None else int(value)
