"""Watches, what notifications say, webhooks, dead letters."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.mesh.samples import NOTHING, fill
from tests.browser.mesh.scripted_mesh import MeshBook
from tests.browser.mesh_page import MeshPage


def test_a_page_is_watched_and_its_change_is_said_live(page: Page, book: MeshBook) -> None:
    mesh = MeshPage(page).open("/watches")
    expect(page.get_by_text("No page is watched")).to_be_visible()
    mesh.button("Watch it").click()
    address = page.get_by_label("Address of the page")
    expect(address).to_be_focused()
    address.fill("https://example.com/tides")
    page.get_by_label("Look every").fill("10")
    page.get_by_label("What do you want to know?").fill("When is high water?")
    mesh.button("Watch it").click()
    expect(mesh.watches).to_have_count(1)
    asked = {"url": "https://example.com/tides", "everySeconds": 600}
    assert book.requests[-1]["body"] == {**asked, "question": "When is high water?"}
    expect(address).to_have_value("")

    difference = {**NOTHING, "changed": [{"from": "05:10", "to": "05:25"}]}
    book.notify(book.watches[0], "High water is at 05:25.", difference=difference)
    expect(mesh.notes).to_have_count(1)
    expect(mesh.notes.first).to_contain_text("High water is at 05:25.")
    expect(mesh.announcer).to_contain_text("New notification")
    expect(page.get_by_role("link", name="Watches 1 unread notification")).to_be_visible()
    mesh.notes.get_by_text("What changed").click()
    expect(mesh.notes.locator(".mesh-diff .added")).to_have_text("New: + 05:25")
    expect(mesh.watches.first).to_contain_text("1 change")
    mesh.notes.get_by_role("button", name="Read").click()
    expect(page.get_by_role("link", name="Watches", exact=True)).to_be_visible()
    page.get_by_label("Unread only").check()
    expect(page.get_by_text("All is read.")).to_be_visible()
    page.get_by_label("Unread only").uncheck()
    mesh.notes.get_by_role("button", name="How it came").click()
    expect(page.locator(".mesh-lanes text")).to_have_text(["data", "analysis", "notification"])


def test_a_watch_is_looked_at_paused_changed_and_deleted(page: Page, book: MeshBook) -> None:
    book.watch("https://example.com/news", everySeconds=7_200)
    mesh = MeshPage(page).open("/watches")
    row = mesh.watches.first
    expect(row).to_contain_text("every 2 h")
    row.get_by_role("button", name="Look now").click()
    expect(row).to_contain_text("1 look")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused")
    row.get_by_role("button", name="Go on").click()
    expect(row).to_contain_text("Active")
    row.get_by_role("button", name="Change").click()
    expect(row.get_by_label("Unit")).to_have_value("hours")
    row.get_by_label("Name (optional)").fill("The news")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("button", name="Look now: The news")).to_be_visible()
    assert book.watches[0]["everySeconds"] == 7_200
    row.get_by_role("button", name="Delete").click()
    mesh.dialog.get_by_role("button", name="Delete the watch").click()
    expect(mesh.watches).to_have_count(0)


def test_the_secret_of_a_webhook_is_shown_once_and_a_test_is_sent(
    page: Page, book: MeshBook
) -> None:
    mesh = MeshPage(page).open("/watches")
    page.get_by_label("Address that receives").fill("https://hooks.example.com/a")
    mesh.button("Add a webhook").click()
    expect(page.get_by_role("heading", name="Its secret")).to_be_focused()
    expect(page.get_by_text("whsec_c2VhLXNhbHQ=")).to_be_visible()
    mesh.button("I have stored it").click()
    expect(page.get_by_text("whsec_")).to_have_count(0)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("list", name="Last deliveries")).to_contain_text("Delivered, HTTP 204")
    book.webhooks[0].update(status="disabled", disabledBecause="It is gone.")
    book.emit("notification", "webhook.disabled", why="It is gone.")
    page.get_by_role("button", name="Switch it on again").click()
    expect(page.get_by_text("It is gone.")).to_have_count(0)
    page.get_by_role("button", name="Delete: https://hooks.example.com/a").click()
    mesh.dialog.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_text("There is none.")).to_be_visible()


def test_dead_letters_are_replayed_and_discarded_after_a_question(
    page: Page, book: MeshBook
) -> None:
    fill(book)
    book.letter("part.cancel")
    mesh = MeshPage(page).open("/dead-letters")
    letters = page.get_by_role("list", name="Dead letters").get_by_role("listitem")
    expect(letters).to_have_count(2)
    expect(letters.first).to_contain_text("The worker did not answer.")
    page.get_by_role("button", name="Replay: part.offer from coordinator to worker-1").click()
    mesh.dialog.get_by_role("button", name="Replay it").click()
    expect(letters).to_have_count(1)
    page.get_by_role("button", name="Discard: part.cancel").click()
    mesh.dialog.get_by_role("button", name="Discard it").click()
    expect(page.get_by_text("There are no dead letters")).to_be_visible()
    assert [each["path"].rsplit("/", 1)[1] for each in book.requests] == ["replay", "discard"]
