"""Owns what must not happen while a page is open: errors, policy violations, foreign requests."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

_LOCAL_SCHEMES = frozenset({"about", "blob", "data"})


class PageProblems:
    """Watches every page of a context. `check` fails with all problems that no test expected."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._expected: list[re.Pattern[str]] = []
        self.seen: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("request", self._on_request)
        context.on("weberror", lambda error: self.seen.append(f"uncaught: {error.error}"))

    def expect(self, pattern: str) -> None:
        """Problems that match (a regular expression, anywhere in the text) do not fail the test."""
        self._expected.append(re.compile(pattern))

    def check(self) -> None:
        """AssertionError naming the problems that were seen and not expected."""
        found = [seen for seen in self.seen if not any(p.search(seen) for p in self._expected)]
        assert not found, "the page had problems:\n" + "\n".join(found)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium reports violations of the content security policy here too, as errors.
        if message.type == "error":
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in _LOCAL_SCHEMES and f"{url.scheme}://{url.netloc}" != self._origin:
            self.seen.append(f"request off origin: {request.url}")


def settle(page: Page) -> None:
    """Lets events of the page that are on their way arrive."""
    if not page.is_closed():
        page.evaluate("() => new Promise((done) => setTimeout(done))")
