"""Everybody can use the run console: axe, 320 pixels, large targets, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.runs.samples import busy_run, lost_run
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


def screens(book: RunBook) -> list[str]:
    book.add_session("bench", ("api.example.org",))
    book.add(command="rm -rf build", requireApproval=True).asks()
    ids = (busy_run(book).id, lost_run(book).id, book.runs[-1].id)
    return ["", "/new", "/approvals", "/sandboxes", *(f"/{run_id}" for run_id in ids)]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_runs(
    new_page: NewPage, book: RunBook, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    runs = RunsPage(page)
    for where in screens(book):
        runs.open(where)
        page.wait_for_load_state("networkidle")
        if where == "/new":
            page.get_by_text("Options").click()
            runs.button("Start the run").click()
        assert_accessible(page)
        for tab in page.get_by_role("tab").all():
            tab.click()
            assert_accessible(page)
    page.get_by_role("button", name="Reject").click()
    assert_accessible(page)


def test_no_screen_of_runs_has_to_be_scrolled_sideways(new_page: NewPage, book: RunBook) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    long_run = book.add(command="a" * 300)
    long_run.begin()
    long_run.prints("b" * 900 + "\n" + "wide " * 200)
    for where in [*screens(book), f"/{long_run.id}"]:
        RunsPage(page).open(where)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
        for box in page.locator(".console-side, .console-body, .log").all():
            assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
        assert small_targets(page) == [], where


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(`button, summary, textarea, select, nav a,
            .console-side a, .files a, input:not([type=radio], [type=checkbox])`)]
          .filter((each) => each.checkVisibility())
          .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
          .map(([html, box]) => `${box.width} × ${box.height} ${html}`)"""
    )
    return found


def test_the_parts_of_a_run_are_walked_with_the_arrow_keys(
    new_page: NewPage, book: RunBook
) -> None:
    run = busy_run(book)
    page = new_page(viewport=NARROW)
    RunsPage(page).open(f"/{run.id}")
    page.get_by_role("tab", name="Output").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Steps")).to_be_focused()
    expect(page.locator(".step").first).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(".timeline li").first).to_be_visible()
    page.get_by_label("All runs").click()
    expect(page.locator(".run-row")).to_have_count(1)
