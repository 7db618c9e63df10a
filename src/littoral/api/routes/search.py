"""``/api/search``: words in all sessions of the caller."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from littoral.api.answers import SearchResults
from littoral.api.context import Api, json_answer
from littoral.api.limits import PAGE_RESULTS, QUERY_CHARACTERS
from littoral.api.routes import problems


def search_routes(api: Api) -> APIRouter:
    """Any text is a query; nothing in it is an operator."""
    router = APIRouter(tags=["sessions"])

    @router.get("/api/search", response_model=SearchResults, responses=problems(422))
    async def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=QUERY_CHARACTERS)],
        limit: Annotated[int, Query(ge=1, le=PAGE_RESULTS)] = 20,
    ) -> Response:
        """The messages that hold all the words, best first; also what was said a moment ago."""
        caller = await api.caller(request)
        if caller.bare:
            return json_answer({"results": []})  # New here: wake nothing.
        directory = api.directory_of(caller)
        return json_answer(await directory.call("search", {"q": q, "limit": limit}))

    return router
