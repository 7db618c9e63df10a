"""A user's keys: listing, making, revoking, and what each may be given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral.accounts.account import SCOPES, Account, Scope
from littoral.accounts.key import ApiKey, new_key, shown_prefix
from littoral.accounts.store import AccountStore, KeyRecord, new_key_within
from littoral.clock import Clock, Ids, iso, iso_or_none
from littoral.errors import Conflict, DependencyUnavailable, InsufficientScope, NotFound

MOST_KEYS = 50
"""Good keys that one user may have at a time."""

LONGEST_DAYS = 3_650
_DAY_MS = 86_400_000

Revoke = Callable[[str, str], Awaitable[bool]]
"""Revokes a key of a user everywhere, by both ids; ``False`` when the user has no such key."""


class Keys:
    """The keys of the user behind one account."""

    def __init__(self, store: AccountStore, *, revoke: Revoke, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._revoke = revoke
        self._clock = clock
        self._ids = ids

    async def list(self, account: Account) -> list[dict[str, Any]]:
        """All keys as JSON, newest first; secrets are not among it."""
        records = await self._store.keys(account.user_id)
        return [key_json(record, current=record.id == account.key_id) for record in records]

    async def make(
        self,
        account: Account,
        *,
        name: str,
        scopes: tuple[Scope, ...] | None,
        expires_in_days: int | None,
    ) -> tuple[ApiKey, dict[str, Any]]:
        """A new key and its JSON; without ``scopes`` it may do what the present key may.

        Raises ``InsufficientScope`` for a scope that the present key lacks and ``Conflict`` when
        there are ``MOST_KEYS``. Repeating makes another key.
        """
        given = account.scopes if scopes is None else frozenset(scopes)
        self._require_own(account, given)
        key, now_ms = new_key(self._ids), self._clock.now_ms()
        lasts_ms = None if expires_in_days is None else expires_in_days * _DAY_MS
        expires_at_ms = _sooner(
            account.expires_at_ms, None if lasts_ms is None else now_ms + lasts_ms
        )
        added = await self._store.add_key(
            new_key_within(
                MOST_KEYS,
                key,
                user_id=account.user_id,
                name=name,
                scopes=given,
                now_ms=now_ms,
                expires_at_ms=expires_at_ms,
            )
        )
        if not added:
            raise Conflict(
                f"You have {MOST_KEYS} keys, as many as you may.",
                next_step="Revoke keys that you no longer need and try again.",
            )
        record = await self._store.key(key.id)
        if record is None:
            raise DependencyUnavailable("The new key cannot be read yet.")
        return key, key_json(record, current=False)

    async def revoke(self, account: Account, key_id: str) -> None:
        """Ends a key at once and everywhere, its sockets included. Repeating is safe.

        Raises ``NotFound`` for a key that is not this user's.
        """
        if not await self._revoke(account.user_id, key_id):
            raise NotFound(
                f"You have no key {key_id!r}.", next_step="List your keys with GET /api/keys."
            )

    def _require_own(self, account: Account, scopes: frozenset[str]) -> None:
        beyond = [scope for scope in SCOPES if scope in scopes and scope not in account.scopes]
        if beyond:
            raise InsufficientScope(
                f"This key lacks {', '.join(beyond)}, so it cannot give it to another.",
                next_step="Ask for fewer scopes, or use a key that has them.",
            )


def key_json(record: KeyRecord, *, current: bool) -> dict[str, Any]:
    """A key as people see it. ``current`` is true for the key that asks."""
    return {
        "id": record.id,
        "name": record.name,
        "prefix": shown_prefix(record.id),
        "lastFour": record.last_four,
        "scopes": [scope for scope in SCOPES if scope in record.scopes],
        "createdAt": iso(record.created_at_ms),
        "expiresAt": iso_or_none(record.expires_at_ms),
        "lastUsedAt": iso_or_none(record.last_used_at_ms),
        "revokedAt": iso_or_none(record.revoked_at_ms),
        "current": current,
    }


def _sooner(one_ms: int | None, other_ms: int | None) -> int | None:
    """A key that ends makes no key that outlives it."""
    ends = [end for end in (one_ms, other_ms) if end is not None]
    return min(ends) if ends else None
