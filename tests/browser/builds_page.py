"""A person at the build screen: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect


class BuildsPage:
    """One page of the builds. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.locator(".build-row")
        self.title = page.locator("h1")
        self.chip = page.locator(".talk-head .chip")
        self.stages = page.locator(".stage-step")
        self.tree = page.locator(".file-row button")
        self.code = page.locator(".file-view code")
        self.problems = page.locator(".preview-problems")
        self.issues = page.locator(".issue")
        self.dialog = page.get_by_role("dialog")
        self.announcer = page.locator(".announcer")

    def open(self, where: str = "") -> BuildsPage:
        """Goes to the builds, or to a part of them, and waits until it is drawn."""
        self.page.goto(f"/#/builds{where}")
        expect(self.page.locator(".console")).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def ask_for(self, query: str, *, look: bool = True) -> None:
        """Fills the form in and sends it."""
        self.page.get_by_label("What it should be").fill(query)
        if not look:
            self.page.get_by_label("Show me the plan first").uncheck()
        self.button("Make a plan" if look else "Build it").click()

    def part(self, name: str) -> None:
        """Looks at one part of a build."""
        self.page.locator("[role=tab]", has_text=name).click()

    def say(self, words: str) -> None:
        box = self.page.get_by_label("Say what should change")
        box.fill(words)
        box.press("Enter")

    def open_preview(self) -> FrameLocator:
        self.part("Preview")
        self.button("Open the preview").click()
        return self.page.frame_locator(".preview iframe")

    def wait_for_status(self, words: str, *, seconds: float = 15) -> None:
        expect(self.chip).to_have_text(words, timeout=seconds * 1000)
