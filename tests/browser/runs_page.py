"""A person at the run console: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class RunsPage:
    """One page of the run console. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.locator(".run-row")
        self.title = page.locator("h1")
        self.chip = page.locator(".talk-head .chip")
        self.log = page.get_by_role("log")
        self.steps = page.locator(".step")
        self.timeline = page.locator(".timeline li")
        self.dialog = page.get_by_role("dialog")
        self.announcer = page.locator(".announcer")

    def open(self, where: str = "") -> RunsPage:
        """Goes to the console, or to a part of it, and waits until it is drawn."""
        self.page.goto(f"/#/runs{where}")
        expect(self.page.locator(".console")).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def start(self, command: str) -> None:
        """Fills the form in and sends it."""
        self.page.get_by_label("Command", exact=True).fill(command)
        self.button("Start the run").click()

    def figure(self, name: str) -> Locator:
        return self.page.locator(".figure", has_text=name).locator("dd")

    def wait_for_status(self, words: str, *, seconds: float = 15) -> None:
        expect(self.chip).to_have_text(words, timeout=seconds * 1000)
