"""Everybody can use the operations: axe, 320 pixels, large targets, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.operations.operations_server import OperationsServer, up
from tests.browser.operations.test_operations import opened, panel
from tests.browser.runs.test_everybody import small_targets


def screens(server: OperationsServer) -> list[str]:
    return ["", "/traces", f"/traces/{server.newest_trace()}", "/log"]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_operations(
    new_page: NewPage, server: OperationsServer, scheme: str, size: dict[str, int]
) -> None:
    server.dependencies["database"] = up(status="down", detail="D1 did not answer.")
    server.dependencies["models"] = up(status="degraded", needed=False)
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    for where in screens(server):
        opened(page, where)
        page.wait_for_load_state("networkidle")
        expect(page.locator(".loading-rows")).to_have_count(0)
        assert_accessible(page)
    opened(page)
    page.get_by_role("button", name="Show as a table").click()
    expect(panel(page, "Over time").get_by_role("table")).to_be_visible()
    assert_accessible(page)


def test_no_screen_of_operations_has_to_be_scrolled_sideways_and_targets_are_large(
    new_page: NewPage, server: OperationsServer
) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    for where in screens(server):
        opened(page, where)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], where
        assert small_targets(page) == [], where


def test_the_keyboard_reaches_charts_tables_and_traces(
    page: Page, server: OperationsServer
) -> None:
    opened(page)
    page.get_by_role("tab", name="Routes").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Agents")).to_be_focused()
    page.get_by_role("link", name="Traces", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("list", name="Traces").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Spans of the trace")).to_be_visible()
