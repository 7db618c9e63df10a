"""Executing agents: as it is written, at once, in the background; stopped, refused, listed."""

from __future__ import annotations

import threading

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry.samples import ANSWER, answers, fill
from tests.browser.registry.scripted_registry import RegistryBook, ScriptedExecution
from tests.browser.registry_page import RegistryPage

BOUND_SECONDS = 20


def test_an_answer_is_shown_as_it_is_written_and_words_stay_words(
    page: Page, server: RegistryServer
) -> None:
    go_on = threading.Event()

    def does(execution: ScriptedExecution) -> None:
        execution.begin()
        execution.says("**Low** water\n\n<img src=x onerror=alert(1)> ")
        go_on.wait(BOUND_SECONDS)
        execution.says("[here](https://evil.example)")
        output = "**Low** water\n\n<img src=x onerror=alert(1)> [here](https://evil.example)"
        execution.completes(output, filtered=[{"rule": "api-key", "count": 1}])

    server.does = does
    agent = server.book.agent("Tides", promptTemplate="For {{who}}: {{input}}")
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    registry.execute("When?")
    expect(registry.field("who")).to_be_focused()
    expect(page.get_by_text("This is needed: the template asks for it.")).to_be_visible()
    registry.field("who").fill("Ada")
    page.keyboard.press("Control+Enter")
    expect(registry.outcome.locator("strong")).to_have_text("Low")
    expect(registry.outcome).to_contain_text("Running")
    go_on.set()

    expect(registry.outcome).to_contain_text("Completed")
    expect(registry.outcome).to_contain_text("<img src=x onerror=alert(1)>")
    expect(registry.outcome.locator("img")).to_have_count(0)
    expect(registry.outcome).to_contain_text("1 × api key taken out")
    expect(registry.outcome.locator(".facts")).to_contain_text("420 ms")
    expect(registry.outcome.get_by_role("heading", name="Answer")).to_be_focused()
    expect(registry.announcer).to_have_text("The answer is complete.")
    expect(registry.rows.first).to_contain_text("When?")
    [request] = server.book.requests
    assert request["body"] == {"input": "When?", "variables": {"who": "Ada"}, "mode": "stream"}


def test_an_answer_that_is_being_written_can_be_stopped(page: Page, server: RegistryServer) -> None:
    def does(execution: ScriptedExecution) -> None:
        execution.begin()
        execution.says("It begins")

    server.does = does
    agent = server.book.agent()
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    registry.execute("A long book")
    expect(registry.outcome).to_contain_text("It begins")
    registry.button("Stop").click()
    expect(registry.outcome).to_contain_text("This execution was cancelled.")
    expect(registry.outcome).to_contain_text("It begins")
    expect(registry.button("Execute")).to_be_enabled()
    expect(registry.rows.first).to_contain_text("Cancelled")


def test_in_the_background_it_is_followed_on_a_page_of_its_own(
    page: Page, server: RegistryServer
) -> None:
    agent = server.book.agent()
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    page.get_by_role("radio", name="In the background").check(force=True)
    registry.execute("A long book")
    expect(registry.chip).to_have_text("Pending")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    [execution] = server.book.executions
    execution.begin()
    expect(registry.chip).to_have_text("Running")
    execution.says("The first words")
    expect(registry.answer).to_contain_text("The first words")
    page.reload()
    expect(registry.answer).to_contain_text("The first words")
    server.cut()
    execution.says(" and the last")
    execution.completes("The first words and the last", latency_ms=2_400)

    expect(registry.chip).to_have_text("Completed")
    expect(registry.answer).to_contain_text("and the last")
    expect(registry.figure("Latency")).to_have_text("2,400 ms")
    expect(registry.events.last).to_contain_text("Completed")
    registry.button("Execute again").click()
    expect(registry.field("Input")).to_have_value("A long book")


def test_without_live_lines_the_same_is_asked_for(
    page: Page, server: RegistryServer, problems: PageProblems
) -> None:
    problems.expect("503|WebSocket|EventSource")
    server.lines = False
    execution = server.book.execute(server.book.agent())
    registry = RegistryPage(page).open(f"executions/{execution.id}")
    expect(page.get_by_text("Live updates are not getting through")).to_be_visible()
    execution.begin()
    execution.completes("Low water")
    expect(registry.chip).to_have_text("Completed")
    expect(registry.answer).to_contain_text("Low water")
    expect(registry.cards).to_contain_text("1 execution")


