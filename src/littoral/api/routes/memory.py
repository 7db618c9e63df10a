"""``/api/agents/<id>/memory``: documents in, nearest passages out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.gateway import Remote
from littoral.api.memory_answers import (
    MemoryAdded,
    MemoryAnswer,
    MemoryDocumentText,
    MemoryRemoved,
)
from littoral.api.memory_bodies import MemoryAddition
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.runs import idempotency_key
from littoral.memory import limits
from littoral.registry.agents import Agents
from littoral.text import require_text

MEMORY_CLASS = "memory"
MEMORY = "/api/agents/{agentId}/memory"
DOCUMENT = MEMORY + "/{documentId}"

MemoryOf = Annotated[
    str,
    Path(alias="agentId", pattern=r"^agt_[A-Za-z0-9_-]{1,60}$", description="The agent's id."),
]
DocumentId = Annotated[
    str,
    Path(alias="documentId", pattern=r"^doc_[A-Za-z0-9_-]{1,60}$", description="The document."),
]


def memory_routes(api: Api) -> APIRouter:
    """Documents of an agent's memory, and the search in them."""
    router = APIRouter(tags=["memory"])
    _add_writing(router, api)
    _add_reading(router, api)
    return router


async def _memory(api: Api, request: Request, agent_id: str, limit: str | None = None) -> Remote:
    """The memory of one of the caller's agents; raises ``NotFound`` for anybody else's."""
    account = await api.account(request, scope="agents", limit=limit)
    await Agents(api.database, api.clock).find(account.owner, agent_id)
    return api.gateway.memory(account.owner, agent_id, payer=account.payer)


def _add_writing(router: APIRouter, api: Api) -> None:
    @router.post(
        MEMORY,
        status_code=201,
        response_model=MemoryAdded,
        responses={
            202: {"model": MemoryAdded, "description": "Vectors are made in the background."},
            **problems(*WRITE, 402, 404, 409),
        },
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def remember(request: Request, agent_id: MemoryOf, body: MemoryAddition) -> Response:
        """Takes documents; one that is here already is not taken twice."""
        remote = await _memory(api, request, agent_id, MEMORY_CLASS)
        args = {**body.sent(), "idempotencyKey": idempotency_key(request)}
        found = await remote.call("memory.add", args)
        return _added(found["documents"], alone=body.documents is None)

    @router.delete(DOCUMENT, response_model=MemoryRemoved, responses=problems(404, 422))
    async def forget_document(
        request: Request, agent_id: MemoryOf, document_id: DocumentId
    ) -> Response:
        """Deletes a document with its passages and vectors."""
        remote = await _memory(api, request, agent_id)
        return json_answer(await remote.call("memory.remove", {"documentId": document_id}))


def _added(documents: list[dict[str, Any]], *, alone: bool) -> Response:
    """201 when all of it can be found now, 202 while it cannot."""
    done = all(each["status"] == "ready" for each in documents)
    first = documents[0] if alone and documents else {}
    return json_answer({**first, "documents": documents}, 201 if done else 202)


def _add_reading(router: APIRouter, api: Api) -> None:
    @router.get(MEMORY, response_model=MemoryAnswer, responses=problems(404, 422, 502, 504))
    async def search_memory(
        request: Request,
        agent_id: MemoryOf,
        q: Annotated[str | None, Query(max_length=limits.MAX_QUESTION_CHARACTERS)] = None,
        count: Annotated[int, Query(ge=1, le=limits.MAX_RESULTS)] = limits.DEFAULT_RESULTS,
        cursor: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=limits.PAGE_DOCUMENTS)] = limits.PAGE_DOCUMENTS,
    ) -> Response:
        """With `q` the passages nearest to it; without, the documents."""
        if q is None:
            remote = await _memory(api, request, agent_id)
            return json_answer(await remote.call("memory.list", {"cursor": cursor, "limit": limit}))
        question = require_text(q, field="q", most=limits.MAX_QUESTION_CHARACTERS)
        remote = await _memory(api, request, agent_id, MEMORY_CLASS)
        return json_answer(await remote.call("memory.nearest", {"q": question, "count": count}))

    @router.get(DOCUMENT, response_model=MemoryDocumentText, responses=problems(404, 422))
    async def read_document(
        request: Request, agent_id: MemoryOf, document_id: DocumentId
    ) -> Response:
        """A document and its text."""
        remote = await _memory(api, request, agent_id)
        return json_answer(await remote.call("memory.describe", {"documentId": document_id}))
