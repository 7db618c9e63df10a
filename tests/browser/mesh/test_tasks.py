"""The overview and one task: started, followed live, cancelled, refused; lines that are down."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.mesh.mesh_server import MeshServer
from tests.browser.mesh.samples import fill, works
from tests.browser.mesh.scripted_mesh import MeshBook
from tests.browser.mesh_page import MeshPage
from tests.browser.problems import PageProblems


def test_a_task_is_started_with_the_keyboard_and_followed_to_its_end(
    page: Page, book: MeshBook
) -> None:
    mesh = MeshPage(page).open()
    expect(page.get_by_text("No agent has come yet")).to_be_visible()
    expect(page.get_by_text("No task yet")).to_be_visible()
    mesh.goal.focus()
    page.keyboard.type("Count words")
    page.keyboard.press("Tab")
    page.keyboard.type("the tide\nsand and shells")
    expect(page.get_by_text("2 parts, one for each item.")).to_be_visible()
    page.keyboard.press("Control+Enter")

    expect(mesh.title).to_be_focused()
    expect(mesh.chip).to_have_text("Running")
    asked = book.requests[-1]
    assert asked["body"] == {"goal": "Count words", "items": ["the tide", "sand and shells"]}
    assert asked["key"]
    expect(mesh.parts).to_have_count(2)
    book.give(book.tasks[0], 0, "worker-1")
    expect(mesh.parts.first).to_contain_text("Runningby worker-11 try")
    book.finish(book.tasks[0], 0, result=2)
    expect(page.get_by_text("1 of 2 parts done")).to_be_visible()
    book.give(book.tasks[0], 1, "worker-2")
    error = {"code": "model_unavailable", "detail": "No model answered."}
    book.finish(book.tasks[0], 1, error=error)
    expect(mesh.chip).to_have_text("Completed, some parts failed")
    expect(mesh.parts.last).to_contain_text("No model answered.")
    expect(mesh.announcer).to_contain_text("some parts failed")
    expect(mesh.button("Cancel")).to_have_count(0)

    page.get_by_label("Overview").click()
    expect(mesh.tasks).to_have_count(1)
    expect(mesh.tasks.first).to_contain_text("1 of 2 parts")
    expect(mesh.agents).to_have_count(3)


def test_what_is_wrong_is_told_at_its_field_and_what_is_refused_above_the_button(
    page: Page, server: MeshServer, problems: PageProblems
) -> None:
    mesh = MeshPage(page).open()
    mesh.button("Start").click()
    expect(mesh.goal).to_be_focused()
    expect(page.get_by_text("Say what should be done.")).to_be_visible()
    page.get_by_label("Kind of work").select_option("Fetch pages")
    mesh.start("Fetch", "not an address")
    expect(page.get_by_text("Each item must be an address")).to_be_visible()
    server.refusal = {"status": 402, "code": "credits", "detail": "2 credits are missing."}
    problems.expect("402")
    mesh.start("Fetch", "https://example.com")
    expect(page.get_by_role("alert")).to_contain_text("2 credits are missing.")
    expect(mesh.goal).to_have_value("Fetch")
    server.refusal = None
    mesh.button("Start").click()
    expect(mesh.chip).to_have_text("Running")
    keys = [each["key"] for each in server.book.requests]
    assert keys[0] == keys[1]


def test_a_task_is_cancelled_after_its_consequence_was_read(page: Page, book: MeshBook) -> None:
    fill(book)
    mesh = MeshPage(page).open(f"/tasks/{book.tasks[1]['taskId']}")
    mesh.button("Cancel").click()
    expect(mesh.dialog).to_contain_text("What is done stays.")
    mesh.dialog.get_by_role("button", name="Cancel the task").click()
    expect(mesh.chip).to_have_text("Cancelled")
    expect(mesh.figure("Failed")).to_have_text("1")
    page.get_by_role("tab", name="Events").click()
    expect(mesh.events.last).to_contain_text("the task is cancelled")


def test_the_overview_shows_health_leases_letters_and_breakers(page: Page, book: MeshBook) -> None:
    fill(book)
    mesh = MeshPage(page).open()
    worker = mesh.agents.filter(has_text="worker-2")
    expect(worker).to_contain_text("Silent, being woken")
    expect(worker).to_contain_text("last lease ended 1 min")
    expect(mesh.agents.filter(has_text="data")).to_contain_text("breaker: example.com")
    expect(mesh.agents.filter(has_text="coordinator")).to_contain_text("1 dead letter")
    expect(mesh.figure("Messages waiting")).to_have_text("3")
    breakers = page.get_by_role("list", name="Breakers")
    expect(breakers).to_contain_text("Open: not called")
    mesh.button("Make the list anew").click()
    expect(page.get_by_text("the list was right")).to_be_visible()
    page.get_by_text("Who may send what to whom").click()
    expect(page.get_by_role("cell", name="allowed")).to_be_visible()
    mesh.agents.filter(has_text="worker-1").get_by_role("link").click()
    expect(mesh.title).to_have_text("worker-1")
    expect(page.get_by_role("group", name="Its state now")).to_contain_text("work.taken")


def test_without_a_socket_the_server_is_asked_and_a_failure_can_be_tried_again(
    page: Page, server: MeshServer, problems: PageProblems
) -> None:
    problems.expect("503|WebSocket")
    server.lines = False
    server.failure = {"status": 503, "code": "unavailable", "detail": "The mesh is away."}
    mesh = MeshPage(page).open()
    expect(page.get_by_text("The agents could not be loaded.")).to_be_visible()
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    server.failure = None
    works(server.book, server.book.task("Count words", ["one", "two"]))
    mesh.button("Retry now").click()
    expect(mesh.agents).to_have_count(3)
    expect(page.get_by_text("Looking every few seconds instead.")).to_be_visible()


def test_a_key_without_the_scope_is_told_so(page: Page, server: MeshServer) -> None:
    server.me["scopes"] = ["chat"]
    page.goto("/#/mesh")
    expect(page.get_by_text("This key may not use the mesh")).to_be_visible()
