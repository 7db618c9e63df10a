"""The notification agent: tells the owner, live and by signed webhooks.

Owns what is decided on each message; a webhook is sent by ``delivering``, the state is
``notification_state``'s. That an open page hears of ``notification.created`` is the mesh's doing
(``littoral.mesh.directory``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from littoral.clock import iso
from littoral.errors import Conflict, DependencyPaused, LimitError, NotFound
from littoral.fetching.target import Target
from littoral.mesh.kernel.behaviour import NOTHING, Decision, Effect, Fired, Incoming, Outcome
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.watch import breaker, limits, messages, notification_state
from littoral.mesh.watch.deliveries import ended, queue, try_now
from littoral.mesh.watch.draft import Draft, made_id

Body = Mapping[str, Any]


class Delivering(Protocol):
    """Does the notification agent's effects (``delivering``) and judges addresses."""

    def judge(self, url: str) -> Target: ...

    async def perform(self, effect: Effect) -> Mapping[str, Any]: ...


class NotificationAgent:
    """``Behaviour`` of a mesh's notification agent."""

    kind = "notification"
    version = 1
    capabilities = ("notify",)
    accepts = messages.TO_NOTIFICATION
    upgrades = NO_UPGRADES
    effects_at_once = limits.DELIVERIES_AT_ONCE

    def __init__(self, delivering: Delivering, *, pause_ms: int = breaker.PAUSE_MS) -> None:
        self._delivering = delivering
        self._pause_ms = pause_ms
        self._messages: Mapping[str, Callable[[Draft, Envelope], Body]] = {
            "notification.tell": _tell,
            "notification.read": _read,
            "webhook.add": self._add,
            "webhook.remove": _remove,
            "webhook.enable": _enable,
            "webhook.test": _test,
        }

    def initial(self) -> dict[str, Any]:
        return notification_state.initial()

    def apply(self, state: Any, event: MeshEvent) -> Any:
        notification_state.fold(state, event.type, event.body, event.at_ms)
        return state

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return await self._delivering.perform(effect)

    def status(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        unread = sum(each["readAt"] is None for each in state["notifications"])
        return {
            "unread": unread,
            "webhooks": len(state["webhooks"]),
            "deliveries": len(state["deliveries"]),
            "breakers": breaker.views(state["breakers"], self.kind),
        }

    def decide(self, state: Any, incoming: Incoming, now: int) -> Decision:
        draft = Draft(state, notification_state.fold, now)
        draft.pause_ms = self._pause_ms
        if isinstance(incoming, Envelope):
            return draft.done(self._messages[incoming.kind](draft, incoming))
        if isinstance(incoming, Fired):
            try_now(draft, str(incoming.body.get("id", "")))
        elif isinstance(incoming, Outcome) and incoming.kind == "webhook.send":
            ended(draft, incoming)
        made = draft.done()
        return NOTHING if made == NOTHING else made

    def _add(self, draft: Draft, envelope: Envelope) -> Body:
        if len(draft.state["webhooks"]) >= limits.WEBHOOKS:
            raise LimitError(
                f"There are {limits.WEBHOOKS} webhooks already.",
                next_step="Delete one that is not needed.",
                retryable=False,
            )
        target = self._delivering.judge(envelope.body["url"])
        webhook_id = made_id("whk", envelope.id)
        name = envelope.body["name"].strip() or target.host
        draft.happened(
            "webhook.added", webhookId=webhook_id, url=target.url, host=target.authority, name=name
        )
        return notification_state.webhook_view(draft.state["webhooks"][webhook_id])


def _tell(draft: Draft, envelope: Envelope) -> Body:
    body = envelope.body
    notification_id = made_id("ntf", envelope.id)
    told = {key: body[key] for key in ("watchId", "watchName", "url", "kind", "title", "text")}
    draft.happened(
        "notification.created",
        id=notification_id,
        **told,
        importance=body.get("importance", "medium"),
        model=body.get("model", ""),
        degraded=body.get("degraded", False),
        difference=_shortened(body.get("difference")),
        correlationId=envelope.correlation_id,
        at=iso(draft.now),
        readAt=None,
    )
    if body["webhookId"] in draft.state["webhooks"]:
        queue(draft, body["webhookId"], envelope.id, notification_id)
    return {"notificationId": notification_id}


def _read(draft: Draft, envelope: Envelope) -> Body:
    """One notification, or all of them, was seen; repeating changes nothing."""
    wanted = envelope.body.get("notificationId")
    known = draft.state["notifications"]
    if wanted is not None and all(each["id"] != wanted for each in known):
        raise NotFound("There is no such notification.")
    new = [each["id"] for each in known if each["readAt"] is None and wanted in (None, each["id"])]
    if new:
        draft.happened("notification.seen", ids=new)
    return {"read": len(new)}


def _remove(draft: Draft, envelope: Envelope) -> Body:
    webhook = _webhook(draft, envelope)
    draft.happened("webhook.removed", webhookId=webhook["id"])
    draft.effect(
        Effect(
            key=f"forget:{webhook['id']}",
            kind="secret.forget",
            body={"webhookId": webhook["id"]},
            deadline=None,
        )
    )
    return {}


def _enable(draft: Draft, envelope: Envelope) -> Body:
    webhook = _webhook(draft, envelope)
    if webhook["disabled"]:
        draft.happened("webhook.enabled", webhookId=webhook["id"])
    return notification_state.webhook_view(webhook)


def _test(draft: Draft, envelope: Envelope) -> Body:
    webhook = _webhook(draft, envelope)
    if webhook["disabled"]:
        raise Conflict("The webhook is switched off.", next_step="Switch it on and test it again.")
    until = draft.waits_until(webhook["host"])
    if until:
        seconds = max(1, (until - draft.now) // 1_000)
        raise DependencyPaused(
            f"{webhook['host']} failed again and again; it is left alone for {seconds} s.",
            retry_after_seconds=seconds,
        )
    return {"deliveryId": queue(draft, webhook["id"], envelope.id, None)}


def _webhook(draft: Draft, envelope: Envelope) -> dict[str, Any]:
    webhook: dict[str, Any] | None = draft.state["webhooks"].get(envelope.body["webhookId"])
    if webhook is None:
        raise NotFound("There is no such webhook.")
    return webhook


def _shortened(difference: Body | None) -> dict[str, Any] | None:
    """The first lines of a difference, as a notification keeps them."""
    if difference is None:
        return None
    most, length = limits.KEPT_LINES, limits.KEPT_CHARACTERS
    pairs = list(difference.get("changed", ()))[:most]
    return {
        **difference,
        "added": [str(line)[:length] for line in difference.get("added", ())][:most],
        "removed": [str(line)[:length] for line in difference.get("removed", ())][:most],
        "changed": [
            {"from": str(each["from"])[:length], "to": str(each["to"])[:length]} for each in pairs
        ],
    }
