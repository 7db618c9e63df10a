"""The mesh in a real browser on the real Worker: a task and its replay, a page that changes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.mesh_page import MeshPage
from tests.fakes.changing_site import changing_site
from tests.harness.worker import KillableWorker

SLOW = 90_000  # milliseconds that a first start of agents may take: a bound, not a wait


@pytest.fixture(scope="session")
def base_url(offline_worker: KillableWorker) -> str:
    """The Worker as it is without an account at a model's provider."""
    return offline_worker.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""


def person_at_the_mesh(page: Page) -> MeshPage:
    """Somebody who came to the mesh as a guest, made an account there and was let through."""
    page.goto("/#/mesh")
    account = AccountPage(page)
    expect(account.button("Create the account")).to_be_visible()
    account.sign_up()
    account.button("I have stored it").click()
    expect(page.locator(".console.mesh")).to_be_visible()
    return MeshPage(page)


def test_a_task_goes_through_coordinator_and_workers_and_its_replay_is_equal(page: Page) -> None:
    mesh = person_at_the_mesh(page)
    expect(mesh.agents.filter(has_text="coordinator")).to_contain_text("Not needed yet")
    mesh.start("Count words", "the tide", "sand and shells", "a gull")
    expect(mesh.chip).to_have_text("Completed", timeout=SLOW)
    expect(mesh.parts).to_have_count(3, timeout=SLOW)
    expect(mesh.parts.nth(1)).to_contain_text("Completedby worker-", timeout=SLOW)
    expect(mesh.parts.nth(1).locator(".mesh-short")).to_have_text("3")
    expect(mesh.figure("Done")).to_have_text("3")

    page.get_by_role("tab", name="Who sent what").click()
    expect(page.locator(".mesh-lanes text").first).to_have_text("user")
    expect(page.locator(".mesh-arrow.received").nth(5)).to_be_attached()
    task = page.locator(".about .mesh-id").inner_text()
    mesh.button("Replay it").click()
    expect(page.locator(".mesh-replay-head")).to_contain_text(task)
    mesh.button("One step on").click()
    expect(mesh.moment).to_contain_text("accepted the task “Count words”")
    expect(mesh.fold.locator(".mesh-changes")).to_contain_text(f"tasks.{task}", timeout=SLOW)
    mesh.button("To the end").click()
    mesh.button("Prove every agent of this").click()
    chips = mesh.proof.locator(".chip")
    expect(chips.nth(1)).to_have_text("Equal to live", timeout=SLOW)
    expect(mesh.button("Prove every agent of this")).to_have_count(0, timeout=SLOW)
    expect(mesh.proof.get_by_text("Folding all events…")).to_have_count(0, timeout=SLOW)
    assert set(chips.all_inner_texts()) == {"Equal to live"}

    mesh.replay(agent="coordinator")
    expect(mesh.proof).to_contain_text("Equal to live", timeout=SLOW)
    mesh.radio("Live log").check()
    page.get_by_label("Type of event").select_option("task.ended")
    expect(mesh.events).to_have_count(1)
    expect(mesh.events).to_contain_text("the task is completed")
    mesh.open()
    expect(mesh.tasks.first).to_contain_text("3 of 3 parts", timeout=SLOW)


def test_a_watched_page_that_changes_is_said_live_with_how_it_came(
    page: Page, near_port: int
) -> None:
    with changing_site(near_port) as site:
        site.pages["/tides"] = "<h1>Tides</h1><p>Saturday 04:12</p><p>Sunday 05:10</p>"
        mesh = person_at_the_mesh(page).open("/watches")
        page.get_by_label("Address of the page").fill(f"{site.url}/tides")
        page.get_by_label("Look every").fill("60")
        page.get_by_label("Name (optional)").fill("Tides")
        mesh.button("Watch it").click()
        expect(mesh.watches.first).to_contain_text("1 look", timeout=SLOW)

        site.pages["/tides"] = "<h1>Tides</h1><p>Saturday 04:12</p><p>Sunday 05:25</p>"
        mesh.button("Look now: Tides").click()
        expect(mesh.notes).to_have_count(1, timeout=SLOW)
    expect(mesh.notes.first).to_contain_text("Sunday 05:25")
    mesh.notes.get_by_text("What changed").click()
    expect(mesh.notes.locator(".removed")).to_contain_text("Sunday 05:10")
    expect(mesh.watches.first).to_contain_text("1 change")
    mesh.notes.get_by_role("button", name="Read").click()
    expect(page.get_by_role("link", name="Watches", exact=True)).to_be_visible()
    mesh.notes.get_by_role("button", name="How it came").click()
    lanes = page.locator(".mesh-lanes text")
    expect(lanes).to_have_text(["data", "analysis", "notification"], timeout=SLOW)
    expect(page.locator(".mesh-arrow.received").nth(1)).to_be_attached()
