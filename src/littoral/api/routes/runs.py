"""``/api/orchestrator`` and its runs: start, list, look, what they wrote and left."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

import littoral
from littoral.accounts.account import Account, Scope
from littoral.api.context import Api, json_answer
from littoral.api.event_feed import STREAM_DOC, follow, resumed, wants_stream
from littoral.api.event_stream import EventStream
from littoral.api.gateway import Remote
from littoral.api.limits import PAGE_EVENTS
from littoral.api.routes import WRITE, problems
from littoral.api.run_answers import Artifacts, Run, RunEventPage, RunList, RunStarted
from littoral.api.run_bodies import RunRequest
from littoral.errors import InvalidInput, NotFound

RunId = Annotated[
    str, Path(alias="runId", pattern=r"^run_[A-Za-z0-9_-]{1,60}$", description="The run's id.")
]
RUNS = "/api/orchestrator/runs"
ONE = f"{RUNS}/{{runId}}"
PAGE_RUNS = 100
_SHOWN_TYPES = ("text/plain", "text/csv", "application/json", "image/png", "image/jpeg")
_KEY_DOC = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Repeating a request with the same key starts no second run.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,128}$"},
}


def run_routes(api: Api) -> APIRouter:
    """The health of the orchestrator, starting, reading."""
    router = APIRouter(tags=["orchestrator"])
    _add_start(router, api)
    _add_reading(router, api)
    _add_events(router, api)
    _add_files(router, api)
    return router


async def orchestrator_of(
    api: Api, request: Request, scope: Scope, limit: str | None = None
) -> tuple[Remote, Account]:
    """The orchestrator of the account that asks; raises what ``Api.account`` raises."""
    account = await api.account(request, scope=scope, limit=limit)
    return api.gateway.orchestrator(account.owner, payer=account.payer), account


def idempotency_key(request: Request) -> str | None:
    """The header, if there is one; raises ``InvalidInput``."""
    key: str | None = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= 128 or not all("!" <= c <= "~" for c in key):
        raise InvalidInput("Idempotency-Key must be 1 to 128 visible ASCII characters.")
    return key


def _add_start(router: APIRouter, api: Api) -> None:
    @router.get("/api/orchestrator", responses=problems(asks_who=False))
    async def orchestrator_health() -> dict[str, str]:
        """Whether the orchestrator is there."""
        return {"status": "ok", "version": littoral.__version__}

    @router.post(
        "/api/orchestrator",
        status_code=202,
        response_model=RunStarted,
        responses=problems(*WRITE, 402, 404, 409, 429),
        openapi_extra={"parameters": [_KEY_DOC]},
    )
    async def start_run(request: Request, body: RunRequest) -> Response:
        """Accepts work, sets its credits aside and answers at once; the run goes on by itself."""
        agent, _ = await orchestrator_of(api, request, "runs:write", "run-start")
        args = {**body.sent(), "idempotencyKey": idempotency_key(request)}
        return json_answer(await agent.call("run.start", args), 202)


def _add_reading(router: APIRouter, api: Api) -> None:
    @router.get(RUNS, response_model=RunList, responses=problems(422))
    async def list_runs(
        request: Request,
        status: Annotated[str | None, Query(max_length=40)] = None,
        q: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_RUNS)] = 30,
    ) -> Response:
        """Your runs, newest first, by state and by words of the title."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        args = {"status": status, "q": q.strip(), "cursor": cursor, "limit": limit}
        return json_answer(await agent.call("run.list", args))

    @router.get(ONE, response_model=Run, responses=problems(404, 422))
    async def describe_run(request: Request, run_id: RunId) -> Response:
        """One run with its steps, approvals and the end of its output."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        return json_answer(await agent.call("run.describe", {"runId": run_id}))


def _add_events(router: APIRouter, api: Api) -> None:
    @router.get(
        f"{ONE}/events",
        response_model=RunEventPage,
        responses={200: STREAM_DOC, **problems(404, 422)},
    )
    async def list_run_events(
        request: Request,
        run_id: RunId,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 200,
    ) -> Response:
        """What happened in a run after `since` (or after the header `Last-Event-ID`)."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        args = {"runId": run_id, "since": resumed(request, since), "limit": limit}
        page = await agent.call("run.events", args)
        if not wants_stream(request):
            return json_answer(page)
        return EventStream(follow(agent, "run.wait", args, page))


def _add_files(router: APIRouter, api: Api) -> None:
    @router.get(
        f"{ONE}/output",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **problems(404, 422),
        },
    )
    async def download_run_output(
        request: Request,
        run_id: RunId,
        stream: Annotated[Literal["stdout", "stderr"] | None, Query()] = None,
    ) -> Response:
        """What the run wrote, both streams in their order or one of them."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        parts, since = [], 0
        while since is not None:
            args = {"runId": run_id, "stream": stream, "since": since}
            page = await agent.call("run.output", args)
            parts.append(page["text"])
            since = page["next"]
        name = f"{run_id}{f'-{stream}' if stream else ''}.txt"
        text = "".join(parts).encode("utf-8", "replace")
        return Response(text, headers=_download(name, "text/plain; charset=utf-8"))

    @router.get(f"{ONE}/artifacts", response_model=Artifacts, responses=problems(404, 422))
    async def list_run_artifacts(request: Request, run_id: RunId) -> Response:
        """The files that the run left."""
        agent, _ = await orchestrator_of(api, request, "runs:read")
        return json_answer(await agent.call("run.artifacts", {"runId": run_id}))

    @router.get(
        f"{ONE}/artifacts/{{path:path}}",
        response_class=Response,
        responses={
            200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}},
            **problems(404, 422),
        },
    )
    async def download_run_artifact(
        request: Request, run_id: RunId, path: Annotated[str, Path(max_length=1_000)]
    ) -> Response:
        """One of these files."""
        agent, account = await orchestrator_of(api, request, "runs:read")
        listed = (await agent.call("run.artifacts", {"runId": run_id}))["artifacts"]
        kept = next((each for each in listed if each["path"] == path), None)
        content = await api.gateway.artifact(account.owner, run_id, path) if kept else None
        if kept is None or content is None:
            raise NotFound(f"The run left no file {path[:100]!r}.")
        media = str(kept["contentType"])
        shown = media if media.partition(";")[0] in _SHOWN_TYPES else "application/octet-stream"
        return Response(content, headers=_download(path.rpartition("/")[2], shown))


def _download(name: str, media: str) -> dict[str, str]:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in name)
    return {
        "content-disposition": f'attachment; filename="{plain[:100] or "file"}"',
        "content-type": media,
    }
