"""``/preview/<token>/…`` on the runtime: requests in, answers out.

What is answered, and to whom, is ``littoral.preview.visits``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Any, Final

import js
from pyodide.ffi import jsnull, to_js

from littoral.api.gateway import Gateway
from littoral.clock import Clock
from littoral.errors import DependencyUnavailable, TooLarge
from littoral.jsontext import dumps
from littoral.limits.limiter import Limiter
from littoral.limits.policy import Limits
from littoral.platform.answer import headers_of, response
from littoral.platform.preview_runner import WorkerRunner
from littoral.preview import headers, pages
from littoral.preview.link import PATH
from littoral.preview.media import HTML
from littoral.preview.visits import Places, PreviewAnswer, PreviewRequest, Previews
from littoral.settings import Settings
from littoral.store.database import Database

CHECK_SECONDS: Final = 5.0
KNOWN_OWNERS: Final = 500
"""Owners of builds kept in memory; the owner of a build never changes."""

_WITHOUT_BODY: Final = frozenset({204, 205, 304})

_log = logging.getLogger(__name__)


class PreviewDoor:
    """Answers every request below ``/preview/``. ``env`` is the raw environment."""

    def __init__(
        self,
        env: Any,
        settings: Settings,
        clock: Clock,
        *,
        gateway: Gateway,
        database: Database,
        limiter: Limiter,
    ) -> None:
        self._gateway = gateway
        self._owners = Owners(database)
        self._limits = Limits(limiter, settings.rate_limits)
        places = Places(
            owner_of=self._owners.of,
            check=self._check,
            blobs=gateway.blobs,
            admit=self._admit,
            runner=WorkerRunner(env),
            framed_by=settings.allowed_origins,
        )
        self._previews = Previews(places, secret=settings.session_secret, clock=clock)

    def takes(self, path: str) -> bool:
        """Whether a request is answered here."""
        return path.startswith(PATH)

    async def answer(self, request: Any) -> Any:
        """The response to a raw request; never raises."""
        try:
            return _response(request.method, await self._previews.answer(_read(request)))
        except Exception:  # noqa: BLE001 - the rim: every error becomes an answer
            _log.exception("a preview failed")
            page = pages.plain_page("Something failed on our side", "Try again in a moment.")
            common = headers.answer_headers(headers.POLICY_WITHOUT_PREVIEW)
            return response(page, status=500, content_type=HTML, headers=common)

    async def _check(self, owner: str, build_id: str, word: str) -> Any:
        build = self._gateway.build(owner, build_id)
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await build.call("preview.check", {"word": word})
        except TimeoutError:
            raise DependencyUnavailable("The object that keeps this did not answer.") from None

    async def _admit(self, build_id: str) -> None:
        await self._limits.admit("account", f"preview:{build_id}")


class Owners:
    """Who owns a build, looked up once in a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, str] = OrderedDict()

    async def of(self, build_id: str) -> str | None:
        """The owner, ``None`` for a build that never was. Raises ``DependencyUnavailable``."""
        if build_id not in self._known:
            rows = await self._database.rows("SELECT owner FROM builds WHERE id = ?", build_id)
            if not rows:
                return None
            self._known[build_id] = str(rows[0][0])
            if len(self._known) > KNOWN_OWNERS:
                self._known.popitem(last=False)
        return self._known[build_id]


def _read(request: Any) -> PreviewRequest:
    url = str(request.url).partition("#")[0]
    origin = "/".join(url.split("/", 3)[:3])
    path, _, query = url[len(origin) :].partition("?")
    sent = headers_of(request)

    async def body(most_bytes: int) -> bytes:
        declared = sent.get("content-length", "0")
        if declared.isdecimal() and int(declared) > most_bytes:
            raise _too_large(most_bytes)
        return await _whole(request.body, most_bytes) if request.body else b""

    return PreviewRequest(
        method=request.method, origin=origin, path=path, query=query, headers=sent, body=body
    )


async def _whole(stream: Any, most_bytes: int) -> bytes:
    reader, pieces, length = stream.getReader(), list[bytes](), 0
    while True:
        found = await reader.read()
        if found.done:
            return b"".join(pieces)
        length += found.value.byteLength
        if length > most_bytes:
            await reader.cancel()
            raise _too_large(most_bytes)
        pieces.append(found.value.to_bytes())


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"A preview takes bodies of at most {most_bytes} bytes.")


def _response(method: str, answer: PreviewAnswer) -> Any:
    init = js.JSON.parse(dumps({"status": answer.status, "headers": answer.headers}))
    empty = method == "HEAD" or answer.status in _WITHOUT_BODY
    return js.Response.new(jsnull if empty else to_js(answer.body), init)
