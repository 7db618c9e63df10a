"""Seed 003's flow in a real browser on the real Worker: an agent made, executed, remembered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.problems import PageProblems
from tests.browser.registry_page import RegistryPage
from tests.harness.worker import KillableWorker

SLOW = 90_000  # milliseconds that a first start of an isolate may take: a bound, not a wait


@pytest.fixture(scope="session")
def base_url(offline_worker: KillableWorker) -> str:
    """The Worker as it is without an account at a model's provider: the built-in model answers."""
    return offline_worker.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""


def person_at_agents(page: Page) -> RegistryPage:
    """Somebody who came to the agents as a guest, made an account there and was let through."""
    page.goto("/#/agents")
    account = AccountPage(page)
    expect(account.button("Create the account")).to_be_visible()
    account.sign_up()
    account.button("I have stored it").click()
    expect(page.locator(".console")).to_be_visible()
    return RegistryPage(page)


def test_an_agent_is_made_executed_and_shows_status_location_and_latency(page: Page) -> None:
    registry = person_at_agents(page)
    expect(page.get_by_text("No agents yet")).to_be_visible()
    page.get_by_role("link", name="New agent").first.click()
    registry.field("Name").fill("Tide tables")
    registry.field("Model").fill("Mistral_7b")
    registry.field("Prompt template").fill("For {{who}}:\n\n{{input}}")
    registry.field("Temperature").fill("0")
    registry.button("Create the agent").click()
    expect(registry.title).to_have_text("Tide tables")
    expect(registry.cards).to_contain_text("mistral-7b")

    registry.field("who").fill("sailors")
    registry.execute("When is low water?")
    expect(registry.outcome).to_contain_text("Completed", timeout=SLOW)
    expect(registry.outcome).to_contain_text("When is low water?")
    expect(registry.outcome.locator(".facts")).to_contain_text(re.compile(r"local.*[0-9]+ ms"))
    row = registry.rows.first
    expect(row).to_contain_text("Completed")
    expect(row).to_contain_text(re.compile(r"local.*[0-9]+ ms"))
    expect(registry.cards).to_contain_text("1 execution")

    registry.outcome.get_by_role("link", name="Details").click()
    expect(registry.chip).to_have_text("Completed")
    expect(registry.figure("Location")).to_have_text("local")
    expect(registry.figure("Latency")).to_have_text(re.compile(r"^[0-9,]+ ms$"))
    expect(registry.events.last).to_contain_text("Completed")
    registry.button("Execute again").click()
    page.get_by_role("radio", name="In the background").check(force=True)
    registry.button("Execute").click()
    expect(registry.chip).to_have_text("Completed", timeout=SLOW)
    page.reload()
    expect(registry.answer).to_contain_text("When is low water?")


def test_a_model_is_refused_with_its_reason_and_documents_are_cited(
    page: Page, problems: PageProblems
) -> None:
    problems.expect("422")
    registry = person_at_agents(page)
    page.get_by_role("link", name="New agent").first.click()
    page.get_by_role("button", name="Answer from documents").click()
    registry.field("Model").fill("TextEmbedding")
    registry.button("Create the agent").click()
    expect(page.get_by_text("makes embeddings, not text")).to_be_visible(timeout=SLOW)
    expect(registry.field("Model")).to_be_focused()
    registry.field("Model").fill("offline")
    registry.button("Create the agent").click()
    expect(registry.title).to_have_text("Answer from documents")

    registry.part("Memory")
    registry.field("Title").fill("Almanac")
    registry.field("Text").fill("High water in Brest is at noon.")
    registry.button("Add it").click()
    expect(registry.documents).to_contain_text("1 passage", timeout=SLOW)
    registry.field("Question").fill("Brest water")
    registry.button("Find").click()
    expect(page.locator(".reg-found")).to_contain_text("Almanac")
    registry.part("Execute")
    registry.execute("When is high water in Brest?")
    expect(registry.outcome).to_contain_text("Completed", timeout=SLOW)
    expect(registry.outcome.get_by_role("region", name="Where it is from")).to_contain_text(
        "Almanac"
    )
    registry.button("Execute").click()
    expect(registry.outcome).to_contain_text(re.compile("Kept answer, .* old"))
    expect(registry.rows).to_have_count(2)
    registry.part("Edit")
    registry.field("What it is for").fill("Answers sailors.")
    registry.button("Save as a new version").click()
    registry.part("Versions")
    expect(page.locator(".diff-in")).to_have_text("+ Answers sailors.")
