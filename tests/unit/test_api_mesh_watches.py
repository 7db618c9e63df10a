"""``/api/mesh/watches`` and its neighbours: what they take, refuse, and answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from littoral.api.mesh_watch_answers import (
    BreakerList,
    NotificationList,
    Watch,
    WatchList,
    Webhook,
    WebhookAdded,
    WebhookList,
)
from littoral.fetching.fetcher import Fetcher
from littoral.mesh.watch.data_agent import DataAgent
from littoral.mesh.watch.delivering import WebhookDelivering
from littoral.mesh.watch.live import data_methods, notification_methods
from littoral.mesh.watch.looking import PageLooking
from littoral.mesh.watch.notification_agent import NotificationAgent
from littoral.mesh.watch.shelf import SHELF_SCHEMA, Shelf
from littoral.mesh.watch.webhook_secrets import SECRETS_SCHEMA, WebhookSecrets
from littoral.store.migrations import migrate
from tests.fakes.sqlite import Sqlite
from tests.fakes.web_wire import Answer, WebWire, page
from tests.unit.api_world import HERE, ApiWorld

PAGE = "https://shop.com/tea"
HOOK = "https://hooks.org/in"


class World(ApiWorld):
    """An API whose agents look at a web that tests write."""

    def __init__(self) -> None:
        super().__init__(watch_least_seconds=60)
        self.wire = WebWire()
        self.wire.answers |= {PAGE: page("<p>a"), HOOK: Answer(status=204)}
        self.rows = Sqlite()
        migrate(self.rows, [SHELF_SCHEMA, SECRETS_SCHEMA])
        fetcher, secrets = Fetcher(self.wire, None), WebhookSecrets(self.rows)
        shelf = Shelf(self.rows, self.clock)
        self.gateway.mesh_behaviours["data"] = lambda: DataAgent(PageLooking(fetcher, shelf))
        self.gateway.mesh_behaviours["notification"] = lambda: NotificationAgent(
            WebhookDelivering(fetcher, secrets, self.clock)
        )
        self.gateway.mesh_methods["data"] = data_methods
        self.gateway.mesh_methods["notification"] = lambda agent: notification_methods(
            agent, secrets
        )

    def close(self) -> None:
        super().close()
        self.rows.close()


@pytest.fixture
def world() -> Any:
    world = World()
    yield world
    world.close()


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.visitor() as client:
        made = await client.post("/api/signup", json={"email": "a@b.org", "name": "A"})
        client.cookies.clear()
        client.headers.update({"x-api-key": made.json()["apiKey"], "origin": HERE})
        yield client


async def test_a_watch_is_started_shown_changed_looked_at_and_stopped(client: httpx.AsyncClient):
    asked = {"url": f" {PAGE} ", "everyMinutes": 2, "question": "Cheaper?"}
    started = await client.post("/api/mesh/watches", json=asked)
    assert started.status_code == 201, started.text
    watch = Watch.model_validate(started.json())
    assert (watch.name, watch.every_seconds, watch.status) == ("shop.com", 120, "active")

    one = f"/api/mesh/watches/{watch.id}"
    shown = Watch.model_validate((await client.get(one)).json())
    assert (shown.looks, shown.error) == (1, None)
    changed = await client.patch(one, json={"paused": True, "name": "Tea", "everySeconds": 60})
    assert {"status": "paused", "name": "Tea", "nextLookAt": None}.items() <= changed.json().items()
    assert (await client.post(f"{one}/look")).status_code == 200
    listed = WatchList.model_validate((await client.get("/api/mesh/watches")).json())
    assert [each.looks for each in listed.watches] == [2]
    assert "payer" not in (await client.get(one)).json()
    assert (await client.delete(one)).status_code == 204
    assert (await client.get(one)).status_code == 404
    assert (await client.post(f"{one}/look")).status_code == 404


async def test_the_same_key_starts_one_watch_and_another_request_is_a_conflict(
    client: httpx.AsyncClient,
):
    headers = {"idempotency-key": "k1"}
    first = await client.post("/api/mesh/watches", json={"url": PAGE}, headers=headers)
    again = await client.post("/api/mesh/watches", json={"url": PAGE}, headers=headers)
    other = await client.post("/api/mesh/watches", json={"url": HOOK}, headers=headers)
    assert first.json() == again.json()
    assert other.status_code == 409


REFUSED: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"url": "http://127.0.0.1/"}, 422, "fetch_refused"),
    ({"url": "http://2130706433/"}, 422, "fetch_refused"),
    ({"url": "file:///etc/passwd"}, 422, "fetch_refused"),
    ({"url": "https://a:b@site.com/"}, 422, "fetch_refused"),
    ({"url": PAGE, "everySeconds": 59}, 422, "invalid_input"),
    ({"url": PAGE, "everySeconds": 1}, 422, "invalid_input"),
    ({"url": PAGE, "everySeconds": 60, "everyMinutes": 1}, 422, "invalid_input"),
    ({"url": PAGE, "webhookId": "whk_" + "0" * 22}, 404, "not_found"),
    ({"url": PAGE, "colour": "red"}, 422, "invalid_input"),
    ({"url": ""}, 422, "invalid_input"),
    ({}, 422, "invalid_input"),
)


async def test_what_cannot_be_watched_is_refused_with_a_reason(
    client: httpx.AsyncClient, world: World
):
    for body, status, code in REFUSED:
        refused = await client.post("/api/mesh/watches", json=body)
        assert (refused.status_code, refused.json()["code"]) == (status, code), body
    assert world.wire.asked == []


async def test_a_webhook_shows_its_secret_once_and_is_tested(
    client: httpx.AsyncClient, world: World
):
    headers = {"idempotency-key": "k"}
    first = await client.post("/api/mesh/webhooks", json={"url": HOOK}, headers=headers)
    again = await client.post("/api/mesh/webhooks", json={"url": HOOK}, headers=headers)
    made = WebhookAdded.model_validate(first.json())
    assert made.secret and made.secret.startswith("whsec_")
    assert again.json() == {**first.json(), "secret": None}

    one = f"/api/mesh/webhooks/{made.id}"
    tested = await client.post(f"{one}/test")
    assert tested.status_code == 202, tested.text
    shown = Webhook.model_validate((await client.get(one)).json())
    assert [(each.id, each.status) for each in shown.deliveries] == [
        (tested.json()["deliveryId"], "delivered")
    ]
    assert made.secret not in (await client.get("/api/mesh/agents/notification")).text
    WebhookList.model_validate((await client.get("/api/mesh/webhooks")).json())
    assert (await client.post(f"{one}/enable")).json()["status"] == "active"
    assert (await client.delete(one)).status_code == 204
    assert (await client.post(f"{one}/test")).status_code == 404


async def test_a_host_that_fails_is_listed_and_answers_come_with_a_time(
    client: httpx.AsyncClient, world: World
):
    world.wire.answers[PAGE] = Answer(status=503)
    watch = (await client.post("/api/mesh/watches", json={"url": PAGE})).json()
    one = f"/api/mesh/watches/{watch['id']}"
    for _ in range(2):
        await client.post(f"{one}/look")
    refused = await client.post(f"{one}/look")
    assert (refused.status_code, refused.json()["code"]) == (503, "dependency_paused")
    assert refused.json()["retryable"] and int(refused.headers["retry-after"]) > 0
    found = BreakerList.model_validate((await client.get("/api/mesh/breakers")).json())
    assert [(each.name, each.agent, each.state) for each in found.breakers] == [
        ("shop.com", "data", "open")
    ]


async def test_notifications_are_listed_and_read(client: httpx.AsyncClient):
    found = NotificationList.model_validate((await client.get("/api/mesh/notifications")).json())
    assert (found.notifications, found.unread) == ([], 0)
    assert (await client.post("/api/mesh/notifications/read")).json() == {"read": 0}
    missing = await client.post(f"/api/mesh/notifications/ntf_{'0' * 22}/read")
    assert missing.status_code == 404


async def test_watches_belong_to_an_account_and_need_the_scope(
    client: httpx.AsyncClient, world: World
):
    watch = (await client.post("/api/mesh/watches", json={"url": PAGE})).json()
    async with world.guest() as guest:
        assert (await guest.get("/api/mesh/watches")).status_code == 401
        made = await guest.post("/api/signup", json={"email": "c@d.org", "name": "C"})
        guest.cookies.clear()
        headers = {"x-api-key": made.json()["apiKey"]}
        other = await guest.get(f"/api/mesh/watches/{watch['id']}", headers=headers)
        assert other.status_code == 404
