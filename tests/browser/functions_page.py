"""A person at the functions: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class FunctionsPage:
    """One page of the functions. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.description = page.get_by_label("What should it do?")
        self.rows = page.locator(".console-side .fn-job-row")
        self.title = page.locator("h1")
        self.chip = page.locator(".talk-head .chip")
        self.outcome = page.locator(".fn-outcome")
        self.value = page.locator(".fn-value")
        self.events = page.locator(".fn-events li")
        self.tasks = page.locator(".fn-task")
        self.dialog = page.get_by_role("dialog")
        self.announcer = page.locator(".announcer")

    def open(self, where: str = "") -> FunctionsPage:
        """Goes to the functions, or to a part of them, and waits until it is drawn."""
        self.page.goto(f"/#/functions{where}")
        expect(self.page.locator(".console")).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def run(self, description: str, args: str = "") -> None:
        """Fills the form in and sends it."""
        self.describe(description, args)
        self.button("Run").click()

    def describe(self, description: str, args: str = "") -> None:
        self.description.fill(description)
        if args:
            part = self.page.get_by_role("region", name="Arguments")
            part.get_by_role("radio", name="JSON", exact=True).check()
            part.get_by_role("textbox").fill(args)

    def figure(self, name: str) -> Locator:
        return self.page.locator(".figure", has_text=name).locator("dd")

    def wait_for_status(self, words: str, *, seconds: float = 15) -> None:
        expect(self.chip).to_have_text(words, timeout=seconds * 1000)
