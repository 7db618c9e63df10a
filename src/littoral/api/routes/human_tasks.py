"""``/fn/human-tasks``: questions to people, and their answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.function_answers import HumanTaskAnswer, HumanTaskList
from littoral.api.function_bodies import HumanAnswer, HumanRejection
from littoral.api.routes import WRITE, problems
from littoral.api.routes.functions import functions_of

TaskId = Annotated[
    str, Path(alias="taskId", pattern=r"^tsk_[A-Za-z0-9_-]{1,60}$", description="The task's id.")
]
TASKS = "/fn/human-tasks"
ONE = f"{TASKS}/{{taskId}}"


def human_task_routes(api: Api) -> APIRouter:
    """The inbox: list, look, answer, say no."""
    router = APIRouter(tags=["functions"])

    @router.get(TASKS, response_model=HumanTaskList, responses=problems(422))
    async def list_human_tasks(
        request: Request, status: Annotated[str | None, Query(max_length=40)] = None
    ) -> Response:
        """Human tasks, at most 200: those that wait oldest first, others newest first."""
        remote, _ = await functions_of(api, request)
        return json_answer(await remote.call("task.list", {"status": status}))

    @router.get(ONE, response_model=HumanTaskAnswer, responses=problems(404, 422))
    async def describe_human_task(request: Request, task_id: TaskId) -> Response:
        """One task with its form and, when it has ended, its answer."""
        remote, _ = await functions_of(api, request)
        return json_answer(await remote.call("task.describe", {"taskId": task_id}))

    @router.post(
        f"{ONE}/complete", response_model=HumanTaskAnswer, responses=problems(*WRITE, 404, 409)
    )
    async def complete_human_task(request: Request, task_id: TaskId, body: HumanAnswer) -> Response:
        """Answers; the answer must fit the form and becomes the job's result."""
        remote, _ = await functions_of(api, request)
        args = {"taskId": task_id, "answer": body.answer}
        return json_answer(await remote.call("task.complete", args))

    @router.post(
        f"{ONE}/reject", response_model=HumanTaskAnswer, responses=problems(*WRITE, 404, 409)
    )
    async def reject_human_task(
        request: Request, task_id: TaskId, body: HumanRejection
    ) -> Response:
        """Says no, with a reason; the job fails with it."""
        remote, _ = await functions_of(api, request)
        args = {"taskId": task_id, "reason": body.reason}
        return json_answer(await remote.call("task.reject", args))

    return router
