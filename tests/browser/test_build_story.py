"""A build in a real browser on the real Worker: words, plan, files, preview, change, archive."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.builds_page import BuildsPage
from tests.harness.worker import KillableWorker

SLOW = 90  # seconds that a step may take on a busy machine: a bound, not a wait
DONE = re.compile("^(Completed|Done, with issues)$")


@pytest.fixture(scope="session")
def base_url(offline_worker: KillableWorker) -> str:
    """The Worker as it is without an account at a model's provider: parts build the apps."""
    return offline_worker.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""


def person_at_builds(page: Page, where: str = "") -> BuildsPage:
    """Somebody who came to the builds as a guest, made an account there and was let through."""
    page.goto(f"/#/builds{where}")
    account = AccountPage(page)
    expect(account.button("Create the account")).to_be_visible()
    account.sign_up()
    account.button("I have stored it").click()
    expect(page.locator(".console")).to_be_visible()
    return BuildsPage(page)


def test_words_become_an_app_that_can_be_seen_changed_and_taken_home(page: Page) -> None:
    builds = person_at_builds(page)
    builds.ask_for("A to-do page with due dates")
    builds.wait_for_status("Plan is ready", seconds=SLOW)
    expect(page.locator(".phase").first).to_contain_text("index.html")

    builds.button("Build it").click()
    expect(builds.chip).to_have_text(DONE, timeout=SLOW * 1000)
    frame = builds.open_preview()
    expect(frame.locator("h1")).to_have_text("To-do list", timeout=SLOW * 1000)
    expect(frame.get_by_text("This browser keeps nothing")).to_be_visible()  # its script runs
    frame.get_by_label("New to-do").fill("Look at the tide")
    frame.get_by_label("New to-do").press("Enter")
    expect(frame.get_by_text("Look at the tide").first).to_be_visible()

    builds.say("Please make it dark")
    expect(page.locator(".preview-stale")).to_be_visible(timeout=SLOW * 1000)
    expect(builds.chip).to_have_text(DONE, timeout=SLOW * 1000)
    builds.button("Show it").click()
    expect(frame.locator("h1")).to_have_text("To-do list")

    page.reload()
    expect(builds.chip).to_have_text(DONE)
    builds.part("History")
    expect(page.locator(".revision").first).to_contain_text("now")
    expect(page.locator(".build-events")).to_contain_text("You said: Please make it dark")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    names = ZipFile(BytesIO(download.value.path().read_bytes())).namelist()
    assert any(name.endswith("/index.html") for name in names), names
