"""``/api/orchestrator/session``: sandboxes that stay. Their terminals have routes of their own."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.routes import WRITE, SessionId, problems
from littoral.api.routes.runs import orchestrator_of
from littoral.api.run_answers import (
    SandboxSessionAnswer,
    SandboxSessions,
    SandboxSessionStarted,
)
from littoral.api.run_bodies import NewSandboxSession

_ALL = "/api/orchestrator/session"
_ONE = f"{_ALL}/{{sessionId}}"


def run_session_routes(api: Api) -> APIRouter:
    """Open, list, look, stop."""
    router = APIRouter(tags=["orchestrator"])

    @router.post(
        _ALL,
        status_code=202,
        response_model=SandboxSessionStarted,
        responses=problems(*WRITE, 402, 429),
    )
    async def create_sandbox_session(
        request: Request, body: NewSandboxSession | None = None
    ) -> Response:
        """Opens a sandbox that stays until you stop it, or it cannot be paid any more."""
        agent, _ = await orchestrator_of(api, request, "runs:write", "session-start")
        return json_answer(await agent.call("session.create", body.sent() if body else {}), 202)

    @router.get(_ALL, response_model=SandboxSessions, responses=problems())
    async def list_sandbox_sessions(request: Request) -> Response:
        """Your sandbox sessions, open ones first."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        return json_answer(await agent.call("session.list"))

    @router.get(_ONE, response_model=SandboxSessionAnswer, responses=problems(404, 422))
    async def describe_sandbox_session(request: Request, session_id: SessionId) -> Response:
        """One of them, as its sandbox is now."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        return json_answer(await agent.call("session.describe", {"sessionId": session_id}))

    @router.delete(_ONE, response_model=SandboxSessionAnswer, responses=problems(403, 404, 422))
    async def stop_sandbox_session(request: Request, session_id: SessionId) -> Response:
        """Stops it, with everything that runs and lies in it."""
        agent, _ = await orchestrator_of(api, request, "runs:write")
        return json_answer(await agent.call("session.stop", {"sessionId": session_id}))

    return router
