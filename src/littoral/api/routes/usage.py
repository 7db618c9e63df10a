"""``/api/usage``: what an account used, by day, kind and model."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from littoral.api import credit_bodies as shapes
from littoral.api.context import Api, json_answer
from littoral.api.routes import problems
from littoral.credits.usage import GROUPS, UsageSum, summarise
from littoral.errors import InvalidInput

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366

Day = Annotated[
    str | None,
    Query(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-01"]),
]
_NOTHING: Final = UsageSum(
    day=None,
    kind=None,
    model=None,
    count=0,
    input_tokens=0,
    output_tokens=0,
    cost=0,
    errors=0,
    latency_p50_ms=0,
    latency_p95_ms=0,
)


def usage_routes(api: Api) -> APIRouter:
    """Sums are made when they are asked for; a turn that just ended may be missing for a minute."""
    router = APIRouter(tags=["account"])

    @router.get("/api/usage", response_model=shapes.UsageReport, responses=problems(422, 429))
    async def usage(
        request: Request,
        by: Annotated[
            str,
            Query(
                pattern=r"^(day|kind|model)(,(day|kind|model)){0,2}$",
                description="What rows are apart by: day, kind, model, or several with commas.",
            ),
        ] = "day,kind,model",
        from_: Annotated[Day, Query(alias="from", description="First day (UTC).")] = None,
        to: Annotated[Day, Query(description="Last day (UTC); it counts too.")] = None,
    ) -> Response:
        """Sums of a span of days, 30 days up to today unless it is given, at most 366."""
        account = await api.account(request, scope="account", limit="account")
        first, last = _span(from_, to, api.clock.now_ms())
        grouped = [name for name in GROUPS if name in by.split(",")]
        span = {"first_day": first, "last_day": last}
        rows = await summarise(api.database, account.user_id, by=grouped, **span)
        totals = await summarise(api.database, account.user_id, by=(), **span)
        answer: dict[str, Any] = {
            "by": grouped,
            "from": first,
            "to": last,
            "rows": [each.to_json() for each in rows],
            "totals": (totals or [_NOTHING])[0].to_json(),
        }
        return json_answer(answer)

    return router


def _span(first: str | None, last: str | None, now_ms: int) -> tuple[str, str]:
    """Both days of the span; raises ``InvalidInput`` for days that do not exist or fit."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    end = _day(last, "to") or today
    begin = _day(first, "from") or end - timedelta(days=USUAL_DAYS - 1)
    if begin > end:
        raise _wrong("from", f"{begin} is after {end}: the span ends before it begins.")
    if (end - begin).days >= MOST_DAYS:
        raise _wrong("from", f"The span has {(end - begin).days + 1} days; most are {MOST_DAYS}.")
    return begin.isoformat(), end.isoformat()


def _day(text: str | None, field: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(field, f"{text} is no day of the calendar.") from None


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(f"{field}: {message}", fields=[{"field": field, "message": message}])
