"""A person at the page: what they do, and where they look. Every wait has a bound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.fakes.scripted_ai import Answer, ScriptedAi


class Talk:
    """One page of the front end. Nothing here asserts more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_label("Your message", exact=True)
        self.answers = page.locator(".answer")
        self.questions = page.locator(".question")
        self.tasks = page.locator("aside.tasks .task")
        self.sessions = page.locator("nav.sessions .session")
        self.toasts = page.locator(".toast")
        self.dialog = page.get_by_role("dialog")

    def open(self, address: str = "/") -> Talk:
        """Goes to the page and waits until it can be written on."""
        self.page.goto(address)
        expect(self.box).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> None:
        """Says something and waits until it is answered."""
        before = self.answers.count()
        self.say(text)
        expect(self.answers).to_have_count(before + 1)
        self.wait_until_answered()

    def wait_until_answered(self, *, seconds: float = 15) -> None:
        expect(self.answers.last).to_have_attribute("aria-busy", "false", timeout=seconds * 1000)

    def begin(self, ai: ScriptedAi, *, answer: str = "Hello there.") -> Talk:
        """A session with one answered message: "hello", and the answer."""
        ai.answer_when("hello", Answer(text=answer))
        self.open()
        self.ask("hello")
        self.wait_until_connected()
        return self

    def wait_until_connected(self) -> None:
        expect(self.page.locator(".banner")).to_have_count(0)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def words(self) -> list[str]:
        """Every word of the last answer's text."""
        return (self.answers.last.locator(".markdown").text_content() or "").split()


class Cable:
    """The page's connection to its agent, which a test may cut and mend. Call before `open`."""

    def __init__(self, page: Page) -> None:
        self._plugged = True
        self._open: list[WebSocketRoute] = []
        self.count = 0
        page.route_web_socket("**/agents/**", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if not self._plugged:
            route.close()
            return
        self.count += 1
        route.connect_to_server()
        self._open.append(route)

    def cut(self, *, for_now: bool = False) -> None:
        """Drops the connection; with `for_now` the next attempt succeeds."""
        self._plugged = for_now
        for route in self._open:
            route.close()
        self._open.clear()

    def mend(self) -> None:
        self._plugged = True
