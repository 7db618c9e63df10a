"""``/api/mesh``: watched pages, notifications, webhooks, and breakers of all agents."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from littoral.api.context import Api, json_answer
from littoral.api.mesh_watch_answers import (
    BreakerList,
    NotificationList,
    NotificationsRead,
    Watch,
    WatchList,
    Webhook,
    WebhookAdded,
    WebhookList,
    WebhookTested,
)
from littoral.api.mesh_watch_bodies import WatchChange, WatchRequest, WebhookRequest
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.mesh import HEAVY_CLASS, mesh_of
from littoral.api.routes.runs import idempotency_key
from littoral.mesh.watch.desk import WatchDesk

WATCHES: Final = "/api/mesh/watches"
WATCH: Final = f"{WATCHES}/{{watchId}}"
NOTIFICATIONS: Final = "/api/mesh/notifications"
WEBHOOKS: Final = "/api/mesh/webhooks"
WEBHOOK: Final = f"{WEBHOOKS}/{{webhookId}}"
_KEYED: Final = {"parameters": [IDEMPOTENCY_KEY_DOC]}
_BARE: Final = (400, 403, 404, 422)

WatchId = Annotated[str, Path(alias="watchId", pattern=r"^wat_[0-9a-f]{22}$")]
NotificationId = Annotated[str, Path(alias="notificationId", pattern=r"^ntf_[0-9a-f]{22}$")]
WebhookId = Annotated[str, Path(alias="webhookId", pattern=r"^whk_[0-9a-f]{22}$")]


def mesh_watch_routes(api: Api) -> APIRouter:
    """Watching, telling, and what is left alone for a while."""
    router = APIRouter(tags=["mesh"])
    _add_watches(router, api)
    _add_changes(router, api)
    _add_notifications(router, api)
    _add_webhooks(router, api)
    _add_webhook_changes(router, api)
    _add_breakers(router, api)
    return router


async def _desk(api: Api, request: Request, limit: str | None = None) -> WatchDesk:
    """The desk of the account that asks; raises what ``Api.account`` raises."""
    data, account = await mesh_of(api, request, "data", limit)
    return WatchDesk(
        data=data,
        notification=api.gateway.mesh(account.owner, "notification", payer=account.payer),
        ids=api.ids,
        payer=account.user_id,
        least_seconds=api.settings.watch_least_seconds,
        key=idempotency_key(request),
    )


def _add_watches(router: APIRouter, api: Api) -> None:
    @router.get(WATCHES, response_model=WatchList, responses=problems())
    async def list_watches(request: Request) -> Response:
        """All pages that you watch."""
        return json_answer({"watches": await (await _desk(api, request)).watches()})

    @router.get(WATCH, response_model=Watch, responses=problems(404, 422))
    async def get_watch(request: Request, watch_id: WatchId) -> Response:
        """One watched page: its last look, its last change, its next look."""
        return json_answer(await (await _desk(api, request)).watch(watch_id))

    @router.post(
        WATCHES,
        status_code=201,
        response_model=Watch,
        responses=problems(*WRITE, 404, 409),
        openapi_extra=_KEYED,
    )
    async def start_watch(request: Request, body: WatchRequest) -> Response:
        """Watches a page: looks at it now and by schedule, and tells you when it changes."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.start(body.sent()), 201)


def _add_changes(router: APIRouter, api: Api) -> None:
    @router.patch(WATCH, response_model=Watch, responses=problems(*WRITE, 404))
    async def edit_watch(request: Request, watch_id: WatchId, body: WatchChange) -> Response:
        """Pauses, resumes or changes a watch."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.edit(watch_id, body.sent()))

    @router.delete(WATCH, status_code=204, responses=problems(*_BARE))
    async def stop_watch(request: Request, watch_id: WatchId) -> Response:
        """Ends a watch; what it told you stays."""
        await (await _desk(api, request)).stop(watch_id)
        return Response(status_code=204)

    @router.post(f"{WATCH}/look", response_model=Watch, responses=problems(*_BARE))
    async def look_at_watch(request: Request, watch_id: WatchId) -> Response:
        """Looks at the page now; 503 while its host is left alone after failures."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.look(watch_id))


