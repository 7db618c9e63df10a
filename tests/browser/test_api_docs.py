"""The page that shows the API's description, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from _lib import project
from tests.browser.axe import LOOKS_BY_WIDTH
from tests.browser.conftest import NewPage

AXE = project.ROOT / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[Any]:
    """What axe finds, as (rule, first element). The script enters past the page's own policy."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found: list[Any] = page.evaluate(
        "async () => (await axe.run()).violations.map((v) => [v.id, v.nodes[0].html])"
    )
    return found


@pytest.mark.parametrize(("scheme", "width"), LOOKS_BY_WIDTH)
def test_every_route_is_readable_on_any_screen(new_page: NewPage, scheme: str, width: int) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto("/docs")
    expect(page.locator("article")).to_have_count(
        page.evaluate(
            "async () => Object.values((await (await fetch('/openapi.json')).json()).paths)"
            ".flatMap((path) => Object.keys(path)).length"
        )
    )
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_a_route_comes_with_a_command_to_try_it(page: Page, base_url: str) -> None:
    page.goto("/docs#chat")
    article = page.locator("article#chat")

    expect(article.get_by_role("heading")).to_have_text(re.compile(r"POST\s+/api/chat"))
    expect(article.locator("pre")).to_contain_text(f'"{base_url}/api/chat"')
    expect(article.locator("pre")).to_contain_text('{"message":"Add task: Buy milk"}')


def test_the_page_works_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/docs")
    page.locator("article").first.wait_for()
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the routes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
