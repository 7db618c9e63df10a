"""The live log, and the replay: by agent and by correlation id, with states, proof and picture."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.mesh.samples import fill
from tests.browser.mesh.scripted_mesh import MeshBook
from tests.browser.mesh_page import MeshPage


def test_the_log_is_live_narrowed_and_held_still(page: Page, book: MeshBook) -> None:
    mesh = MeshPage(page).open("/events")
    expect(page.get_by_text("Nothing has happened yet")).to_be_visible()
    book.message("coordinator", "worker-1", "part.offer", "cor_a")
    expect(mesh.events).to_have_count(2)
    expect(mesh.events.first).to_contain_text("received part.offer from coordinator")
    mesh.button("Pause").click()
    book.emit("worker-1", "work.taken", "cor_b", partId="mtk_1-3", work="text")
    expect(page.get_by_text("Paused. 1 new event.")).to_be_visible()
    expect(mesh.events).to_have_count(2)
    mesh.button("Follow").click()
    expect(mesh.events.first).to_contain_text("began part 3 (text)")

    page.get_by_label("Type of event").select_option("message.sent")
    expect(mesh.events).to_have_count(1)
    page.get_by_label("Type of event").select_option("")
    page.get_by_label("Agent", exact=True).select_option("worker-1")
    expect(mesh.events).to_have_count(2)
    mesh.events.first.locator("summary").click()
    expect(mesh.events.first).to_contain_text("mtk_1-3")
    page.get_by_label("Agent", exact=True).select_option("")
    mesh.button("Only what belongs to this").click()
    expect(page.get_by_label("Correlation id")).to_have_value("cor_b")
    expect(mesh.events).to_have_count(1)
    book.emit("worker-1", "work.finished", "cor_a", partId="mtk_1-3", ok=True)
    book.emit("worker-1", "work.finished", "cor_b", partId="mtk_1-3", ok=True)
    expect(mesh.events).to_have_count(2)
    page.get_by_label("Correlation id").fill("cor_none")
    expect(page.get_by_text("No event matches")).to_be_visible()
    mesh.button("Show all events").click()
    expect(mesh.events).to_have_count(5)


def test_an_agent_is_replayed_step_by_step_and_proved_equal(page: Page, book: MeshBook) -> None:
    fill(book)
    mesh = MeshPage(page).open("/events")
    mesh.replay(agent="worker-1")
    expect(page.locator(".talk-head .mesh-badge")).to_have_text("REPLAY")
    expect(mesh.proof).to_contain_text("Equal to live")
    expect(mesh.moment).to_contain_text("received part.offer from coordinator")
    mesh.button("One step on").click()
    expect(mesh.moment).to_contain_text("began part 1")
    expect(mesh.fold).to_contain_text("worker-1 after event 2")
    changes = mesh.fold.locator(".mesh-changes")
    expect(changes).to_contain_text("counts.work.taken")
    expect(mesh.fold.locator(".mesh-leaf.changed").first).to_be_visible()
    expect(mesh.announcer).to_contain_text("Step 2 of")
    slider = page.get_by_role("slider", name="Step of the replay")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(mesh.fold).to_contain_text("worker-1 after event 3")
    page.keyboard.press("Home")
    expect(mesh.moment).to_have_text("Before the first event")
    mesh.radio("4×").check()
    mesh.button("Play").click()
    expect(mesh.button("Pause")).to_be_visible()
    expect(mesh.fold).to_contain_text("worker-1 after event")
    mesh.button("Leave the replay").click()
    expect(page.locator(".mesh-badge")).to_have_count(0)


def test_what_belongs_together_is_replayed_as_a_picture_of_who_sent_what_to_whom(
    page: Page, book: MeshBook
) -> None:
    fill(book)
    task = book.tasks[1]
    mesh = MeshPage(page).open(f"/tasks/{task['taskId']}")
    page.get_by_role("tab", name="Who sent what").click()
    lanes = page.locator(".mesh-lanes text")
    expect(lanes).to_have_text(["user", "coordinator", "worker-1", "worker-2"])
    expect(page.locator(".mesh-arrow.refused")).to_have_count(1)
    expect(page.locator(".mesh-arrow.waiting")).to_have_count(1)
    picture = page.get_by_role("region", name="Picture of the messages")
    picture.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".mesh-step.current title")).to_have_text(
        "2: coordinator planned 3 parts from the items"
    )
    mesh.button("Replay it").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#/mesh/events")
    mesh.radio("Table").check()
    rows = page.locator(".mesh-table tbody tr")
    expect(rows.first).to_contain_text("user")
    expect(rows.nth(3)).to_contain_text("received after")
    rows.nth(5).get_by_role("button").click()
    expect(mesh.fold).to_contain_text("worker-1 after event 10")
    expect(page.locator(".mesh-table tr[aria-current=step]")).to_have_count(1)
    book.honest = False
    mesh.button("Prove every agent of this").click()
    expect(mesh.proof.locator(".chip")).to_have_text(["Not equal to live"] * 3)


def test_a_story_of_many_steps_is_drawn_in_parts(page: Page, book: MeshBook) -> None:
    for number in range(300):
        book.emit("worker-1", "work.taken", "cor_long", partId=f"mtk_1-{number}")
    mesh = MeshPage(page).open("/events")
    mesh.replay(correlation_id="cor_long")
    expect(page.get_by_text("Steps 1 to 80 of 300")).to_be_visible()
    expect(mesh.steps).to_have_count(80)
    mesh.button("Later steps").click()
    expect(mesh.moment).to_contain_text("began part 80")
    mesh.button("To the end").click()
    expect(page.get_by_text("Steps 221 to 300 of 300")).to_be_visible()
    expect(page.locator(".mesh-step.current")).to_be_visible()
