"""What the notification agent remembers: what was told, webhooks, and deliveries under way.

A fold of events, in place; what is decided on messages is ``notification_agent``'s. Secrets are not
here (``webhook_secrets``): state is shown and replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.clock import iso, iso_or_none
from littoral.mesh.watch import breaker, limits

State = dict[str, Any]
Body = Mapping[str, Any]


def initial() -> State:
    return {"notifications": [], "webhooks": {}, "deliveries": {}, "breakers": {}}


def fold(state: State, event_type: str, body: Body, at_ms: int) -> None:
    """One event. Total: what is about something that has gone changes nothing."""
    if event_type in breaker.TYPES:
        breaker.apply(state["breakers"], event_type, body)
    elif event_type == "notification.created":
        state["notifications"] = [*state["notifications"], dict(body)][-limits.NOTIFICATIONS :]
    elif event_type == "notification.seen":
        for each in state["notifications"]:
            if each["id"] in body.get("ids", ()):
                each["readAt"] = each["readAt"] or iso(at_ms)
    elif event_type.startswith("webhook."):
        _fold_webhook(state, event_type, body, at_ms)
    elif event_type.startswith("delivery."):
        _fold_delivery(state, event_type, body, at_ms)


def _fold_webhook(state: State, event_type: str, body: Body, at_ms: int) -> None:
    webhooks, webhook_id = state["webhooks"], str(body.get("webhookId"))
    if event_type == "webhook.added":
        webhooks[webhook_id] = {
            "id": webhook_id,
            "url": body.get("url"),
            "host": body.get("host"),
            "name": body.get("name"),
            "disabled": "",
            "createdAt": at_ms,
            "givenUp": 0,
            "deliveries": [],
        }
    elif event_type == "webhook.removed":
        webhooks.pop(webhook_id, None)
        kept = state["deliveries"].items()
        state["deliveries"] = {k: v for k, v in kept if v["webhookId"] != webhook_id}
    elif webhook_id in webhooks:
        disabled = str(body.get("why", "")) if event_type == "webhook.disabled" else ""
        webhooks[webhook_id].update(disabled=disabled, givenUp=0)


def _fold_delivery(state: State, event_type: str, body: Body, at_ms: int) -> None:
    delivery_id = str(body.get("id"))
    webhook = state["webhooks"].get(str(body.get("webhookId")))
    if webhook is None:
        return
    if event_type == "delivery.queued":
        state["deliveries"][delivery_id] = {
            "id": delivery_id,
            "webhookId": webhook["id"],
            "notificationId": body.get("notificationId"),
            "attempts": 0,
            "postponed": False,
            "at": at_ms,
        }
        told = {"id": delivery_id, "at": iso(at_ms), "status": "sending", "attempts": 0}
        told.update(httpStatus=None, error=None, retryAt=None)
        webhook["deliveries"] = [*webhook["deliveries"], told][-limits.DELIVERIES_SHOWN :]
        return
    statuses = {
        "delivery.taken": "delivered",
        "delivery.failed": "retrying",
        "delivery.postponed": "retrying",
        "delivery.given_up": "failed",
        "delivery.dropped": "failed",
    }
    known = {key: body[key] for key in ("attempts", "httpStatus", "error") if key in body}
    for told in webhook["deliveries"]:
        if told["id"] == delivery_id:
            retry_at = iso_or_none(body.get("retryAt"))
            told.update(known, status=statuses.get(event_type, told["status"]), retryAt=retry_at)
    if event_type == "delivery.taken":
        webhook["givenUp"] = 0
    elif event_type == "delivery.given_up":
        webhook["givenUp"] += 1
    if event_type in ("delivery.failed", "delivery.postponed"):
        delivery = state["deliveries"].get(delivery_id)
        if delivery is not None:
            delivery["attempts"] = body.get("attempts", delivery["attempts"])
            delivery["postponed"] = event_type == "delivery.postponed"
    else:
        state["deliveries"].pop(delivery_id, None)


def webhook_view(webhook: Body) -> dict[str, Any]:
    """A webhook as routes and the page have it; newest delivery first."""
    return {
        "id": webhook["id"],
        "url": webhook["url"],
        "name": webhook["name"],
        "status": "disabled" if webhook["disabled"] else "active",
        "disabledBecause": webhook["disabled"] or None,
        "createdAt": iso(webhook["createdAt"]),
        "deliveries": list(reversed(webhook["deliveries"])),
    }
