"""The inbox: a form from the schema, findings at their fields, deadlines that pass."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.samples import MANY_FIELDS
from tests.browser.functions.scripted_functions import FunctionBook
from tests.browser.functions_page import FunctionsPage
from tests.browser.problems import PageProblems


def open_task(page: Page) -> FunctionsPage:
    functions = FunctionsPage(page).open("/inbox")
    functions.tasks.first.get_by_role("button", name=re.compile("^Answer")).click()
    expect(page.get_by_role("button", name="Send the answer")).to_be_visible()
    return functions


def test_every_kind_of_field_is_answered(page: Page, book: FunctionBook) -> None:
    task = book.asks("Check the invoice", form=MANY_FIELDS, args={"total": 120.5}, note="Odd.")
    functions = open_task(page)
    card = functions.tasks.first
    expect(card).to_contain_text("due in")
    expect(card).to_contain_text('"total": 120.5')
    expect(card).to_contain_text("Odd.")
    card.get_by_label("Payee").fill("Ada")
    card.get_by_label("Amount").fill("12")
    card.get_by_role("radio", name="Yes").check()
    card.get_by_label("Level").select_option("high")
    card.get_by_label("Day").fill("2030-05-01")
    card.get_by_label("Tags").fill("a\nb c\n")
    card.get_by_label("blue").check()
    card.get_by_label("City").fill("Cuxhaven")
    card.get_by_label("Anything else").fill('{"x": [1]}')
    functions.button("Send the answer").click()

    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert task["answer"] == {
        "name": "Ada",
        "amount": 12,
        "fine": True,
        "level": "high",
        "day": "2030-05-01",
        "tags": ["a", "b c"],
        "marks": ["blue"],
        "address": {"city": "Cuxhaven"},
        "rest": {"x": [1]},
    }
    page.get_by_text("Answered and expired").click()
    expect(page.get_by_role("link", name=re.compile("Check the invoice.*Completed"))).to_have_count(
        2
    )


def test_what_does_not_fit_is_told_at_its_field_before_it_is_sent(
    page: Page, book: FunctionBook
) -> None:
    book.asks(form=MANY_FIELDS)
    functions = open_task(page)
    card = functions.tasks.first
    card.get_by_label("Amount").fill("0")
    functions.button("Send the answer").click()
    expect(card.get_by_label("Payee")).to_be_focused()
    expect(card.get_by_label("Payee")).to_have_accessible_description(re.compile("needed"))
    expect(card.get_by_label("Amount")).to_have_accessible_description(re.compile("1 or more"))
    expect(functions.announcer).to_have_text("3 answers need another look.")
    card.get_by_label("Amount").fill("twelve")
    functions.button("Send the answer").click()
    expect(card.get_by_label("Amount")).to_have_accessible_description(re.compile("whole number"))
    assert book.requests == []


def test_json_that_is_broken_is_not_sent_as_nothing(page: Page, book: FunctionBook) -> None:
    book.asks(form={"type": "object", "properties": {"rest": {"title": "Rest"}}})
    functions = open_task(page)
    functions.tasks.first.get_by_label("Rest").fill('{"a": ')
    functions.button("Send the answer").click()
    expect(functions.tasks.first.get_by_label("Rest")).to_be_focused()
    assert book.requests == []


def test_the_servers_findings_come_to_their_fields_and_the_words_stay(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("422")
    server.book.asks()
    finding = {"field": "answer.comment", "message": "is too short for this decision"}
    server.refusal = {"status": 422, "code": "invalid_input", "detail": "No.", "errors": [finding]}
    functions = open_task(page)
    page.get_by_label("Decision").select_option("rejected")
    page.get_by_label("Comment").fill("no")
    functions.button("Send the answer").click()
    comment = page.get_by_label("Comment")
    expect(comment).to_be_focused()
    expect(comment).to_have_accessible_description(re.compile("too short for this decision"))
    server.refusal = None
    comment.fill("no, for it opens files")
    functions.button("Send the answer").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def test_an_answer_that_is_being_written_stays_while_others_come(
    page: Page, book: FunctionBook
) -> None:
    book.asks("First")
    functions = open_task(page)
    page.get_by_label("Comment").fill("half a sen")
    book.asks("Second")
    expect(functions.tasks).to_have_count(2)
    expect(page.get_by_label("Comment")).to_have_value("half a sen")
    functions.page.get_by_role("link", name="Try it").click()
    functions.page.get_by_role("link", name=re.compile("^Inbox")).click()
    expect(page.get_by_label("Comment")).to_have_value("half a sen")


def test_saying_no_needs_a_reason_that_the_job_keeps(page: Page, book: FunctionBook) -> None:
    task = book.asks()
    functions = open_task(page)
    functions.button("Say no").click()
    functions.dialog.get_by_label("Why").fill("not mine")
    functions.dialog.get_by_role("button", name="Say no", exact=True).click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert (task["status"], task["reason"]) == ("rejected", "not mine")
    functions.rows.first.get_by_role("link").click()
    functions.wait_for_status("Failed")
    expect(page.get_by_role("region", name="What went wrong")).to_contain_text("not mine")


def test_a_deadline_comes_nearer_and_passes(page: Page, book: FunctionBook) -> None:
    book.asks(due_seconds=6)
    functions = open_task(page)
    expect(functions.tasks.first).to_contain_text(re.compile(r"\d s left"))
    expect(functions.tasks.first).to_contain_text("the time is over")
    expect(functions.tasks.first).to_contain_text("Nobody answered in time")
    expect(functions.button("Send the answer")).to_have_count(0)


def test_a_task_that_was_answered_elsewhere_is_told(
    page: Page, server: FunctionsServer, problems: PageProblems
) -> None:
    problems.expect("409|503|WebSocket")
    server.lines = False
    task = server.book.asks()
    functions = open_task(page)
    page.get_by_label("Decision").select_option("approved")
    task["status"] = "completed"
    functions.button("Send the answer").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def test_the_number_of_waiting_tasks_is_beside_the_inbox(page: Page, book: FunctionBook) -> None:
    FunctionsPage(page).open()
    book.asks()
    expect(page.get_by_role("link", name="Inbox 1 task waits")).to_be_visible()


def test_an_answer_that_is_one_value_has_a_box_of_its_own(page: Page, book: FunctionBook) -> None:
    task = book.asks("How many?", form={"type": "integer", "minimum": 1})
    functions = open_task(page)
    page.get_by_label("Your answer").fill("3")
    functions.button("Send the answer").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    assert task["answer"] == 3
