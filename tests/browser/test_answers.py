"""Answers under way: stopped, asked for again, edited, cut off and picked up again."""

import re

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.talk import Cable, Talk
from tests.fakes.scripted_ai import NOT_IN_PLAN, Answer, Failure, ScriptedAi

WORDS = [f"word{number}" for number in range(40)]
TEXT = " ".join(WORDS)


def held_answer(ai: ScriptedAi) -> Answer:
    held = Answer(text=TEXT, hold_after=20)
    ai.answer(held)
    return held


def test_stop_ends_the_answer_on_the_server(page: Page, ai: ScriptedAi) -> None:
    held_answer(ai)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("word5")

    talk.button("Stop the answer").click()

    expect(talk.answers).to_contain_text("You stopped this answer.")
    page.reload()
    expect(talk.answers).to_contain_text("You stopped this answer.")
    assert "word39" not in talk.words()


def test_escape_stops_the_answer_too(page: Page, ai: ScriptedAi) -> None:
    held_answer(ai)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("word5")

    page.keyboard.press("Escape")

    expect(talk.answers).to_contain_text("You stopped this answer.")


def test_answering_again_replaces_the_answer(page: Page, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="first try"), Answer(text="second try"))
    talk = Talk(page).open()
    talk.ask("tell me")
    expect(talk.answers).to_contain_text("first try")

    talk.button("Answer again").click()

    expect(talk.answers).to_contain_text("second try")
    page.reload()
    expect(talk.answers).to_have_count(1)
    expect(talk.answers).to_contain_text("second try")
    expect(talk.questions).to_have_count(1)


def test_an_edited_message_replaces_what_came_after_it(page: Page, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="one"), Answer(text="two"), Answer(text="three"))
    talk = Talk(page).open()
    talk.ask("helo")
    talk.ask("more")

    talk.questions.first.hover()
    talk.questions.first.get_by_role("button", name="Edit").click()
    page.get_by_label("Edit your message").fill("hello")
    talk.button("Send again").click()

    expect(talk.answers).to_have_count(1)
    expect(talk.answers).to_contain_text("three")
    page.reload()
    expect(talk.questions).to_have_text(["hello"])
    expect(talk.answers).to_have_count(1)


def test_a_reload_in_mid_answer_loses_no_word_and_doubles_none(page: Page, ai: ScriptedAi) -> None:
    held = held_answer(ai)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("word15")

    page.reload()
    expect(talk.answers).to_contain_text("word15")
    held.release()

    talk.wait_until_answered()
    assert talk.words() == WORDS
    expect(talk.questions).to_have_count(1)


def test_a_connection_cut_in_mid_answer_loses_no_word_and_doubles_none(
    page: Page, ai: ScriptedAi
) -> None:
    cable = Cable(page)
    held = held_answer(ai)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("word15")

    cable.cut(for_now=True)
    expect(page.locator(".answer", has_text="word15")).to_be_visible()
    held.release()

    talk.wait_until_answered()
    assert talk.words() == WORDS
    assert cable.count == 2


def test_an_answer_that_ends_while_nobody_listens_is_complete_afterwards(
    page: Page, ai: ScriptedAi
) -> None:
    cable = Cable(page)
    held = held_answer(ai)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("word15")
    watcher = Talk(page.context.new_page())
    watcher.open(page.url)

    cable.cut()
    expect(page.locator(".banner")).to_contain_text("Reconnecting")
    held.release()
    watcher.wait_until_answered()
    cable.mend()

    talk.wait_until_answered()
    assert talk.words() == WORDS


def test_what_is_sent_while_offline_is_sent_once_afterwards(page: Page, ai: ScriptedAi) -> None:
    cable = Cable(page)
    ai.answer(Answer(text="welcome back"))
    talk = Talk(page).begin(ai)

    cable.cut()
    talk.say("written in a tunnel")
    expect(talk.questions.last).to_contain_text("Will be sent when the connection is back")
    expect(page.locator(".banner")).to_contain_text("Reconnecting")
    cable.mend()

    expect(talk.answers.last).to_contain_text("welcome back")
    page.reload()
    expect(talk.questions).to_have_text(["hello", "written in a tunnel"])
    expect(talk.answers).to_have_count(2)


def test_a_message_written_while_an_answer_runs_is_answered_after_it(
    page: Page, ai: ScriptedAi
) -> None:
    held = held_answer(ai)
    ai.answer(Answer(text="and this is the second"))
    talk = Talk(page).open()
    talk.say("first")
    expect(talk.answers).to_contain_text("word5")

    talk.say("second")
    held.release()

    expect(talk.answers).to_have_count(2)
    expect(talk.answers.last).to_contain_text("and this is the second")
    page.reload()
    expect(talk.questions).to_have_text(["first", "second"])


def test_an_answer_of_a_lesser_model_says_so_and_can_be_asked_for_again(
    page: Page, ai: ScriptedAi
) -> None:
    ai.answer(Answer(failure=Failure(code=NOT_IN_PLAN, message="not in your plan")))
    talk = Talk(page).open()
    talk.ask("tell me")

    expect(talk.answers).to_contain_text("Reduced answer")
    expect(talk.answers.get_by_role("button", name="Try again")).to_be_enabled()


def test_an_answer_shows_model_tokens_and_time(page: Page, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="hi", input_tokens=1200, output_tokens=34))
    talk = Talk(page).open()
    talk.ask("tell me")

    measures = talk.answers.locator(".measures")
    expect(measures).to_contain_text("llama-3.3-70b-instruct-fp8-fast")
    expect(measures).to_contain_text("1,234 tokens")
    expect(measures).to_contain_text(re.compile(r"\d (ms|s)"))


def test_code_can_be_copied(page: Page, ai: ScriptedAi, problems: PageProblems) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ai.answer(Answer(text="Here:\n\n```python\nprint('sea')\n```\n"))
    talk = Talk(page).open()
    talk.ask("code please")
    expect(talk.answers.locator(".hl-string")).to_have_text("'sea'")

    talk.answers.get_by_role("button", name="Copy code").click()

    expect(talk.answers.get_by_role("button", name="Copied")).to_be_visible()


def test_the_view_follows_only_while_the_reader_is_at_the_bottom(
    page: Page, ai: ScriptedAi
) -> None:
    lines = "\n\n".join(f"Line {number}." for number in range(80))
    held = Answer(text=lines, hold_after=60)
    ai.answer(held)
    talk = Talk(page).open()
    talk.say("a long one")
    expect(talk.answers).to_contain_text("Line 58.")
    expect(page.get_by_text("Line 58.")).to_be_in_viewport()

    page.locator(".scroller").hover()
    page.mouse.wheel(0, -5_000)
    expect(page.get_by_text("Line 0.")).to_be_in_viewport()
    held.release()
    talk.wait_until_answered()

    expect(page.get_by_text("Line 0.")).to_be_in_viewport()
    page.get_by_role("button", name="Jump to the newest message").click()
    expect(page.get_by_text("Line 79.")).to_be_in_viewport()
