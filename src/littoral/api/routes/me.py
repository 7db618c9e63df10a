"""``/api/me``: who the caller is here, and what holds for them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

import littoral
from littoral.api.answers import Me
from littoral.api.context import Api, json_answer
from littoral.api.limits import BODY_BYTES, SESSION_TITLE_CHARACTERS
from littoral.api.routes import problems
from littoral.tasks.task import MAX_TASKS, MAX_TITLE_CHARACTERS
from littoral.text import MAX_MESSAGE_CHARACTERS


def me_routes(api: Api) -> APIRouter:
    """A browser asks this first, and so gets its cookie before it opens a socket."""
    router = APIRouter(tags=["account"])

    @router.get("/api/me", response_model=Me, responses=problems())
    async def me(request: Request) -> Response:
        """You, the limits, and the models that answer. Gives a new guest a cookie."""
        caller = await api.caller(request)
        settings = api.settings
        return json_answer(
            {
                "user": {"id": caller.owner, "kind": "guest"},
                "limits": {
                    "messageCharacters": MAX_MESSAGE_CHARACTERS,
                    "sessions": settings.sessions_per_guest,
                    "tasks": MAX_TASKS,
                    "taskTitleCharacters": MAX_TITLE_CHARACTERS,
                    "sessionTitleCharacters": SESSION_TITLE_CHARACTERS,
                    "bodyBytes": BODY_BYTES,
                },
                "models": {
                    "default": settings.default_model,
                    "fallbacks": list(settings.fallback_models),
                },
                "version": littoral.__version__,
            }
        )

    return router
