"""Fixtures of the browser suite: a real Chromium on the Worker of the test server.

`page` and `new_page` fail the test when a page logs an error, breaks the content security policy or
asks another origin for anything; `problems.expect(pattern)` allows what a test means to cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from _lib.chromium import ARGUMENTS, find_chromium
from tests.browser.problems import PageProblems, settle
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.worker import Worker

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url(worker: Worker) -> str:
    """Origin of the front end; its models are the AI double's (fixture `ai`)."""
    return worker.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=15_000)  # a bound, not a wait: machines are busy
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def problems(base_url: str) -> PageProblems:
    return PageProblems(base_url)


@pytest.fixture
def new_page(browser: Browser, base_url: str, problems: PageProblems) -> Iterator[NewPage]:
    """Makes a page in a context of its own, a new guest: `new_page(color_scheme="dark", …)`."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(
            base_url=base_url, **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        problems.watch(context)
        return context.new_page()

    yield make
    for context in contexts:
        for page in context.pages:
            settle(page)
        context.close()
    problems.check()


@pytest.fixture(autouse=True)
def _titles(ai: ScriptedAi) -> None:
    """Sessions are given titles by the model; its answers for that are not a test's business."""
    ai.answer_when("Assistant: ", Answer(text="A talk by the sea"))


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a new guest; nothing is loaded yet."""
    return new_page()