def _add_notifications(router: APIRouter, api: Api) -> None:
    @router.get(NOTIFICATIONS, response_model=NotificationList, responses=problems())
    async def list_notifications(request: Request) -> Response:
        """What you were told, newest first."""
        return json_answer(await (await _desk(api, request)).notifications())

    @router.post(
        f"{NOTIFICATIONS}/read", response_model=NotificationsRead, responses=problems(400, 403)
    )
    async def read_all_notifications(request: Request) -> Response:
        """Marks everything as read."""
        return json_answer(await (await _desk(api, request)).read(None))

    @router.post(
        f"{NOTIFICATIONS}/{{notificationId}}/read",
        response_model=NotificationsRead,
        responses=problems(*_BARE),
    )
    async def read_notification(request: Request, notification_id: NotificationId) -> Response:
        """Marks one notification as read."""
        return json_answer(await (await _desk(api, request)).read(notification_id))


def _add_webhooks(router: APIRouter, api: Api) -> None:
    @router.get(WEBHOOKS, response_model=WebhookList, responses=problems())
    async def list_webhooks(request: Request) -> Response:
        """Your webhooks with their last deliveries."""
        return json_answer({"webhooks": await (await _desk(api, request)).webhooks()})

    @router.get(WEBHOOK, response_model=Webhook, responses=problems(404, 422))
    async def get_webhook(request: Request, webhook_id: WebhookId) -> Response:
        """One webhook with its last deliveries."""
        return json_answer(await (await _desk(api, request)).webhook(webhook_id))

    @router.post(
        WEBHOOKS,
        status_code=201,
        response_model=WebhookAdded,
        responses=problems(*WRITE, 409),
        openapi_extra=_KEYED,
    )
    async def add_webhook(request: Request, body: WebhookRequest) -> Response:
        """Adds a receiver of messages signed by Standard Webhooks; shows the secret once."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.add_webhook(body.sent()), 201)


def _add_webhook_changes(router: APIRouter, api: Api) -> None:
    @router.delete(WEBHOOK, status_code=204, responses=problems(*_BARE))
    async def remove_webhook(request: Request, webhook_id: WebhookId) -> Response:
        """Removes a webhook with its secret; what is under way to it ends."""
        await (await _desk(api, request)).change_webhook(webhook_id, "remove")
        return Response(status_code=204)

    @router.post(f"{WEBHOOK}/enable", response_model=Webhook, responses=problems(*_BARE))
    async def enable_webhook(request: Request, webhook_id: WebhookId) -> Response:
        """Switches a webhook on again that was switched off after failures."""
        return json_answer(await (await _desk(api, request)).change_webhook(webhook_id, "enable"))

    @router.post(
        f"{WEBHOOK}/test",
        status_code=202,
        response_model=WebhookTested,
        responses=problems(*_BARE, 409),
    )
    async def test_webhook(request: Request, webhook_id: WebhookId) -> Response:
        """Sends a message of type `webhook.test`; the webhook's deliveries say what came of it."""
        desk = await _desk(api, request, HEAVY_CLASS)
        return json_answer(await desk.change_webhook(webhook_id, "test"), 202)


def _add_breakers(router: APIRouter, api: Api) -> None:
    @router.get("/api/mesh/breakers", response_model=BreakerList, responses=problems())
    async def list_breakers(request: Request) -> Response:
        """What your agents leave alone for a while because it failed."""
        mesh, _ = await mesh_of(api, request)
        agents = (await mesh.call("mesh.agents"))["agents"]
        return json_answer({"breakers": [each for agent in agents for each in agent["breakers"]]})