def test_an_execution_shows_everything_that_is_known_of_it(page: Page, book: RegistryBook) -> None:
    ids = fill(book)
    registry = RegistryPage(page).open(f"executions/{ids['done']}")
    expect(registry.title).to_have_text("Tide tables")
    for name, words in (("Latency", "420 ms"), ("Location", "CDG"), ("Credits", "0.25")):
        expect(registry.figure(name)).to_have_text(words)
    expect(registry.figure("Tokens")).to_have_text("24 in, 13 out")
    for mark in ("Kept answer, 1 h 01 min old", "Reduced answer", "2 × api key taken out"):
        expect(registry.answer.get_by_text(mark)).to_be_visible()
    expect(registry.answer.locator("em")).to_have_text("six hours")
    registry.answer.get_by_text("Almanac").click()
    expect(registry.answer.locator("blockquote")).to_have_text("High water in Brest is at noon.")
    expect(page.locator(".about")).to_contain_text("@cf/meta/llama-3.3-70b")
    registry.open(f"executions/{ids['failed']}")
    expect(page.get_by_role("region", name="What went wrong")).to_contain_text("did not answer")
    expect(registry.events.last).to_contain_text("Failed: The model did not answer in time.")


def test_executions_are_narrowed_by_agent_state_place_and_words(
    page: Page, book: RegistryBook
) -> None:
    ids = fill(book)
    registry = RegistryPage(page).open("executions")
    expect(registry.rows).to_have_count(12)
    registry.field("State").select_option("failed")
    expect(registry.rows).to_have_count(1)
    registry.field("State").select_option("")
    registry.field("Location").select_option("CDG")
    expect(registry.rows).to_have_count(1)
    registry.field("Location").select_option("")
    registry.field("Agent").select_option(ids["plain"])
    expect(registry.rows).to_have_count(3)
    page.get_by_role("searchbox", name="Search executions").fill("bonjour")
    expect(registry.rows).to_have_count(1)
    page.get_by_role("searchbox", name="Search executions").fill("nothing like it")
    expect(page.get_by_text("No execution matches")).to_be_visible()
    registry.button("Show all executions").click()
    expect(registry.rows).to_have_count(12)


def test_a_refusal_says_why_and_a_stream_that_breaks_is_asked_for(
    page: Page, server: RegistryServer, problems: PageProblems
) -> None:
    problems.expect("402|503|EventSource|WebSocket")
    agent = server.book.agent()
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    server.refusal = {
        "status": 402,
        "code": "insufficient_credits",
        "detail": "It needs 2 credits.",
        "nextStep": "Wait for the next month.",
    }
    registry.execute("Hello")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("not enough credits")
    expect(alert.get_by_role("link", name="Credits and budget")).to_be_visible()
    server.refusal = None

    def does(execution: ScriptedExecution) -> None:
        execution.begin()
        execution.says("Half")
        execution.completes(ANSWER)
        server.cut()

    server.does = does
    registry.button("Execute").click()
    expect(registry.outcome).to_contain_text("Completed")
    expect(registry.outcome.locator("em")).to_have_text("six hours")


def test_a_call_is_copied_without_the_key(new_page: NewPage, server: RegistryServer) -> None:
    server.does = answers
    agent = server.book.agent("Tides", promptTemplate="{{who}} {{input}}")
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    registry.field("Input").fill("It's noon")
    registry.field("who").fill("Ada")
    registry.button("As curl").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"/api/agents/{agent['id']}/execute'" in copied
    assert "Bearer $LITTORAL_KEY" in copied
    assert "It'\\''s noon" in copied
    registry.button("As Python").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '"who": "Ada"' in copied
    assert '"mode": "sync"' in copied
    page.get_by_role("radio", name="When it is done").check(force=True)
    registry.button("Execute").click()
    expect(registry.outcome).to_contain_text("Completed")
    assert server.book.requests[-1]["body"]["mode"] == "sync"
