"""``/api/signup``, ``/api/login``, ``/api/logout``: an account, and its cookie in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from littoral.accounts import account_cookie, guest
from littoral.accounts.caller import known_guest
from littoral.accounts.identity import Credential
from littoral.accounts.keys import key_json
from littoral.accounts.signup import Opening, Signup, Wish
from littoral.accounts.store import KeyRecord, UserRecord
from littoral.api.account_bodies import LoginRequest, SignedIn, SignedUp, SignupRequest
from littoral.api.chat import idempotency_key
from littoral.api.context import Api, is_https, json_answer, set_cookie
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.credits.amount import MILLI
from littoral.credits.ledger import grant_statement
from littoral.errors import NotAuthenticated
from littoral.limits import policy
from littoral.settings import Settings
from littoral.store.database import Statement

SIGNUP_REF = "signup"
"""The ledger's ref of the credits that an account begins with."""


def account_routes(api: Api) -> APIRouter:
    """Signup and login are counted by network address, exactly."""
    router = APIRouter(tags=["account"])
    signup = Signup(
        api.accounts,
        settings=api.settings,
        clock=api.clock,
        ids=api.ids,
        opening=opening_of(api.settings),
    )

    @router.post(
        "/api/signup",
        response_model=SignedUp,
        status_code=201,
        responses=problems(*WRITE, 409, 429, asks_who=False),
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def sign_up(request: Request, body: SignupRequest) -> Response:
        """Makes an account with credits to begin with, and its first key, shown this one time."""
        guest.require_secret(api.settings.session_secret)
        key = idempotency_key(request.headers.get("idempotency-key"))
        await api.limits.admit("signup", address_of(request))
        wish = Wish(
            email=body.email.lower(),
            name=" ".join(body.name.split()),
            invite=body.invite,
            guest=_guest(api, request) if body.claim_chats else None,
            idempotency_key=key,
        )
        made = await signup.sign_up(wish)
        _sign_in(api, request, made.record)
        if wish.guest is not None:
            set_cookie(request, guest.clear_cookie(is_https(request)))
            await api.claims.finish(made.record.account(via="key"))
        return json_answer(
            {
                "user": user_json(made.user),
                "apiKey": made.key.text,
                "key": key_json(made.record, current=True),
            },
            201,
        )

    @router.post(
        "/api/login",
        response_model=SignedIn,
        responses=problems(401, *WRITE, 429, asks_who=False),
    )
    async def log_in(request: Request, body: LoginRequest) -> Response:
        """Takes a key and gives the cookie that stands for it in this browser."""
        await api.limits.admit("login", address_of(request))
        account = await api.identity.account(Credential(kind="key", text=body.api_key))
        user = await api.accounts.user(account.user_id)
        record = await api.accounts.key(account.key_id)
        if user is None or record is None:
            raise NotAuthenticated("There is no such key.")
        _sign_in(api, request, record)
        return json_answer({"user": user_json(user), "key": key_json(record, current=True)})

    @router.post(
        "/api/logout",
        status_code=204,
        response_model=None,
        responses=problems(403, asks_who=False),
    )
    async def log_out(request: Request) -> Response:
        """Takes the account's cookie away. The key stays good: revoke it to end it."""
        set_cookie(request, account_cookie.clear_cookie(is_https(request)))
        return Response(status_code=204)

    return router


def opening_of(settings: Settings) -> Opening:
    """What a new account begins with."""
    amount = settings.signup_credits * MILLI

    def opening(user_id: str, now_ms: int) -> Sequence[Statement]:
        if not amount:
            return ()
        return (grant_statement(user_id, amount, ref=SIGNUP_REF, now_ms=now_ms),)

    return opening


def user_json(user: UserRecord) -> dict[str, Any]:
    """A user as JSON."""
    return {"id": user.id, "kind": "account", "email": user.email, "name": user.name}


def address_of(request: Request) -> str:
    """The subject for the network address that a request came from, as the platform saw it."""
    return policy.address(request.headers.get("cf-connecting-ip"))


def _guest(api: Api, request: Request) -> str | None:
    return known_guest(
        request.headers.get("cookie"),
        is_https=is_https(request),
        secret=api.settings.session_secret,
        now_ms=api.clock.now_ms(),
    )


def _sign_in(api: Api, request: Request, record: KeyRecord) -> None:
    value = account_cookie.issue(
        record.user_id,
        record.id,
        secret=api.settings.session_secret,
        now_seconds=api.clock.now_ms() // 1000,
    )
    set_cookie(request, account_cookie.set_cookie(value, is_https(request)))
