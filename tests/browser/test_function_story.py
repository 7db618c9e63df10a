"""Functions in a real browser on the real Worker: called, kept, run again; a person who answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.functions_page import FunctionsPage
from tests.harness.worker import KillableWorker

SLOW = 90_000  # milliseconds that a first start of an isolate may take: a bound, not a wait


@pytest.fixture(scope="session")
def base_url(offline_worker: KillableWorker) -> str:
    """The Worker as it is without an account at a model's provider: recipes write the code."""
    return offline_worker.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""


def person_at_functions(page: Page) -> FunctionsPage:
    """Somebody who came to the functions as a guest, made an account there and was let through."""
    page.goto("/#/functions")
    account = AccountPage(page)
    expect(account.button("Create the account")).to_be_visible()
    account.sign_up()
    account.button("I have stored it").click()
    expect(page.locator(".console")).to_be_visible()
    return FunctionsPage(page)


def test_the_factorial_of_five_is_120_with_its_code_and_is_run_again(page: Page) -> None:
    functions = person_at_functions(page)
    expect(page.get_by_text("Nothing was called yet")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Factorial")).click()
    functions.button("Explain").click()
    expect(page.get_by_role("region", name="How it would be done")).to_contain_text("very sure")
    functions.button("Run").click()

    expect(functions.value).to_have_text("120", timeout=SLOW)
    expect(functions.outcome.locator("pre code")).to_contain_text("factorial")
    expect(functions.outcome).to_contain_text("written now")
    functions.outcome.get_by_role("link", name="Show the job").click()
    functions.wait_for_status("Completed")
    expect(functions.value).to_have_text("120")
    expect(functions.figure("Credits")).not_to_contain_text("set aside", timeout=SLOW)
    expect(functions.events.last).to_contain_text("Completed")

    first = page.url
    functions.button("Run again").click()
    functions.dialog.get_by_role("button", name="Run it again").click()
    expect(page).not_to_have_url(first)
    functions.wait_for_status("Completed", seconds=SLOW / 1000)
    expect(functions.value).to_have_text("120")
    expect(page.locator(".fn-code")).to_contain_text("kept from an earlier call")
    expect(functions.rows).to_have_count(2)
    page.reload()
    functions.wait_for_status("Completed")


def test_a_person_is_asked_and_the_answer_becomes_the_result(page: Page) -> None:
    functions = person_at_functions(page)
    page.get_by_role("button", name=re.compile("^Ask a person")).click()
    functions.button("Run").click()
    expect(functions.outcome).to_contain_text("A person is asked", timeout=SLOW)
    expect(page.get_by_role("link", name="Inbox 1 task waits")).to_be_visible()
    page.get_by_role("link", name="Answer it now").click()

    task = functions.tasks.first
    expect(task).to_contain_text("due in")
    expect(task).to_contain_text("eval(open(path).read())")
    functions.button("Send the answer").click()
    expect(task.get_by_label("Decision")).to_be_focused()
    task.get_by_label("Decision").select_option("changes needed")
    task.get_by_label("Comment").fill("It runs whatever the file says.")
    functions.button("Send the answer").click()

    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    functions.rows.first.get_by_role("link").click()
    functions.wait_for_status("Completed")
    expect(page.locator(".fn-tree")).to_contain_text("changes needed")
    expect(page.locator(".fn-tree")).to_contain_text("It runs whatever the file says.")
