"""Fixtures of the compat suite: the unmodified npm clients, in a real Chromium and in Node.

The clients are those that package.json pins. They are bundled once (esbuild, which wrangler brings)
and served to the browser from the Worker's own origin, so that cookies and origins are real.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

from _lib import project
from _lib.chromium import ARGUMENTS, find_chromium
from _lib.local_runtime import LocalRuntime
from tests.compat.chat_page import PATH, ChatPage
from tests.harness.worker import Worker

HERE = Path(__file__).parent
NewTab = Callable[..., ChatPage]


@pytest.fixture(scope="package")
def bundle(runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's script with the clients in it."""
    out = tmp_path_factory.mktemp("compat") / "app.js"
    esbuild = project.NODE_MODULES / "esbuild" / "bin" / "esbuild"
    subprocess.run(
        [
            str(runtime.node.executable),
            str(esbuild),
            str(HERE / "page" / "app.jsx"),
            "--bundle",
            "--format=esm",
            "--jsx=automatic",
            "--log-level=error",
            '--define:process.env.NODE_ENV="development"',
            f"--outfile={out}",
        ],
        cwd=project.ROOT,
        check=True,
    )
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with this suite: a process has room for one Playwright at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def new_guest(chromium: Browser, worker: Worker, bundle: str) -> Iterator[NewTab]:
    """Makes a tab of a guest whom nobody has seen before: `new_guest()`."""
    contexts: list[BrowserContext] = []

    def make() -> ChatPage:
        # A page that the test answers has no address, and such a page may not reach this machine.
        context = chromium.new_context(permissions=["local-network-access"])
        contexts.append(context)
        serve_page(context, worker.url, bundle)
        return ChatPage(context.new_page(), worker.url).open()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def tab(new_guest: NewTab) -> ChatPage:
    """A tab of a new guest."""
    return new_guest()


@pytest.fixture
def second_tab(tab: ChatPage, worker: Worker) -> ChatPage:
    """Another tab of the same guest."""
    return ChatPage(tab.page.context.new_page(), worker.url).open()


def serve_page(context: BrowserContext, url: str, bundle: str) -> None:
    """Answers requests below `/compat/` with the test's page; all others go to the Worker."""
    html = (HERE / "page" / "index.html").read_text(encoding="utf-8")

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=bundle, content_type="text/javascript")
        else:
            route.fulfill(body=html, content_type="text/html")

    context.route(f"{url}{PATH}**", answer)
