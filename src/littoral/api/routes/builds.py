"""``/agents`` and its builds: begin, steer, look, fetch what was written. Sockets are the hot
door's, previews have a door of their own."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.accounts.account import Account
from littoral.api.build_answers import (
    BuildAnswer,
    BuildEventPage,
    BuildFiles,
    BuildList,
    BuildStarted,
    PreviewLinkAnswer,
    RevisionList,
)
from littoral.api.build_bodies import (
    BlueprintChange,
    BuildCancel,
    BuildMessage,
    BuildStart,
    NewBuild,
    PreviewProblems,
    RevisionChoice,
)
from littoral.api.context import Api, is_https, json_answer
from littoral.api.event_feed import STREAM_DOC, follow, resumed, wants_stream
from littoral.api.event_stream import EventStream
from littoral.api.gateway import Remote
from littoral.api.limits import PAGE_EVENTS
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.runs import idempotency_key
from littoral.builder.limits import MAX_PATH_CHARACTERS
from littoral.builder.zip_file import require_zippable, zip_of
from littoral.clock import Ids, iso
from littoral.errors import NotFound
from littoral.preview.link import PreviewLink, prefix_of, token_of

BuildId = Annotated[
    str,
    Path(alias="sessionId", pattern=r"^bld_[A-Za-z0-9_-]{1,60}$", description="The build's id."),
]
AGENTS = "/agents"
ONE = f"{AGENTS}/{{sessionId}}"
PAGE_BUILDS = 100
BUILD_PREFIX = "bld"


def build_routes(api: Api) -> APIRouter:
    """Everything about builds needs an account with the scope ``builds``."""
    router = APIRouter(tags=["builds"])
    _add_list(router, api)
    _add_steering(router, api)
    _add_editing(router, api)
    _add_events(router, api)
    _add_files(router, api)
    _add_revisions(router, api)
    _add_preview(router, api)
    return router


def new_build_id(owner: str, ids: Ids, key: str | None) -> str:
    """The id of a build to begin; the same one for the same idempotency key."""
    if key is None:
        return ids.new(BUILD_PREFIX)
    digest = sha256(f"build\n{owner}\n{key}".encode()).digest()[:16]
    return f"{BUILD_PREFIX}_{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


async def _build_of(
    api: Api, request: Request, build_id: str, limit: str | None = None
) -> tuple[Remote, Account]:
    account = await api.account(request, scope="builds", limit=limit)
    return api.gateway.build(account.owner, build_id, payer=account.payer), account


def _answer(shown: Any) -> Response:
    answer = {"success": True, "sessionId": shown["sessionId"], "state": shown["state"]}
    return json_answer(answer)


def _url(request: Request, scheme: str, path: str) -> str:
    """An address here; only the path for a caller who named no host, such as another Worker."""
    host = request.headers.get("host")
    return f"{scheme}{'s' if is_https(request) else ''}://{host}{path}" if host else path


# --- begin, list, look ---------------------------------------------------------------------------


def _add_list(router: APIRouter, api: Api) -> None:
    @router.post(
        AGENTS,
        status_code=201,
        response_model=BuildStarted,
        responses=problems(*WRITE, 402, 409, 429),
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def create_build(request: Request, body: NewBuild) -> Response:
        """Begins a build from words. It plans at once, and builds when `start` or `generate`."""
        account = await api.account(request, scope="builds", limit="build-start")
        build_id = new_build_id(account.owner, api.ids, idempotency_key(request))
        remote = api.gateway.build(account.owner, build_id, payer=account.payer)
        args = {"buildId": build_id, "userId": account.user_id, **body.model_dump(by_alias=True)}
        shown = await remote.call("build.create", args)
        answer = {
            "success": True,
            "sessionId": build_id,
            "status": shown["status"],
            "websocketUrl": _url(request, "ws", f"{AGENTS}/{build_id}/ws"),
        }
        return json_answer(answer, 201)

    @router.get(AGENTS, response_model=BuildList, responses=problems(422))
    async def list_builds(
        request: Request,
        cursor: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_BUILDS)] = 30,
    ) -> Response:
        """Your builds, newest first."""
        account = await api.account(request, scope="builds")
        return json_answer(await api.builds.page(account.owner, cursor=cursor, limit=limit))

    @router.get(ONE, response_model=BuildAnswer, responses=problems(400, 404, 422))
    async def describe_build(request: Request, build_id: BuildId) -> Response:
        """A build as it is now: plan, phases, files, issues, budget."""
        remote, _ = await _build_of(api, request, build_id)
        return _answer(await remote.call("build.describe"))


# --- steer ---------------------------------------------------------------------------------------


def _add_steering(router: APIRouter, api: Api) -> None:
    refused = problems(*WRITE, 402, 404, 409, 429)

    @router.post(f"{ONE}/generate", response_model=BuildAnswer, responses=refused)
    async def generate_build(request: Request, build_id: BuildId, body: BuildStart) -> Response:
        """Builds what was planned. Repeating is safe."""
        remote, _ = await _build_of(api, request, build_id, "build-start")
        return _answer(await remote.call("build.generate", body.sent()))

    @router.post(f"{ONE}/message", response_model=BuildAnswer, responses=refused)
    async def message_build(request: Request, build_id: BuildId, body: BuildMessage) -> Response:
        """Says something to a build; the next phase takes it up. Repeating says it again."""
        remote, _ = await _build_of(api, request, build_id, "build-start")
        budget = body.sent().get("budget")
        return _answer(await remote.call("build.message", {"text": body.message, "budget": budget}))

    @router.post(f"{ONE}/cancel", response_model=BuildAnswer, responses=refused)
    async def cancel_build(request: Request, build_id: BuildId, body: BuildCancel) -> Response:
        """Stops a build where it is. Finished files stay. Repeating is safe."""
        remote, _ = await _build_of(api, request, build_id)
        return _answer(await remote.call("build.cancel", body.sent()))

    @router.post(f"{ONE}/resume", response_model=BuildAnswer, responses=refused)
    async def resume_build(request: Request, build_id: BuildId, body: BuildStart) -> Response:
        """Goes on with a build that was stopped, from its last finished file."""
        remote, _ = await _build_of(api, request, build_id, "build-start")
        return _answer(await remote.call("build.resume", body.sent()))


def _add_editing(router: APIRouter, api: Api) -> None:
    refused = problems(*WRITE, 402, 404, 409, 429)

    @router.put(f"{ONE}/blueprint", response_model=BuildAnswer, responses=refused)
    async def edit_blueprint(
        request: Request, build_id: BuildId, body: BlueprintChange
    ) -> Response:
        """Replaces the plan before it is built."""
        remote, _ = await _build_of(api, request, build_id)
        return _answer(await remote.call("build.blueprint", {"blueprint": body.blueprint}))

    @router.post(f"{ONE}/problems", response_model=BuildAnswer, responses=refused)
    async def report_problems(
        request: Request, build_id: BuildId, body: PreviewProblems
    ) -> Response:
        """What went wrong in the preview; the next review and `fix` look at it."""
        remote, _ = await _build_of(api, request, build_id)
        found = [each.model_dump(by_alias=True) for each in body.problems]
        return _answer(await remote.call("build.problems", {"problems": found}))

    @router.post(f"{ONE}/fix", response_model=BuildAnswer, responses=refused)
    async def fix_build(request: Request, build_id: BuildId, body: BuildStart) -> Response:
        """Goes through one more review that repairs what is open."""
        remote, _ = await _build_of(api, request, build_id, "build-start")
        return _answer(await remote.call("build.fix", body.sent()))


# --- look closer ---------------------------------------------------------------------------------


def _add_events(router: APIRouter, api: Api) -> None:
    @router.get(
        f"{ONE}/events",
        response_model=BuildEventPage,
        responses={200: STREAM_DOC, **problems(400, 404, 422)},
    )
    async def list_build_events(
        request: Request,
        build_id: BuildId,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 200,
    ) -> Response:
        """What happened in a build after `since` (or after the header `Last-Event-ID`)."""
        remote, _ = await _build_of(api, request, build_id)
        args = {"since": resumed(request, since), "limit": limit}
        page = await remote.call("build.events", args)
        if not wants_stream(request):
            return json_answer(page)
        return EventStream(follow(remote, "build.wait", args, page))


def _add_files(router: APIRouter, api: Api) -> None:
    @router.get(f"{ONE}/files", response_model=BuildFiles, responses=problems(400, 404, 422))
    async def list_build_files(
        request: Request,
        build_id: BuildId,
        path: Annotated[str | None, Query(min_length=1, max_length=MAX_PATH_CHARACTERS)] = None,
    ) -> Response:
        """The finished files; with `path` that one alone, with its `content`."""
        remote, _ = await _build_of(api, request, build_id)
        found = await remote.call("build.files", {} if path is None else {"path": path})
        return json_answer({"success": True, "sessionId": build_id, "files": found["files"]})

    @router.get(
        f"{ONE}/files.zip",
        response_class=Response,
        responses={
            200: {"content": {"application/zip": {"schema": {"type": "string"}}}},
            **problems(400, 404, 413, 422),
        },
    )
    async def download_build(request: Request, build_id: BuildId) -> Response:
        """All finished files as one archive, the same bytes for the same files."""
        remote, account = await _build_of(api, request, build_id)
        kept = [each for each in (await remote.call("build.files"))["files"] if each["hash"]]
        if not kept:
            raise NotFound("The build has no finished files so far.")
        require_zippable(sum(each["bytes"] for each in kept))
        blobs = api.gateway.blobs(account.owner, build_id)
        files = {each["path"]: await blobs.get(each["hash"]) for each in kept}
        headers = {"content-disposition": f'attachment; filename="{build_id}.zip"'}
        packed = zip_of(files, folder=build_id)
        return Response(packed, headers=headers, media_type="application/zip")


def _add_revisions(router: APIRouter, api: Api) -> None:
    @router.get(f"{ONE}/revisions", response_model=RevisionList, responses=problems(400, 404, 422))
    async def list_revisions(request: Request, build_id: BuildId) -> Response:
        """The files as they were at the end of each phase and review, newest first."""
        remote, _ = await _build_of(api, request, build_id)
        return json_answer(await remote.call("build.revisions"))

    @router.post(f"{ONE}/restore", response_model=BuildAnswer, responses=problems(*WRITE, 404, 409))
    async def restore_revision(
        request: Request, build_id: BuildId, body: RevisionChoice
    ) -> Response:
        """Makes an old revision's files the newest again, as a new revision."""
        remote, _ = await _build_of(api, request, build_id)
        return _answer(await remote.call("build.restore", {"revision": body.revision}))


def _add_preview(router: APIRouter, api: Api) -> None:
    @router.get(
        f"{ONE}/preview", response_model=PreviewLinkAnswer, responses=problems(400, 404, 409, 422)
    )
    async def open_preview(request: Request, build_id: BuildId) -> Response:
        """A link that shows what was built, for an hour. The same one while it is good."""
        remote, _ = await _build_of(api, request, build_id)
        made = await remote.call("preview.open")
        link = PreviewLink(build_id=build_id, word=made["word"], expires_at_ms=made["expiresAtMs"])
        path = prefix_of(token_of(link, secret=api.settings.session_secret))
        url = _url(request, "http", path)
        return json_answer({"success": True, "url": url, "expiresAt": iso(link.expires_at_ms)})

    @router.delete(f"{ONE}/preview", status_code=204, responses=problems(400, 403, 404, 422))
    async def revoke_preview(request: Request, build_id: BuildId) -> Response:
        """Ends every link of the build's preview at once. Repeating is safe."""
        remote, _ = await _build_of(api, request, build_id)
        await remote.call("preview.revoke")
        return Response(status_code=204)
