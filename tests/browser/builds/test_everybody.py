"""Everybody can use the build screen: axe, 320 pixels, large targets, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.builds.samples import BROKEN, built, failed, growing, planned
from tests.browser.builds.scripted_builds import BuildBook, plan
from tests.browser.builds_page import BuildsPage
from tests.browser.conftest import NewPage


def screens(book: BuildBook) -> list[str]:
    done = built(book, issues=True)
    done.preview_page = BROKEN
    going = growing(book)
    going.act("message", {"message": "Please make it blue"})
    return ["", "/new", *(f"/{each.id}" for each in (planned(book), going, failed(book), done))]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_builds(
    new_page: NewPage, book: BuildBook, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    builds = BuildsPage(page)
    for where in screens(book):
        builds.open(where)
        page.wait_for_load_state("networkidle")
        if where == "/new":
            page.get_by_text("Limits", exact=True).click()
            builds.button("Make a plan").click()
        assert_accessible(page)
        for tab in page.get_by_role("tab").all():
            tab.click()
            page.wait_for_load_state("networkidle")
            assert_accessible(page)
    builds.open_preview()
    expect(builds.problems).to_be_visible()
    assert_accessible(page)


def test_no_screen_of_builds_has_to_be_scrolled_sideways(
    new_page: NewPage, book: BuildBook
) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    wide = book.add("a" * 300)
    wide.plans(plan(title="b" * 120, features=["c" * 200], description="d" * 300))
    for where in [*screens(book), f"/{wide.id}"]:
        BuildsPage(page).open(where)
        page.wait_for_load_state("networkidle")
        if where == f"/{wide.id}":
            page.get_by_role("button", name="Change the plan").click()
        parts = page.get_by_role("tab").all() or [None]
        for part in parts:
            if part:
                part.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
            for box in page.locator(".console-side, .console-body").all():
                assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
            assert small_targets(page) == [], where


def small_targets(page: Page) -> list[str]:
    """Lines of text that lead somewhere may be as low as 24 pixels; everything else is 44."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(`button, summary, textarea, select, nav a,
            .console a, input:not([type=radio], [type=checkbox])`)]
          .filter((each) => each.checkVisibility())
          .map((each) => [each, each.getBoundingClientRect()])
          .filter(([each, box]) => box.height < (each.matches(".issue .link") ? 23.9 : 43.9)
            || box.width < (each.matches(".link") ? 23.9 : 43.9))
          .map(([each, box]) => `${box.width} × ${box.height} ${each.outerHTML.slice(0, 120)}`)"""
    )
    return found


def test_a_build_is_begun_and_followed_with_the_keyboard_alone(page: Page, book: BuildBook) -> None:
    builds = BuildsPage(page).open("/new")
    page.get_by_label("What it should be").focus()
    page.keyboard.type("A table of tides")
    page.keyboard.press("Control+Enter")
    expect(builds.title).to_be_focused()
    book.builds[0].plans()
    builds.wait_for_status("Plan is ready")
    expect(builds.announcer).to_contain_text("The plan is ready")

    page.locator("[role=tab]", has_text="Plan").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=tab]", has_text="Files")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".build-events li").first).to_be_visible()
    page.keyboard.press("Home")
    expect(page.locator(".phase").first).to_be_visible()


def test_the_palette_and_the_navigation_lead_to_the_builds(page: Page, book: BuildBook) -> None:
    page.goto("/#/account")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("builds")
    page.keyboard.press("Enter")
    expect(page.locator(".build-form")).to_be_visible()
    current = page.locator(".place[aria-current=page]")
    expect(current).to_have_text("Builds")
