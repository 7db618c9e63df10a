"""Starting a run: the form, what is wrong with it, and what it becomes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.runs.runs_server import RunsServer
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


def test_a_run_is_started_and_watched_until_it_ends(page: Page, book: RunBook) -> None:
    runs = RunsPage(page).open("/new")

    runs.start("python3 -c 'print(6*7)'")
    expect(page).to_have_url(re.compile(r"#/runs/run_0000$"))
    expect(runs.title).to_be_focused()
    runs.wait_for_status("Queued")
    run = book.runs[0]
    run.begin()
    runs.wait_for_status("Running")
    run.prints("42\n")
    expect(runs.log).to_contain_text("42")
    expect(runs.figure("Credits")).to_have_text("6.1 set aside")
    run.ends_step()
    run.ends()

    runs.wait_for_status("Completed")
    expect(runs.figure("Exit code")).to_have_text("0")
    expect(runs.figure("Credits")).to_have_text("0.2 paid")
    expect(runs.steps).to_contain_text("Completed")
    expect(runs.steps).to_contain_text("exit 0")
    expect(runs.timeline.last).to_contain_text("Completed")
    expect(runs.announcer).to_have_text("The run is complete.")
    expect(runs.rows.first).to_contain_text("Completed")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(page: Page, book: RunBook) -> None:
    runs = RunsPage(page).open("/new")

    runs.button("Start the run").click()

    command = page.get_by_label("Command", exact=True)
    expect(command).to_be_focused()
    expect(command).to_have_attribute("aria-invalid", "true")
    expect(command).to_have_accessible_description(re.compile("Say what should be run"))
    assert book.requests == []


def test_the_servers_findings_come_to_their_fields_and_the_words_stay(
    page: Page, server: RunsServer, problems: PageProblems
) -> None:
    problems.expect("422")
    finding = {"field": "network.0", "message": "this host may not be reached"}
    server.refusal = {"status": 422, "code": "invalid_input", "detail": "No.", "errors": [finding]}
    runs = RunsPage(page).open("/new")
    page.get_by_text("Options").click()
    page.get_by_label("Network").fill("169.254.169.254")
    runs.start("curl it")

    expect(page.get_by_label("Network")).to_be_focused()
    expect(page.locator(".field-wrong")).to_have_text("this host may not be reached")
    expect(page.get_by_label("Command", exact=True)).to_have_value("curl it")


def test_without_credits_the_form_says_what_to_do_and_a_second_try_is_the_same_run(
    page: Page, server: RunsServer, problems: PageProblems
) -> None:
    problems.expect("402")
    detail, step = "A run needs 6.1 credits, there are 2.", "Wait for more, or ask for some."
    server.refusal = {"status": 402, "code": "insufficient_credits", "detail": detail}
    server.refusal["nextStep"] = step
    runs = RunsPage(page).open("/new")
    runs.start("true")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(f"{detail}.*{step}"))
    way = page.get_by_role("link", name="Credits and budget")
    expect(way).to_have_attribute("href", "#/account")

    server.refusal = None
    runs.button("Start the run").click()

    expect(page).to_have_url(re.compile("run_0000"))
    first, second = server.book.requests
    assert first["key"] == second["key"] != ""


def test_commands_and_words_are_sent_as_what_they_are(page: Page, book: RunBook) -> None:
    runs = RunsPage(page).open("/new")
    page.get_by_role("radio", name="Several").check()
    page.get_by_label("Commands", exact=True).fill("make\n\nmake test\n")
    page.get_by_text("Options").click()
    page.get_by_label("Ask me before it begins").check()
    page.get_by_label("Time limit", exact=True).fill("2")
    page.get_by_label("Unit of the time limit").select_option("hours")
    runs.button("Start the run").click()
    runs.wait_for_status("Waiting for approval")
    runs.page.goto("/#/runs/new")
    page.get_by_role("radio", name="In words").check()
    page.get_by_label("What should be done").fill("Count the words")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("run_0001"))

    several, words = (request["body"] for request in book.requests)
    assert several["commands"] == ["make", "make test"]
    assert (several["requireApproval"], several["timeoutSeconds"]) == (True, 7200)
    assert words["task"] == "Count the words"


def test_a_run_is_changed_and_run_again(page: Page, book: RunBook) -> None:
    run = book.add(command="sleep 1", network=["api.example.org"], timeoutSeconds=120)
    run.begin()
    run.ends_step()
    run.ends()
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Edit and run").click()
    expect(page.get_by_label("Network")).to_have_value("api.example.org")
    expect(page.get_by_label("Time limit", exact=True)).to_have_value("2")

    runs.start("sleep 2")

    expect(page).to_have_url(re.compile("run_0001"))
    assert book.requests[0]["body"] == {
        "command": "sleep 2",
        "timeoutSeconds": 120,
        "requireApproval": False,
        "network": ["api.example.org"],
    }
