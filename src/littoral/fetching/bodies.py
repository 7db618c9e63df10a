"""Bodies of answers, bounded while they arrive, and text out of their bytes."""

from __future__ import annotations

import codecs
import re
from typing import Final

from littoral.errors import FetchFailed
from littoral.models.http_client import HttpResponse

_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_XML: Final = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.I)
_CHARSETS: Final = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be ascii iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 "
    "iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 koi8-r koi8-u "
    "shift_jis euc_jp iso2022_jp euc_kr cp949 gb2312 gbk gb18030 big5".split()
)
"""What pages use. Other codecs of Python are no texts of the web, or slow on purpose."""


async def read_body(response: HttpResponse, most_bytes: int) -> bytes:
    """The whole body; raises ``FetchFailed``, not retryable, as soon as it is too long.

    Bytes are counted as they come out of decompression, one chunk at a time, so an answer that
    swells is given up early. ``HttpFailed`` passes through.
    """
    told = response.headers.get("content-length", "")
    if told.isascii() and told.isdecimal() and int(told[:20]) > most_bytes:
        raise _too_long(most_bytes)
    parts: list[bytes] = []
    size = 0
    async for chunk in response.chunks():
        size += len(chunk)
        if size > most_bytes:
            raise _too_long(most_bytes)
        parts.append(chunk)
    return b"".join(parts)


def text_of(body: bytes, charset: str = "") -> str:
    """The text of a page: by its own mark, its header, its ``meta``, else UTF-8.

    What cannot be read becomes U+FFFD; nothing is raised.
    """
    if body.startswith(codecs.BOM_UTF8):
        return body[3:].decode("utf-8", "replace")
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    start = body[:1_024]
    declared = _META.search(start) or _XML.search(start)
    names = [charset, declared[1].decode("ascii") if declared else ""]
    return body.decode(next(filter(None, map(_known, names)), "utf-8"), "replace")


def _known(name: str) -> str:
    """Python's name of a charset of the web; empty for any other."""
    if not name or len(name) > 40:
        return ""
    try:
        found = codecs.lookup(name.strip("\"' ")).name
    except (LookupError, ValueError):
        return ""
    if found in ("iso8859-1", "ascii"):
        return "cp1252"  # as the encoding standard of the web has it
    return found if found in _CHARSETS else ""


def _too_long(most_bytes: int) -> FetchFailed:
    return FetchFailed(
        f"The answer has more than {most_bytes:,} bytes.",
        retryable=False,
        next_step="Give the address of a smaller page.",
    )
