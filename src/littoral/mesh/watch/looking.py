"""The data agent's way to the world: reads a page, compares it with the one before, keeps it.

What goes wrong outside is a result and no error: when to look again is the watch's to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from littoral.errors import DeadlineExceeded, FetchFailed, FetchRefused, short_problem
from littoral.fetching.fetcher import Fetcher
from littoral.fetching.target import Target
from littoral.mesh.kernel.behaviour import Effect
from littoral.mesh.watch.difference import compare
from littoral.mesh.watch.page_text import PageText, read_page
from littoral.mesh.watch.shelf import Shelf


class PageLooking:
    """``Looking`` over a guarded fetcher. Repeating an effect is safe: it looks again."""

    def __init__(self, fetcher: Fetcher, shelf: Shelf) -> None:
        self._fetcher = fetcher
        self._shelf = shelf

    def judge(self, url: str) -> Target:
        return self._fetcher.judge(url)

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        watch_id = str(effect.body["watchId"])
        if effect.kind == "shelf.clear":
            self._shelf.clear(watch_id)
            return {}
        try:
            page = await self._fetcher.read(str(effect.body["url"]))
        except (FetchRefused, FetchFailed, DeadlineExceeded) as error:
            return _failure(error)
        return self._compared(
            watch_id, str(effect.body["hash"]), read_page(page.text, page.media_type)
        )

    def _compared(self, watch_id: str, before: str, page: PageText) -> dict[str, Any]:
        digest = sha256(page.text.encode()).hexdigest()[:32]
        found = {"hash": digest, "title": page.title, "lines": len(page.lines), "cut": page.cut}
        if digest == before:
            return {**found, "difference": None}
        old = self._shelf.lines(watch_id, before) if before else None
        self._shelf.keep(watch_id, digest, page.lines, beside=before)
        difference = None if old is None else compare(old, page.lines).to_json()
        return {**found, "difference": difference}


def _failure(error: FetchRefused | FetchFailed | DeadlineExceeded) -> dict[str, Any]:
    """``counts``: it speaks against the host. ``answered``: the host did its part."""
    refused = isinstance(error, FetchRefused)
    return {
        "failure": short_problem(error),
        "counts": error.retryable and not refused,
        "answered": not error.retryable and not refused,
        "retryAfterSeconds": error.retry_after_seconds or 0,
    }
