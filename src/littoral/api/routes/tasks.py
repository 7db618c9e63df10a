"""``/api/sessions/<id>/tasks``: tasks edited by hand. Every connected client sees it at once."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from littoral.api.answers import Task, Tasks
from littoral.api.bodies import NewTaskBody, TaskChange
from littoral.api.context import Api, json_answer
from littoral.api.routes import WRITE, SessionId, TaskId, problems

_ALL = "/api/sessions/{sessionId}/tasks"
_ONE = _ALL + "/{taskId:int}"


def task_routes(api: Api) -> APIRouter:
    """Reading and changing the tasks of one session."""
    router = APIRouter(tags=["tasks"])

    @router.get(_ALL, response_model=Tasks, responses=problems(404, 422))
    async def list_tasks(request: Request, session_id: SessionId) -> Response:
        """All tasks of a session."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("tasks.list"))

    @router.post(
        _ALL, response_model=Task, status_code=201, responses=problems(*WRITE, 404, 409, 429)
    )
    async def add_task(request: Request, session_id: SessionId, body: NewTaskBody) -> Response:
        """Adds a task. Repeating this adds another one."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("tasks.add", body.sent()), 201)

    @router.post(f"{_ALL}/undo", response_model=Tasks, responses=problems(403, 404, 409, 422))
    async def undo_tasks(request: Request, session_id: SessionId) -> Response:
        """Takes back the last change of tasks, by hand or by the agent."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("tasks.undo"))

    @router.patch(_ONE, response_model=Task, responses=problems(*WRITE, 404, 409))
    async def change_task(
        request: Request, session_id: SessionId, task_id: TaskId, body: TaskChange
    ) -> Response:
        """Changes a task; fields that are not sent stay as they are."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("tasks.update", {"id": task_id, **body.sent()}))

    @router.delete(_ONE, status_code=204, response_model=None, responses=problems(403, 404, 422))
    async def delete_task(request: Request, session_id: SessionId, task_id: TaskId) -> Response:
        """Deletes a task; `undo` brings it back."""
        agent = await api.agent(request, session_id)
        await agent.call("tasks.delete", {"id": task_id})
        return Response(status_code=204)

    return router
