"""The orchestrator in a real browser: sign up, start a command, watch it end, see it paid."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.runs_page import RunsPage
from tests.harness.fixtures import MakeKillable

COMMAND = "python3 -c 'print(6*7)'"
SLOW = 90  # seconds that a start may take on a busy machine: a bound, not a wait


def person_at_runs(page: Page, where: str = "") -> RunsPage:
    """Somebody who came to the runs as a guest, made an account there and was let through."""
    page.goto(f"/#/runs{where}")
    account = AccountPage(page)
    expect(account.button("Create the account")).to_be_visible()
    account.sign_up()
    account.button("I have stored it").click()
    expect(page.locator(".console")).to_be_visible()
    return RunsPage(page)


def test_from_signup_to_a_command_that_printed_42_and_was_paid(page: Page) -> None:
    runs = person_at_runs(page)
    expect(page.get_by_text("No runs yet")).to_be_visible()
    page.get_by_role("link", name="New run").click()

    runs.start(COMMAND)
    expect(page).to_have_url(re.compile(r"#/runs/run_"))
    expect(runs.title).to_have_text(COMMAND)
    expect(runs.timeline.first).to_contain_text("Asked for")
    expect(runs.figure("Credits")).to_contain_text("set aside")

    runs.wait_for_status("Completed", seconds=SLOW)
    expect(runs.log.locator(".log-stdout")).to_have_text("42\n")
    expect(runs.figure("Exit code")).to_have_text("0")
    expect(runs.figure("Credits")).to_contain_text("paid")
    expect(runs.steps).to_contain_text("exit 0")
    expect(page.locator(".about")).to_contain_text("Isolation")
    page.reload()
    expect(runs.log.locator(".log-stdout")).to_have_text("42\n")

    AccountPage(page).open()
    expect(page.locator(".usage")).to_contain_text(re.compile("run", re.IGNORECASE))


def test_output_is_seen_while_the_command_runs(page: Page) -> None:
    runs = person_at_runs(page, "/new")
    command = "echo begun; echo careful >&2; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo over"
    runs.start(command)
    expect(runs.log.locator(".log-stdout")).to_have_text("begun\n", timeout=SLOW * 1000)
    expect(runs.log.locator(".log-stderr")).to_have_text("careful\n")
    runs.wait_for_status("Running")

    runs.button("Cancel").click()
    runs.dialog.get_by_role("button", name="Cancel the run").click()

    runs.wait_for_status("Cancelled", seconds=SLOW)
    expect(runs.steps).to_contain_text("stopped on request")


def test_a_run_that_asks_first_waits_for_its_owner_also_over_a_reload(page: Page) -> None:
    runs = person_at_runs(page, "/new")
    page.get_by_text("Options").click()
    page.get_by_label("Ask me before it begins").check()
    runs.start("mkdir -p artifacts; echo kept > artifacts/note.txt; exit 3")
    runs.wait_for_status("Waiting for approval", seconds=SLOW)
    expect(page.get_by_role("link", name=re.compile("Runs 1 approval waits"))).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Approvals").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    runs.rows.first.get_by_role("link").click()

    runs.wait_for_status("Failed", seconds=SLOW)
    expect(runs.figure("Exit code")).to_have_text("3")
    expect(page.locator(".card.error")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name=re.compile("Download note.txt")).click()
    assert file.value.path().read_text() == "kept\n"


def test_a_rejected_run_keeps_the_reason_and_runs_nothing(page: Page) -> None:
    runs = person_at_runs(page, "/new")
    page.get_by_text("Options").click()
    page.get_by_label("Ask me before it begins").check()
    runs.start("echo never")
    runs.wait_for_status("Waiting for approval", seconds=SLOW)
    runs.button("Reject").click()
    runs.dialog.get_by_label("Why").fill("not today")
    runs.dialog.get_by_role("button", name="Reject", exact=True).click()

    runs.wait_for_status("Rejected", seconds=SLOW)
    expect(page.locator(".card.error")).to_contain_text("not today")
    expect(page.get_by_text("Nothing was printed.")).to_be_visible()
    expect(runs.steps).to_contain_text("Not run")


def test_what_cannot_be_run_is_refused_at_its_field(page: Page) -> None:
    runs = person_at_runs(page, "/new")
    runs.button("Start the run").click()
    expect(page.get_by_label("Command", exact=True)).to_be_focused()
    page.get_by_text("Options").click()
    page.get_by_label("Network").fill("https://api.example.org/simple")
    runs.start("true")
    expect(page.get_by_label("Network")).to_be_focused()
    expect(page).to_have_url(re.compile("/new$"))


def test_a_sandbox_stays_for_several_runs(page: Page) -> None:
    runs = person_at_runs(page, "/sandboxes")
    page.get_by_label("Name").fill("workbench")
    page.get_by_role("button", name="Make a sandbox").click()
    row = page.locator(".sandbox")
    here = page.get_by_role("button", name="Run here, in workbench")
    expect(here).to_be_visible(timeout=SLOW * 1000)
    for command in ("echo tide > note", "cat note"):
        page.goto("/#/runs/sandboxes")
        here.click()
        runs.start(command)
        runs.wait_for_status("Completed", seconds=SLOW)
    expect(runs.log.locator(".log-stdout")).to_have_text("tide\n")

    page.goto("/#/runs/sandboxes")
    page.get_by_role("button", name="Stop workbench").click()
    page.get_by_role("button", name="Stop the sandbox").click()
    expect(row).to_contain_text("Stopped", timeout=SLOW * 1000)


def test_a_killed_server_costs_the_page_no_line(
    browser: Browser, make_killable_worker: MakeKillable
) -> None:
    worker = make_killable_worker(offline=True)
    context = browser.new_context(base_url=worker.url)
    context.set_default_timeout(15_000)
    runs = person_at_runs(context.new_page(), "/new")
    runs.start("for i in $(seq 60); do echo line $i; sleep 0.2; done")
    lines = runs.log.locator(".log-stdout")
    expect(lines).to_contain_text("line 5\n", timeout=SLOW * 1000)

    worker.kill9()
    worker.start()

    runs.wait_for_status("Completed", seconds=SLOW)
    expect(lines).to_contain_text("line 60")
    assert lines.text_content() == "".join(f"line {number}\n" for number in range(1, 61))
    assert runs.timeline.filter(has_text="Step 1 began").count() == 1
    context.close()
