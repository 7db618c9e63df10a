"""A watched page on the real runtime: from its change to the frame, the list and the webhook."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
import websockets

from tests.fakes.changing_site import ChangingSite, Visit, changing_site
from tests.harness.worker import KillableWorker
from tests.worker.runs_client import RunsClient

WAIT_SECONDS = 60.0
Json = dict[str, Any]


@pytest.fixture(scope="module")
def site(near_port: int) -> Iterator[ChangingSite]:
    with changing_site(near_port) as site:
        yield site


@pytest.fixture
async def client(offline_worker: KillableWorker) -> AsyncIterator[RunsClient]:
    made = await RunsClient.sign_up(offline_worker.url)
    yield made
    await made.close()


async def ask(client: RunsClient, method: str, path: str, status: int, **more: Any) -> Json:
    answer = await client.ask(method, f"/api/mesh/{path}", **more)
    assert answer.status_code == status, answer.text
    found: Json = answer.json() if answer.content else {}
    return found


async def until(found: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Waits for something to be there."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (value := await found()):
        assert time.monotonic() < deadline, f"no {what}"
        await asyncio.sleep(0.1)
    return value


async def looked(client: RunsClient, watch: Json, looks: int) -> Json:
    async def enough() -> Json | None:
        found = await ask(client, "GET", f"watches/{watch['id']}", 200)
        return found if found["looks"] >= looks else None

    found: Json = await until(enough, f"look {looks} at {watch['url']}")
    return found


def verified(visit: Visit, secret: str) -> Json:
    """What was delivered, after the checks that a receiver makes."""
    headers = visit.headers
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{visit.body}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    assert f"v1,{digest}" in headers["webhook-signature"].split(" ")
    found: Json = json.loads(visit.body)
    return found


async def test_a_page_that_changes_is_told_live_kept_and_handed_on_signed(
    client: RunsClient, site: ChangingSite
) -> None:
    site.pages["/tea"] = "<h1>Tea</h1><p>Green: 10 €<script>1</script>"
    hook = await ask(client, "POST", "webhooks", 201, json={"url": f"{site.url}/hook"})
    body = {"url": f"{site.url}/tea", "everySeconds": 3_600, "webhookId": hook["id"]}
    watch = await ask(client, "POST", "watches", 201, json={**body, "question": "Cheaper?"})
    assert (await looked(client, watch, 1))["changes"] == 0
    address = client.url.replace("http", "ws") + "/agents/mesh-agent/default"

    async with websockets.connect(address, additional_headers={"x-api-key": client.key}) as socket:
        site.pages["/tea"] = "<h1>Tea</h1><p>Green: 8 €<script>2</script><p>Black: 5 €"
        await ask(client, "POST", f"watches/{watch['id']}/look", 200)
        async with asyncio.timeout(WAIT_SECONDS):
            while (frame := json.loads(await socket.recv()))["type"] != "mesh-notification":
                continue

    told = frame["notification"]
    assert told["title"] == "Site: 1 line changed, 1 line added"
    assert "“Green: 10 €” is now “Green: 8 €”." in told["text"]
    kept = await ask(client, "GET", "notifications", 200)
    assert (kept["notifications"], kept["unread"]) == ([told], 1)
    assert (await ask(client, "POST", f"notifications/{told['id']}/read", 200)) == {"read": 1}

    async def delivered() -> Json | None:
        found = await ask(client, "GET", f"webhooks/{hook['id']}", 200)
        return found if [d["status"] for d in found["deliveries"]] == ["delivered"] else None

    shown = await until(delivered, "delivery")
    (visit,) = site.seen("/hook")
    payload = verified(visit, hook["secret"])
    assert (payload["type"], payload["data"]["id"]) == ("page.changed", told["id"])
    assert shown["deliveries"][0]["id"] == visit.headers["webhook-id"]
    assert hook["secret"] not in json.dumps(await ask(client, "GET", "agents/notification", 200))

    events = (await ask(client, "GET", f"events?correlationId={told['correlationId']}", 200))[
        "events"
    ]
    types = [each["type"] for each in events]
    assert {"page.changed", "analysis.done", "notification.created", "delivery.taken"} <= {*types}
    for agent in ("data", "analysis", "notification"):
        assert (await ask(client, "POST", f"agents/{agent}/replay", 200))["equal"] is True
    await ask(client, "DELETE", f"watches/{watch['id']}", 204)
    assert (await ask(client, "GET", "watches", 200))["watches"] == []


async def test_a_host_that_fails_is_left_alone_and_asked_again_when_it_is_over(
    client: RunsClient, site: ChangingSite
) -> None:
    site.statuses["/ill"] = 503
    watch = await ask(
        client, "POST", "watches", 201, json={"url": f"{site.url}/ill", "everySeconds": 3_600}
    )
    for looks in (1, 2):
        await looked(client, watch, looks)
        await ask(client, "POST", f"watches/{watch['id']}/look", 200)
    assert (await looked(client, watch, 3))["error"]["code"] == "fetch_failed"

    async def state() -> str:
        found = (await ask(client, "GET", "breakers", 200))["breakers"]
        return next((each["state"] for each in found if each["name"] == site.host), "closed")

    async def opened() -> bool:
        return await state() == "open"

    await until(opened, "open breaker")
    async with httpx.AsyncClient(headers={"x-api-key": client.key}) as once:
        refused = await once.post(f"{client.url}/api/mesh/watches/{watch['id']}/look")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (503, "dependency_paused")
    assert problem["retryable"] and int(refused.headers["retry-after"]) > 0
    before = len(site.seen("/ill"))
    more = [
        await ask(client, "POST", "watches", 201, json={"url": f"{site.url}/ill?{n}"})
        for n in range(5)
    ]
    assert len(site.seen("/ill")) - before <= 1  # a trial, when the pause was over by then
    agent = await ask(client, "GET", "agents/data", 200)
    assert agent["effects"] <= 1 and (agent["outbox"], agent["inbox"]) == (0, 0)

    site.statuses.clear()
    site.pages["/ill"] = "<p>well"
    await ask(client, "POST", f"watches/{watch['id']}/look", 200)  # again until it is let through

    async def all_well() -> bool:
        found = (await ask(client, "GET", "watches", 200))["watches"]
        return all(each["looks"] and each["error"] is None for each in found)

    await until(all_well, f"good look at all {len(more) + 1}")
    assert await state() == "closed"
    found = (await ask(client, "GET", "events?agent=data&limit=500", 200))["events"]
    types = [each["type"] for each in found if each["type"].startswith("breaker.")]
    assert types[2:4] == ["breaker.opened", "breaker.half_opened"] and types[-1] == "breaker.closed"


async def test_pages_of_ill_will_are_refused_with_reasons(
    client: RunsClient, site: ChangingSite
) -> None:
    site.names["rebind.site.com"] = "10.0.0.7"
    reasons = {
        f"{site.url}/bomb": "2,000,000 bytes",
        f"{site.url}/huge": "2,000,000 bytes",
        f"{site.url}/endless": "2,000,000 bytes",
        f"{site.url}/short": "broke off",
        f"{site.url}/picture": "no text",
        f"{site.url}/loop": "more than 5 times",
        f"{site.url}/away": "is an address",
        f"{site.url}/secret-user": "user and password",
        f"{site.url}/slow": "took over",
        "http://rebind.site.com/": "10.0.0.7",
        "http://unknown.site.com/": "no host called",
    }
    watches = {url: await ask(client, "POST", "watches", 201, json={"url": url}) for url in reasons}
    for url, reason in reasons.items():
        found = await looked(client, watches[url], 1)
        assert reason in found["error"]["detail"], (url, found["error"])
    flood = await ask(client, "POST", "watches", 201, json={"url": f"{site.url}/flood"})
    assert (await looked(client, flood, 1))["looks"] == 1
    for url in ("http://127.0.0.1:1/", "http://2130706433/", "http://metadata.google.internal/"):
        refused = await ask(client, "POST", "watches", 422, json={"url": url})
        assert refused["code"] == "fetch_refused"
        assert (await ask(client, "POST", "webhooks", 422, json={"url": url}))["code"] == (
            "fetch_refused"
        )
    seen = {each.path for each in site.visits if "rebind" in each.headers.get("host", "")}
    assert seen == set()
