"""What people do with a run: answer its approvals, end it, hold it, do it again."""

from __future__ import annotations

from typing import Any, Literal, get_args

from fastapi import APIRouter, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.routes import WRITE, problems
from littoral.api.routes.runs import ONE, RunId, idempotency_key, orchestrator_of
from littoral.api.run_answers import Run, RunApprovals
from littoral.api.run_bodies import RunDecision

Action = Literal["approve", "reject", "cancel", "pause", "resume", "restart"]
_ABOUT: dict[Action, str] = {
    "approve": "Lets the run, or the step that waits, go on.",
    "reject": "Ends the run without the work that waits; the reason is kept.",
    "cancel": "Ends the run. A running command is told to end, and killed if it does not.",
    "pause": "Holds the run: its command is stopped where it is, no other one begins.",
    "resume": "Lets a held run go on.",
    "restart": "Starts a new run with the same input, linked to this one.",
}


def run_approval_routes(api: Api) -> APIRouter:
    """The inbox of approvals, and one route for each action."""
    router = APIRouter(tags=["orchestrator"])

    @router.get("/api/orchestrator/approvals", response_model=RunApprovals, responses=problems())
    async def list_run_approvals(request: Request) -> Response:
        """Approvals of all your runs that wait for a decision."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        return json_answer(await agent.call("approvals.list"))

    for action in get_args(Action):
        _add_action(router, api, action)
    return router


def _add_action(router: APIRouter, api: Api, action: Action) -> None:
    is_new = action == "restart"

    async def act(request: Request, run_id: RunId, body: RunDecision | None = None) -> Response:
        limit = "run-start" if is_new else None
        agent, _ = await orchestrator_of(api, request, "runs:write", limit)
        args: dict[str, Any] = {"runId": run_id, **(body.sent() if body else {})}
        if is_new:
            args["idempotencyKey"] = idempotency_key(request)
        return json_answer(await agent.call(f"run.{action}", args), 202 if is_new else 200)

    act.__name__ = f"{action}_run"
    act.__doc__ = _ABOUT[action]
    more = (402, 429) if is_new else ()
    router.add_api_route(
        f"{ONE}/{action}",
        act,
        methods=["POST"],
        status_code=202 if is_new else 200,
        response_model=Run,
        responses=problems(*WRITE, 404, 409, *more),
    )
