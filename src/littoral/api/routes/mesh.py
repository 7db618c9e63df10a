"""``/api/mesh``: agents, events, replay, permissions, dead letters; agent cards.

Tasks and watches are in modules of their own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.accounts.account import Account
from littoral.api.context import Api, json_answer
from littoral.api.event_feed import STREAM_DOC, follow, resumed, wants_stream
from littoral.api.event_stream import EventStream
from littoral.api.gateway import Remote
from littoral.api.limits import PAGE_EVENTS
from littoral.api.mesh_answers import (
    DeadLetters,
    LetterHandled,
    MeshEventPage,
    MeshMembers,
    MeshMemberState,
    PermissionsAnswer,
    PermissionsChanged,
    ReplayAnswer,
)
from littoral.api.mesh_bodies import PermissionRules, ReplayRequest
from littoral.api.routes import WRITE, problems
from littoral.errors import NotFound
from littoral.mesh.card import agent_card, mesh_card
from littoral.mesh.catalogue import KINDS, kind_named

SCOPE: Final = "mesh"
HEAVY_CLASS: Final = "mesh-start"
REPLAY_CLASS: Final = "mesh-replay"
ONE: Final = "/api/mesh/agents/{name}"
MOST: Final = 2**53 - 2
_NAME: Final = r"^[a-z]{1,31}(-[1-9][0-9]{0,3})?$"
_WORD: Final = r"^[A-Za-z0-9_.:@-]{1,200}$"

AgentName = Annotated[str, Path(pattern=_NAME, description="The agent's name, like worker-1.")]
LetterId = Annotated[
    str, Path(alias="letterId", pattern=_WORD, description="The dead letter's id.")
]


async def mesh_of(
    api: Api, request: Request, name: str = "mesh", limit: str | None = None
) -> tuple[Remote, Account]:
    """The account's mesh, or one of its agents; raises what ``Api.account`` raises."""
    account = await api.account(request, scope=SCOPE, limit=limit)
    return api.gateway.mesh(account.owner, name, payer=account.payer), account


def mesh_routes(api: Api) -> APIRouter:
    """The mesh itself."""
    router = APIRouter(tags=["mesh"])
    _add_agents(router, api)
    _add_events(router, api)
    _add_permissions(router, api)
    _add_letters(router, api)
    _add_cards(router, api)
    return router


def _add_agents(router: APIRouter, api: Api) -> None:
    @router.get("/api/mesh/agents", response_model=MeshMembers, responses=problems())
    async def list_mesh_agents(request: Request) -> Response:
        """All agents of your mesh: how they are, what is before them, what they can do."""
        mesh, _ = await mesh_of(api, request)
        return json_answer(await mesh.call("mesh.agents"))

    @router.get(ONE, response_model=MeshMemberState, responses=problems(404, 422))
    async def get_mesh_agent(request: Request, name: AgentName) -> Response:
        """One agent, with its state."""
        mesh, account = await mesh_of(api, request)
        shown = await mesh.call("mesh.agent", {"name": name})
        state = None
        if shown["status"] != "new":
            agent = api.gateway.mesh(account.owner, name, payer=account.payer)
            state = (await agent.call("agent.describe"))["state"]
        return json_answer({**shown, "state": state})

    @router.post(f"{ONE}/replay", response_model=ReplayAnswer, responses=problems(*WRITE, 404, 429))
    async def replay_mesh_agent(
        request: Request, name: AgentName, body: ReplayRequest | None = None
    ) -> Response:
        """Builds an agent's state from its events alone and compares it with the live one."""
        mesh, account = await mesh_of(api, request, limit=REPLAY_CLASS)
        shown = await mesh.call("mesh.agent", {"name": name})
        if shown["status"] == "new":
            raise NotFound(f"{name} has no events yet.")
        agent = api.gateway.mesh(account.owner, name, payer=account.payer)
        up_to = body.up_to if body else None
        return json_answer(await agent.call("agent.replay", {"upTo": up_to}))


