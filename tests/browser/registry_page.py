"""A person at the registry: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class RegistryPage:
    """One page of the registry. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cards = page.locator(".reg-agent")
        self.rows = page.locator(".reg-execution")
        self.title = page.locator("h1")
        self.chip = page.locator(".talk-head .chip")
        self.outcome = page.locator(".reg-outcome")
        self.answer = page.locator(".reg-answer")
        self.events = page.locator(".reg-events li")
        self.documents = page.locator(".reg-documents li")
        self.dialog = page.get_by_role("dialog")
        self.announcer = page.locator(".announcer")

    def open(self, where: str = "agents") -> RegistryPage:
        """Goes to the agents, or to a part of the registry, and waits until it is drawn."""
        self.page.goto(f"/#/{where}")
        expect(self.page.locator(".console")).to_be_visible()
        expect(self.page.locator(".loading-rows")).to_have_count(0)
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    def part(self, name: str) -> None:
        """Goes to a tab of an agent."""
        self.page.get_by_role("tab", name=name, exact=True).click()

    def execute(self, words: str) -> None:
        """Fills the input in and sends it."""
        self.field("Input").fill(words)
        self.button("Execute").click()

    def figure(self, name: str) -> Locator:
        return self.page.locator(".figure", has_text=name).locator("dd")
