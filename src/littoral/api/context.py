"""What every route is given: the way to the objects, who is calling, and how often they may."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request, Response

from littoral.accounts.account import Account, Scope
from littoral.accounts.caller import Caller
from littoral.accounts.claim import Claims
from littoral.accounts.identity import Identity, spent_cookie
from littoral.accounts.store import AccountStore
from littoral.api.gateway import Gateway, Remote
from littoral.builder.list_page import BuildPages
from littoral.clock import Clock, Ids
from littoral.credits.amount import MILLI
from littoral.credits.ledger import Ledger
from littoral.errors import NotAuthenticated
from littoral.jsontext import dumps
from littoral.limits import policy
from littoral.limits.limiter import Limiter
from littoral.limits.newcomers import guest_count
from littoral.limits.policy import Limits
from littoral.settings import Settings
from littoral.store.database import Database

SET_COOKIE = "littoral.set_cookie"
REQUEST_ID = "littoral.request_id"
USER = "littoral.user"
"""Who sent the request, for the log: the user's id, or the guest's."""
ERROR_CODE = "littoral.error_code"


@dataclass(frozen=True, kw_only=True)
class Api:
    """The parts that routes work with, one for the whole application."""

    gateway: Gateway
    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    limiter: Limiter

    @cached_property
    def accounts(self) -> AccountStore:
        """Users and keys."""
        return AccountStore(self.database)

    @cached_property
    def identity(self) -> Identity:
        """The decision who calls."""
        secret = self.settings.session_secret
        return Identity(
            self.accounts,
            secret=secret,
            clock=self.clock,
            ids=self.ids,
            finish_claim=self.claims.finish,
            admit_guest=guest_count(self.settings, self.limits),
        )

    @cached_property
    def claims(self) -> Claims:
        """Closes the chats of guests who became accounts to the guests' cookies."""
        return Claims(self.gateway, self.accounts)

    async def revoke_key(self, user_id: str, key_id: str) -> bool:
        """Ends a key everywhere; ``False`` when this user has no such key."""
        answer = await self.gateway.key_sockets(user_id).call("revoke", {"keyId": key_id})
        revoked: bool = answer["revoked"]
        return revoked

    @cached_property
    def ledger(self) -> Ledger:
        """Credits of all users."""
        budget = self.settings.daily_budget_credits * MILLI
        return Ledger(self.database, self.clock, daily_budget=budget)

    @cached_property
    def builds(self) -> BuildPages:
        """The lists of builds."""
        return BuildPages(self.database)

    @cached_property
    def limits(self) -> Limits:
        """The rules for classes of calls."""
        return Limits(self.limiter, self.settings.rate_limits)

    async def caller(
        self, request: Request, session_id: str | None = None, *, scope: Scope | None = "chat"
    ) -> Caller:
        """Who sent a request, guest or account; a new guest's cookie goes with the answer.

        An account's key must have ``scope``. Raises ``NotAuthenticated`` for a bad credential,
        ``InsufficientScope``, and ``DependencyUnavailable`` without a usable SESSION_SECRET or when
        keys cannot be looked up.
        """
        try:
            caller = await self.identity.caller(
                request.headers.get,
                is_https=is_https(request),
                session_id=session_id,
                scope=scope,
            )
        except NotAuthenticated as error:
            https = is_https(request)
            set_cookie(request, spent_cookie(error, request.headers.get, is_https=https))
            raise
        set_cookie(request, caller.new_cookie)
        request.scope[USER] = caller.account.user_id if caller.account else caller.owner
        return caller

    async def account(self, request: Request, *, scope: Scope, limit: str | None = None) -> Account:
        """The account that sent a request, counted on the class ``limit`` (``limits.rules``).

        Raises what ``caller`` raises, ``NotAuthenticated`` for a guest, and ``RateLimited``.
        """
        caller = await self.caller(request, scope=scope)
        if caller.account is None:
            raise NotAuthenticated(
                "This needs an account.",
                next_step="Sign up with POST /api/signup and send the key as x-api-key.",
            )
        if limit is not None:
            await self.limits.admit(limit, policy.user(caller.account.user_id))
        return caller.account

    async def agent(self, request: Request, session_id: str) -> Remote:
        """The agent of one of the caller's sessions; ``NotFound`` when they can have none."""
        caller = await self.caller(request, session_id)
        return self.agent_of(caller, caller.reach(session_id))

    def agent_of(self, caller: Caller, session_id: str) -> Remote:
        """The agent of a session that the caller was found to reach."""
        return self.gateway.agent(caller.owner, session_id, bare=caller.bare, payer=caller.payer)

    def directory_of(self, caller: Caller) -> Remote:
        """The list of the caller's sessions."""
        return self.gateway.directory(caller.owner, payer=caller.payer)


def is_https(request: Request) -> bool:
    """Whether the request came encrypted."""
    found: bool = request.scope["scheme"] == "https"
    return found


def set_cookie(request: Request, header: str | None) -> None:
    """Lets a whole ``Set-Cookie`` header go with the answer, if there is one."""
    if header:
        request.scope.setdefault(SET_COOKIE, []).append(header)


def json_answer(value: Any, status: int = 200) -> Response:
    """A JSON answer. ``value`` is JSON already, so no model checks it again."""
    return Response(dumps(value).encode(), status, media_type="application/json")
