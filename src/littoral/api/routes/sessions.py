"""``/api/sessions``: the caller's sessions and what is in one of them, its tasks aside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from littoral.api.answers import Events, Messages, Session, Sessions, SessionState
from littoral.api.bodies import NewSession, PreferencesChange, SessionChange
from littoral.api.context import Api, json_answer
from littoral.api.limits import PAGE_EVENTS, PAGE_MESSAGES, PAGE_SESSIONS
from littoral.api.routes import WRITE, SessionId, problems
from littoral.clock import iso
from littoral.errors import LittoralError, NotFound

_ONE = "/api/sessions/{sessionId}"


def session_routes(api: Api) -> APIRouter:
    """The list first, then one session, then what is in it."""
    router = APIRouter(tags=["sessions"])
    _add_list(router, api)
    _add_one(router, api)
    _add_contents(router, api)
    return router


def _add_list(router: APIRouter, api: Api) -> None:
    @router.get("/api/sessions", response_model=Sessions, responses=problems(422))
    async def list_sessions(
        request: Request,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_SESSIONS)] = 30,
    ) -> Response:
        """Your sessions, newest first."""
        caller = await api.caller(request)
        if caller.bare:
            return json_answer({"sessions": [], "cursor": None})  # New here: wake nothing.
        directory = api.directory_of(caller)
        return json_answer(
            await directory.call("sessions.list", {"cursor": cursor, "limit": limit})
        )

    @router.post(
        "/api/sessions",
        response_model=Session,
        status_code=201,
        responses=problems(*WRITE, 409),
    )
    async def begin_session(request: Request, body: NewSession | None = None) -> Response:
        """Begins a session. Repeating this begins another one."""
        caller = await api.caller(request)
        session_id = caller.begin_session(api.ids)
        title = (body.title if body else None) or ""
        at = iso(api.clock.now_ms())
        directory = api.directory_of(caller)
        entry = await directory.call(
            "sessions.register", {"sessionId": session_id, "title": title, "at": at}
        )
        try:
            await api.agent_of(caller, session_id).call("session.create", {"title": title or None})
        except LittoralError:
            await directory.call("sessions.removed", {"sessionId": session_id})
            raise
        return json_answer(entry, 201)


def _add_one(router: APIRouter, api: Api) -> None:
    @router.get(_ONE, response_model=SessionState, responses=problems(404, 422))
    async def describe_session(request: Request, session_id: SessionId) -> Response:
        """A session's title, tasks and preferences."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("session.describe"))

    @router.patch(_ONE, response_model=Session, responses=problems(*WRITE, 404))
    async def rename_session(
        request: Request, session_id: SessionId, body: SessionChange
    ) -> Response:
        """Gives a session another title."""
        caller = await api.caller(request, session_id)
        agent = api.agent_of(caller, caller.reach(session_id))
        await agent.call("session.rename", {"title": body.title})
        entry = await api.directory_of(caller).call(
            "sessions.renamed",
            {"sessionId": session_id, "title": body.title, "at": iso(api.clock.now_ms())},
        )
        return json_answer(entry)

    @router.delete(_ONE, status_code=204, response_model=None, responses=problems(403, 404, 422))
    async def delete_session(request: Request, session_id: SessionId) -> Response:
        """Deletes a session with everything in it, for good."""
        caller = await api.caller(request, session_id)
        agent = api.agent_of(caller, caller.reach(session_id))
        missing: NotFound | None = None
        try:
            await agent.call("session.erase")
        except NotFound as error:
            missing = error  # The list may still have it, from a deletion that was cut short.
        await api.directory_of(caller).call("sessions.removed", {"sessionId": session_id})
        if missing is not None:
            raise missing
        return Response(status_code=204)

    @router.patch(
        f"{_ONE}/preferences", response_model=SessionState, responses=problems(*WRITE, 404)
    )
    async def set_preferences(
        request: Request, session_id: SessionId, body: PreferencesChange
    ) -> Response:
        """Sets preferences of a session; `null` takes one back."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("session.preferences", body.sent()))


def _add_contents(router: APIRouter, api: Api) -> None:
    @router.get(f"{_ONE}/messages", response_model=Messages, responses=problems(404, 422))
    async def list_messages(
        request: Request,
        session_id: SessionId,
        before: Annotated[str | None, Query(max_length=40, pattern=r"^[0-9]{1,15}$")] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE_MESSAGES)] = 50,
    ) -> Response:
        """A page of messages: the newest, or those before a cursor."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("messages.page", {"before": before, "limit": limit}))

    @router.get(f"{_ONE}/events", response_model=Events, responses=problems(404, 422))
    async def list_events(
        request: Request,
        session_id: SessionId,
        since: Annotated[int, Query(ge=0, le=10**15)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = 100,
    ) -> Response:
        """Numbered facts of a session after `since`."""
        agent = await api.agent(request, session_id)
        return json_answer(await agent.call("events.since", {"since": since, "limit": limit}))

    @router.get(
        f"{_ONE}/export",
        response_class=Response,
        responses={200: _EXPORT_DOC, **problems(404, 422)},
    )
    async def export_session(
        request: Request,
        session_id: SessionId,
        format: Annotated[Literal["md", "json"], Query()] = "md",  # noqa: A002 - the wire's name
    ) -> Response:
        """The whole session as a download, Markdown or JSON."""
        agent = await api.agent(request, session_id)
        made = await agent.call("export", {"format": format})
        return _download(made)


_EXPORT_DOC: dict[str, Any] = {
    "description": "A file to keep.",
    "content": {
        "text/markdown": {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "object"}},
    },
}


def _download(made: dict[str, Any]) -> Response:
    """A file of an agent's making; its name is reduced to what any system takes."""
    name = "".join(
        c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in made["filename"]
    )
    return Response(
        made["text"].encode(),
        headers={
            "content-disposition": f'attachment; filename="{name[:100]}"',
            "content-type": made["contentType"],
        },
    )
