"""The run console on a scripted orchestrator: what a person sees and does, live."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.runs_page import RunsPage
from tests.browser.runs_server import RunsServer
from tests.browser.scripted_runs import RunBook, ScriptedRun

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (WIDE, NARROW)]


@pytest.fixture(scope="module")
def _server() -> Iterator[RunsServer]:
    made = RunsServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: RunsServer) -> RunsServer:
    _server.reset()
    return _server


@pytest.fixture
def book(server: RunsServer) -> RunBook:
    return server.book


@pytest.fixture(scope="module")
def base_url(_server: RunsServer) -> str:
    """The scripted orchestrator, which serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""


def busy_run(book: RunBook) -> ScriptedRun:
    """One that shows everything there is while it runs."""
    run = book.add(commands=["pip install requests", "python3 fetch.py"], network=["pypi.org"])
    run.begin(0)
    run.prints("Collecting \x1b[1mrequests\x1b[0m\n")
    run.prints("careful\n", stream="stderr")
    run.skips(1_234_567)
    run.ends_step(0)
    run.begin(1)
    run.prints("\x1b[32m12:25\x1b[0m \x1b[7m3.1 m\x1b[0m \x1b[44mdeep\x1b[0m\n", step=1)
    run.keeps("tides.json", b"{}")
    return run


def lost_run(book: RunBook) -> ScriptedRun:
    run = book.add(command="sleep 4000")
    run.begin()
    run.ends_step(code=None, status="unknown", reason="lost")
    message = "The sandbox was lost while the command ran."
    run.ends("failed", code="unknown", error={"message": message, "nextStep": "Run it again."})
    return run


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
    expect(page.get_by_role("alert")).to_contain_text(f"{detail}{step}")

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


def test_output_has_its_colours_and_tells_errors_and_gaps_apart(page: Page, book: RunBook) -> None:
    run = busy_run(book)
    runs = RunsPage(page).open(f"/{run.id}")

    expect(runs.log.locator(".bold")).to_have_text("requests")
    expect(runs.log.locator(".f2")).to_have_text("12:25")
    expect(runs.log.locator(".log-stderr")).to_have_text("careful\n")
    expect(runs.log.locator(".log-skipped")).to_have_text(re.compile("1.2 MB skipped"))
    page.get_by_role("radio", name="Errors").check()
    expect(runs.log.get_by_text("12:25")).to_be_hidden()
    expect(runs.log.get_by_text("careful")).to_be_visible()
    assert page.locator("[style]").count() == 0


def test_words_are_found_in_the_output_one_after_the_other(page: Page, book: RunBook) -> None:
    run = book.add(command="seq")
    run.begin()
    run.prints("".join(f"row {number} {'tide' * (number % 100 == 7)}\n" for number in range(900)))
    runs = RunsPage(page).open(f"/{run.id}")
    box = page.get_by_label("Search the output")
    box.fill("TIDE")

    current = runs.log.locator("mark.current")
    expect(page.locator(".found-count")).to_have_text("1 of 9")
    expect(current).to_be_in_viewport()
    box.press("Enter")
    expect(page.locator(".found-count")).to_have_text("2 of 9")
    expect(runs.announcer).to_have_text("2 of 9")
    box.press("Shift+Enter")
    box.press("Shift+Enter")
    expect(page.locator(".found-count")).to_have_text("9 of 9")
    expect(current).to_be_in_viewport()
    expect(runs.log.locator("mark")).to_have_count(9)
    box.press("Escape")
    expect(runs.log.locator("mark")).to_have_count(0)


def test_the_log_follows_its_end_only_for_a_reader_who_is_there(page: Page, book: RunBook) -> None:
    run = book.add(command="seq")
    run.begin()
    run.prints("".join(f"row {number}\n" for number in range(500)))
    runs = RunsPage(page).open(f"/{run.id}")
    expect(runs.log.get_by_text("row 499")).to_be_in_viewport()
    run.prints("row 500\n")
    expect(runs.log.get_by_text("row 500")).to_be_in_viewport()

    runs.log.hover()
    page.mouse.wheel(0, -900)
    expect(runs.button("Go to the newest line")).to_be_visible()
    run.prints("row 501\n")
    expect(runs.log.get_by_text("row 501")).to_be_attached()
    expect(runs.log.get_by_text("row 501")).not_to_be_in_viewport()

    runs.button("Go to the newest line").click()
    expect(runs.log.get_by_text("row 501")).to_be_in_viewport()


