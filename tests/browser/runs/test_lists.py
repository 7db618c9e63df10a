"""The lists: runs with their filters, sandboxes, failures, and who may see them at all."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.runs.runs_server import RunsServer
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


def test_the_list_is_live_and_can_be_narrowed(page: Page, book: RunBook) -> None:
    for number in range(35):
        run = book.add(command=f"job {number}")
        if number % 5 == 0:
            run.begin()
            run.ends_step(code=1)
            run.ends("failed", code=1)
    runs = RunsPage(page).open()
    expect(runs.rows).to_have_count(35)  # a page of thirty, and the newest fifty from the socket
    book.add(command="fresh")
    expect(runs.rows.first).to_contain_text("fresh")

    page.get_by_label("State").select_option("failed")
    expect(runs.rows).to_have_count(7)
    page.get_by_label("Search runs").fill("job 30")
    expect(runs.rows).to_have_count(1)
    page.get_by_label("Search runs").fill("nothing like it")
    expect(page.get_by_text("No run matches")).to_be_visible()
    runs.button("Show all runs").click()
    expect(runs.rows).to_have_count(36)


def test_a_sandbox_is_made_used_and_stopped(page: Page, book: RunBook) -> None:
    RunsPage(page).open("/sandboxes")
    expect(page.get_by_text("No sandboxes")).to_be_visible()
    page.get_by_label("Name").fill("workbench")
    page.get_by_role("button", name="Make a sandbox").click()

    row = page.locator(".sandbox")
    expect(row).to_contain_text("workbench")
    terminal = page.get_by_role("link", name="Open a terminal in workbench")
    expect(terminal).to_have_attribute("href", "#/terminal/box_0")
    page.get_by_role("button", name="Run here, in workbench").click()
    expect(page.get_by_label("Sandbox", exact=True)).to_have_value("box_0")
    page.go_back()
    page.get_by_role("button", name="Stop workbench").click()
    expect(page.get_by_role("dialog")).to_contain_text("its files are gone")
    page.get_by_role("button", name="Stop the sandbox").click()
    expect(row).to_contain_text("Stopped")


def test_a_failure_to_load_says_so_and_can_be_tried_again(
    page: Page, server: RunsServer, problems: PageProblems
) -> None:
    problems.expect("503|404")
    server.failure = {"status": 503, "code": "unavailable", "detail": "Not now."}
    RunsPage(page).open()
    expect(page.get_by_text("Your runs could not be loaded.")).to_be_visible()
    server.failure = None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No runs yet")).to_be_visible()
    page.goto("/#/runs/run_nothing")
    expect(page.get_by_text("There is no such run here.")).to_be_visible()


def test_a_guest_is_led_to_the_account(page: Page, server: RunsServer) -> None:
    server.me = {**server.me, "user": {"id": "g", "kind": "guest"}, "scopes": ["chat"]}
    page.goto("/#/runs")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".console")).to_have_count(0)


def test_a_key_without_the_scope_is_told_which_one_it_needs(page: Page, server: RunsServer) -> None:
    server.me = {**server.me, "scopes": ["chat"]}
    page.goto("/#/runs")

    expect(page.get_by_text("This key may not use runs")).to_be_visible()
    link = page.get_by_role("link", name="Go to the account page")
    expect(link).to_have_attribute("href", "#/account")
