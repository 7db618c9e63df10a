"""Everybody can use functions: axe, 320 pixels, large targets, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.samples import computes, fill
from tests.browser.functions.scripted_functions import FunctionBook
from tests.browser.functions_page import FunctionsPage
from tests.browser.runs.test_everybody import small_targets


def screens(book: FunctionBook) -> list[str]:
    return ["", "/jobs/all", "/inbox", *(f"/jobs/{job_id}" for job_id in fill(book).values())]


def show_everything(page: Page) -> None:
    """The form with everything unfolded and wrong, then explained and run."""
    functions = FunctionsPage(page).open()
    functions.button("Run").click()
    page.get_by_text("More options").click()
    page.get_by_role("radio", name="Fields", exact=True).check()
    functions.describe("Calculate", '{"n": 5, "list": [1], "deep": {"a": true}}')
    functions.button("Explain").click()
    expect(page.locator(".fn-reasons").first).to_be_visible()
    functions.button("Run").click()
    expect(functions.value).to_be_visible()
    page.get_by_role("region", name="Arguments").get_by_role(
        "radio", name="Form", exact=True
    ).check()
    page.get_by_text("What you said words mean").click()
    expect(page.get_by_text("Nothing is remembered.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_functions(
    new_page: NewPage, server: FunctionsServer, scheme: str, size: dict[str, int]
) -> None:
    server.does = computes
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    for where in screens(server.book):
        FunctionsPage(page).open(where)
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
    show_everything(page)
    assert_accessible(page)
    FunctionsPage(page).open("/inbox")
    page.get_by_role("button", name="Answer: Check the invoice").click()
    page.get_by_role("button", name="Send the answer").click()
    assert_accessible(page)
    page.get_by_role("button", name="Say no").click()
    assert_accessible(page)


def test_no_screen_of_functions_has_to_be_scrolled_sideways(
    new_page: NewPage, server: FunctionsServer
) -> None:
    server.does = computes
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    long_job = server.book.add("a" * 300, args={"b" * 60: "c" * 400})
    computes(long_job)
    for where in [*screens(server.book), f"/jobs/{long_job.id}"]:
        FunctionsPage(page).open(where)
        page.wait_for_load_state("networkidle")
        fits(page, where)
    show_everything(page)
    fits(page, "everything")
    FunctionsPage(page).open("/inbox")
    page.get_by_role("button", name="Answer: Check the invoice").click()
    fits(page, "a task")


def fits(page: Page, where: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
    for box in page.locator(".console-side, .console-body").all():
        assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
    assert small_targets(page) == [], where


def test_a_function_is_called_with_the_keyboard_alone(page: Page, server: FunctionsServer) -> None:
    server.does = computes
    functions = FunctionsPage(page).open()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(functions.title).to_be_focused()
    page.keyboard.press("Tab")
    expect(functions.description).to_be_focused()
    page.keyboard.type("Calculate the factorial")
    page.keyboard.press("Control+Enter")
    expect(functions.value).to_have_text("120")
    expect(page.get_by_role("heading", name="Result", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Show the job")).to_be_focused()
    page.keyboard.press("Enter")
    functions.wait_for_status("Completed")
    expect(functions.title).to_be_focused()


def test_a_human_task_is_answered_with_the_keyboard_alone(page: Page, book: FunctionBook) -> None:
    task = book.asks()
    FunctionsPage(page).open("/inbox")
    page.get_by_role("button", name="Answer: Review code for security").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review code for security")).to_be_focused()
    expect(page.get_by_label("Decision")).to_be_visible()
    page.get_by_label("Decision").focus()
    page.keyboard.type("approved")
    page.keyboard.press("Tab")
    page.keyboard.type("Looks well")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send the answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert task["answer"] == {"decision": "approved", "comment": "Looks well"}


def test_the_history_is_a_screen_of_its_own_on_a_phone(
    new_page: NewPage, book: FunctionBook
) -> None:
    ids = fill(book)
    page = new_page(viewport=NARROW)
    functions = FunctionsPage(page).open()
    expect(functions.rows.first).not_to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(functions.rows).to_have_count(len(ids) + 1)
    page.get_by_role("link", name="Count the words").click()
    functions.wait_for_status("Running")
    functions.button("History").click()
    expect(functions.rows.first).to_be_visible()
