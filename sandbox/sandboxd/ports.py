"""Preview of what listens inside the sandbox: `/ports/<n>/<path>` handed on to 127.0.0.1:<n>."""

from __future__ import annotations

import aiohttp
from aiohttp import web

CONNECT_SECONDS = 5
ANSWER_SECONDS = 120
_NOT_HANDED_ON = frozenset(
    "connection host keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    "transfer-encoding upgrade content-length content-encoding accept-encoding".split()
)


async def preview(request: web.Request) -> web.StreamResponse:
    """Streams both ways; 502 with a plain text when nothing listens there."""
    port = int(request.match_info["port"])
    if not 0 < port < 65536:
        return web.Response(status=404, text=f"There is no port {port}.\n")
    url = f"http://127.0.0.1:{port}/{request.match_info['path']}"
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
        try:
            async with session.request(
                request.method,
                url,
                params=request.query,
                headers=_handed_on(request.headers),
                data=request.content if request.can_read_body else None,
                allow_redirects=False,
            ) as answer:
                return await _stream(request, answer)
        except (aiohttp.ClientConnectionError, TimeoutError):
            return web.Response(status=502, text=f"Nothing answers on port {port}.\n")


async def _stream(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    out = web.StreamResponse(status=answer.status, headers=_handed_on(answer.headers))
    await out.prepare(request)
    async for piece in answer.content.iter_any():
        await out.write(piece)
    await out.write_eof()
    return out


def _handed_on(headers: object) -> list[tuple[str, str]]:
    pairs = headers.items()  # type: ignore[attr-defined]
    return [(name, value) for name, value in pairs if name.lower() not in _NOT_HANDED_ON]
