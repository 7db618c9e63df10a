"""What cannot be done is told honestly, and the way on stands beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.samples import computes
from tests.browser.functions.scripted_functions import Json, ScriptedJob
from tests.browser.functions_page import FunctionsPage
from tests.browser.problems import PageProblems

REFUSALS = [
    (402, "insufficient_credits", "not enough credits", "Credits and budget"),
    (403, "insufficient_scope", "may not do this", "Go to the account page"),
    (429, "rate_limited", "too much at once", None),
    (503, "model_unavailable", "does not answer", None),
]


def refusal(status: int, code: str) -> Json:
    return {"status": status, "code": code, "detail": "No, not now.", "nextStep": "Wait a moment."}


@pytest.mark.parametrize(("status", "code", "title", "way"), REFUSALS)
def test_a_refusal_says_why_and_where_to_go(
    page: Page,
    server: FunctionsServer,
    problems: PageProblems,
    status: int,
    code: str,
    title: str,
    way: str | None,
) -> None:
    problems.expect(str(status))
    server.refusal = refusal(status, code)
    functions = FunctionsPage(page).open()
    functions.run("Sort")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(re.compile(f"{title}.*No, not now.*Wait a moment"))
    if way:
        expect(alert.get_by_role("link", name=way)).to_have_attribute("href", "#/account")
    server.refusal = None
    server.does = computes
    functions.button("Run").click()
    expect(functions.value).to_have_text("120")
    first, second = server.book.requests
    assert first["key"] == second["key"], "a call that may have arrived is not made twice"


def test_a_function_that_failed_leads_to_its_job(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("422")

    def does(job: ScriptedJob) -> None:
        job.begin()
        job.fails("ValueError: n must not be negative.")

    server.does = does
    functions = FunctionsPage(page).open()
    functions.run("Calculate the factorial", '{"n": -1}')
    expect(page.get_by_role("alert")).to_contain_text("n must not be negative")
    page.get_by_role("link", name="Show the job").click()
    functions.wait_for_status("Failed")
    expect(page.get_by_role("region", name="What went wrong")).to_contain_text("Change the desc")


def test_the_servers_findings_come_to_their_fields(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("422")
    finding = {"field": "options.network.0", "message": "is no host name"}
    server.refusal = {**refusal(422, "invalid_input"), "errors": [finding]}
    functions = FunctionsPage(page).open()
    functions.describe("Fetch it")
    page.get_by_text("More options").click()
    page.get_by_label("Hosts the code may reach").fill("a.org")
    functions.button("Run").click()
    expect(page.get_by_label("Hosts the code may reach")).to_be_focused()
    expect(page.locator(".field-wrong")).to_have_text("is no host name")


def test_a_server_that_is_away_keeps_the_words(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("ERR_FAILED|ERR_INTERNET")
    functions = FunctionsPage(page).open()
    page.route("**/fn", lambda route: route.abort())
    functions.run("Sort")
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    expect(functions.description).to_have_value("Sort")


def test_lists_that_cannot_be_loaded_say_so_and_are_tried_again(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("503")
    server.lines = False
    server.failure = refusal(503, "dependency_unavailable")
    FunctionsPage(page).open("/inbox")
    expect(page.get_by_text("Your jobs could not be loaded.")).to_be_visible()
    expect(page.get_by_text("Your tasks could not be loaded.")).to_be_visible()
    server.failure = None
    page.locator(".console-side").get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    expect(page.get_by_text("Nothing was called yet")).to_be_visible()


def test_a_key_without_the_scope_is_told_which(page: Page, server: FunctionsServer) -> None:
    server.me = {**server.me, "scopes": ["chat"]}
    page.goto("/#/functions")
    expect(page.get_by_text("This key may not use functions")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the account page")).to_be_visible()


def test_a_job_of_somebody_else_is_not_there(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("404")
    FunctionsPage(page).open("/jobs/job_foreign")
    expect(page.get_by_text("There is no such job here.")).to_be_visible()
