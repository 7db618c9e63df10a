"""List and search live in rows: objects that lost their memory answer as before."""

from __future__ import annotations

import httpx

from tests.harness.worker import Worker


def test_list_and_search_survive_the_loss_of_all_memory(worker: Worker) -> None:
    with httpx.Client(base_url=worker.url, timeout=30) as guest:
        owner = guest.get("/api/me").json()["user"]["id"]
        made = guest.post("/api/sessions", json={"title": "Harbour lights"}).json()
        before = guest.get("/api/sessions").json()

        worker.evict("SessionDirectory", owner)
        worker.evict("TaskAgent", f"{owner}/{made['id']}")

        assert guest.get("/api/sessions").json() == before
        found = guest.get("/api/search", params={"q": "harb"}).json()["results"]

    assert [(each["sessionId"], each["role"]) for each in found] == [(made["id"], "title")]
