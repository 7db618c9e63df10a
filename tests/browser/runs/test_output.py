"""What a run prints: colours, search, following its end, a megabyte of it, taking it along."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.runs.samples import busy_run
from tests.browser.runs.scripted_runs import RunBook
from tests.browser.runs_page import RunsPage


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
