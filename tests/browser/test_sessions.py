"""The list of chats: rename, delete with a way back, search, export."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi


@pytest.fixture
def talk(page: Page, ai: ScriptedAi) -> Talk:
    """Two sessions: one about tides (open), one about trains."""
    ai.answer_when("trains", Answer(text="The train leaves at nine."))
    ai.answer_when("tides", Answer(text="High water is at noon, low water at dusk."))
    talk = Talk(page).open()
    for about in ("trains", "tides"):
        talk.button("New chat").click()
        talk.ask(f"tell me about {about}")
    expect(talk.sessions).to_have_count(2)
    return talk


def choose(talk: Talk, action: str) -> None:
    talk.page.locator(".talk-head").get_by_role("button", name="Actions for").click()
    talk.page.get_by_role("menuitem", name=action).click()


def test_a_session_is_renamed(page: Page, talk: Talk) -> None:
    choose(talk, "Rename")
    page.get_by_label("Title").fill("All about water")
    page.get_by_label("Title").press("Enter")

    expect(page.locator("h1")).to_have_text("All about water")
    page.reload()
    expect(page.locator("h1")).to_have_text("All about water")
    expect(talk.sessions.filter(has_text="All about water")).to_have_count(1)


def test_a_deleted_session_can_be_taken_back(page: Page, talk: Talk) -> None:
    address = page.url
    choose(talk, "Delete")
    expect(talk.sessions).to_have_count(1)
    expect(talk.toasts).to_contain_text("was deleted")

    talk.button("Undo").click()

    expect(talk.sessions).to_have_count(2)
    page.goto(address)
    expect(talk.answers).to_contain_text("High water")


def test_a_deleted_session_is_gone_when_the_page_is_left(
    page: Page, talk: Talk, problems: PageProblems
) -> None:
    problems.expect("404")
    address = page.url
    choose(talk, "Delete")
    expect(talk.sessions).to_have_count(1)

    page.reload()

    expect(talk.sessions).to_have_count(1)
    page.goto(address)
    expect(page.locator(".stage")).to_contain_text("There is no such chat here.")


def test_a_search_finds_words_and_shows_them_in_their_place(page: Page, talk: Talk) -> None:
    page.get_by_label("Search chats").fill("train")

    expect(page.locator(".result mark").first).to_have_text(re.compile("train", re.I))
    page.locator(".result").first.click()
    expect(talk.answers).to_contain_text("leaves at nine")


def test_a_search_without_a_result_says_so(page: Page, talk: Talk) -> None:
    page.get_by_label("Search chats").fill("zeppelin")

    expect(page.get_by_text("Nothing found for “zeppelin”")).to_be_visible()


def test_sessions_are_exported_as_markdown_and_json(page: Page, talk: Talk) -> None:
    with page.expect_download() as markdown:
        choose(talk, "Export as Markdown")
    with page.expect_download() as data:
        choose(talk, "Export as JSON")

    assert "High water is at noon" in markdown.value.path().read_text()
    assert json.loads(data.value.path().read_text())


def test_older_messages_come_when_the_reader_goes_up(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    ai.answer_when("number", Answer(text="Noted."))
    talk.page.evaluate(
        """async () => {
          const sessionId = location.hash.split("/").at(-1);
          for (let number = 1; number <= 30; number++) {
            const body = JSON.stringify({ sessionId, message: `number ${number}` });
            const headers = { "content-type": "application/json" };
            await fetch("/api/chat", { method: "POST", headers, body });
          }
        }"""
    )
    page.reload()
    expect(talk.questions).to_have_count(25)

    page.locator(".scroller").hover()
    page.mouse.wheel(0, -20_000)

    expect(talk.questions).to_have_count(31)
    expect(page.get_by_role("button", name="Show older messages")).to_have_count(0)


def test_an_unknown_session_says_so_and_offers_nothing_else(
    page: Page, problems: PageProblems
) -> None:
    problems.expect("404|WebSocket")
    page.goto("/#/s/ses_nothing")

    expect(page.locator(".stage")).to_contain_text("There is no such chat here.")


def test_an_unknown_address_says_so(page: Page) -> None:
    page.goto("/#/nowhere/at/all")

    expect(page.locator(".stage")).to_contain_text("There is no such chat here.")
