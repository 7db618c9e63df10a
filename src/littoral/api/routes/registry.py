"""``/api/agents``: registry agents as data. Executing them is ``routes.executions``' business."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.accounts.account import Account
from littoral.api.bodies import Body
from littoral.api.context import Api, json_answer
from littoral.api.registry_answers import AgentAnswer, AgentList, AgentVersionList
from littoral.api.registry_bodies import AgentChange, NewAgent
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.runs import idempotency_key
from littoral.clock import Ids
from littoral.errors import Conflict, LittoralError
from littoral.registry.agent import AGENT_PREFIX, RegisteredAgent
from littoral.registry.agents import Agents, Naming
from littoral.registry.limits import PAGE_AGENTS
from littoral.registry.reading import read_definition

AgentId = Annotated[
    str,
    Path(alias="agentId", pattern=r"^agt_[A-Za-z0-9_-]{1,60}$", description="The agent's id."),
]
AGENTS = "/api/agents"
ONE = f"{AGENTS}/{{agentId}}"
TELL_SECONDS = 2.0
_NAMING = ("name", "description")


def registry_routes(api: Api) -> APIRouter:
    """Everything about agents needs an account with the scope ``agents``."""
    router = APIRouter(tags=["agents"])
    _add_list(router, api)
    _add_one(router, api)
    _add_archive(router, api)
    return router


async def agent_of(api: Api, request: Request, agent_id: str) -> tuple[RegisteredAgent, Account]:
    """One of the caller's agents; raises ``NotFound``, and what ``Api.account`` raises."""
    account = await api.account(request, scope="agents")
    return await Agents(api.database, api.clock).find(account.owner, agent_id), account


async def tell_registry(api: Api, owner: str) -> None:
    """Lets open pages show what changed. Best effort."""
    try:
        told = api.gateway.registry(owner).call("registry.told")
        await asyncio.wait_for(told, TELL_SECONDS)
    except (LittoralError, TimeoutError):
        return  # A page that comes later reads the database.


def hashed_id(prefix: str, ids: Ids, key: str | None, *parts: str) -> str:
    """A new id; the same one for the same idempotency key and ``parts``."""
    if key is None:
        return ids.new(prefix)
    digest = sha256("\n".join((prefix, *parts, key)).encode()).digest()[:16]
    return f"{prefix}_{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def sent_fields(body: Body) -> dict[str, Any]:
    """The fields that were sent, by their Python names; what is null is as if not sent.

    A ``gateway`` that is null takes the options away.
    """
    fields = {
        name: value.model_dump(exclude_none=True) if isinstance(value, Body) else value
        for name in body.model_fields_set
        if (value := getattr(body, name)) is not None
    }
    if "gateway" in body.model_fields_set and fields.get("gateway") is None:
        fields["gateway"] = None
    return fields


def _add_list(router: APIRouter, api: Api) -> None:
    @router.get(AGENTS, response_model=AgentList, responses=problems(422))
    async def list_agents(
        request: Request,
        archived: Annotated[bool, Query()] = False,
        q: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_AGENTS)] = 50,
    ) -> Response:
        """Your agents, newest first; with `archived` those that were put away."""
        account = await api.account(request, scope="agents")
        agents, more = await Agents(api.database, api.clock).page(
            account.owner, archived=archived, words=q.strip(), cursor=cursor, limit=limit
        )
        return json_answer({"agents": [each.to_json() for each in agents], "cursor": more})

    @router.post(
        AGENTS,
        status_code=201,
        response_model=AgentAnswer,
        responses=problems(*WRITE, 409, 429),
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def create_registry_agent(request: Request, body: NewAgent) -> Response:
        """Makes an agent, version 1."""
        account = await api.account(request, scope="agents")
        key = idempotency_key(request)
        fields = sent_fields(body)
        naming = Naming(name=body.name, description=body.description or "")
        definition = read_definition(
            {name: value for name, value in fields.items() if name not in _NAMING},
            None,
            api.settings.agent_models,
        )
        agent_id = hashed_id(AGENT_PREFIX, api.ids, key, account.owner)
        made = await Agents(api.database, api.clock).create(
            agent_id, account.owner, account.user_id, naming, definition
        )
        await tell_registry(api, account.owner)
        return json_answer(made.to_json(), 201)


def _add_one(router: APIRouter, api: Api) -> None:
    @router.get(ONE, response_model=AgentAnswer, responses=problems(404, 422))
    async def describe_registry_agent(request: Request, agent_id: AgentId) -> Response:
        """An agent in its newest version, with what its executions add up to."""
        agent, _ = await agent_of(api, request, agent_id)
        return json_answer(agent.to_json())

    @router.patch(ONE, response_model=AgentAnswer, responses=problems(*WRITE, 404, 409))
    async def edit_registry_agent(
        request: Request, agent_id: AgentId, body: AgentChange
    ) -> Response:
        """Edits an agent: the next version. What changes nothing makes none."""
        agent, account = await agent_of(api, request, agent_id)
        fields = sent_fields(body)
        seen = fields.pop("version", agent.version)
        if seen != agent.version:
            raise Conflict(
                f"The agent is at version {agent.version}, not {seen} any more.",
                next_step="Read it and decide again.",
            )
        naming = Naming(
            name=fields.pop("name", agent.name),
            description=fields.pop("description", agent.description),
        )
        definition = read_definition(fields, agent.definition, api.settings.agent_models)
        edited = await Agents(api.database, api.clock).edit(agent, naming, definition)
        await tell_registry(api, account.owner)
        return json_answer(edited.to_json())

    @router.get(f"{ONE}/versions", response_model=AgentVersionList, responses=problems(404, 422))
    async def list_agent_versions(request: Request, agent_id: AgentId) -> Response:
        """Every version of an agent, newest first."""
        agent, _ = await agent_of(api, request, agent_id)
        versions = await Agents(api.database, api.clock).versions(agent)
        return json_answer({"versions": [each.to_json() for each in versions]})


def _add_archive(router: APIRouter, api: Api) -> None:
    async def put_away(request: Request, agent_id: str, *, archived: bool) -> Response:
        agent, account = await agent_of(api, request, agent_id)
        changed = await Agents(api.database, api.clock).archive(agent, archived=archived)
        await tell_registry(api, account.owner)
        return json_answer(changed.to_json())

    @router.delete(ONE, response_model=AgentAnswer, responses=problems(403, 404, 422))
    async def archive_agent(request: Request, agent_id: AgentId) -> Response:
        """Puts an agent away: it stays readable and is not executed. Repeating is safe."""
        return await put_away(request, agent_id, archived=True)

    @router.post(f"{ONE}/restore", response_model=AgentAnswer, responses=problems(403, 404, 422))
    async def restore_agent(request: Request, agent_id: AgentId) -> Response:
        """Takes an archived agent out again. Repeating is safe."""
        return await put_away(request, agent_id, archived=False)
