"""How one delivery to a webhook goes on: sent, tried again with growing pauses, or given up.

Pure parts of the notification agent's decisions. The id of a delivery is the ``webhook-id`` of
every try: receivers tell repetitions by it. While the host's breaker is open nothing is sent and no
try is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.clock import iso
from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import Effect, Outcome
from littoral.mesh.watch import limits
from littoral.mesh.watch.draft import Draft, made_id, spread

Body = Mapping[str, Any]
_GONE: Final = 410
_EVENT_TYPES: Final = {
    "change": "page.changed",
    "failing": "page.failing",
    "recovered": "page.recovered",
}


def queue(draft: Draft, webhook_id: str, source: str, notification_id: str | None) -> str:
    """Begins a delivery to a webhook that exists; gives its id. ``None`` delivers a test.

    A webhook that is switched off, or has too much under way, gets nothing, which is recorded.
    """
    delivery_id = made_id("msg", f"{source}:{webhook_id}")
    of = {"id": delivery_id, "webhookId": webhook_id, "notificationId": notification_id}
    draft.happened("delivery.queued", **of)
    if draft.state["webhooks"][webhook_id]["disabled"]:
        draft.happened("delivery.dropped", **of, error=_error("disabled", "It is switched off."))
    elif len(draft.state["deliveries"]) > limits.DELIVERIES_OPEN:
        draft.happened("delivery.dropped", **of, error=_error("queue_full", "Too many wait."))
    else:
        try_now(draft, delivery_id)
    return delivery_id


def try_now(draft: Draft, delivery_id: str) -> None:
    """One try of a delivery that is under way, or a pause while the breaker is open."""
    delivery = draft.state["deliveries"].get(delivery_id)
    webhook = delivery and draft.state["webhooks"].get(delivery["webhookId"])
    if not delivery or not webhook:
        return
    of = {"id": delivery_id, "webhookId": webhook["id"]}
    payload = _payload(draft, delivery, webhook)
    if webhook["disabled"] or payload is None:
        why = "The webhook was switched off." if payload else "The notification was forgotten."
        draft.happened("delivery.dropped", **of, error=_error("dropped", why))
        return
    until = draft.waits_until(webhook["host"])
    if until:
        soon = until + spread(delivery_id, 5_000)
        _postpone(draft, delivery, soon)
        return
    draft.begins(webhook["host"])
    draft.effect(
        Effect(
            key=f"deliver:{delivery_id}:{delivery['attempts'] + 1}",
            kind="webhook.send",
            body={**of, "url": webhook["url"], "payload": payload},
            deadline=None,
            attempts=1,
            timeout_seconds=limits.DELIVERY_SECONDS,
        )
    )


def ended(draft: Draft, outcome: Outcome) -> None:
    """What follows from one try."""
    delivery = draft.state["deliveries"].get(outcome.body["id"])
    webhook = draft.state["webhooks"].get(outcome.body["webhookId"])
    if delivery is None or webhook is None:
        return
    found = outcome.result or {"failure": outcome.error, "status": None}
    status, attempts = found.get("status"), delivery["attempts"] + 1
    of = {"id": delivery["id"], "webhookId": webhook["id"], "attempts": attempts}
    if status is not None and 200 <= status < 300:
        _answered(draft, webhook, delivery["id"])
        draft.happened("delivery.taken", **of, httpStatus=status, error=None)
        return
    if found.get("counts"):
        draft.went_wrong(webhook["host"])
    elif status is not None:
        _answered(draft, webhook, delivery["id"])
    failure = found.get("failure") or _error("http_status", f"The receiver answered {status}.")
    error = {key: failure.get(key) for key in ("code", "detail")}
    if status == _GONE or attempts > len(limits.DELIVERY_DELAYS_MS):
        draft.happened("delivery.given_up", **of, httpStatus=status, error=error)
        _maybe_disable(draft, webhook, status)
        return
    usual = limits.DELIVERY_DELAYS_MS[attempts - 1]
    wait = max(usual, int(found.get("retryAfterSeconds") or 0) * 1_000)
    soon = draft.now + wait + spread(f"{delivery['id']}{attempts}", usual // 4)
    draft.happened("delivery.failed", **of, httpStatus=status, error=error, retryAt=soon)
    draft.timer(f"deliver:{delivery['id']}", soon, id=delivery["id"])


def _postpone(draft: Draft, delivery: Body, until: int) -> None:
    of = {"id": delivery["id"], "webhookId": delivery["webhookId"]}
    draft.happened("delivery.postponed", **of, retryAt=until)
    draft.timer(f"deliver:{delivery['id']}", until, id=delivery["id"])


def _answered(draft: Draft, webhook: Body, delivery_id: str) -> None:
    """The receiver did its part: what was put off because it failed is tried soon."""
    closes = draft.waits(webhook["host"])
    draft.went_well(webhook["host"])
    for each in list(draft.state["deliveries"].values()) if closes else ():
        known = draft.state["webhooks"][each["webhookId"]]
        if each["postponed"] and each["id"] != delivery_id and known["host"] == webhook["host"]:
            _postpone(draft, each, draft.now + spread(each["id"], 5_000))


def _maybe_disable(draft: Draft, webhook: Body, status: int | None) -> None:
    """Switches off a webhook whose receiver is gone or has failed for long, and says so."""
    if status == _GONE:
        why = "The receiver answered 410: it is gone."
    elif webhook["givenUp"] >= limits.GIVEN_UP_IN_A_ROW:
        why = f"{limits.GIVEN_UP_IN_A_ROW} deliveries in a row were given up after all tries."
    else:
        return
    draft.happened("webhook.disabled", webhookId=webhook["id"], why=why)
    source = f"{webhook['id']}:{draft.now}"
    draft.happened(
        "notification.created",
        id=made_id("ntf", source),
        watchId="",
        watchName="",
        url=webhook["url"],
        kind="webhook",
        title=f"The webhook {webhook['name']} was switched off",
        text=why,
        importance="high",
        model="",
        degraded=False,
        difference=None,
        correlationId=source.replace(":", "."),
        at=iso(draft.now),
        readAt=None,
    )


def _payload(draft: Draft, delivery: Body, webhook: Body) -> str | None:
    """The body, the same in every try; ``None`` when its notification is not kept any more."""
    wanted = delivery["notificationId"]
    if wanted is None:
        data: dict[str, Any] = {"webhookId": webhook["id"], "text": "A test."}
        return dumps({"type": "webhook.test", "timestamp": iso(delivery["at"]), "data": data})
    for each in draft.state["notifications"]:
        if each["id"] == wanted:
            data = {key: value for key, value in each.items() if key != "readAt"}
            event_type = _EVENT_TYPES.get(each["kind"], "page.changed")
            return dumps({"type": event_type, "timestamp": each["at"], "data": data})
    return None


def _error(code: str, detail: str) -> dict[str, Any]:
    return {"code": code, "detail": detail}
