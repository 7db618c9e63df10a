"""``/api/me``: who the caller is here, and what holds for them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

import littoral
from littoral.accounts.account import SCOPES
from littoral.accounts.caller import Caller
from littoral.api.account_bodies import Me
from littoral.api.context import Api, json_answer
from littoral.api.limits import BODY_BYTES, SESSION_TITLE_CHARACTERS
from littoral.api.routes import problems
from littoral.api.routes.account import user_json
from littoral.credits.amount import credits_of
from littoral.errors import NotAuthenticated
from littoral.tasks.task import MAX_TASKS, MAX_TITLE_CHARACTERS
from littoral.text import MAX_MESSAGE_CHARACTERS


def me_routes(api: Api) -> APIRouter:
    """A browser asks this first, and so gets its cookie before it opens a socket."""
    router = APIRouter(tags=["account"])

    @router.get("/api/me", response_model=Me, responses=problems())
    async def me(request: Request) -> Response:
        """You, the limits, and the models that answer. Gives a new guest a cookie."""
        caller = await api.caller(request, scope=None)
        settings, account = api.settings, caller.account
        return json_answer(
            {
                "user": await _user(api, caller),
                "scopes": [each for each in SCOPES if account and each in account.scopes],
                "limits": {
                    "messageCharacters": MAX_MESSAGE_CHARACTERS,
                    "sessions": settings.sessions_per_guest,
                    "tasks": MAX_TASKS,
                    "taskTitleCharacters": MAX_TITLE_CHARACTERS,
                    "sessionTitleCharacters": SESSION_TITLE_CHARACTERS,
                    "bodyBytes": BODY_BYTES,
                },
                "models": {
                    "default": settings.default_model,
                    "fallbacks": list(settings.fallback_models),
                },
                "version": littoral.__version__,
                "signup": settings.signup,
                **await _credits(api, caller),
            }
        )

    return router


async def _credits(api: Api, caller: Caller) -> dict[str, Any]:
    """What the account may spend, where the key may know it."""
    account = caller.account
    if account is None or "account" not in account.scopes:
        return {}
    balance = await api.ledger.balance(account.user_id)
    return {"credits": credits_of(balance.available)}


async def _user(api: Api, caller: Caller) -> dict[str, Any]:
    if caller.account is None:
        return {"id": caller.owner, "kind": "guest"}
    user = await api.accounts.user(caller.account.user_id)
    if user is None:
        raise NotAuthenticated("There is no such account.")
    return user_json(user)
