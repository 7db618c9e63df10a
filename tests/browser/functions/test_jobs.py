"""The history, and one job: followed while it goes on, cancelled, run again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.samples import fill
from tests.browser.functions.scripted_functions import CODE, FunctionBook
from tests.browser.functions_page import FunctionsPage
from tests.browser.problems import PageProblems


def test_a_job_is_followed_until_it_is_paid(page: Page, book: FunctionBook) -> None:
    job = book.add(args={"n": 5})
    functions = FunctionsPage(page).open(f"/jobs/{job.id}")
    functions.wait_for_status("Queued")
    expect(functions.title).to_have_text("Calculate the factorial")
    job.begin()
    functions.wait_for_status("Running")
    job.progress("Writing the code")
    expect(functions.events.last).to_contain_text("Writing the code")
    expect(functions.figure("Credits")).to_have_text("4.2 set aside")
    job.completes(120, code=CODE)

    functions.wait_for_status("Completed")
    expect(functions.value).to_have_text("120")
    expect(functions.announcer).to_have_text("The job is complete.")
    expect(functions.rows.first).to_contain_text("Completed")
    job.settles(0.2)
    expect(functions.figure("Credits")).to_have_text("0.2")


def test_without_live_lines_the_same_is_asked_for(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("503|WebSocket|EventSource")
    server.lines = False
    job = server.book.add()
    functions = FunctionsPage(page).open(f"/jobs/{job.id}")
    expect(page.get_by_text("Live updates are not getting through")).to_be_visible()
    job.begin()
    job.completes(7)
    functions.wait_for_status("Completed")
    expect(functions.value).to_have_text("7")
    expect(functions.rows.first).to_contain_text("Completed")


def test_a_line_that_breaks_costs_no_event(page: Page, server: FunctionsServer) -> None:
    job = server.book.add()
    functions = FunctionsPage(page).open(f"/jobs/{job.id}")
    expect(functions.events).to_have_count(1)
    server.cut()
    job.begin()
    for number in range(20):
        job.progress(f"Step {number}")
    job.completes(1)
    expect(functions.events).to_have_count(24)
    expect(functions.events.nth(3)).to_contain_text("Step 0")


def test_the_history_is_narrowed(page: Page, book: FunctionBook) -> None:
    fill(book)
    functions = FunctionsPage(page).open()
    expect(functions.rows).to_have_count(7)
    page.get_by_label("State", exact=True).select_option("waiting")
    expect(functions.rows).to_have_count(3)
    page.get_by_label("Type", exact=True).select_option("agentic")
    expect(functions.rows).to_have_count(1)
    page.get_by_label("Search the history").fill("nothing of the kind")
    expect(page.get_by_text("No job matches")).to_be_visible()
    functions.button("Show all jobs").click()
    expect(functions.rows).to_have_count(7)
    page.get_by_label("Dead letters only").check()
    expect(functions.rows).to_have_count(1)
    expect(functions.rows.first).to_contain_text("dead letter")


def test_older_jobs_are_asked_for(page: Page, book: FunctionBook) -> None:
    for number in range(35):
        book.add(f"Job {number}")
    functions = FunctionsPage(page).open()
    expect(functions.rows).to_have_count(35)


def test_a_dead_letter_says_what_to_do_and_is_run_again(page: Page, book: FunctionBook) -> None:
    dead = fill(book)["dead"]
    functions = FunctionsPage(page).open(f"/jobs/{dead}")
    problem = page.get_by_role("region", name="What went wrong")
    expect(problem).to_contain_text("The model did not answer.")
    expect(problem).to_contain_text("dead letters")
    functions.button("Run again").click()
    functions.dialog.get_by_role("button", name="Run it again").click()

    functions.wait_for_status("Queued")
    expect(page).not_to_have_url(re.compile(dead))
    expect(page.get_by_role("link", name=dead)).to_have_attribute(
        "href", f"#/functions/jobs/{dead}"
    )
    assert book.requests[0]["key"]


def test_a_job_is_changed_and_run_again(page: Page, book: FunctionBook) -> None:
    done = fill(book)["done"]
    functions = FunctionsPage(page).open(f"/jobs/{done}")
    functions.button("Edit and run").click()
    expect(functions.description).to_have_value("Calculate the factorial")
    number = page.get_by_label("n", exact=True)
    expect(number).to_have_value("5")
    number.fill("6")
    functions.button("Run").click()
    expect(functions.outcome).to_be_visible()
    body = book.requests[0]["body"]
    assert (body["args"], body["schema"]) == ({"n": 6}, {"type": "integer"})


def test_cancelling_says_what_it_means_first(page: Page, book: FunctionBook) -> None:
    ids = fill(book)
    functions = FunctionsPage(page)
    for name, words in (
        ("going", "It is stopped where it is."),
        ("human", "The question is taken back"),
        ("build", "The build stops too."),
    ):
        functions.open(f"/jobs/{ids[name]}")
        functions.button("Cancel").click()
        expect(functions.dialog).to_contain_text(words)
        functions.dialog.get_by_role("button", name="Let it go on").click()
    functions.button("Cancel").click()
    functions.dialog.get_by_label("Why").fill("not today")
    functions.dialog.get_by_role("button", name="Cancel the job").click()
    functions.wait_for_status("Cancelled")
    expect(functions.events.last).to_contain_text("not today")


def test_what_a_job_waits_for_is_one_step_away(page: Page, book: FunctionBook) -> None:
    ids = fill(book)
    functions = FunctionsPage(page).open(f"/jobs/{ids['human']}")
    page.get_by_role("link", name="Answer it now").click()
    expect(functions.title).to_have_text("Inbox")
    expect(page.get_by_label("Payee")).to_be_visible()


def test_a_long_list_is_drawn_in_parts(page: Page, book: FunctionBook) -> None:
    FunctionsPage(page).open(f"/jobs/{fill(book)['tree']}")
    page.get_by_text("list: [ ] 150 items").click()
    expect(page.get_by_text("99: 99", exact=True)).to_be_visible()
    page.get_by_role("button", name="50 more").click()
    expect(page.get_by_text("149: 149", exact=True)).to_be_visible()
    expect(page.get_by_text("No model could be reached")).to_be_visible()
