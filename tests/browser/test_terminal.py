"""The terminal as a person sees it, on a real sandbox."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS_BY_WIDTH, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.terminal_page import TerminalPage, begin_session


def test_a_command_is_typed_seen_and_still_there_after_a_reload(page: Page) -> None:
    session_id = begin_session(page)
    terminal = TerminalPage.in_app(page, session_id)

    terminal.run("echo $((6*7)) fi''sh", "42 fish")
    page.reload()
    terminal.wait_open()

    expect(terminal.rows).to_contain_text("42 fish")
    assert terminal.rows.inner_text().count("42 fish") == 1


def test_the_shell_learns_of_the_size_of_the_window(page: Page) -> None:
    terminal = TerminalPage.in_app(page, begin_session(page))
    terminal.run("stty size | tr ' ' 'x'", "x")
    before = re.findall(r"^(\d+)x(\d+)$", terminal.rows.inner_text(), re.MULTILINE)[-1]

    page.set_viewport_size({"width": 700, "height": 500})
    terminal.run("clear; stty size | tr ' ' 'y'", "y")
    expect(terminal.rows).to_contain_text(re.compile(r"\d+y\d+"))
    after = re.findall(r"(\d+)y(\d+)", terminal.rows.inner_text())[-1]

    assert int(after[0]) < int(before[0])
    assert int(after[1]) < int(before[1])


def test_a_lost_connection_comes_back_without_doubled_output(
    page: Page, problems: PageProblems
) -> None:
    problems.expect("WebSocket connection|ERR_INTERNET_DISCONNECTED|Failed to load resource")
    session_id = begin_session(page)
    page.add_init_script(
        "const Plain = WebSocket; globalThis.sockets = [];"
        "globalThis.WebSocket = class extends Plain {"
        "  constructor(...given) { super(...given); globalThis.sockets.push(this); } };"
    )
    terminal = TerminalPage.alone(page, f"/terminal/#session={session_id}").wait_open()
    terminal.run("echo be''fore", "before")

    page.context.set_offline(True)
    page.evaluate("sockets.at(-1).close()")
    expect(terminal.status).not_to_have_text("Connected")
    page.context.set_offline(False)
    terminal.wait_open()
    terminal.run("echo af''ter", "after")

    lines = terminal.rows.inner_text().splitlines()
    assert [line.strip() for line in lines].count("before") == 1


def test_a_link_shows_the_terminal_read_only_until_it_is_revoked(
    page: Page, new_page: NewPage
) -> None:
    terminal = TerminalPage.in_app(page, begin_session(page))
    terminal.run("echo for all to se''e", "for all to see")
    terminal.button("Share").click()
    terminal.dialog.get_by_label("For whom").fill("Grace")
    terminal.dialog.get_by_role("button", name="Make a link").click()
    link = terminal.dialog.get_by_role("textbox", name="Grace")
    expect(link).to_be_visible()
    visitor = TerminalPage.alone(new_page(), link.input_value()).wait_open()

    expect(visitor.rows).to_contain_text("for all to see")
    expect(visitor.place.locator(".badge.warn")).to_have_text("Read only")
    visitor.input.focus()
    visitor.page.keyboard.type("echo intru''der\n")
    terminal.dialog.get_by_role("button", name="Revoke Grace").click()
    expect(visitor.status).to_have_text("this terminal is no longer shared")

    assert "intruder" not in visitor.rows.inner_text()
    expect(terminal.dialog.get_by_text("Nobody can watch.")).to_be_visible()


def test_an_ended_shell_says_so_and_starts_again(page: Page) -> None:
    terminal = TerminalPage.in_app(page, begin_session(page))
    terminal.run("echo re''ady", "ready")
    terminal.page.keyboard.type("exit 3\n")
    expect(terminal.status).to_have_text("The shell has ended with exit code 3.")

    terminal.button("Start a new shell").click()

    terminal.wait_open()
    expect(terminal.rows).not_to_contain_text("exit 3")


def test_the_keyboard_leads_out_of_the_terminal(page: Page) -> None:
    terminal = TerminalPage.in_app(page, begin_session(page))
    terminal.run("echo re''ady", "ready")

    page.keyboard.press("Tab")
    expect(terminal.input).to_be_focused()
    page.keyboard.press("Control+Shift+E")

    expect(terminal.button("Copy the selection")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.tagName") != "IFRAME"


@pytest.mark.parametrize(("scheme", "width"), LOOKS_BY_WIDTH)
def test_the_terminal_is_accessible(new_page: NewPage, scheme: str, width: int) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 640})
    session_id = begin_session(page)
    terminal = TerminalPage.alone(page, f"/terminal/#session={session_id}").wait_open()
    terminal.run("ls --color=always /; echo re''ady", "ready")
    assert_accessible(page)
    terminal.button("Screen reader mode").click()
    assert_accessible(page)
    terminal.button("Share").click()
    expect(terminal.dialog.get_by_text("Nobody can watch.")).to_be_visible()
    assert_accessible(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_only_the_terminals_document_may_have_inline_styles(page: Page) -> None:
    policies = {
        path: page.request.get(path).headers["content-security-policy"]
        for path in ("/", "/terminal/", "/js/terminal/main.js")
    }

    assert "'unsafe-inline'" not in policies["/"] + policies["/js/terminal/main.js"]
    terminal = policies["/terminal/"]
    assert "style-src 'self' 'unsafe-inline';" in terminal
    assert "frame-ancestors 'self';" in terminal
    assert terminal.count("'unsafe-inline'") == 1
    assert "script-src 'self';" in terminal


def test_an_address_without_a_session_says_what_to_do(page: Page) -> None:
    page.goto("/terminal/")

    expect(page.get_by_text("This address names no terminal.")).to_be_visible()
    assert_accessible(page)
