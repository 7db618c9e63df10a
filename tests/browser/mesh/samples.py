"""A mesh that shows everything there is."""

from __future__ import annotations

from tests.browser.mesh.scripted_mesh import Json, MeshBook, now

NOTHING: Json = {"added": [], "removed": [], "changed": [], "addedCount": 0, "removedCount": 0}


def works(book: MeshBook, task: Json) -> None:
    """Does every part of a task, by two workers in turn."""
    for index in range(len(task["parts"])):
        book.give(task, index, f"worker-{index % 2 + 1}")
        book.finish(task, index, result={"words": index + 3})


def fill(book: MeshBook) -> dict[str, str]:
    """Addresses of the mesh's screens, by name, with something of every kind in them."""
    for name in ("coordinator", "data", "analysis", "notification"):
        book.agent(name)
    done = book.task("Count the words of each line", ["the tide", "sand and shells", "a gull"])
    works(book, done)
    going = book.task("Explain each word in one line", ["littoral", "neap tide", "lagoon"])
    book.give(going, 0, "worker-1")
    book.give(going, 1, "worker-2")
    book.finish(going, 0, error={"code": "model_unavailable", "detail": "No model answered."})
    going["parts"][0]["attempts"] = 3
    late = book.task("Fetch the pages", ["https://example.com"])
    book.cancel(late)
    breaker = {
        "name": "example.com",
        "agent": "data",
        "state": "open",
        "failures": 5,
        "openedAt": now(plus_seconds=-20),
        "retryAt": now(plus_seconds=40),
    }
    closed = {"name": "models", "agent": "analysis", "state": "closed", "failures": 0}
    book.breakers = [breaker, {**closed, "openedAt": None, "retryAt": None}]
    book.agent("data", breakers=[breaker], inbox=2, effects=1)
    book.agent("worker-2", leaseUntil=now(plus_seconds=-90), inbox=1)
    correlation = going["correlationId"]
    refused = {"id": "m", "from": "worker-2", "to": "worker-1", "kind": "part.steal"}
    book.emit("worker-1", "message.refused", correlation, **refused, detail="It may not send that.")
    book.emit("coordinator", "message.sent", correlation, id="w", to="worker-2", kind="part.cancel")
    _watch(book)
    book.letter()
    return {
        "overview": "",
        "going": f"/tasks/{going['taskId']}",
        "missing task": "/tasks/mtk_none",
        "agent": "/agents/worker-1",
        "events": "/events",
        "watches": "/watches",
        "letters": "/dead-letters",
    }


def _watch(book: MeshBook) -> None:
    hook: Json = {"id": "hok_1", "url": "https://hooks.example.com/tide", "status": "active"}
    sent = {"id": "del_1", "at": now(), "status": "delivered", "httpStatus": 204, "attempts": 1}
    failed = {**sent, "id": "del_2", "status": "failed", "httpStatus": 500, "attempts": 3}
    book.webhooks = [
        {**hook, "deliveries": [{**sent, "error": None}, {**failed, "error": "It answered 500."}]}
    ]
    gone = {**hook, "id": "hok_2", "url": "https://gone.example.com/", "status": "disabled"}
    book.webhooks.append({**gone, "disabledBecause": "It is gone.", "deliveries": []})
    watch = book.watch(
        "https://example.com/tides",
        name="Tide table",
        question="When is high water on Sunday?",
        lastLookAt=now(plus_seconds=-120),
        nextLookAt=now(plus_seconds=180),
        looks=12,
        webhookId="hok_1",
    )
    book.watch(
        "https://example.org/" + "long" * 30,
        status="failing",
        error={"code": "fetch_failed", "detail": "The page could not be reached."},
    )
    book.watch("https://example.net/news", status="paused")
    book.notify(watch, "An older change.", readAt=now())
    changed = [{"from": "Sunday 05:10", "to": "Sunday 05:25"}]
    difference = {**NOTHING, "changed": changed, "added": ["New: webcam"], "addedCount": 3}
    book.notify(watch, "High water is at 05:25.", difference=difference, degraded=True)