def test_a_megabyte_of_output_is_a_few_hundred_elements(page: Page, book: RunBook) -> None:
    run = book.add(command="many")
    run.begin()
    line = "some words of output, as long as most lines are\n"
    for _ in range(160):
        run.prints(line * (6_600 // len(line)))
    runs = RunsPage(page).open(f"/{run.id}")
    run.prints("the end\n")
    expect(runs.log.get_by_text("the end")).to_be_in_viewport()

    took = page.evaluate(
        """async () => {
          const log = document.querySelector("[role=log]");
          const longest = [];
          for (let at = 0; at < 40; at++) {
            const begin = performance.now();
            log.scrollTop = (log.scrollHeight / 40) * at;
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            longest.push(performance.now() - begin);
          }
          return Math.max(...longest);
        }"""
    )
    size = len(runs.log.text_content() or "")
    elements = runs.log.locator("*").count()
    print(f"\n{size:,} characters in {elements} elements; longest step of a scroll {took:.0f} ms")
    assert size > 1024 * 1024 * 0.98
    assert elements < 600


def test_what_was_printed_can_be_copied_and_downloaded(new_page: NewPage, book: RunBook) -> None:
    run = busy_run(book)
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    runs = RunsPage(page).open(f"/{run.id}")
    expect(runs.log).to_contain_text("12:25")

    runs.button("Copy the output").click()
    expect(runs.announcer).to_have_text("Copied")
    with page.expect_download() as output:
        page.get_by_role("link", name="Download the output").click()
    with page.expect_download() as file:
        page.get_by_role("link", name=re.compile("Download.*tides.json")).click()

    assert "12:25 3.1 m deep\n" in page.evaluate("navigator.clipboard.readText()")
    assert output.value.path().read_text().startswith("Collecting")
    assert file.value.path().read_bytes() == b"{}"


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


def test_a_run_is_changed_and_run_again(page: Page, book: RunBook) -> None:
    run = book.add(command="sleep 1", network=["pypi.org"], timeoutSeconds=120)
    run.begin()
    run.ends_step()
    run.ends()
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Edit and run").click()
    expect(page.get_by_label("Network")).to_have_value("pypi.org")
    expect(page.get_by_label("Time limit", exact=True)).to_have_value("2")

    runs.start("sleep 2")

    expect(page).to_have_url(re.compile("run_0001"))
    assert book.requests[0]["body"] == {
        "command": "sleep 2",
        "timeoutSeconds": 120,
        "requireApproval": False,
        "network": ["pypi.org"],
    }


def test_running_again_makes_a_new_run_after_saying_so(page: Page, book: RunBook) -> None:
    run = lost_run(book)
    runs = RunsPage(page).open(f"/{run.id}")
    runs.button("Run again").click()
    expect(runs.dialog).to_contain_text("paid for again")
    runs.dialog.get_by_role("button", name="Run it again").click()

    expect(page).to_have_url(re.compile("run_0001"))
    runs.wait_for_status("Queued")


def test_an_end_that_nobody_saw_is_shown_as_unknown(page: Page, book: RunBook) -> None:
    run = lost_run(book)
    runs = RunsPage(page).open(f"/{run.id}")

    expect(runs.figure("Exit code")).to_have_text("unknown")
    expect(runs.steps).to_contain_text("exit code unknown")
    expect(runs.steps).to_contain_text("nobody knows how it ended")
    expect(page.locator(".card.error")).to_contain_text("Run it again.")


def test_the_list_is_live_and_can_be_narrowed(page: Page, book: RunBook) -> None:
    for number in range(35):
        run = book.add(command=f"job {number}")
        if number % 5 == 0:
            run.begin()
            run.ends_step(code=1)
            run.ends("failed", code=1)
    runs = RunsPage(page).open()
    expect(runs.rows).to_have_count(35)  # a page of thirty, and the newest fifty from the socket
    book.add(command="fresh")
    expect(runs.rows.first).to_contain_text("fresh")

    page.get_by_label("State").select_option("failed")
    expect(runs.rows).to_have_count(7)
    page.get_by_label("Search runs").fill("job 30")
    expect(runs.rows).to_have_count(1)
    page.get_by_label("Search runs").fill("nothing like it")
    expect(page.get_by_text("No run matches")).to_be_visible()
    runs.button("Show all runs").click()
    expect(runs.rows).to_have_count(36)


def test_a_sandbox_is_made_used_and_stopped(page: Page, book: RunBook) -> None:
    RunsPage(page).open("/sandboxes")
    expect(page.get_by_text("No sandboxes")).to_be_visible()
    page.get_by_label("Name").fill("workbench")
    page.get_by_role("button", name="Make a sandbox").click()

    row = page.locator(".sandbox")
    expect(row).to_contain_text("workbench")
    terminal = page.get_by_role("link", name="Open a terminal in workbench")
    expect(terminal).to_have_attribute("href", "#/terminal/box_0")
    page.get_by_role("button", name="Run here, in workbench").click()
    expect(page.get_by_label("Sandbox", exact=True)).to_have_value("box_0")
    page.go_back()
    page.get_by_role("button", name="Stop workbench").click()
    expect(page.get_by_role("dialog")).to_contain_text("its files are gone")
    page.get_by_role("button", name="Stop the sandbox").click()
    expect(row).to_contain_text("Stopped")


def test_a_failure_to_load_says_so_and_can_be_tried_again(
    page: Page, server: RunsServer, problems: PageProblems
) -> None:
    problems.expect("503|404")
    server.failure = {"status": 503, "code": "unavailable", "detail": "Not now."}
    RunsPage(page).open()
    expect(page.get_by_text("Your runs could not be loaded.")).to_be_visible()
    server.failure = None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No runs yet")).to_be_visible()
    page.goto("/#/runs/run_nothing")
    expect(page.get_by_text("There is no such run here.")).to_be_visible()


def test_a_guest_is_led_to_the_account(page: Page, server: RunsServer) -> None:
    server.me = {**server.me, "user": {"id": "g", "kind": "guest"}, "scopes": ["chat"]}
    page.goto("/#/runs")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".console")).to_have_count(0)


