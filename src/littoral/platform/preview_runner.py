"""``Runner`` of previews over dynamic Workers: no network, no bindings, a deadline, a bounded
answer."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from littoral.errors import DeadlineExceeded
from littoral.jsontext import dumps
from littoral.platform.answer import headers_of
from littoral.platform.dynamic_worker import DynamicProgram, DynamicWorkers, ProgramBroken
from littoral.preview.program import (
    ANSWER_BYTES,
    RUN_SECONDS,
    Program,
    ProgramAnswer,
    ProgramFailed,
    ProgramRequest,
)

CPU_MS: Final = 5_000


class WorkerRunner:
    """``env`` is the raw environment of the Worker."""

    def __init__(self, env: Any) -> None:
        self._workers = DynamicWorkers(env)

    async def fetch(self, program: Program, request: ProgramRequest) -> ProgramAnswer:
        """As ``Runner.fetch``; raises ``DependencyUnavailable`` too, where nothing can be run."""
        loaded = DynamicProgram(
            id=program.id, main=program.entry, modules=program.sources, cpu_ms=CPU_MS
        )
        try:
            async with asyncio.timeout(RUN_SECONDS):
                response = await self._workers.fetch(
                    loaded, _request(request), deadline_seconds=RUN_SECONDS
                )
                body = await _body(response)
        except (TimeoutError, DeadlineExceeded):
            raise ProgramFailed(f"It did not answer within {RUN_SECONDS:g} seconds.") from None
        except ProgramBroken as broken:
            raise ProgramFailed(str(broken)) from None
        except JsException as error:
            raise ProgramFailed(f"It broke off in the middle of its answer: {error}") from None
        return ProgramAnswer(status=response.status, headers=headers_of(response), body=body)


def _request(request: ProgramRequest) -> Any:
    wish = {"method": request.method, "headers": dict(request.headers), "redirect": "manual"}
    init = js.JSON.parse(dumps(wish))
    if request.body is not None:
        init.body = to_js(request.body)
    return js.Request.new(request.url, init)


async def _body(response: Any) -> bytes:
    if getattr(response, "webSocket", None):
        raise ProgramFailed("It answered with a WebSocket, which previews do not carry.")
    if not response.body:
        return b""
    reader, pieces, length = response.body.getReader(), list[bytes](), 0
    while True:
        found = await reader.read()
        if found.done:
            return b"".join(pieces)
        length += found.value.byteLength
        if length > ANSWER_BYTES:
            await reader.cancel()
            raise ProgramFailed(f"It answered with more than {ANSWER_BYTES} bytes.")
        pieces.append(found.value.to_bytes())
