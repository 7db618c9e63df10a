"""``/api/mesh/tasks``: give the mesh work, see what becomes of it; rebuild the projections."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.mesh_task_answers import (
    MeshTask,
    MeshTaskCancelled,
    MeshTaskList,
    MeshTaskStarted,
    ProjectionsRebuilt,
)
from littoral.api.mesh_task_bodies import MeshTaskReason, MeshTaskRequest
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.mesh import HEAVY_CLASS, mesh_of
from littoral.api.routes.runs import idempotency_key
from littoral.mesh.projections.task_rows import TaskRows
from littoral.mesh.work.desk import COORDINATOR, DeskParts, TaskDesk
from littoral.mesh.work.task import TaskStatus

TASKS: Final = "/api/mesh/tasks"
ONE: Final = f"{TASKS}/{{taskId}}"
PAGE: Final = 100

TaskId = Annotated[
    str, Path(alias="taskId", pattern=r"^mtk_[A-Za-z0-9_-]{22}$", description="The task's id.")
]


def mesh_task_routes(api: Api) -> APIRouter:
    """Tasks of the mesh."""
    router = APIRouter(tags=["mesh"])
    _add_starting(router, api)
    _add_reading(router, api)
    _add_rebuilding(router, api)
    return router


async def _desk(api: Api, request: Request, limit: str | None = None) -> TaskDesk:
    """The desk of the account that asks; raises what ``Api.account`` raises."""
    coordinator, account = await mesh_of(api, request, COORDINATOR, limit)
    parts = DeskParts(
        owner=account.owner,
        payer=account.payer,
        scopes=account.scopes,
        coordinator=coordinator,
        rows=TaskRows(api.database, account.owner),
        till=api.ledger,
        ids=api.ids,
        model=api.settings.default_model,
        max_output_tokens=api.settings.max_output_tokens,
    )
    return TaskDesk(parts)


def _add_starting(router: APIRouter, api: Api) -> None:
    @router.post(
        TASKS,
        status_code=202,
        response_model=MeshTaskStarted,
        responses=problems(*WRITE, 402, 409, 429),
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def start_mesh_task(request: Request, body: MeshTaskRequest) -> Response:
        """Takes a task, sets its credits aside and answers at once; workers do its parts."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.start(body.sent(), idempotency_key(request)), 202)

    @router.post(
        f"{ONE}/cancel", response_model=MeshTaskCancelled, responses=problems(*WRITE, 404, 409)
    )
    async def cancel_mesh_task(
        request: Request, task_id: TaskId, body: MeshTaskReason | None = None
    ) -> Response:
        """Ends a task that has not ended; what was done until then is charged."""
        desk = await _desk(api, request)
        reason = (body.reason if body else None) or ""
        return json_answer(await desk.cancel(task_id, reason))


def _add_reading(router: APIRouter, api: Api) -> None:
    @router.get(TASKS, response_model=MeshTaskList, responses=problems(422))
    async def list_mesh_tasks(
        request: Request,
        status: Annotated[TaskStatus | None, Query()] = None,
        cursor: Annotated[str | None, Query(max_length=60)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = 30,
    ) -> Response:
        """Your tasks, newest first, as the projection has them: a moment behind the events."""
        _, account = await mesh_of(api, request)
        rows = TaskRows(api.database, account.owner)
        return json_answer(await rows.page(status=status, cursor=cursor, limit=limit))

    @router.get(ONE, response_model=MeshTask, responses=problems(404, 422))
    async def get_mesh_task(request: Request, task_id: TaskId) -> Response:
        """One task with its parts, who did them, and what came of each."""
        return json_answer(await (await _desk(api, request)).describe(task_id))


def _add_rebuilding(router: APIRouter, api: Api) -> None:
    @router.post(
        "/api/mesh/projections/rebuild",
        response_model=ProjectionsRebuilt,
        responses=problems(400, 403, 429),
    )
    async def rebuild_mesh_projections(request: Request) -> Response:
        """Makes all lists anew from the agents' events, and says whether they were right."""
        mesh, _ = await mesh_of(api, request, limit=HEAVY_CLASS)
        return json_answer(await mesh.call("mesh.rebuild"))
