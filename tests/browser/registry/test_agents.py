"""Agents: made with a template that is read as it is typed, changed, compared, archived."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.problems import PageProblems
from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry.samples import fill
from tests.browser.registry.scripted_registry import RegistryBook
from tests.browser.registry_page import RegistryPage


def test_an_agent_is_made_with_variables_that_are_found_while_typing(
    page: Page, server: RegistryServer
) -> None:
    registry = RegistryPage(page).open()
    page.locator(".side-body").get_by_role("link", name="New agent").click()
    registry.button("Create the agent").click()
    expect(registry.field("Name")).to_be_focused()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
    registry.field("Name").fill("Translate")
    template = registry.field("Prompt template")
    template.fill("Into {{language}} please:\n{{in put}}")
    expect(page.get_by_text("Line 2, column 1: “in put” is not a name.")).to_be_visible()
    expect(page.locator(".reg-variable")).to_have_text(["language variable"])
    page.get_by_role("button", name="Go there").click()
    expect(template).to_be_focused()
    assert template.evaluate("(box) => box.value.slice(box.selectionStart)").startswith("{{in")
    registry.button("Create the agent").click()
    expect(page.get_by_text("Put the template right first.")).to_be_visible()
    assert server.book.requests == []

    template.fill("Into {{language}} please:\n{{input}}")
    expect(page.locator(".reg-variable")).to_have_count(2)
    registry.field("Temperature").fill("0,2")
    page.get_by_label("Western Europe").check(force=True)
    registry.button("Create the agent").click()

    expect(registry.title).to_have_text("Translate")
    [made] = server.book.agents
    assert (made["temperature"], made["edgeLocations"]) == (0.2, ["weur"])
    expect(registry.cards).to_have_count(1)
    expect(registry.cards).to_contain_text("Western Europe")
    expect(registry.cards).to_contain_text("temperature 0.2")
    expect(registry.cards).to_contain_text("never executed")


def test_what_the_server_finds_comes_to_its_field(
    page: Page, server: RegistryServer, problems: PageProblems
) -> None:
    problems.expect("422")
    message = "'GPT-9' is no model: name @cf/<maker>/<model>"
    server.refusal = {
        "status": 422,
        "code": "invalid_input",
        "detail": "No.",
        "errors": [{"field": "model", "message": message}],
    }
    registry = RegistryPage(page).open("agents/new")
    page.get_by_role("button", name="Summarise").click()
    registry.field("Model").fill("GPT-9")
    registry.button("Create the agent").click()
    expect(page.get_by_text(message)).to_be_visible()
    expect(registry.field("Model")).to_be_focused()
    server.refusal = None
    registry.field("Model").fill("Mistral_7b")
    registry.button("Create the agent").click()
    expect(registry.title).to_have_text("Summarise")
    assert server.book.agents[0]["model"] == "Mistral_7b"


def test_a_change_is_a_new_version_that_can_be_compared(
    page: Page, book: RegistryBook, problems: PageProblems
) -> None:
    agent = book.agent("Tides", promptTemplate="Tides:\n{{input}}")
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    registry.part("Versions")
    expect(page.get_by_text("There is one version so far.")).to_be_visible()
    registry.part("Edit")
    registry.field("Prompt template").fill("Tides and winds:\n{{input}}")
    registry.button("Save as a new version").click()
    expect(page.locator(".toast")).to_contain_text("A new version was saved.")

    registry.part("Versions")
    expect(page.locator(".diff-out")).to_have_text("− Tides:")
    expect(page.locator(".diff-in")).to_have_text("+ Tides and winds:")
    expect(page.locator(".reg-versions li").first).to_contain_text("Version 2now")
    page.get_by_role("button", name="Edit from version 1").click()
    expect(registry.field("Prompt template")).to_have_value("Tides:\n{{input}}")
    registry.button("Drop the changes").click()
    expect(registry.field("Prompt template")).to_have_value("Tides and winds:\n{{input}}")

    problems.expect("409")
    registry.field("Name").fill("Mine")
    agent.update(name="Theirs", version=3)
    book.keep_version(agent)
    expect(registry.title).to_have_text("Theirs")
    registry.button("Save as a new version").click()
    expect(page.get_by_role("alert")).to_contain_text("The agent has a newer version.")
    expect(registry.field("Name")).to_have_value("Mine")
    registry.button("Drop the changes").click()
    expect(registry.field("Name")).to_have_value("Theirs")


def test_an_archived_agent_leaves_the_list_and_comes_back(page: Page, book: RegistryBook) -> None:
    ids = fill(book)
    registry = RegistryPage(page).open(f"agents/{ids['plain']}")
    expect(registry.cards).to_have_count(2)
    registry.button("Archive").click()
    registry.dialog.get_by_role("button", name="Archive", exact=True).click()
    expect(page.locator(".reg-note")).to_contain_text("This agent is archived.")
    expect(registry.button("Execute")).to_have_count(0)
    expect(registry.cards).to_have_count(1)
    page.get_by_role("radio", name="Archived").check(force=True)
    expect(registry.cards).to_have_count(2)
    registry.button("Restore").click()
    expect(registry.button("Execute")).to_be_visible()
    expect(registry.cards).to_have_count(1)


def test_cards_show_figures_live_and_are_found_by_words(page: Page, book: RegistryBook) -> None:
    ids = fill(book)
    registry = RegistryPage(page).open()
    tides = registry.cards.filter(has_text="Tide tables")
    expect(tides).to_contain_text("9 executions")
    expect(tides.get_by_role("img")).to_have_attribute(
        "aria-label", "Latency of the last 9 executions: from 290 to 910 ms, last 420 ms"
    )
    agent = book.find(ids["tides"])
    assert agent is not None
    book.execute(agent, input="And now?").completes("At six.", latency_ms=200)
    expect(tides).to_contain_text("10 executions")
    expect(registry.rows.first).to_contain_text("And now?")
    expect(registry.rows.first).to_contain_text("200 ms")
    page.get_by_label("Search agents").fill("tide")
    expect(registry.cards).to_have_count(1)
    page.get_by_label("Search agents").fill("nothing like it")
    expect(page.get_by_text("No agent matches")).to_be_visible()


def test_what_is_not_there_or_cannot_be_had_says_so(
    page: Page, server: RegistryServer, problems: PageProblems
) -> None:
    problems.expect("404|503")
    registry = RegistryPage(page).open("agents/agt_nobody")
    expect(page.get_by_text("There is no such agent here.")).to_be_visible()
    registry.open("executions/exe_nobody")
    expect(page.get_by_text("There is no such execution here.")).to_be_visible()
    server.failure = {"status": 503, "code": "unavailable", "detail": "Not now.", "nextStep": ""}
    page.goto("/")
    registry.open()
    expect(page.get_by_text("Your agents could not be loaded.")).to_be_visible()
    server.failure = None
    for button in reversed(page.get_by_role("button", name="Try again").all()):
        button.click()
    expect(page.get_by_text("No agents yet")).to_be_visible()
    server.me = {**server.me, "scopes": ["chat"]}
    page.reload()
    expect(page.get_by_text("This key may not use agents")).to_be_visible()
