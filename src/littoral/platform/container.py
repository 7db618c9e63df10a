"""``Box`` on ``ctx.container``: a Durable Object's container and the daemon inside it.

Locally the same calls reach the engine that ./scripts/dev starts. ``running`` is read from the
runtime, which learns of an end through ``monitor``; without it a dead container still "runs".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.platform.runtime import Background
from littoral.sandbox.box import Answer, BoxSilent

DAEMON_PORT = 8080
NETWORK_VARIABLE = "SANDBOX_NETWORK"
DESTROY_SECONDS = 20.0
_ORIGIN = "http://sandbox"


class DurableContainer:
    """``container`` is the raw ``ctx.container``; ``on_end`` hears that it has stopped."""

    def __init__(self, container: Any, background: Background, on_end: Callable[[], None]) -> None:
        self._container = container
        self._background = background
        self._on_end = on_end
        self._is_watched = False

    @property
    def running(self) -> bool:
        is_running = bool(self._container.running)
        if is_running:
            self._watch()
        return is_running

    def start(self, network: Sequence[str]) -> None:
        options = {"enableInternet": False, "env": {NETWORK_VARIABLE: ",".join(network)}}
        self._container.start(js.JSON.parse(json.dumps(options)))
        self._watch()

    async def request(
        self, method: str, path: str, body: bytes | None = None, *, timeout_seconds: float
    ) -> Answer:
        if not self._container.running:
            raise BoxSilent("it does not run")
        controller = js.AbortController.new()
        init = js.JSON.parse(json.dumps({"method": method}))
        init.signal = controller.signal
        if body is not None:
            init.body = js.Uint8Array.new(len(body))
            init.body.assign(body)
            init.headers = js.JSON.parse('{"content-type":"application/json"}')
        try:
            return await asyncio.wait_for(self._fetch(path, init), timeout_seconds)
        except TimeoutError:
            controller.abort()
            raise BoxSilent(f"no answer in {timeout_seconds:.0f} s") from None
        except JsException as error:
            raise BoxSilent(str(error)) from None

    async def forward(self, request: Any, path: str) -> Any:
        port = self._container.getTcpPort(DAEMON_PORT)
        return await port.fetch(js.Request.new(_ORIGIN + path, request))

    async def destroy(self) -> None:
        try:
            await asyncio.wait_for(self._container.destroy(), DESTROY_SECONDS)
        except (JsException, TimeoutError):
            pass

    def keep(self, seconds: float) -> None:
        self._background.spawn(lambda: self._keep(seconds))

    async def _keep(self, seconds: float) -> None:
        try:
            await self._container.setInactivityTimeout(int(seconds * 1000))
        except JsException:
            pass  # it has stopped meanwhile

    async def _fetch(self, path: str, init: Any) -> Answer:
        answer = await self._container.getTcpPort(DAEMON_PORT).fetch(_ORIGIN + path, init)
        content = await answer.arrayBuffer()
        return Answer(status=answer.status, body=content.to_bytes())

    def _watch(self) -> None:
        if not self._is_watched:
            self._is_watched = True
            self._background.spawn(self._monitor)

    async def _monitor(self) -> None:
        try:
            await self._container.monitor()
        except JsException:
            pass  # it ended with an error: the daemon's boot id tells what that means
        self._is_watched = False
        self._on_end()
