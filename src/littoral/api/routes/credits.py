"""``/api/credits``: what an account may spend, and every movement of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from littoral.api import credit_bodies as shapes
from littoral.api.context import Api, json_answer
from littoral.api.routes import problems
from littoral.credits.amount import credits_of
from littoral.credits.ledger import MAX_PAGE


def credit_routes(api: Api) -> APIRouter:
    """Reading only: credits move with the work that they pay for."""
    router = APIRouter(tags=["account"])

    @router.get("/api/credits", response_model=shapes.Credits, responses=problems(422, 429))
    async def credits_and_entries(
        request: Request,
        cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,15}$")] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    ) -> Response:
        """Balance, reservations, today's budget, and a page of the ledger, newest first."""
        account = await api.account(request, scope="account", limit="account")
        ledger = api.ledger
        balance = await ledger.balance(account.user_id)
        budget = await ledger.budget(account.user_id)
        entries, more = await ledger.entries(account.user_id, cursor=cursor or "", limit=limit)
        return json_answer(
            {
                "balance": credits_of(balance.available),
                "reserved": credits_of(balance.reserved),
                "budget": {
                    "day": budget.day,
                    "limit": credits_of(budget.limit),
                    "spent": credits_of(budget.spent),
                },
                "entries": [each.to_json() for each in entries],
                "cursor": more or None,
            }
        )

    return router
