"""The command palette and the keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk import Talk
from tests.fakes.scripted_ai import ScriptedAi


@pytest.fixture
def talk(page: Page, ai: ScriptedAi) -> Talk:
    return Talk(page).begin(ai)


def test_the_palette_finds_a_chat_by_typing(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+Shift+O")
    expect(page.locator(".welcome")).to_be_visible()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("chats")
    page.keyboard.press("Enter")

    expect(talk.answers).to_have_count(1)
    expect(talk.dialog).to_have_count(0)
    expect(page.locator("h1")).to_be_focused()


def test_the_palette_is_walked_with_the_arrow_keys(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("theme")
    expect(page.get_by_role("option")).to_have_count(3)

    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name="Theme: dark")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_dialog_opened_from_the_palette_stays_open(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("rename")
    page.keyboard.press("Enter")

    title = page.get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("From the palette")
    title.press("Enter")
    expect(page.locator("h1")).to_have_text("From the palette")


def test_what_matches_nothing_says_so(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("qqqq")

    expect(page.get_by_text("Nothing matches.")).to_be_visible()


def test_the_keys_are_listed_and_escape_closes_the_list(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+/")
    expect(talk.dialog).to_contain_text("Open the command palette")

    page.keyboard.press("Escape")

    expect(talk.dialog).to_have_count(0)


def test_keys_go_to_the_boxes(page: Page, talk: Talk) -> None:
    page.keyboard.press("Control+,")
    expect(page.get_by_label("Add a task")).to_be_focused()

    page.keyboard.press("Control+.")
    expect(talk.box).to_be_focused()


def test_enter_while_an_input_method_composes_does_not_send(page: Page, talk: Talk) -> None:
    session = page.context.new_cdp_session(page)
    talk.box.focus()
    session.send(
        "Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2}
    )
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.insertText", {"text": "日本"})

    expect(talk.box).to_have_value("日本")
    expect(talk.questions).to_have_count(1)
