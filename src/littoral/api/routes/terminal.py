"""Tickets for a session's terminal, and its shares. The socket itself is the hot door's."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from littoral.accounts.account import Account
from littoral.api.answers import Answer
from littoral.api.bodies import Body, Line
from littoral.api.context import Api, is_https, json_answer
from littoral.api.gateway import Remote
from littoral.api.routes import WRITE, SessionId, problems
from littoral.clock import iso
from littoral.errors import NotFound
from littoral.limits import policy
from littoral.terminal.seal import LONGEST_SEALED_CHARACTERS, Sealed, seal, unseal

LEAST_SHARE_SECONDS = 60
MOST_SHARE_SECONDS = 7 * 86_400
USUAL_SHARE_SECONDS = 3_600

ShareId = Annotated[
    str, Path(alias="shareId", pattern=r"^shr_[A-Za-z0-9_-]{1,64}$", description="The share's id.")
]
_SESSION = "/api/orchestrator/session/{sessionId}"
_TICKET = f"{_SESSION}/terminal-ticket"
_SHARES = f"{_SESSION}/shares"


class TicketRequest(Body):
    """What the socket is for. A read-only one sees everything and changes nothing."""

    read_only: bool = False


class SharedTicketRequest(Body):
    """What a visitor has: the text behind ``#share=`` in the link."""

    share: Annotated[str, Field(min_length=1, max_length=LONGEST_SEALED_CHARACTERS)]


class NewShare(Body):
    """A link that shows the terminal to whoever has it."""

    name: Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    expires_in_seconds: Annotated[int, Field(ge=LEAST_SHARE_SECONDS, le=MOST_SHARE_SECONDS)] = (
        USUAL_SHARE_SECONDS
    )


class TicketAnswer(Answer):
    """Opens one socket at ``url``, once, until ``expiresAt``, from the same page."""

    ticket: str
    url: str
    expires_at: str
    read_only: bool


class Share(Answer):
    """A share. Unless it is ``good`` it has expired or was revoked, and its link opens nothing."""

    id: str
    name: str
    url: str
    created_at: str
    expires_at: str
    revoked_at: str | None
    last_used_at: str | None
    good: bool


class Shares(Answer):
    """All shares of a session, newest first."""

    shares: list[Share]


def terminal_routes(api: Api) -> APIRouter:
    """Nothing here starts a shell: that happens when a ticket is used."""
    router = APIRouter(tags=["orchestrator"])

    @router.post(
        _TICKET, status_code=201, response_model=TicketAnswer, responses=problems(*WRITE, 404, 429)
    )
    async def create_terminal_ticket(
        request: Request, session_id: SessionId, body: TicketRequest
    ) -> Response:
        """A ticket that opens the terminal's socket once, within a minute."""
        account = await api.account(request, scope="terminal", limit="terminal-ticket")
        made = await _sandbox(api, account, session_id).call(
            "terminal.ticket",
            {
                "origin": _origin(request),
                "readOnly": body.read_only,
                "keyExpiresAtMs": account.expires_at_ms,
            },
        )
        return json_answer(_ticket(api, request, account.owner, session_id, made), 201)

    @router.post(
        "/api/orchestrator/shared/terminal-ticket",
        status_code=201,
        response_model=TicketAnswer,
        responses=problems(*WRITE, 404, 429),
    )
    async def create_shared_terminal_ticket(
        request: Request, body: SharedTicketRequest
    ) -> Response:
        """A read-only ticket for whoever has the link of a share; no account is asked for."""
        address = request.headers.get("cf-connecting-ip")
        await api.limits.admit("terminal-ticket", policy.address(address))
        share = unseal("shr", body.share, secret=api.settings.session_secret)
        if share is None or share.is_over(api.clock.now_ms()):
            raise NotFound(
                "There is no such share, or it has ended.",
                next_step="Ask its owner for a new link.",
            )
        made = await api.gateway.sandbox(share.owner, share.session_id).call(
            "terminal.shared_ticket", {"shareId": share.word, "origin": _origin(request)}
        )
        return json_answer(_ticket(api, request, share.owner, share.session_id, made), 201)

    @router.get(_SHARES, response_model=Shares, responses=problems(404, 422))
    async def list_terminal_shares(request: Request, session_id: SessionId) -> Response:
        """The shares of a session's terminal, with their links."""
        account = await api.account(request, scope="terminal")
        found = await _sandbox(api, account, session_id).call("terminal.shares")
        shares = [_share(api, request, account.owner, session_id, each) for each in found["shares"]]
        return json_answer({"shares": shares})

    @router.post(
        _SHARES, status_code=201, response_model=Share, responses=problems(*WRITE, 404, 409, 429)
    )
    async def share_terminal(request: Request, session_id: SessionId, body: NewShare) -> Response:
        """A link by which people without an account watch. Repeating makes another one."""
        account = await api.account(request, scope="terminal", limit="terminal-ticket")
        made = await _sandbox(api, account, session_id).call(
            "terminal.share",
            {"name": body.name or "", "lifeMs": body.expires_in_seconds * 1000},
        )
        return json_answer(_share(api, request, account.owner, session_id, made), 201)

    @router.delete(f"{_SHARES}/{{shareId}}", status_code=204, responses=problems(403, 404, 422))
    async def revoke_terminal_share(
        request: Request, session_id: SessionId, share_id: ShareId
    ) -> Response:
        """Ends a share and closes the sockets of everybody who came by it. Repeating is safe."""
        account = await api.account(request, scope="terminal")
        await _sandbox(api, account, session_id).call("terminal.revoke", {"shareId": share_id})
        return Response(status_code=204)

    return router


def _sandbox(api: Api, account: Account, session_id: str) -> Remote:
    return api.gateway.sandbox(account.owner, session_id, payer=account.payer)


def _origin(request: Request) -> str:
    """The page that asks; empty for programs that are no browsers."""
    return request.headers.get("origin", "")


def _ticket(api: Api, request: Request, owner: str, session_id: str, made: Any) -> dict[str, Any]:
    text = seal(
        "tkt",
        Sealed(
            owner=owner,
            session_id=session_id,
            word=made["word"],
            expires_at_ms=made["expiresAtMs"],
        ),
        secret=api.settings.session_secret,
    )
    scheme = "wss" if is_https(request) else "ws"
    path = f"/api/orchestrator/session/{quote(session_id)}/terminal?ticket={text}"
    return {
        "ticket": text,
        "url": f"{scheme}://{request.headers.get('host', '')}{path}",
        "expiresAt": iso(made["expiresAtMs"]),
        "readOnly": made["readOnly"],
    }


def _share(api: Api, request: Request, owner: str, session_id: str, made: Any) -> dict[str, Any]:
    """A share as it is told: its link is made anew each time, and stored nowhere."""
    expires_at_ms = made.pop("expiresAtMs")
    sealed = Sealed(
        owner=owner, session_id=session_id, word=made["id"], expires_at_ms=expires_at_ms
    )
    text = seal("shr", sealed, secret=api.settings.session_secret)
    scheme = request.scope["scheme"]
    return {**made, "url": f"{scheme}://{request.headers.get('host', '')}/terminal/#share={text}"}
