"""A person at a terminal: what they type, and what they see."""

from __future__ import annotations

import uuid

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.worker.sandbox_world import until


def begin_session(page: Page) -> str:
    """Signs the page's person up, opens a sandbox session and waits until it is ready."""
    body = {"email": f"{uuid.uuid4().hex}@littoral.test", "name": "Ada"}
    assert page.request.post("/api/signup", data=body).status == 201
    begun = page.request.post("/api/orchestrator/session", data={"name": "shore"})
    assert begun.status == 202, begun.text()
    session_id = str(begun.json()["sessionId"])
    path = f"/api/orchestrator/session/{session_id}"
    until(lambda: page.request.get(path).json()["status"] == "ready")
    return session_id


class TerminalPage:
    """The terminal in a page: its document, alone or in the frame of the app."""

    def __init__(self, page: Page, place: Page | FrameLocator) -> None:
        self.page = page
        self.place = place
        self.status = place.locator(".terminal-status")
        self.rows = place.locator(".xterm-rows")
        self.input = place.locator(".xterm-helper-textarea")
        self.dialog = place.get_by_role("dialog")

    @classmethod
    def in_app(cls, page: Page, session_id: str) -> TerminalPage:
        page.goto(f"/#/terminal/{session_id}")
        return cls(page, page.frame_locator("iframe.terminal-frame")).wait_open()

    @classmethod
    def alone(cls, page: Page, address: str) -> TerminalPage:
        page.goto(address)
        return cls(page, page)

    def wait_open(self) -> TerminalPage:
        expect(self.status).to_have_text("Connected", timeout=60_000)
        return self

    def run(self, command: str, shown: str) -> None:
        """Types a line and waits for what it shows."""
        self.input.focus()
        self.page.keyboard.type(f"{command}\n")
        expect(self.rows).to_contain_text(shown)

    def button(self, name: str) -> Locator:
        return self.place.get_by_role("button", name=name)
