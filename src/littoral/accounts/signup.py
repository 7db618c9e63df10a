"""Making an account: who may, and everything of it in one transaction.

User, first key, used invitation and credits to begin with are one batch: a kill leaves all of them
or nothing. A repeated request with the same ``Idempotency-Key`` gives the same key again, because
the key is made of it; that ends with the key's first use, and after ten minutes.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from littoral.accounts.account import SCOPES
from littoral.accounts.key import ApiKey, key_from, new_key
from littoral.accounts.store import (
    AccountStore,
    KeyRecord,
    UserRecord,
    new_key_within,
    new_user,
    use_invite,
)
from littoral.clock import Clock, Ids
from littoral.errors import Conflict, DependencyUnavailable, InvalidInput, NotAllowed
from littoral.settings import Settings
from littoral.store.database import ConstraintBroken, Statement

FIRST_KEY_NAME = "First key"
REPEATABLE_FOR_MS = 600_000
_PURPOSE = b"littoral signup 1:"

Opening = Callable[[str, int], Sequence[Statement]]
"""Statements that belong to a new account, by its user id and the time: credits to begin with."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for. ``guest`` is the guest whose chats they take along."""

    email: str
    name: str
    invite: str | None = None
    guest: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """An account that was made, with its key in clear for the one time that it is shown."""

    user: UserRecord
    key: ApiKey
    record: KeyRecord


class Signup:
    """Makes accounts."""

    def __init__(
        self,
        store: AccountStore,
        *,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        opening: Opening,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._opening = opening

    async def sign_up(self, wish: Wish) -> NewAccount:
        """One account for ``wish``.

        Raises ``NotAllowed`` (closed, or no good invitation), ``Conflict`` (e-mail or guest have an
        account, or the invitation was used) and ``DependencyUnavailable``.
        """
        invite_hash = self._require_welcome(wish)
        user, key = self._drawn(wish)
        try:
            await self._store.write(self._statements(user, key, wish, invite_hash))
        except ConstraintBroken as error:
            repeated = await self._repeated(wish, key)
            if repeated is None:
                raise _refusal(str(error)) from None
            return repeated
        return NewAccount(user=user, key=key, record=await self._record(key))

    def _require_welcome(self, wish: Wish) -> str | None:
        """The hash of a good invitation, ``None`` where none is needed."""
        policy = self._settings.signup
        if policy == "closed":
            raise NotAllowed(
                "Nobody can make an account here.",
                next_step="Ask the people who run this place for a key.",
            )
        if policy == "open":
            return None
        if not wish.invite:
            raise InvalidInput(
                "An account needs an invitation here.",
                fields=[{"field": "invite", "message": "this is needed"}],
            )
        sent = wish.invite.encode()
        good = [hmac.compare_digest(sent, code.encode()) for code in self._settings.invite_codes]
        if not any(good):
            raise NotAllowed("This invitation is not good.", next_step="Check the invitation.")
        return sha256(sent).hexdigest()

    def _drawn(self, wish: Wish) -> tuple[UserRecord, ApiKey]:
        """User and key for a wish: new ones, or those that belong to its idempotency key."""
        if wish.idempotency_key is None:
            user_id, key = self._ids.new("usr"), new_key(self._ids)
        else:
            text = f"{wish.email}\n{wish.idempotency_key}".encode()
            secret = self._settings.session_secret.encode()
            digest = hmac.digest(secret, _PURPOSE + text, "sha256")
            user_id = "usr_" + urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
            key = key_from(hmac.digest(secret, _PURPOSE + digest, "sha256"))
        user = UserRecord(
            id=user_id,
            email=wish.email,
            name=wish.name,
            owner=wish.guest or self._ids.new("own"),
            created_at_ms=self._clock.now_ms(),
        )
        return user, key

    def _statements(
        self, user: UserRecord, key: ApiKey, wish: Wish, invite_hash: str | None
    ) -> list[Statement]:
        now_ms = user.created_at_ms
        first_key = new_key_within(
            1,
            key,
            user_id=user.id,
            name=FIRST_KEY_NAME,
            scopes=frozenset(SCOPES),
            now_ms=now_ms,
        )
        invite = [use_invite(invite_hash, user.id, now_ms)] if invite_hash else []
        return [
            new_user(user, claiming=wish.guest is not None),
            first_key,
            *invite,
            *self._opening(user.id, now_ms),
        ]

    async def _repeated(self, wish: Wish, key: ApiKey) -> NewAccount | None:
        """The account that this same request made a moment ago."""
        if wish.idempotency_key is None:
            return None
        record = await self._store.key(key.id)
        if record is None or not key.fits(record.hash) or not self._is_fresh(record):
            return None
        user = await self._store.user(record.user_id)
        return None if user is None else NewAccount(user=user, key=key, record=record)

    def _is_fresh(self, record: KeyRecord) -> bool:
        unused = record.last_used_at_ms is None and record.revoked_at_ms is None
        return unused and self._clock.now_ms() - record.created_at_ms < REPEATABLE_FOR_MS

    async def _record(self, key: ApiKey) -> KeyRecord:
        record = await self._store.key(key.id)
        if record is None:
            raise DependencyUnavailable("The new account cannot be read yet.")
        return record


def _refusal(broken: str) -> Conflict:
    """The error for a constraint that was broken. It says no more than has to be known."""
    if "invites." in broken:
        return Conflict("This invitation was used already.", next_step="Ask for another one.")
    if "users.owner" in broken:
        return Conflict(
            "These chats belong to an account already.",
            next_step="Sign in with POST /api/login, or sign up without claimChats.",
        )
    return Conflict(
        "No account can be made with this e-mail.",
        next_step="Sign in with a key of yours, or use another e-mail.",
    )
