"""The terminal's side of a sandbox's Durable Object: tickets in, sockets joined, sockets counted.

The object hands over ``terminal.`` calls and upgrades below ``/terminal/``, and says how the daemon
is reached. Starting the sandbox, and when it may sleep, stays with the object.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import js

from littoral.api.envelope import Call
from littoral.clock import Clock, Ids
from littoral.errors import CallerError, LittoralError
from littoral.platform.answer import header_of
from littoral.platform.runtime import Background
from littoral.platform.sockets import refused_socket, switch_protocols
from littoral.platform.terminal_relay import TerminalRelay
from littoral.store.migrations import migrate
from littoral.store.sql import Sql
from littoral.terminal.calls import TerminalCalls
from littoral.terminal.desk import TERMINAL_SCHEMA, Admission, TerminalDesk
from littoral.terminal.viewing import CLOSE_AWAY, CLOSE_GONE, asked_protocol, daemon_path

TICKET_HEADER = "x-littoral-ticket"
"""Carries a ticket's word from the door to the object."""
LOOK_SECONDS = 15.0

Connect = Callable[[str], Awaitable[Any]]
"""Opens a raw WebSocket to the daemon at a path; starts the sandbox when it sleeps."""

_log = logging.getLogger(__name__)


class TerminalRoom:
    """One sandbox's terminals. ``exists`` says whether the session was ever begun."""

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        ids: Ids,
        background: Background,
        *,
        exists: Callable[[], bool],
        connect: Connect,
    ) -> None:
        self._background = background
        self._connect = connect
        self._relays: set[TerminalRelay] = set()
        self._watching = False
        migrate(sql, (TERMINAL_SCHEMA,))
        self._desk = TerminalDesk(sql, clock, ids)
        self._calls = TerminalCalls(self._desk, exists=exists, hang_up=self._hang_up)

    @property
    def open_sockets(self) -> int:
        """How many viewers are joined now."""
        return len(self._relays)

    def answer(self, call: Call) -> Any:
        """The result of a ``terminal.`` call; raises the ``LittoralError`` to answer instead."""
        return self._calls.answer(call.method, call.args, payer=call.payer)

    async def open(self, request: Any, terminal: str) -> Any:
        """The response to an upgrade: the viewer joined, or a socket closed with the reason."""
        protocol = asked_protocol(header_of(request, "sec-websocket-protocol"))
        try:
            word = header_of(request, TICKET_HEADER) or ""
            admission = self._desk.redeem(word, origin=header_of(request, "origin") or "")
        except CallerError as error:
            return refused_socket(error.detail, protocol=protocol)
        path = daemon_path(terminal, request.url.partition("?")[2], read_only=admission.read_only)
        try:
            far = await self._connect(path)
        except LittoralError as error:
            _log.warning("the terminal's daemon was not reached: %s", error)
            return refused_socket(error.detail, code=CLOSE_AWAY, protocol=protocol)
        return switch_protocols(self._join(far, admission), protocol=protocol)

    def close_key(self, key_id: str) -> None:
        """Ends the sockets that were opened with a key."""
        for relay in list(self._relays):
            if relay.admission.payer.partition(".")[2] == key_id:
                relay.close(CLOSE_GONE, "the key that opened this has ended")

    def _join(self, far: Any, admission: Admission) -> Any:
        client, near = js.WebSocketPair.new().object_values()
        self._relays.add(TerminalRelay(near, far, admission, on_end=self._relays.discard))
        if admission.share_id and not self._watching:
            self._watching = True
            self._background.spawn(self._watch)
        return client

    def _hang_up(self, share_id: str) -> None:
        for relay in list(self._relays):
            if relay.admission.share_id == share_id:
                relay.close(CLOSE_GONE, "this terminal is no longer shared")

    async def _watch(self) -> None:
        """Ends the sockets of shares that expire, as long as there are any."""
        try:
            while shares := {each.admission.share_id for each in self._relays} - {""}:
                for share_id in shares:
                    if not self._desk.is_good(share_id):
                        self._hang_up(share_id)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._watching = False


async def upgraded(asked: Awaitable[Any]) -> Any:
    """The raw socket in the daemon's answer to an upgrade; raises ``CallerError`` without one."""
    answer = await asked
    if answer.status != 101:
        raise CallerError(f"The sandbox answered {answer.status} instead of a terminal.")
    return answer.webSocket
