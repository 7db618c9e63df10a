"""``/fn/jobs``: list, look, follow, cancel, do again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.event_feed import STREAM_DOC, follow, resumed, wants_stream
from littoral.api.event_stream import EventStream
from littoral.api.function_answers import FunctionAccepted, JobAnswer, JobEventPage, JobList
from littoral.api.function_bodies import JobReason
from littoral.api.limits import PAGE_EVENTS
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.functions import CALL_CLASS, functions_of
from littoral.api.routes.runs import idempotency_key

JobId = Annotated[
    str, Path(alias="jobId", pattern=r"^job_[A-Za-z0-9_-]{1,60}$", description="The job's id.")
]
JOBS = "/fn/jobs"
ONE = f"{JOBS}/{{jobId}}"
PAGE_JOBS = 100


def function_job_routes(api: Api) -> APIRouter:
    """Reading jobs, and what may be done to them."""
    router = APIRouter(tags=["functions"])
    _add_reading(router, api)
    _add_changing(router, api)
    return router


def _add_reading(router: APIRouter, api: Api) -> None:
    @router.get(JOBS, response_model=JobList, responses=problems(422))
    async def list_jobs(
        request: Request,
        status: Annotated[str | None, Query(max_length=40)] = None,
        kind: Annotated[str | None, Query(alias="type", max_length=40)] = None,
        dead_letter: Annotated[bool | None, Query(alias="deadLetter")] = None,
        q: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_JOBS)] = 30,
    ) -> Response:
        """Your jobs, newest first, by state, type, words, and whether every try failed."""
        remote, _ = await functions_of(api, request)
        args = {"status": status, "type": kind, "deadLetter": dead_letter, "q": q.strip()}
        found = await remote.call("job.list", {**args, "cursor": cursor, "limit": limit})
        return json_answer(found)

    @router.get(ONE, response_model=JobAnswer, responses=problems(404, 422))
    async def describe_job(request: Request, job_id: JobId) -> Response:
        """One job: what was asked, what it was found to be, what came of it."""
        remote, _ = await functions_of(api, request)
        return json_answer(await remote.call("job.describe", {"jobId": job_id}))

    @router.get(
        f"{ONE}/events",
        response_model=JobEventPage,
        responses={200: STREAM_DOC, **problems(404, 422)},
    )
    async def list_job_events(
        request: Request,
        job_id: JobId,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 200,
    ) -> Response:
        """What happened to a job after `since` (or after the header `Last-Event-ID`)."""
        remote, _ = await functions_of(api, request)
        args = {"jobId": job_id, "since": resumed(request, since), "limit": limit}
        page = await remote.call("job.events", args)
        if not wants_stream(request):
            return json_answer(page)
        return EventStream(follow(remote, "job.wait", args, page))


def _add_changing(router: APIRouter, api: Api) -> None:
    @router.post(f"{ONE}/cancel", response_model=JobAnswer, responses=problems(*WRITE, 404, 409))
    async def cancel_job(
        request: Request, job_id: JobId, body: JobReason | None = None
    ) -> Response:
        """Ends a job that has not ended; its human task or its build end with it."""
        remote, _ = await functions_of(api, request)
        args = {"jobId": job_id, **({} if body is None else body.sent())}
        return json_answer(await remote.call("job.cancel", args))

    @router.post(
        f"{ONE}/replay",
        status_code=202,
        response_model=FunctionAccepted,
        responses=problems(403, 402, 404, 409, 413, 415, 422, 429),
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def replay_job(request: Request, job_id: JobId) -> Response:
        """Does a job that has ended once more, as a new job by the queue."""
        remote, _ = await functions_of(api, request, CALL_CLASS)
        args = {"jobId": job_id, "idempotencyKey": idempotency_key(request)}
        return json_answer(await remote.call("job.replay", args), 202)
