"""``/api/operations``: what operators see of the deployment. Reading only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api import operations_answers as shapes
from littoral.api.context import Api, json_answer
from littoral.api.routes import problems
from littoral.api.routes.health import readiness
from littoral.clock import iso
from littoral.errors import InvalidInput
from littoral.ops.operators import require_operator
from littoral.ops.question import label_place, lines_of, step_ms
from littoral.ops.summary import summary_of
from littoral.ops.tally import read_tally

MONTH_MINUTES = 30 * 24 * 60

Minutes = Annotated[int, Query(ge=1, le=MONTH_MINUTES, description="How far back.")]
MetricKey = Literal[
    "http",
    "call",
    "work",
    "message",
    "stage",
    "model",
    "tokens",
    "credits",
    "errors",
    "lost",
]


async def require_operator_of(api: Api, request: Request) -> None:
    """Raises ``NotAllowed`` unless an operator's account asks, and what ``Api.account`` raises."""
    account = await api.account(request, scope="account", limit="account")

    async def email() -> str:
        user = await api.accounts.user(account.user_id)
        return user.email if user else ""

    await require_operator(api.settings.operators, account.user_id, email)


def operations_routes(api: Api) -> APIRouter:
    """For the accounts that the setting ``OPERATORS`` names; everybody else gets 403."""
    router = APIRouter(tags=["operations"])
    _add_figures(router, api)
    _add_traces(router, api)
    return router


def _add_figures(router: APIRouter, api: Api) -> None:
    @router.get(
        "/api/operations/summary",
        response_model=shapes.OperationsSummary,
        responses=problems(422),
    )
    async def operations_summary(request: Request, minutes: Minutes = 60) -> Response:
        """Health, rates, errors and percentiles by route, agent, model, queue and stage."""
        await require_operator_of(api, request)
        telemetry = api.gateway.telemetry()
        found = await telemetry.call("window", {"minutes": minutes})
        notes = await telemetry.call("notes")
        status, dependencies = await readiness(api)
        return json_answer(
            {
                "from": iso(found["fromMs"]),
                "until": iso(found["untilMs"]),
                "minutes": minutes,
                "traceSample": api.settings.trace_sample,
                **summary_of(read_tally(found["tally"]), minutes=minutes),
                "status": status,
                "dependencies": dependencies,
                **notes,
            }
        )

    @router.get(
        "/api/operations/series", response_model=shapes.OperationsSeries, responses=problems(422)
    )
    async def operations_series(
        request: Request,
        metric: MetricKey = "http",
        minutes: Minutes = 60,
        by: Annotated[str | None, Query(max_length=40, description="A label of it.")] = None,
        only: Annotated[
            str | None,
            Query(max_length=160, description="`label=value`: nothing but these."),
        ] = None,
    ) -> Response:
        """One metric over time: counts, failures and percentiles of each step."""
        await require_operator_of(api, request)
        asked = {
            "metric": metric,
            "minutes": minutes,
            "stepMs": step_ms(minutes),
            "group": None if by is None else label_place(metric, by),
            "labels": _only(metric, only),
        }
        found = await api.gateway.telemetry().call("points", asked)
        lines = lines_of(found)
        return json_answer({"metric": metric, "by": by, "stepMs": found["stepMs"], "lines": lines})


def _only(metric: str, only: str | None) -> dict[str, Any]:
    if only is None:
        return {}
    name, equals, value = only.partition("=")
    if not equals:
        raise InvalidInput("only must be label=value.")
    return {str(label_place(metric, name)): value}


def _add_traces(router: APIRouter, api: Api) -> None:
    @router.get("/api/operations/traces", response_model=shapes.TraceList, responses=problems(422))
    async def operations_traces(
        request: Request,
        minutes: Minutes = 60,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        failed: bool = False,
        slowest: bool = False,
        q: Annotated[str, Query(max_length=100, description="Words of its name.")] = "",
        kind: Annotated[str, Query(pattern="^[a-z]{0,20}$")] = "",
    ) -> Response:
        """Sampled traces, newest or slowest first."""
        await require_operator_of(api, request)
        asked = {
            "limit": limit,
            "failed": failed,
            "slowest": slowest,
            "words": q.strip(),
            "kind": kind,
            "sinceMs": api.clock.now_ms() - minutes * 60_000,
        }
        return json_answer(await api.gateway.telemetry().call("traces", asked))

    @router.get(
        "/api/operations/traces/{traceId}",
        response_model=shapes.TraceAnswer,
        responses=problems(404, 422),
    )
    async def operations_trace(
        request: Request, trace_id: Annotated[str, Path(alias="traceId", pattern="^[0-9a-f]{32}$")]
    ) -> Response:
        """One trace with all spans that were told so far."""
        await require_operator_of(api, request)
        return json_answer(await api.gateway.telemetry().call("trace", {"traceId": trace_id}))

    @router.get("/api/operations/log", response_model=shapes.LogLines, responses=problems(422))
    async def operations_log(
        request: Request,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        """The newest lines of the log after a number; the last thousand are kept."""
        await require_operator_of(api, request)
        asked = {"since": since, "limit": limit}
        return json_answer(await api.gateway.telemetry().call("tail", asked))
