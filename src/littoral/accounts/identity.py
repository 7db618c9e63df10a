"""Who a request acts for, whatever it shows: a key, an account's cookie, a guest's cookie, nothing.

    x-api-key, or Authorization: Bearer   → the account of that key
    cookie of an account                  → the account, as long as its key is good
    none of them                          → a guest (littoral.accounts.caller), without any look-up

A credential that is not good is ``NotAuthenticated`` with the reason, never silently a guest. Keys
are looked up at every request, so that revoking one works at once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from littoral.accounts import account_cookie, guest
from littoral.accounts.account import Account, Scope
from littoral.accounts.caller import Caller, identify
from littoral.accounts.key import read_key
from littoral.accounts.store import AccountStore, KeyRecord
from littoral.clock import Clock, Ids
from littoral.errors import GuestClaimed, LittoralError, NotAuthenticated

TOUCH_AFTER_MS = 60_000
"""The time of a key's last use is written at most this often."""

HeaderLookup = Callable[[str], str | None]
"""Gives a header's value by its lower-case name."""

FinishClaim = Callable[[Account], Awaitable[None]]
"""Goes on with closing a guest's chats to the guest's cookie (``littoral.accounts.claim``)."""

AdmitGuest = Callable[[HeaderLookup], Awaitable[None]]
"""Counts a guest whom nobody has seen before, by what their request shows."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What a request shows. ``text`` is a key or the value of an account's cookie."""

    kind: Literal["key", "cookie"]
    text: str


def credential_of(header: HeaderLookup, *, is_https: bool) -> Credential | None:
    """The credential of an account in a request; ``None`` for a guest. A key goes before a cookie.

    ``Authorization`` with another scheme than Bearer counts as none.
    """
    sent = header("x-api-key")
    if sent is None:
        scheme, _, token = (header("authorization") or "").partition(" ")
        sent = token if scheme.lower() == "bearer" else None
    if sent is not None:
        return Credential(kind="key", text=sent.strip())
    cookies = header("cookie") or ""
    name = account_cookie.cookie_name(is_https)
    if name not in cookies:
        return None
    for value in guest.cookie_values(cookies, name):
        return Credential(kind="cookie", text=value)
    return None


def spent_cookie(error: NotAuthenticated, header: HeaderLookup, *, is_https: bool) -> str | None:
    """The ``Set-Cookie`` header that goes with a refusal: the cookie that caused it is taken away.

    So a browser is a guest again at its next request, instead of being refused for ever. A bad key
    in a header takes no cookie away.
    """
    if isinstance(error, GuestClaimed):
        return guest.clear_cookie(is_https)
    credential = credential_of(header, is_https=is_https)
    if credential is not None and credential.kind == "cookie":
        return account_cookie.clear_cookie(is_https)
    return None


class Identity:
    """Tells who calls, for both doors of the Worker."""

    def __init__(
        self,
        store: AccountStore,
        *,
        secret: str,
        clock: Clock,
        ids: Ids,
        finish_claim: FinishClaim,
        admit_guest: AdmitGuest | None = None,
    ) -> None:
        self._store = store
        self._admit_guest = admit_guest
        self._finish_claim = finish_claim
        self._secret = secret
        self._clock = clock
        self._ids = ids

    async def caller(
        self,
        header: HeaderLookup,
        *,
        is_https: bool,
        session_id: str | None = None,
        scope: Scope | None = None,
    ) -> Caller:
        """Decides who calls. ``session_id`` is the session that the request names, if it names one.

        ``scope`` is what an account's key must allow; guests are not asked for it. Raises
        ``NotAuthenticated``, ``InsufficientScope``, ``RateLimited`` for too many new guests of one
        address, and ``DependencyUnavailable`` when the secret is missing or keys cannot be looked
        up.
        """
        credential = credential_of(header, is_https=is_https)
        if credential is None:
            caller = identify(
                header("cookie"),
                is_https=is_https,
                secret=self._secret,
                now_ms=self._clock.now_ms(),
                ids=self._ids,
                session_id=session_id,
            )
            if caller.is_new and self._admit_guest is not None:
                await self._admit_guest(header)
            return caller
        account = await self.account(credential)
        if scope is not None:
            account.require(scope)
        return Caller(owner=account.owner, account=account)

    async def account(self, credential: Credential) -> Account:
        """The account that a credential proves; raises as ``caller`` does."""
        guest.require_secret(self._secret)
        record = await self._proved(credential)
        now_ms = self._clock.now_ms()
        record.require_good(now_ms)
        await self._touch(record, now_ms)
        account = record.account(via=credential.kind)
        if record.claiming:
            await self._finish_claim(account)
        return account

    async def _proved(self, credential: Credential) -> KeyRecord:
        if credential.kind == "cookie":
            signed_in = account_cookie.verify(
                credential.text, secret=self._secret, now_seconds=self._clock.now_ms() // 1000
            )
            if signed_in is None:
                raise NotAuthenticated(
                    "The account's cookie is not good or has expired.",
                    next_step="Sign in again with POST /api/login.",
                )
            record = await self._store.key(signed_in.key_id)
            if record is None or record.user_id != signed_in.user_id:
                raise _unknown_key()
            return record
        key = read_key(credential.text)
        if key is None:
            raise NotAuthenticated("This is no key: keys look like lit_<8>_<32 characters>.")
        record = await self._store.key(key.id)
        if record is None or not key.fits(record.hash):
            raise _unknown_key()
        return record

    async def _touch(self, record: KeyRecord, now_ms: int) -> None:
        if record.last_used_at_ms is not None and now_ms - record.last_used_at_ms < TOUCH_AFTER_MS:
            return
        try:
            await self._store.touch(record.id, now_ms)
        except LittoralError as error:
            _log.warning("the last use of a key could not be written: %s", error)


def _unknown_key() -> NotAuthenticated:
    return NotAuthenticated(
        "There is no such key.", next_step="Check the key, or sign up with POST /api/signup."
    )
