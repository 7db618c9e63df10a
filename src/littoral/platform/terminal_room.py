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
from pyodide.ffi import JsException

from littoral.api.envelope import Call
from littoral.clock import Clock, Ids
from littoral.errors import CallerError, DependencyUnavailable, LittoralError, NotAuthenticated
from littoral.jsontext import dumps
from littoral.platform.agents import SANDBOX_KIND, tell_closed, tell_opened
from littoral.platform.answer import header_of
from littoral.platform.runtime import Background
from littoral.platform.sockets import refused_socket, switch_protocols
from littoral.platform.terminal_relay import TerminalRelay
from littoral.sandbox.box import BoxSilent
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


def is_terminal_call(method: str) -> bool:
    """Whether a call of the object is one for ``TerminalRoom.answer``."""
    return method.startswith("terminal.") or method == "sockets.close"


class TerminalRoom:
    """One sandbox's terminals.

    ``name`` is the object's own. ``exists`` says whether there is a session to open one in.
    """

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        ids: Ids,
        background: Background,
        *,
        env: Any,
        name: str,
        exists: Callable[[], bool],
        connect: Connect,
    ) -> None:
        self._background = background
        self._env = env
        self._name = name
        self._connect = connect
        self._relays: set[TerminalRelay] = set()
        self._watching = False
        migrate(sql, (TERMINAL_SCHEMA,))
        self._desk = TerminalDesk(sql, clock, ids)
        self._calls = TerminalCalls(self._desk, exists=exists, hang_up=self._hang_up)

    def answer(self, call: Call) -> Any:
        """The result of a call; raises the ``LittoralError`` to answer instead."""
        if call.method == "sockets.close":
            return self.close_key(str(call.args["keyId"]))
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
        except (LittoralError, BoxSilent, JsException) as error:
            _log.warning("the terminal's daemon was not reached: %s", error)
            reason = "The sandbox did not answer."
            return refused_socket(reason, code=CLOSE_AWAY, protocol=protocol)
        client, relay = self._join(far, admission)
        await self._watch_key(relay)
        return switch_protocols(client, protocol=protocol)

    async def _watch_key(self, relay: TerminalRelay) -> None:
        """Tells the key's object of a socket that was joined, and closes it when it may not stay.

        Asked after joining: a key that ends now either finds the socket or is found ended here.
        """
        admission = relay.admission
        if not admission.payer:
            return
        expires = "" if admission.key_expires_at_ms is None else str(admission.key_expires_at_ms)
        place = {"payer": admission.payer, "kind": SANDBOX_KIND, "name": self._name}
        try:
            await tell_opened(self._env, **place, expires=expires)
        except NotAuthenticated as error:
            relay.close(CLOSE_GONE, error.detail)
        except LittoralError:
            relay.close(CLOSE_AWAY, "The key cannot be checked; try again.")

    def close_key(self, key_id: str) -> None:
        """Ends the sockets that were opened with a key."""
        for relay in list(self._relays):
            if relay.admission.payer.partition(".")[2] == key_id:
                relay.close(CLOSE_GONE, "the key that opened this has ended")

    def _join(self, far: Any, admission: Admission) -> tuple[Any, TerminalRelay]:
        client, near = js.WebSocketPair.new().object_values()
        relay = TerminalRelay(near, far, admission, on_end=self._forget)
        self._relays.add(relay)
        if admission.share_id and not self._watching:
            self._watching = True
            self._background.spawn(self._watch)
        return client, relay

    def _forget(self, relay: TerminalRelay) -> None:
        self._relays.discard(relay)
        payer = relay.admission.payer
        if payer and not any(each.admission.payer == payer for each in self._relays):
            place = {"payer": payer, "kind": SANDBOX_KIND, "name": self._name}
            self._background.spawn(lambda: tell_closed(self._env, **place))

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


def upgrade_request() -> Any:
    """A raw request that asks for a WebSocket and carries nothing of the viewer's."""
    init = {"headers": {"upgrade": "websocket"}}
    return js.Request.new("http://sandbox/", js.JSON.parse(dumps(init)))


async def upgraded(asked: Awaitable[Any]) -> Any:
    """The raw socket in the daemon's answer to an upgrade; else ``DependencyUnavailable``."""
    answer = await asked
    if answer.status != 101:
        raise DependencyUnavailable(f"The sandbox answered {answer.status}, not with a terminal.")
    return answer.webSocket
