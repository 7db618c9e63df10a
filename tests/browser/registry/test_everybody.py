"""Everybody can use the registry: axe, 320 pixels, large targets, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry.samples import answers, fill
from tests.browser.registry.scripted_registry import RegistryBook
from tests.browser.registry_page import RegistryPage
from tests.browser.runs.test_everybody import small_targets


def screens(book: RegistryBook) -> list[str]:
    ids = fill(book)
    some = [f"executions/{ids[name]}" for name in ("done", "failed", "cancelled", "going")]
    return ["agents", "executions", "agents/new", f"agents/{ids['old']}", *some]


def show_an_agent(page: Page, book: RegistryBook) -> RegistryPage:
    """An agent that was executed, with what is only for this time unfolded and wrong."""
    registry = RegistryPage(page).open(f"agents/{book.agents[0]['id']}")
    page.get_by_text("Only this time").click()
    registry.field("Temperature").fill("9")
    registry.execute("When?")
    expect(page.get_by_text("Give a number from 0 to 2.")).to_be_visible()
    registry.field("Temperature").fill("")
    registry.field("audience").fill("sailors")
    registry.button("Execute").click()
    expect(registry.outcome).to_contain_text("Completed")
    return registry


def show_the_form(page: Page, registry: RegistryPage) -> None:
    """The form of an agent with everything unfolded and wrong."""
    registry.part("Edit")
    registry.field("Prompt template").fill("{{input}} {{" + "x" * 120)
    page.get_by_text("Cache, filter and gateway").click()
    registry.field("Name").fill("")
    registry.button("Save as a new version").click()
    expect(page.get_by_text("Give it a name.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_the_registry(
    new_page: NewPage, server: RegistryServer, scheme: str, size: dict[str, int]
) -> None:
    server.does = answers
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    RegistryPage(page).open()
    expect(page.get_by_text("No agents yet")).to_be_visible()
    assert_accessible(page)
    for where in screens(server.book):
        RegistryPage(page).open(where)
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
    registry = show_an_agent(page, server.book)
    assert_accessible(page)
    show_the_form(page, registry)
    assert_accessible(page)
    registry.part("Memory")
    registry.field("Question").fill("water")
    registry.button("Find").click()
    expect(page.locator(".reg-found")).to_be_visible()
    assert_accessible(page)
    registry.part("Versions")
    expect(page.locator(".reg-diff")).to_be_visible()
    assert_accessible(page)


def test_no_screen_of_the_registry_has_to_be_scrolled_sideways(
    new_page: NewPage, server: RegistryServer
) -> None:
    server.does = answers
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    for where in screens(server.book):
        RegistryPage(page).open(where)
        page.wait_for_load_state("networkidle")
        fits(page, where)
    long = server.book.agent("n" * 120, model="@cf/maker/" + "m" * 90, description="d" * 300)
    execution = server.book.execute(long, input="i" * 400)
    execution.completes("o" * 500, edgeLocation="weur")
    for where in ("agents", f"agents/{long['id']}", f"executions/{execution.id}"):
        RegistryPage(page).open(where)
        page.wait_for_load_state("networkidle")
        fits(page, f"long {where}")
    registry = show_an_agent(page, server.book)
    fits(page, "executed")
    show_the_form(page, registry)
    fits(page, "form")
    for part in ("Memory", "Versions"):
        registry.part(part)
        page.wait_for_load_state("networkidle")
        fits(page, part)


def fits(page: Page, where: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
    for box in page.locator(".console-side, .console-body").all():
        assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
    assert small_targets(page) == [], where


def test_an_agent_is_made_and_executed_with_the_keyboard_alone(
    page: Page, server: RegistryServer
) -> None:
    server.does = answers
    registry = RegistryPage(page).open("agents/new")
    registry.field("Name").focus()
    page.keyboard.type("Tides")
    page.keyboard.press("Control+Enter")
    expect(registry.title).to_have_text("Tides")
    expect(registry.title).to_be_focused()
    tab = page.get_by_role("tab", name="Execute")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Edit")).to_be_focused()
    page.keyboard.press("Home")
    expect(tab).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(registry.field("Input")).to_be_focused()
    page.keyboard.type("When is low water?")
    page.keyboard.press("Control+Enter")
    expect(registry.outcome).to_contain_text("six hours")
    expect(registry.outcome.get_by_role("heading", name="Answer")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Details")).to_be_focused()
    page.keyboard.press("Enter")
    expect(registry.chip).to_have_text("Completed")
    expect(registry.title).to_be_focused()


def test_a_phone_shows_one_thing_at_a_time(new_page: NewPage, book: RegistryBook) -> None:
    ids = fill(book)
    page = new_page(viewport=NARROW)
    registry = RegistryPage(page).open()
    expect(registry.rows.first).not_to_be_visible()
    page.get_by_role("link", name="Executions", exact=True).click()
    expect(registry.cards.first).not_to_be_visible()
    page.get_by_role("link", name="Half of").click()
    expect(registry.chip).to_have_text("Cancelled")
    registry.button("Back").click()
    expect(registry.title).to_have_text("Translate")
    expect(page).to_have_url(f"{page.url.split('#')[0]}#/agents/{ids['plain']}")
    registry.button("All agents").click()
    expect(registry.cards).to_have_count(2)
