"""What every route is given: the way to the objects, and who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from littoral.accounts.caller import Caller, identify
from littoral.api.gateway import Gateway, Remote
from littoral.clock import Clock, Ids
from littoral.jsontext import dumps
from littoral.settings import Settings

SET_COOKIE = "littoral.set_cookie"
REQUEST_ID = "littoral.request_id"


@dataclass(frozen=True, kw_only=True)
class Api:
    """The parts that routes work with, one for the whole application."""

    gateway: Gateway
    settings: Settings
    clock: Clock
    ids: Ids

    def caller(self, request: Request, session_id: str | None = None) -> Caller:
        """Who sent a request; their new cookie, if any, goes with the answer.

        Raises ``DependencyUnavailable`` without a usable SESSION_SECRET.
        """
        caller = identify(
            request.headers.get("cookie"),
            is_https=request.scope["scheme"] == "https",
            secret=self.settings.session_secret,
            now_ms=self.clock.now_ms(),
            ids=self.ids,
            session_id=session_id,
        )
        request.scope[SET_COOKIE] = caller.new_cookie
        return caller

    def agent(self, request: Request, session_id: str) -> Remote:
        """The agent of one of the caller's sessions; ``NotFound`` when they can have none."""
        caller = self.caller(request, session_id)
        return self.agent_of(caller, caller.reach(session_id))

    def agent_of(self, caller: Caller, session_id: str) -> Remote:
        """The agent of a session that the caller was found to reach."""
        return self.gateway.agent(caller.owner, session_id, bare=caller.bare)

    def directory_of(self, caller: Caller) -> Remote:
        """The list of the caller's sessions."""
        return self.gateway.directory(caller.owner)


def json_answer(value: Any, status: int = 200) -> Response:
    """A JSON answer. ``value`` is JSON already, so no model checks it again."""
    return Response(dumps(value).encode(), status, media_type="application/json")
