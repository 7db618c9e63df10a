"""Beginning a build: the form, what is wrong with it, what it becomes; changing the plan."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.builds.builds_server import BuildsServer
from tests.browser.builds.samples import planned
from tests.browser.builds.scripted_builds import BuildBook
from tests.browser.builds_page import BuildsPage
from tests.browser.problems import PageProblems


def test_words_become_a_plan_that_waits_and_then_a_build(page: Page, book: BuildBook) -> None:
    builds = BuildsPage(page).open()
    builds.ask_for("A table of tides")
    expect(builds.chip).to_have_text("Planning")
    book.builds[0].plans()
    builds.wait_for_status("Plan is ready")
    expect(page.locator(".phase")).to_have_count(2)

    builds.button("Build it").click()

    builds.wait_for_status("Building")
    assert [each["path"].rsplit("/", 1)[-1] for each in book.requests] == ["agents", "generate"]
    assert book.requests[0]["body"] == {
        "query": "A table of tides",
        "mode": "deterministic",
        "start": False,
    }
    assert book.requests[0]["key"]


def test_an_idea_fills_the_form_and_options_are_sent(page: Page, book: BuildBook) -> None:
    builds = BuildsPage(page).open("/new")
    page.get_by_role("button", name="JSON API").click()
    page.get_by_label("Model decides").check()
    page.get_by_text("Limits", exact=True).click()
    page.get_by_label("Credits").fill("5")
    page.get_by_label("Show me the plan first").uncheck()
    builds.button("Build it").click()
    expect(builds.chip).to_have_text("Planning")

    body = book.requests[0]["body"]
    assert (body["mode"], body["start"], body["budget"]) == ("smart", True, {"credits": 5})


def test_what_is_wrong_is_said_at_its_field(page: Page, book: BuildBook) -> None:
    builds = BuildsPage(page).open("/new")
    builds.button("Make a plan").click()
    box = page.get_by_label("What it should be")
    expect(box).to_be_focused()
    expect(page.locator(".field-wrong")).to_have_text("Say what should be built.")

    box.fill("x" * 20_001)
    expect(page.get_by_text("20,001 of 20,000 characters")).to_be_visible()
    builds.button("Make a plan").click()
    expect(box).to_have_attribute("aria-invalid", "true")
    assert book.requests == []


def test_a_refusal_says_why_and_the_way_on_and_keeps_the_words(
    page: Page, server: BuildsServer, problems: PageProblems
) -> None:
    problems.expect("402|429")
    server.refusal = {
        "status": 402,
        "code": "insufficient_credits",
        "detail": "A build needs 20 credits.",
        "nextStep": "Ask for more.",
    }
    builds = BuildsPage(page).open("/new")
    builds.ask_for("A table of tides")
    expect(page.get_by_role("alert")).to_contain_text("A build needs 20 credits.")
    expect(page.get_by_role("link", name="Credits and budget")).to_be_visible()

    server.refusal = {"status": 429, "code": "limit_exceeded", "detail": "Three builds go on."}
    builds.button("Make a plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Three builds go on.")
    server.refusal = None
    builds.button("Make a plan").click()
    expect(builds.chip).to_have_text("Planning")
    assert len({each["key"] for each in server.book.requests}) == 1


def test_a_plan_is_changed_before_it_is_built(page: Page, book: BuildBook) -> None:
    build = planned(book)
    builds = BuildsPage(page).open(f"/{build.id}")
    builds.button("Change the plan").click()
    page.get_by_label("Name of phase 1").fill("Everything")
    builds.button("Add a file to phase 1").click()
    paths = page.get_by_label("Path of file 3")
    paths.fill("../outside.html")
    builds.button("Save the plan").click()
    expect(paths).to_be_focused()
    expect(page.locator(".field-wrong")).to_contain_text("Stay inside the build")

    paths.fill("about.html")
    builds.button("Remove phase 2").click()
    builds.button("Save the plan").click()

    expect(page.locator(".phase")).to_have_count(1)
    expect(page.locator(".phase")).to_contain_text("about.html")
    [phase] = book.requests[-1]["body"]["blueprint"]["phases"]
    assert (phase["name"], len(phase["files"])) == ("Everything", 3)
