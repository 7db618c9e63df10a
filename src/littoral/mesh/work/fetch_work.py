"""Parts that read one public page, through the same guard as the data agent's watches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from littoral.fetching.fetcher import Page
from littoral.mesh.watch.page_text import read_page

KEPT_CHARACTERS: Final = 8_000


class Reader(Protocol):
    """The guarded way to the open web (``littoral.fetching.fetcher.Fetcher``)."""

    async def read(self, url: str) -> Page:
        """Raises ``FetchRefused``, ``FetchFailed`` or ``DeadlineExceeded``."""
        ...


class FetchWork:
    """Gives what a person would read on a page, from its beginning."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def do(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """``{result: {url, title, text, cut}, usage}``; raises what the reader raises."""
        page = await self._reader.read(part["input"]["url"])
        read = read_page(page.text, page.media_type)
        text = read.text
        result = {
            "url": page.url,
            "title": read.title,
            "text": text[:KEPT_CHARACTERS],
            "cut": read.cut or len(text) > KEPT_CHARACTERS,
        }
        return {"result": result, "usage": {}}
