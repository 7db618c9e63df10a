"""``/api/metrics``: every count in Prometheus' text format."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request, Response

import littoral
from littoral.api.context import Api
from littoral.api.routes import problems
from littoral.api.routes.health import readiness
from littoral.api.routes.operations import require_operator_of
from littoral.ops.exposition import CONTENT_TYPE, Gauge, exposition
from littoral.ops.tally import read_tally


def metrics_routes(api: Api) -> APIRouter:
    """For whoever shows the token of the setting ``METRICS_TOKEN``, and for operators."""
    router = APIRouter(tags=["operations"])

    @router.get(
        "/api/metrics",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **problems(),
        },
    )
    async def metrics(request: Request) -> Response:
        """Counters and histograms since the deployment began, and the state of what it needs."""
        if not _shows_token(request, api.settings.metrics_token):
            await require_operator_of(api, request)
        found = await api.gateway.telemetry().call("totals")
        _, dependencies = await readiness(api)
        gauges: list[Gauge] = [
            (
                "littoral_dependency_up",
                "Whether a dependency answered when it was last looked at.",
                [
                    ({"dependency": name}, 0 if state["status"] == "down" else 1)
                    for name, state in dependencies.items()
                ],
            ),
            (
                "littoral_dependency_age_seconds",
                "How long ago that was.",
                [
                    ({"dependency": name}, state["ageMs"] / 1000)
                    for name, state in dependencies.items()
                ],
            ),
            ("littoral_info", "The version.", [({"version": littoral.__version__}, 1)]),
        ]
        text = exposition(read_tally(found["tally"], 10_000), gauges)
        return Response(text.encode(), media_type=CONTENT_TYPE)

    return router


def _shows_token(request: Request, token: str) -> bool:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if not token or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(shown.strip().encode(), token.encode())