def _add_events(router: APIRouter, api: Api) -> None:
    @router.get(
        "/api/mesh/events",
        response_model=MeshEventPage,
        responses={200: STREAM_DOC, **problems(422)},
    )
    async def list_mesh_events(
        request: Request,
        agent: Annotated[str | None, Query(pattern=_NAME)] = None,
        correlation_id: Annotated[str | None, Query(alias="correlationId", pattern=_WORD)] = None,
        event_type: Annotated[str | None, Query(alias="type", pattern=_WORD)] = None,
        since: Annotated[int | None, Query(ge=0, le=MOST)] = None,
        before: Annotated[int | None, Query(ge=1, le=MOST)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 100,
    ) -> Response:
        """What all agents did: after `since`, or the newest (before `before`), oldest first.

        As a stream they go on as they happen, from `since` or the header `Last-Event-ID`.
        """
        mesh, _ = await mesh_of(api, request)
        streamed = wants_stream(request)
        args = {
            "agent": agent,
            "correlationId": correlation_id,
            "type": event_type,
            "since": resumed(request, since or 0) if streamed else since,
            "before": before,
            "limit": limit,
        }
        page = await mesh.call("mesh.events", args)
        if streamed:
            return EventStream(_followed(mesh, args, page))
        return json_answer({key: page[key] for key in ("events", "next", "last")})


def _followed(mesh: Remote, args: dict[str, Any], page: Any) -> AsyncIterator[bytes]:
    return follow(mesh, "mesh.wait", args, page, mark="position")


def _add_permissions(router: APIRouter, api: Api) -> None:
    @router.get("/api/mesh/permissions", response_model=PermissionsAnswer, responses=problems())
    async def get_mesh_permissions(request: Request) -> Response:
        """Who may send what to whom."""
        mesh, _ = await mesh_of(api, request)
        return json_answer(await mesh.call("mesh.permissions"))

    @router.put(
        "/api/mesh/permissions",
        response_model=PermissionsChanged,
        responses=problems(*WRITE, 409, 429),
    )
    async def set_mesh_permissions(request: Request, body: PermissionRules) -> Response:
        """Replaces all rules, and tells every agent at once."""
        mesh, _ = await mesh_of(api, request, limit=HEAVY_CLASS)
        return json_answer(await mesh.call("mesh.permit", body.sent()))


def _add_letters(router: APIRouter, api: Api) -> None:
    @router.get("/api/mesh/dead-letters", response_model=DeadLetters, responses=problems())
    async def list_dead_letters(request: Request) -> Response:
        """Messages that are given up, of all agents, newest first."""
        mesh, _ = await mesh_of(api, request)
        return json_answer(await mesh.call("mesh.letters"))

    @router.post(
        "/api/mesh/dead-letters/{letterId}/replay",
        response_model=LetterHandled,
        responses=problems(400, 403, 404, 422, 429),
    )
    async def replay_dead_letter(request: Request, letter_id: LetterId) -> Response:
        """Sends it once more, under the same id and without its deadline."""
        return await _handled(api, request, letter_id, "replay")

    @router.post(
        "/api/mesh/dead-letters/{letterId}/discard",
        response_model=LetterHandled,
        responses=problems(400, 403, 404, 422, 429),
    )
    async def discard_dead_letter(request: Request, letter_id: LetterId) -> Response:
        """Forgets it for good."""
        return await _handled(api, request, letter_id, "discard")


async def _handled(api: Api, request: Request, letter_id: str, action: str) -> Response:
    name, _, inner = letter_id.partition(".")
    _, account = await mesh_of(api, request, limit=HEAVY_CLASS)
    kind_named(name)
    agent = api.gateway.mesh(account.owner, name, payer=account.payer)
    await agent.call(f"letters.{action}", {"id": inner})
    return json_answer({"id": letter_id, "status": f"{action}ed"})


def _add_cards(router: APIRouter, api: Api) -> None:
    @router.get("/.well-known/agent-card.json", responses=problems(asks_who=False))
    async def get_mesh_card(request: Request) -> dict[str, Any]:
        """What the mesh is and how it is reached, for other agents (A2A)."""
        return mesh_card(_origin(request))

    @router.get(f"{ONE}/card", responses=problems(404, 422))
    async def get_agent_card(request: Request, name: AgentName) -> dict[str, Any]:
        """What one agent is and can do (A2A)."""
        mesh, _ = await mesh_of(api, request)
        shown = await mesh.call("mesh.agent", {"name": name})
        return agent_card(
            _origin(request),
            KINDS[shown["kind"]],
            name,
            version=shown["version"],
            capabilities=shown["capabilities"],
        )


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
