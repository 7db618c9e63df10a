"""What a person does with a run: approve, reject, cancel, pause, run again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.runs.samples import busy_run, lost_run
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


def test_an_approval_is_found_in_the_inbox_and_answered_once(
    page: Page, book: RunBook, problems: PageProblems
) -> None:
    problems.expect("409")
    run = book.add(command="rm -rf build", requireApproval=True)
    run.asks("May it delete the folder?", seconds=3_000)
    runs = RunsPage(page).open("/approvals")
    other = RunsPage(page.context.new_page()).open(f"/{run.id}")
    card = page.locator(".run-approval")
    expect(card).to_contain_text("May it delete the folder?")
    expect(card).to_contain_text("rm -rf build")
    expect(card).to_contain_text(re.compile(r"expires in \d+ min \d\d s"))
    page.reload()
    expect(card).to_be_visible()
    expect(page.locator(".console-tabs .badge")).to_have_text("1")
    expect(page.get_by_role("link", name="Runs 1 approval waits")).to_be_visible()

    runs.button("Approve").click()

    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    expect(page.locator(".console-tabs .badge")).to_have_count(0)
    expect(other.page.locator(".run-approval")).to_have_count(0)
    assert [request["path"] for request in book.requests] == [
        f"/api/orchestrator/runs/{run.id}/approve"
    ]


def test_a_run_is_rejected_with_a_reason_that_it_keeps(page: Page, book: RunBook) -> None:
    run = book.add(command="rm -rf build", requireApproval=True)
    run.asks()
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Reject").click()
    runs.dialog.get_by_label("Why").fill("not on a Friday")
    runs.dialog.get_by_role("button", name="Reject", exact=True).click()

    runs.wait_for_status("Rejected")
    expect(page.locator(".card.error")).to_contain_text("not on a Friday")


def test_cancelling_says_what_it_does_and_can_be_left(page: Page, book: RunBook) -> None:
    run = busy_run(book)
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Cancel").click()
    expect(runs.dialog).to_contain_text("what it has not is lost")
    runs.dialog.get_by_role("button", name="Let it go on").click()
    assert book.requests == []

    runs.button("Cancel").click()
    runs.dialog.get_by_role("button", name="Cancel the run").click()

    runs.wait_for_status("Stopping")
    run.ends_step(1, code=None, status="cancelled", reason="cancelled")
    run.ends("cancelled", code=None)
    runs.wait_for_status("Cancelled")
    expect(runs.steps.last).to_contain_text("It was stopped on request.")


def test_a_run_is_paused_and_goes_on(page: Page, book: RunBook) -> None:
    run = busy_run(book)
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Pause").click()
    runs.wait_for_status("Paused")
    runs.button("Resume").click()
    runs.wait_for_status("Running")


def test_running_again_makes_a_new_run_after_saying_so(page: Page, book: RunBook) -> None:
    run = lost_run(book)
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Run again").click()
    expect(runs.dialog).to_contain_text("paid for again")
    runs.dialog.get_by_role("button", name="Run it again").click()

    expect(page).to_have_url(re.compile("run_0001"))
    runs.wait_for_status("Queued")
