"""``GET /api/orchestrator/session/<id>/terminal``: from a ticket to the sandbox's object.

Everything that can be known without the object is checked first, so that a stranger wakes none.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

import js

from littoral.accounts.caller import Caller
from littoral.accounts.session_id import object_name
from littoral.clock import Clock
from littoral.errors import CallerError, NotAllowed
from littoral.platform.sockets import refused_socket
from littoral.platform.terminal_room import TICKET_HEADER
from littoral.settings import Settings
from littoral.terminal.desk import is_visitors
from littoral.terminal.seal import Sealed, unseal
from littoral.terminal.viewing import DEFAULT_TERMINAL, asked_protocol

_PATH = re.compile(r"/api/orchestrator/session/([A-Za-z0-9_.-]{1,128})/terminal")
_TICKET = re.compile(r"[?&]ticket=([^&#]*)")


def is_terminal(method: str, path: str) -> bool:
    """Whether the hot door hands a request to ``open_terminal``."""
    return method == "GET" and _PATH.fullmatch(path) is not None


async def open_terminal(
    request: Any,
    path: str,
    sent: Mapping[str, str],
    *,
    env: Any,
    settings: Settings,
    clock: Clock,
    require_origin: Callable[[], None],
    caller: Callable[[], Awaitable[Caller]],
) -> Any:
    """The response to a raw request; raises ``LittoralError`` for one that is no upgrade.

    A refused upgrade opens and is closed with the reason: a browser tells its page nothing else.
    """
    if sent.get("upgrade", "").lower() != "websocket":
        raise CallerError("A terminal is a WebSocket.", next_step="Open the ticket's url with one.")
    try:
        require_origin()
        ticket = _ticket(request.url, path, settings.session_secret, clock.now_ms())
        if not is_visitors(ticket.word):
            _require_same_owner(await caller(), ticket)
    except CallerError as error:
        protocol = asked_protocol(sent.get("sec-websocket-protocol"))
        return refused_socket(error.detail, protocol=protocol)
    query = request.url.partition("?")[2]
    forwarded = js.Request.new(f"https://sandbox/terminal/{DEFAULT_TERMINAL}?{query}", request)
    forwarded.headers.set(TICKET_HEADER, ticket.word)
    forwarded.headers.delete("cookie")
    stub = env.SANDBOX.getByName(object_name(ticket.owner, ticket.session_id))
    return await stub.fetch(forwarded)


def _ticket(url: str, path: str, secret: str, now_ms: int) -> Sealed:
    found, where = _TICKET.search(url), _PATH.fullmatch(path)
    ticket = unseal("tkt", unquote(found[1]), secret=secret) if found else None
    if ticket is None:
        raise NotAllowed("This needs a ticket that was issued here.")
    if where is None or ticket.session_id != where[1]:
        raise NotAllowed("This ticket is for another session.")
    if ticket.is_over(now_ms):
        raise NotAllowed("This ticket has expired.")
    return ticket


def _require_same_owner(caller: Caller, ticket: Sealed) -> None:
    """Whoever shows an account must be the ticket's owner; without one the ticket is the proof."""
    if caller.account is not None and caller.account.owner != ticket.owner:
        raise NotAllowed("This ticket was issued to somebody else.")