def test_a_key_without_the_scope_is_told_which_one_it_needs(page: Page, server: RunsServer) -> None:
    server.me = {**server.me, "scopes": ["chat"]}
    page.goto("/#/runs")

    expect(page.get_by_text("This key may not use runs")).to_be_visible()
    link = page.get_by_role("link", name="Go to the account page")
    expect(link).to_have_attribute("href", "#/account")


def screens(book: RunBook) -> list[str]:
    book.add_session("bench", ("pypi.org",))
    book.add(command="rm -rf build", requireApproval=True).asks()
    ids = (busy_run(book).id, lost_run(book).id, book.runs[-1].id)
    return ["", "/new", "/approvals", "/sandboxes", *(f"/{run_id}" for run_id in ids)]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen_of_runs(
    new_page: NewPage, book: RunBook, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    runs = RunsPage(page)
    for where in screens(book):
        runs.open(where)
        page.wait_for_load_state("networkidle")
        if where == "/new":
            page.get_by_text("Options").click()
            runs.button("Start the run").click()
        assert_accessible(page)
        for tab in page.get_by_role("tab").all():
            tab.click()
            assert_accessible(page)
    page.get_by_role("button", name="Reject").click()
    assert_accessible(page)


def test_no_screen_of_runs_has_to_be_scrolled_sideways(new_page: NewPage, book: RunBook) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    long_run = book.add(command="a" * 300)
    long_run.begin()
    long_run.prints("b" * 900 + "\n" + "wide " * 200)
    for where in [*screens(book), f"/{long_run.id}"]:
        RunsPage(page).open(where)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
        for box in page.locator(".console-side, .console-body, .log").all():
            assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
        assert small_targets(page) == [], where


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(`button, summary, textarea, select, nav a,
            .console-side a, .files a, input:not([type=radio], [type=checkbox])`)]
          .filter((each) => each.checkVisibility())
          .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
          .map(([html, box]) => `${box.width} × ${box.height} ${html}`)"""
    )
    return found


def test_the_parts_of_a_run_are_walked_with_the_arrow_keys(
    new_page: NewPage, book: RunBook
) -> None:
    run = busy_run(book)
    page = new_page(viewport=NARROW)
    RunsPage(page).open(f"/{run.id}")
    page.get_by_role("tab", name="Output").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Steps")).to_be_focused()
    expect(page.locator(".step").first).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(".timeline li").first).to_be_visible()
    page.get_by_label("All runs").click()
    expect(page.locator(".run-row")).to_have_count(1)
