"""``/api/agents/<id>/execute`` and ``/api/executions``: call agents, follow, list, cancel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.event_feed import EVENT_STREAM, STREAM_DOC, follow, resumed, wants_stream
from littoral.api.event_stream import EventStream
from littoral.api.execution_stream import words_of
from littoral.api.gateway import Remote
from littoral.api.limits import PAGE_EVENTS
from littoral.api.registry_answers import ExecutionAnswer, ExecutionEventPage, ExecutionList
from littoral.api.registry_bodies import CancelReason, ExecutionRequest
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.registry import AgentId, hashed_id
from littoral.api.routes.runs import idempotency_key
from littoral.errors import NotFound
from littoral.registry.agents import Agents
from littoral.registry.execution import EXECUTION_PREFIX, Ask, used_otherwise
from littoral.registry.limits import PAGE_EXECUTIONS, SYNC_SECONDS
from littoral.registry.listing import ExecutionPages
from littoral.registry.places import colo_of
from littoral.registry.reading import read_ask

ExecutionId = Annotated[
    str,
    Path(
        alias="executionId",
        pattern=r"^exe_[A-Za-z0-9_-]{1,60}$",
        description="The execution's id.",
    ),
]
EXECUTIONS = "/api/executions"
ONE = f"{EXECUTIONS}/{{executionId}}"
EXECUTION_CLASS = "execution"


def execution_routes(api: Api) -> APIRouter:
    """Everything about executions needs an account with the scope ``agents``."""
    router = APIRouter(tags=["agents"])
    _add_execute(router, api)
    _add_reading(router, api)
    _add_cancel(router, api)
    return router


def _add_execute(router: APIRouter, api: Api) -> None:
    @router.post(
        "/api/agents/{agentId}/execute",
        response_model=ExecutionAnswer,
        responses={
            200: {
                "description": "How it ended; in mode `stream` the answer as it comes.",
                "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
            },
            202: {"model": ExecutionAnswer, "description": "It goes on by itself."},
            **problems(*WRITE, 402, 404, 409, 429),
        },
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def execute_agent(
        request: Request, agent_id: AgentId, body: ExecutionRequest
    ) -> Response:
        """Executes an agent; a repeated `Idempotency-Key` gives the same execution."""
        account = await api.account(request, scope="agents", limit=EXECUTION_CLASS)
        mode = body.mode or ("stream" if wants_stream(request) else "sync")
        agents = Agents(api.database, api.clock)
        agent = await agents.find(account.owner, agent_id)
        key = idempotency_key(request)
        known = hashed_id(EXECUTION_PREFIX, api.ids, key, account.owner, agent_id)
        before = await _pages(api).look_up(account.owner, known) if key else None
        if before is not None and before["over"] and mode != "stream":
            return json_answer(_the_same(before["execution"], body))
        if body.version is not None:
            agent = await agents.version(agent, body.version)
        fields = body.model_dump(exclude_none=True)
        ask = read_ask(
            agent,
            fields,
            colo=colo_of(request.headers.get("cf-ray")),
            continent=request.headers.get("cf-ipcontinent"),
            place=before["place"] if before else None,
        )
        remote = api.gateway.executor(account.owner, agent_id, ask.place, payer=account.payer)
        seconds = SYNC_SECONDS if mode == "sync" else 0.0
        execution = await remote.call("execution.start", _start_args(known, ask, seconds))
        if mode == "stream":
            return EventStream(words_of(remote, execution))
        return json_answer(execution, 202 if execution["endedAt"] is None else 200)


def _the_same(execution: dict[str, Any], body: ExecutionRequest) -> dict[str, Any]:
    """An execution that has ended, for a repeated request: whatever became of the agent since.

    Raises ``Conflict`` when the request is another one.
    """
    asked = (body.input, body.variables or {}, body.session_id)
    if (execution["input"], execution["variables"], execution["sessionId"]) != asked:
        raise used_otherwise()
    return execution


def _start_args(execution_id: str, ask: Ask, seconds: float) -> dict[str, Any]:
    return {"executionId": execution_id, "ask": ask.to_row(), "seconds": seconds}


def _add_reading(router: APIRouter, api: Api) -> None:
    @router.get(EXECUTIONS, response_model=ExecutionList, responses=problems(422))
    async def list_executions(
        request: Request,
        agent_id: Annotated[
            str | None, Query(alias="agentId", pattern=r"^agt_[A-Za-z0-9_-]{1,60}$")
        ] = None,
        status: Annotated[str | None, Query(max_length=40)] = None,
        location: Annotated[str | None, Query(max_length=20)] = None,
        q: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_EXECUTIONS)] = 30,
    ) -> Response:
        """Your executions, newest first, by agent, status, location and words."""
        account = await api.account(request, scope="agents")
        page = await _pages(api).page(
            account.owner,
            agent_id=agent_id,
            status=status,
            location=location,
            words=q.strip(),
            cursor=cursor,
            limit=limit,
        )
        return json_answer(page)

    @router.get(ONE, response_model=ExecutionAnswer, responses=problems(404, 422))
    async def describe_execution(request: Request, execution_id: ExecutionId) -> Response:
        """One execution: what was asked, what came of it, where, how long, at what cost."""
        found, remote = await _execution_of(api, request, execution_id)
        if found["over"]:
            return json_answer(found["execution"])
        return json_answer(await remote.call("execution.describe", {"executionId": execution_id}))

    @router.get(
        f"{ONE}/events",
        response_model=ExecutionEventPage,
        responses={200: STREAM_DOC, **problems(404, 422)},
    )
    async def list_execution_events(
        request: Request,
        execution_id: ExecutionId,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 200,
    ) -> Response:
        """What happened in an execution after `since` (or after the header `Last-Event-ID`)."""
        found, remote = await _execution_of(api, request, execution_id)
        args = {"executionId": execution_id, "since": resumed(request, since), "limit": limit}
        try:
            page = await remote.call("execution.events", args)
        except NotFound:
            page = {"events": [], "next": args["since"], "ended": found["over"]}
        if not wants_stream(request):
            return json_answer(page)
        return EventStream(follow(remote, "execution.wait", args, page))


def _add_cancel(router: APIRouter, api: Api) -> None:
    @router.post(f"{ONE}/cancel", response_model=ExecutionAnswer, responses=problems(*WRITE, 404))
    async def cancel_execution(
        request: Request, execution_id: ExecutionId, body: CancelReason | None = None
    ) -> Response:
        """Ends an execution, also in the middle of a word; words that came are kept and paid."""
        found, remote = await _execution_of(api, request, execution_id)
        if found["over"]:
            return json_answer(found["execution"])
        reason = body.reason if body else None
        args = {"executionId": execution_id, "reason": reason}
        return json_answer(await remote.call("execution.cancel", args))


def _pages(api: Api) -> ExecutionPages:
    return ExecutionPages(api.database, api.clock)


async def _execution_of(
    api: Api, request: Request, execution_id: str
) -> tuple[dict[str, Any], Remote]:
    """One of the caller's executions in the list, and the way to its object."""
    account = await api.account(request, scope="agents")
    found = await _pages(api).find(account.owner, execution_id)
    remote = api.gateway.executor(
        account.owner, found["agentId"], found["place"], payer=account.payer
    )
    return found, remote
