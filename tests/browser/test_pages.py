"""The front end as Pages serves it: another site than the API's, under its own policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from _lib import project
from _lib.deploying.pages import stage_pages
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.runs.page_server import PageHandler
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.worker import Worker


class _Pages(PageHandler):
    def do_GET(self) -> None:
        self.file(self.path.partition("?")[0])


def stage(folder: Path, worker: Worker) -> Path:
    """The front end as a deploy makes it for Pages, for the API of the test server."""
    stage_pages(project.ROOT / "public", folder / "pages", api_origin=worker.url)
    return folder / "pages"


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """Origin of a server on localhost, which is another site than the API's 127.0.0.1."""
    handler = type("Handler", (_Pages,), {"root": folder})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(worker: Worker, pages_port: int, tmp_path: Path) -> Iterator[str]:
    """The front end where the API's settings allow it."""
    with served(stage(tmp_path, worker), pages_port) as origin:
        yield origin


def test_a_front_end_on_another_site_chats_remembers_and_downloads(
    site: str, worker: Worker, new_page: NewPage, problems: PageProblems, ai: ScriptedAi
) -> None:
    ai.answer_when("hello", Answer(text="Hello from far away."))
    problems.expect(f"request off origin: {re.escape(site)}/")  # the page; its API is "ours" here
    page = new_page(accept_downloads=True)
    talk = Talk(page).open(f"{site}/")

    expect(page.locator("nav.sessions")).to_contain_text("No chats")
    talk.ask("hello")
    expect(talk.answers.last).to_contain_text("Hello from far away.")
    page.reload()
    expect(talk.answers.last).to_contain_text("Hello from far away.")
    talk.wait_until_connected()

    cookies = page.context.cookies()
    assert [(each["sameSite"], each["secure"]) for each in cookies] == [("None", True)]

    page.locator(".talk-head").get_by_role("button", name="Actions for").click()
    with page.expect_download() as downloading:
        page.get_by_role("menuitem", name="Export as Markdown").click()
    assert "Hello from far away." in downloading.value.path().read_text()


def test_a_page_of_a_site_that_is_not_listed_can_neither_read_nor_write(
    worker: Worker, new_page: NewPage, problems: PageProblems, tmp_path: Path
) -> None:
    problems.expect("CORS policy|Failed to load resource|request off origin")
    folder = stage(tmp_path, worker)
    with served(folder, 0) as stranger:
        page = new_page()
        page.goto(f"{stranger}/favicon.svg")
        told = page.evaluate(
            """async (api) => {
              const credentials = "include";
              const tell = (path, options) => fetch(api + path, { credentials, ...options })
                .then((answer) => `answered ${answer.status}`, (failure) => failure.name);
              return [
                await tell("/api/me"),
                await tell("/api/chat", { method: "POST", body: '{"message":"hello"}',
                  headers: { "content-type": "text/plain" } }),
              ];
            }""",
            worker.url,
        )

    assert told == ["TypeError", "TypeError"]
