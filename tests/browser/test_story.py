"""The story that the project is for: say it, see it on the list, come back and find it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi, ToolCall

MILK = ToolCall(name="add_tasks", arguments={"tasks": [{"title": "Buy milk"}]})


def test_a_task_said_in_the_chat_is_on_the_list_and_still_there_after_a_reload(
    page: Page, ai: ScriptedAi
) -> None:
    ai.answer(Answer(tool_calls=[MILK]), Answer(text="It is on **your list**."))
    talk = Talk(page).open()

    talk.ask("Add task: Buy milk")

    for _ in range(2):
        expect(talk.questions).to_have_text("Add task: Buy milk")
        expect(talk.answers).to_contain_text("It is on your list.")
        expect(talk.answers.locator("strong")).to_have_text("your list")
        expect(talk.tasks).to_have_count(1)
        expect(talk.tasks).to_contain_text("Buy milk")
        page.reload()


def test_two_tabs_agree_on_what_is_said_and_on_the_tasks(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    other = Talk(page.context.new_page()).open(page.url)
    expect(other.answers).to_have_count(1)
    held = Answer(text="one two three four", hold_after=2)
    ai.answer(Answer(tool_calls=[MILK]), held)

    talk.say("Add task: Buy milk")
    held.wait_until_held()

    expect(other.questions.last).to_have_text("Add task: Buy milk")
    expect(other.answers.last).to_contain_text("one two")
    expect(other.tasks).to_contain_text("Buy milk")
    held.release()
    for each in (talk, other):
        each.wait_until_answered()
        assert each.words() == ["one", "two", "three", "four"]


def test_a_question_in_the_address_is_put_into_the_box_and_not_sent(
    page: Page, ai: ScriptedAi
) -> None:
    talk = Talk(page).open("/?q=Delete%20everything")

    expect(talk.box).to_have_value("Delete everything")
    expect(talk.questions).to_have_count(0)
    assert "q=" not in page.url
    assert ai.calls == []


def test_a_draft_waits_in_its_own_session(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    talk.box.fill("not yet said")
    talk.button("New chat").click()
    expect(talk.box).to_have_value("")

    page.go_back()
    expect(talk.box).to_have_value("not yet said")
    page.reload()
    expect(talk.box).to_have_value("not yet said")


def test_a_starter_fills_the_box(page: Page) -> None:
    talk = Talk(page).open()

    page.get_by_role("button", name="Add a task").click()

    expect(talk.box).to_have_value("Add task: Buy milk")
    expect(talk.box).to_be_focused()


def test_another_guest_does_not_see_the_session(
    page: Page, new_page: NewPage, ai: ScriptedAi, problems: PageProblems
) -> None:
    problems.expect("404|WebSocket")
    talk = Talk(page).begin(ai)
    stranger = Talk(new_page()).open()
    stranger.page.goto(page.url)

    expect(stranger.page.locator(".stage")).to_contain_text("There is no such chat here.")
    expect(stranger.answers).to_have_count(0)
    expect(stranger.sessions).to_have_count(0)
    expect(talk.sessions).to_have_count(1)
