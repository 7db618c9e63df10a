"""Everybody can use the mesh: axe, 320 pixels, large targets."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.mesh.mesh_server import MeshServer
from tests.browser.mesh.samples import fill
from tests.browser.mesh.scripted_mesh import MeshBook
from tests.browser.mesh_page import MeshPage
from tests.browser.problems import PageProblems
from tests.browser.runs.test_everybody import small_targets


def show_everything(page: Page, where: str, book: MeshBook) -> None:
    """Unfolds what a screen has folded."""
    mesh = MeshPage(page)
    if where == "/events":
        mesh.events.first.locator("summary").click()
    if where == "/watches":
        page.get_by_role("button", name="Change: Tide table").click()
    if where.endswith(book.tasks[1]["taskId"]):
        page.get_by_role("tab", name="Who sent what").click()
        expect(mesh.steps.first).to_be_visible()
    if where == "":
        page.get_by_text("More options").click()
        page.get_by_text("Who may send what to whom").click()
        mesh.button("Start").click()


def show_replay(page: Page, book: MeshBook) -> None:
    mesh = MeshPage(page).open("/events")
    mesh.replay(correlation_id=book.tasks[0]["correlationId"])
    mesh.button("One step on").click()
    expect(mesh.fold.locator(".mesh-changes li").first).to_be_visible()
    mesh.button("Prove every agent of this").click()
    expect(mesh.proof.locator(".chip")).to_have_count(3)


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_and_everything_fits_on_any_screen_of_the_mesh(
    new_page: NewPage,
    server: MeshServer,
    problems: PageProblems,
    scheme: str,
    size: dict[str, int],
) -> None:
    problems.expect("404")
    book = server.book
    narrow = size == NARROW
    touch = {"has_touch": True, "is_mobile": True} if narrow else {}
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce", **touch)
    for where in fill(book).values():
        MeshPage(page).open(where)
        page.wait_for_load_state("networkidle")
        show_everything(page, where, book)
        assert_accessible(page)
        if narrow:
            fits(page, where)
    show_replay(page, book)
    for view in ("Picture", "Table"):
        MeshPage(page).radio(view).check()
        assert_accessible(page)
        if narrow:
            fits(page, view)


def fits(page: Page, where: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], where
    for box in page.locator(".console-body").all():
        assert box.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0, where
    assert small_targets(page) == [], where
