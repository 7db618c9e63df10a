"""An agent's memory: documents by text and by file, looked at, tried, taken away."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry_page import RegistryPage


def test_documents_are_added_found_and_taken_away(page: Page, server: RegistryServer) -> None:
    agent = server.book.agent("Tides")
    registry = RegistryPage(page).open(f"agents/{agent['id']}")
    registry.part("Memory")
    expect(page.get_by_text("Nothing is remembered yet")).to_be_visible()
    expect(page.get_by_text("does not use its memory yet")).to_be_visible()
    registry.button("Add it").click()
    expect(page.get_by_text("Give it a title.")).to_be_visible()
    registry.field("Title").fill("Almanac")
    registry.field("Text").fill("High water in Brest is at <b>noon</b>.")
    registry.button("Add it").click()
    expect(registry.documents).to_contain_text("Almanac")
    expect(registry.announcer).to_have_text("The document was added.")

    box = page.locator("input[type=file]")
    box.set_input_files({"name": "notes.md", "mimeType": "text/plain", "buffer": b"\xff\xfe\x00"})
    expect(page.get_by_text("This is not a text file (UTF-8).")).to_be_visible()
    notes = b"The harbour dries at low water."
    box.set_input_files({"name": "harbour.md", "mimeType": "text/markdown", "buffer": notes})
    expect(registry.field("Title")).to_have_value("harbour")
    registry.button("Add it").click()
    expect(registry.documents).to_have_count(2)
    assert server.book.requests[1]["body"] == {"title": "harbour", "text": notes.decode()}

    registry.field("Question").fill("brest")
    registry.button("Find").click()
    found = page.locator(".reg-found li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("83 % alike")
    found.locator("summary").click()
    expect(found.locator("blockquote")).to_have_text("High water in Brest is at <b>noon</b>.")
    registry.field("Question").fill("volcano")
    registry.button("Find").click()
    expect(page.get_by_text("Nothing fits this question.")).to_be_visible()

    page.get_by_role("button", name="Remove “Almanac”").click()
    registry.dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(registry.documents).to_have_count(1)
