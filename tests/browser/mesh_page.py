"""A person at the mesh: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class MeshPage:
    """One page of the mesh. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.goal = page.get_by_label("What should be done?")
        self.items = page.get_by_label("Items, one a line")
        self.title = page.locator("h1")
        self.chip = page.locator(".talk-head .chip")
        self.agents = page.get_by_role("list", name="Agents").get_by_role("listitem")
        self.tasks = page.get_by_role("list", name="Tasks", exact=True).get_by_role("listitem")
        self.parts = page.get_by_role("list", name="Parts of the task").get_by_role("listitem")
        self.events = page.locator(".mesh-events > li")
        self.steps = page.locator(".mesh-step")
        self.moment = page.locator(".mesh-moment")
        self.fold = page.locator(".mesh-fold")
        self.proof = page.locator(".mesh-proof")
        self.watches = page.locator(".mesh-watch")
        self.notes = page.locator(".mesh-note-card")
        self.dialog = page.get_by_role("dialog")
        self.announcer = page.locator(".announcer")

    def open(self, where: str = "") -> MeshPage:
        """Goes to the mesh, or to a part of it, and waits until it is drawn."""
        self.page.goto(f"/#/mesh{where}")
        expect(self.page.locator(".console.mesh")).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def radio(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name, exact=True)

    def figure(self, name: str) -> Locator:
        return self.page.locator(".figure", has_text=name).locator("dd")

    def start(self, goal: str, *items: str) -> None:
        """Fills the form in and starts the task; its page is shown."""
        self.goal.fill(goal)
        self.items.fill("\n".join(items))
        self.button("Start").click()

    def replay(self, *, agent: str = "", correlation_id: str = "") -> None:
        """From anywhere on the screen of events: chooses what is replayed, and begins."""
        self.radio("Replay").check()
        if agent:
            self.radio("An agent").check()
            self.page.locator("#field-replay-agent").select_option(agent)
        else:
            self.radio("A correlation id").check()
            self.page.locator("#field-replay-id").fill(correlation_id)
        self.page.locator(".mesh-chooser").get_by_role("button", name="Replay").click()
        expect(self.page.locator(".mesh-replay .mesh-badge")).to_be_visible()
