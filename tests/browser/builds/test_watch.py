"""A build that is watched: files that grow, connections that break, states told truly."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builds.builds_server import BuildsServer
from tests.browser.builds.samples import PAGE, built, failed, growing
from tests.browser.builds.scripted_builds import BuildBook
from tests.browser.builds_page import BuildsPage
from tests.browser.problems import PageProblems


def test_a_file_grows_and_its_saved_text_takes_its_place(
    page: Page, server: BuildsServer, book: BuildBook
) -> None:
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    expect(page.get_by_text("Being written…")).to_be_visible()
    server.wait_for_line(build.id)

    build.grows("css/style.css", "h1 { color: te", offset=0)
    expect(builds.code).to_have_text("h1 { color: te")
    build.grows("css/style.css", "al }", offset=14)
    expect(builds.code).to_have_text("h1 { color: teal }")
    build.saves("css/style.css", "h1 { color: teal; }\n")

    expect(builds.code).to_have_text("h1 { color: teal; }\n")
    expect(builds.code.locator(".hl-attribute, .hl-selector-tag").first).to_be_visible()
    expect(builds.stages.nth(1).locator("i.saved")).to_have_count(2)


def test_a_reload_in_the_middle_shows_the_same_and_says_what_it_missed(
    page: Page, server: BuildsServer, book: BuildBook
) -> None:
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    expect(page.get_by_text("Being written…")).to_be_visible()
    server.wait_for_line(build.id)
    build.grows("css/style.css", "h1 {", offset=0)
    expect(builds.code).to_have_text("h1 {")

    page.reload()
    expect(page.get_by_text("Being written…")).to_be_visible()
    server.wait_for_line(build.id, 2)
    build.grows("css/style.css", "h1 {", offset=0)
    build.grows("css/style.css", " }", offset=60)
    expect(page.get_by_text("The beginning is not shown")).to_be_visible()
    expect(builds.tree).to_have_count(3)
    builds.tree.filter(has_text="index.html").click()
    expect(builds.code).to_have_text(PAGE)


def test_a_cut_line_loses_nothing(page: Page, server: BuildsServer, book: BuildBook) -> None:
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    expect(builds.chip).to_have_text("Building")
    server.cut()
    build.saves("css/style.css", "h1 {}\n")
    server.cut()
    build.completes_phase(0)
    build.ends()

    builds.wait_for_status("Completed", seconds=30)
    builds.part("History")
    expect(page.locator(".build-events li")).to_have_count(len(build.events))


def test_without_a_socket_the_page_asks_again_and_says_so(
    page: Page, server: BuildsServer, book: BuildBook, problems: PageProblems
) -> None:
    problems.expect("503|WebSocket")
    server.lines = False
    build = growing(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    expect(page.locator(".banner")).to_contain_text("Live updates are not getting through")

    build.ends()

    builds.wait_for_status("Completed")
    expect(page.locator(".banner")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        ("failed", "Failed", "What was finished before is kept."),
        ("cancelled", "Cancelled", "Finished files are kept."),
        ("budget_exceeded", "Out of budget", "It stopped before it was done."),
    ],
)
def test_a_build_that_stopped_is_never_shown_as_done(
    page: Page, book: BuildBook, status: str, words: str, told: str
) -> None:
    build = growing(book)
    build.ends(status)
    builds = BuildsPage(page).open(f"/{build.id}")

    expect(builds.chip).to_have_text(words)
    expect(page.locator(".outcome")).to_contain_text(told)
    expect(builds.stages.last).not_to_contain_text("Done")
    expect(builds.stages.nth(1)).to_contain_text("stopped")
    builds.button("Go on").click()
    builds.wait_for_status("Building")


def test_why_a_build_failed_is_told_with_what_to_do(page: Page, book: BuildBook) -> None:
    BuildsPage(page).open(f"/{failed(book).id}")

    expect(page.locator(".outcome")).to_contain_text("The model refused three times.")
    expect(page.locator(".outcome")).to_contain_text("Choose another model.")


def test_what_is_left_open_and_a_lesser_model_are_told(page: Page, book: BuildBook) -> None:
    build = built(book, issues=True)
    build.state.update(degraded=True, degradedReason="The chosen model did not answer.")
    builds = BuildsPage(page).open(f"/{build.id}")

    expect(builds.chip).to_have_text("Done, with issues")
    expect(page.locator(".degraded")).to_contain_text("The chosen model did not answer.")
    builds.part("Issues")
    builds.issues.get_by_role("button", name="Show index.html, line 3").click()
    expect(builds.code).to_have_text(PAGE)


def test_what_cannot_be_shown_says_so(
    page: Page, server: BuildsServer, problems: PageProblems
) -> None:
    problems.expect("404|503")
    builds = BuildsPage(page).open("/bld_none")
    expect(page.get_by_text("There is no such build here.")).to_be_visible()

    server.failure = {"status": 503, "code": "unavailable", "detail": "The builder is away."}
    builds.open("/bld_other")
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="The builder is away.")).to_have_count(2)
    server.failure = None
    page.locator(".console-side").get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No builds yet")).to_be_visible()
