"""A run that is watched: what a bad connection costs (nothing), and what is known of its end."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.runs.runs_server import RunsServer
from tests.browser.runs.samples import busy_run, lost_run
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


def test_a_cut_line_loses_nothing_and_says_nothing_twice(
    page: Page, server: RunsServer, book: RunBook
) -> None:
    run = book.add(command="count")
    run.begin()
    runs = RunsPage(page).open(f"/{run.id}")
    runs.wait_for_status("Running")
    for number in range(40):
        run.prints(f"line {number}\n")
        if number % 10 == 5:
            server.cut()
    run.ends_step()
    run.ends()

    runs.wait_for_status("Completed", seconds=30)
    expect(runs.log).to_contain_text("line 39")
    words = (runs.log.text_content() or "").removeprefix("count").split("\n")
    assert words[:-1] == [f"line {number}" for number in range(40)]


def test_without_streams_and_sockets_the_page_asks_again_and_says_so(
    page: Page, server: RunsServer, book: RunBook, problems: PageProblems
) -> None:
    problems.expect("503|WebSocket")
    server.lines = False
    run = book.add(command="slow")
    run.begin()
    runs = RunsPage(page).open(f"/{run.id}")
    expect(page.locator(".banner")).to_contain_text("Live updates are not getting through")

    run.prints("still here\n")
    expect(runs.log).to_contain_text("still here")
    run.ends_step()
    run.ends()

    runs.wait_for_status("Completed")
    expect(page.locator(".banner")).to_have_count(0)


def test_a_reload_in_the_middle_shows_the_same_run(page: Page, book: RunBook) -> None:
    run = busy_run(book)
    runs = RunsPage(page).open(f"/{run.id}")
    expect(runs.log).to_contain_text("12:25")
    seen = runs.log.text_content()

    page.reload()

    expect(runs.log).to_have_text(seen or "", use_inner_text=False)
    expect(runs.timeline).to_have_count(7)


def test_an_end_that_nobody_saw_is_shown_as_unknown(page: Page, book: RunBook) -> None:
    run = lost_run(book)
    runs = RunsPage(page).open(f"/{run.id}")

    expect(runs.figure("Exit code")).to_have_text("unknown")
    expect(runs.steps).to_contain_text("exit code unknown")
    expect(runs.steps).to_contain_text("nobody knows how it ended")
    expect(page.locator(".card.error")).to_contain_text("Run it again.")


def test_files_that_were_lost_with_the_sandbox_are_told(page: Page, book: RunBook) -> None:
    run = book.add(command="make it")
    run.begin()
    run.ends_step()
    run.loses_files()
    run.ends()
    runs = RunsPage(page).open(f"/{run.id}")
    runs.wait_for_status("Completed")

    words = "The sandbox was gone before the run's files could be kept"
    expect(page.locator(".about").get_by_text(words)).to_have_count(1)
    expect(runs.timeline.filter(has_text=words)).to_have_count(1)
    expect(page.get_by_text("The files were lost")).to_be_visible()
