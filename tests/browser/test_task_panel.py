"""The tasks beside the talk, changed by hand: every client sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import ScriptedAi


@pytest.fixture
def talk(page: Page, ai: ScriptedAi) -> Talk:
    talk = Talk(page).begin(ai)
    add(talk, "Buy milk")
    return talk


def add(talk: Talk, title: str) -> None:
    before = talk.tasks.count()
    talk.page.get_by_label("Add a task").fill(title)
    talk.page.get_by_label("Add a task").press("Enter")
    expect(talk.tasks).to_have_count(before + 1)
    expect(talk.page.locator(".task.unsaved")).to_have_count(0)


def test_a_task_added_by_hand_is_seen_in_another_tab(page: Page, talk: Talk) -> None:
    other = Talk(page.context.new_page()).open(page.url)
    expect(other.tasks).to_contain_text(["Buy milk"])

    add(talk, "Buy bread")

    expect(other.tasks).to_contain_text(["Buy milk", "Buy bread"])
    expect(page.locator(".counts")).to_have_text("2 open · 0 done")


def test_a_task_is_completed_filtered_and_reopened(page: Page, talk: Talk) -> None:
    page.get_by_label("Complete “Buy milk”").click()
    expect(talk.tasks).to_have_count(0)
    expect(page.locator(".counts")).to_have_text("0 open · 1 done")

    page.get_by_label("Done", exact=True).check(force=True)
    page.get_by_label("Reopen “Buy milk”").click()

    expect(page.locator(".counts")).to_have_text("1 open · 0 done")


def test_title_due_date_and_priority_are_changed(page: Page, talk: Talk) -> None:
    page.get_by_role("button", name="Edit: Buy milk").click()
    page.get_by_label("Title").fill("Buy oat milk")
    page.get_by_label("Due").fill("tomorrow at 5pm")
    page.get_by_label("High").check(force=True)
    talk.button("Save").click()

    for _ in range(2):
        expect(talk.tasks).to_contain_text("Buy oat milk")
        expect(talk.tasks).to_contain_text("High")
        expect(talk.tasks).to_contain_text(re.compile("Tomorrow, (5:00|17:00)"))
        page.reload()


def test_a_due_date_is_cleared(page: Page, talk: Talk) -> None:
    for words, shown in (("tomorrow", 1), ("", 0)):
        page.get_by_role("button", name="Edit: Buy milk").click()
        page.get_by_label("Due").fill(words)
        talk.button("Save").click()
        expect(talk.tasks.locator(".fact")).to_have_count(shown)


def test_words_that_are_no_date_are_refused_with_a_reason(
    page: Page, talk: Talk, problems: PageProblems
) -> None:
    problems.expect("422")
    page.get_by_role("button", name="Edit: Buy milk").click()
    page.get_by_label("Due").fill("when pigs fly")
    talk.button("Save").click()

    expect(talk.toasts).to_contain_text("pigs")
    expect(talk.tasks.locator(".fact")).to_have_count(0)


def test_a_deleted_task_can_be_taken_back(page: Page, talk: Talk) -> None:
    page.get_by_role("button", name="Edit: Buy milk").click()
    page.locator(".task-form").get_by_role("button", name="Delete").click()
    expect(talk.tasks).to_have_count(0)

    talk.button("Undo").click()

    expect(talk.tasks).to_contain_text("Buy milk")


def test_the_last_change_is_undone(page: Page, talk: Talk) -> None:
    page.get_by_label("Complete “Buy milk”").click()
    expect(talk.tasks).to_have_count(0)

    talk.button("Undo the last change").click()

    expect(talk.tasks).to_contain_text("Buy milk")


def test_on_a_phone_the_tasks_are_one_line_that_opens_a_sheet(
    new_page: NewPage, ai: ScriptedAi
) -> None:
    page = new_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    talk = Talk(page).begin(ai)
    line = page.locator(".task-line")
    expect(line).to_contain_text("No open tasks")
    line.tap()

    page.get_by_label("Add a task").fill("Buy milk")
    page.get_by_label("Add a task").press("Enter")
    expect(talk.dialog.locator(".task")).to_contain_text("Buy milk")
    page.keyboard.press("Escape")

    expect(talk.dialog).to_have_count(0)
    expect(line).to_contain_text("1 open task")
    expect(line).to_contain_text("Next: Buy milk")
