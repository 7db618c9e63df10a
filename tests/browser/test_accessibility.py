"""Everybody can use it: axe on every screen, the keyboard alone, 320 pixels, large targets."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import NOT_IN_PLAN, Answer, Failure, ScriptedAi, ToolCall

RICH = (
    "## Plan\n\nGo **early**, see [tides](https://example.org/a) and ![map](https://example.org/m).\n\n"
    "#### Bring\n\n- water\n- [x] bread\n\n1. walk\n2. swim\n\n> calm\n\n"
    "| When | What |\n|:-----|-----:|\n| 9:00 | train |\n\n```python\nprint('sea')  # here\n```\n"
)
ADD = ToolCall(
    name="add_tasks",
    arguments={
        "tasks": [
            {"title": "Buy milk", "priority": "high", "due": "tomorrow at 5pm"},
            {"title": "Buy bread", "priority": "low"},
        ]
    },
)
DELETE = ToolCall(name="delete_tasks", arguments={"tasks": ["1", "2"]})
BAD = ToolCall(name="complete_tasks", arguments={"tasks": ["99"]})


def rich_talk(page: Page, ai: ScriptedAi) -> Talk:
    """A session that shows everything there is: tools, errors, an approval, a lesser answer."""
    ai.answer_when("add", Answer(tool_calls=[ADD]), Answer(tool_calls=[BAD]), Answer(text=RICH))
    ai.answer_when("poor", Answer(failure=Failure(code=NOT_IN_PLAN, message="not in your plan")))
    ai.answer_when("delete", Answer(tool_calls=[DELETE]), Answer(text="Done."))
    talk = Talk(page).open()
    for words in ("add two", "poor one", "delete both"):
        talk.ask(words)
    expect(page.locator(".hl-string").or_(page.locator(".hl-built_in")).first).to_be_visible()
    return talk


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_screen(
    new_page: NewPage, ai: ScriptedAi, problems: PageProblems, scheme: str, size: dict[str, int]
) -> None:
    problems.expect("404|WebSocket")
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    Talk(page).open()
    assert_accessible(page)
    talk = rich_talk(page, ai)
    page.locator(".tools-fold summary").first.click()
    assert_accessible(page)
    for keys in ("Control+k", "Control+/"):
        page.keyboard.press(keys)
        expect(talk.dialog).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(talk.dialog).to_have_count(0)
    page.get_by_role("link", name="tides").click()
    expect(talk.dialog).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(talk.dialog).to_have_count(0)
    if size is NARROW:
        page.get_by_label("Show chats").click()
        assert_accessible(page)
        page.keyboard.press("Escape")
        page.locator(".task-line").click()
    page.get_by_role("button", name="Edit: Buy milk").click()
    assert_accessible(page)
    page.goto("/#/s/ses_nothing")
    page.reload()
    expect(page.locator(".stage")).to_contain_text("There is no such chat here.")
    assert_accessible(page)


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_on_what_opens_over_a_screen(
    new_page: NewPage, ai: ScriptedAi, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    talk = Talk(page).begin(ai, answer="The tide turns at nine.")
    menu = page.get_by_role("menuitem", name="Rename")

    page.locator(".talk-head").get_by_role("button", name="Actions for").click()
    expect(menu).to_be_focused()
    assert_accessible(page)
    menu.click()
    expect(talk.dialog).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(talk.dialog).to_have_count(0)

    page.keyboard.press("Control+k")
    for words in ("dark", "no such thing"):
        talk.dialog.get_by_role("combobox").fill(words)
        assert_accessible(page)
    page.keyboard.press("Escape")
    expect(talk.dialog).to_have_count(0)

    if size is NARROW:
        page.get_by_label("Show chats").click()
    page.get_by_label("Search chats").fill("tide")
    expect(page.locator(".result mark").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Search chats").fill("nothing like it")
    expect(page.locator(".empty")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Search chats").fill("")
    row = page.locator(".session")
    row.hover()
    row.get_by_role("button", name="Actions for").click()
    expect(menu).to_be_focused()
    assert_accessible(page)
    page.get_by_role("menuitem", name="Delete").click()
    expect(talk.toasts).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_has_to_be_scrolled_sideways(new_page: NewPage, ai: ScriptedAi, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 640})
    talk = rich_talk(page, ai)
    long_word = "a" * 400
    ai.answer_when("word", Answer(text=f"{long_word} `{long_word}`\n\n# {long_word}"))
    talk.ask(f"word {long_word}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    scroller = page.locator(".scroller")
    assert scroller.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0


def test_targets_are_large_enough_for_a_finger(new_page: NewPage, ai: ScriptedAi) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    rich_talk(page, ai)

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, textarea, input")]
          .filter((each) => each.checkVisibility())
          .map((each) => [each.outerHTML.slice(0, 120), each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
          .map(([html, box]) => `${box.width} × ${box.height} ${html}`)"""
    )
    assert small == []


def test_the_story_works_with_the_keyboard_alone(page: Page, ai: ScriptedAi) -> None:
    ai.answer_when("milk", Answer(tool_calls=[ADD]), Answer(text="It is on the list."))
    Talk(page).open()
    talk = Talk(page)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    page.keyboard.press("Enter")
    expect(talk.box).to_be_focused()
    page.keyboard.type("Buy milk")
    page.keyboard.press("Enter")
    expect(talk.answers).to_contain_text("It is on the list.")
    expect(talk.box).to_be_focused()

    page.keyboard.press("Control+,")
    page.keyboard.press("Tab")
    for _ in range(6):
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".counts")).to_have_text("1 open · 1 done")


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    opener = talk.button("Keyboard shortcuts")
    opener.focus()
    page.keyboard.press("Enter")
    expect(talk.dialog).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').localName") in (
            "dialog",
            "body",  # the browser's own controls come in between
        )

    page.keyboard.press("Escape")
    expect(talk.dialog).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    talk.dialog.get_by_role("button", name="Close").click()
    expect(opener).to_be_focused()


def test_a_menu_is_walked_with_the_arrow_keys(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    opener = page.locator(".talk-head").get_by_role("button", name="Actions for")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()

    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    expect(talk.sessions).to_have_count(1)


def test_the_log_is_not_read_word_by_word_but_its_end_is_said(page: Page, ai: ScriptedAi) -> None:
    held = Answer(text="one two three four", hold_after=2)
    ai.answer_when("count", held)
    talk = Talk(page).open()
    talk.say("count")
    expect(talk.answers).to_contain_text("two")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")

    held.release()

    expect(page.locator(".announcer")).to_have_text("The answer is complete.")


def test_the_focus_moves_to_the_title_when_another_chat_is_opened(
    page: Page, ai: ScriptedAi
) -> None:
    talk = Talk(page).begin(ai)
    talk.button("New chat").click()
    expect(talk.box).to_be_focused()

    talk.sessions.get_by_role("link").click()

    expect(page.locator("h1")).to_be_focused()
