"""``/api/sessions/<id>/approvals``: tool calls that wait for a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from littoral.api.answers import Approvals
from littoral.api.bodies import Decision
from littoral.api.context import Api, json_answer
from littoral.api.routes import WRITE, SessionId, problems

ToolCallId = Annotated[
    str,
    Path(
        alias="toolCallId",
        pattern=r"^[A-Za-z0-9_.:\-]{1,128}$",
        description="The tool call's id.",
    ),
]

_ALL = "/api/sessions/{sessionId}/approvals"


def approval_routes(api: Api) -> APIRouter:
    """The same decisions as on a socket, for callers without one."""
    router = APIRouter(tags=["chat"])

    @router.get(_ALL, response_model=Approvals, responses=problems(404, 422))
    async def list_approvals(request: Request, session_id: SessionId) -> Response:
        """The calls that wait for your decision."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("approvals.list"))

    @router.post(
        f"{_ALL}/{{toolCallId}}",
        responses={
            200: {"description": "The rest of the answer, or the calls that still wait."},
            **problems(*WRITE, 404, 409, 429, 502, 504),
        },
    )
    async def decide(
        request: Request, session_id: SessionId, tool_call_id: ToolCallId, body: Decision
    ) -> Response:
        """Allows or refuses a call. After the last decision the turn goes on to its end."""
        agent = await api.agent(request, session_id)
        arguments = {"toolCallId": tool_call_id, "approved": body.approved}
        return json_answer(await agent.call("approvals.decide", arguments))

    return router
