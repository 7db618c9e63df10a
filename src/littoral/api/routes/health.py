"""``/api/health`` and ``/api/ready``: does the process run, and does what it needs answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

import littoral
from littoral.accounts.guest import require_secret
from littoral.api.answers import Health, Ready
from littoral.api.context import Api, json_answer
from littoral.api.gateway import DependencyState
from littoral.api.routes import problems
from littoral.errors import DependencyUnavailable
from littoral.settings import Settings


def health_routes(api: Api) -> APIRouter:
    """Needs no caller and tells nothing about anybody."""
    router = APIRouter(tags=["operations"])

    @router.get("/api/health", response_model=Health, responses=problems(asks_who=False))
    async def health() -> Response:
        """Whether the process runs. Looks at nothing else."""
        return json_answer({"status": "ok", "version": littoral.__version__})

    @router.get(
        "/api/ready",
        response_model=Ready,
        responses=problems(asks_who=False)
        | {503: {"model": Ready, "description": "Something is down."}},
    )
    async def ready() -> Response:
        """Whether every dependency answers, how fast, and how long ago that was seen."""
        status, dependencies = await readiness(api)
        return json_answer(
            {"status": status, "dependencies": dependencies}, 200 if status == "ready" else 503
        )

    return router


async def readiness(api: Api) -> tuple[str, dict[str, dict[str, Any]]]:
    """``ready`` or ``not_ready``, and each dependency's state as the API tells it."""
    states = {"settings": _settings_state(api.settings), **await api.gateway.ready()}
    down = any(state.needed and state.status == "down" for state in states.values())
    told = {name: _dependency(state) for name, state in states.items()}
    return "not_ready" if down else "ready", told


def _settings_state(settings: Settings) -> DependencyState:
    """Without a usable secret nobody can be answered."""
    try:
        require_secret(settings.session_secret)
    except DependencyUnavailable as error:
        return DependencyState(status="down", detail=error.detail)
    return DependencyState(status="ok")


def _dependency(state: DependencyState) -> dict[str, Any]:
    return {
        "status": state.status,
        "latencyMs": state.latency_ms,
        "ageMs": state.age_ms,
        "needed": state.needed,
        "detail": state.detail,
    }
