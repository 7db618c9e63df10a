"""The way between eight places: all of them on a wide page, the first and "More" on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry_page import RegistryPage


def test_a_phones_bar_shows_the_first_places_and_opens_the_rest(
    new_page: NewPage, server: RegistryServer
) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    page.goto("/#/agents")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    places = page.get_by_role("navigation", name="Places")
    for name in ("Chat", "Runs", "Builds", "Functions"):
        expect(places.get_by_role("link", name=name)).to_be_visible()
    more = places.get_by_role("button", name="More")
    expect(more).to_have_attribute("aria-current", "true")
    expect(places.get_by_role("link")).to_have_count(4)

    more.focus()
    page.keyboard.press("Enter")
    expect(places.get_by_role("link")).to_have_count(8)
    expect(places.get_by_role("link", name="Agents")).to_have_attribute("aria-current", "page")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(places.get_by_role("link")).to_have_count(4)
    expect(more).to_be_focused()

    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(places.get_by_role("link", name="Account")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#/account$"))
    expect(places.get_by_role("link")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_where_there_is_room_every_place_is_shown_and_has_a_key(
    new_page: NewPage, server: RegistryServer
) -> None:
    for size in ({"width": 600, "height": 700}, {"width": 1000, "height": 380}):
        page = new_page(viewport=size)
        RegistryPage(page).open()
        places = page.get_by_role("navigation", name="Places")
        expect(places.get_by_role("link")).to_have_count(8)
        expect(places.get_by_role("button", name="More")).not_to_be_visible()
        places.get_by_role("link", name="Account").scroll_into_view_if_needed()
        expect(places.get_by_role("link", name="Account")).to_be_in_viewport()
    page.keyboard.press("Control+Shift+Digit8")
    expect(page).to_have_url(re.compile("#/account$"))
    page.keyboard.press("Control+Shift+Digit5")
    expect(page).to_have_url(re.compile("#/agents$"))
    expect(page.locator("h1")).to_be_focused()


def test_a_place_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    page: Page, server: RegistryServer, problems: PageProblems
) -> None:
    problems.expect("ERR_FAILED|registry/screen.js")
    page.route("**/registry/screen.js", lambda route: route.abort())
    page.goto("/#/agents")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/registry/screen.js")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No agents yet")).to_be_visible()
