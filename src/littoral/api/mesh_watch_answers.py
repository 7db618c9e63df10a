"""What answers about watches, notifications, webhooks and breakers look like, for the API's
description."""

from __future__ import annotations

from typing import Any, Literal

from littoral.api.answers import Answer


class WatchError(Answer):
    """Why the last look was in vain."""

    code: str | None
    detail: str | None
    retryable: bool | None


class Watch(Answer):
    """A page that is watched. `failing` means that five looks in a row were in vain."""

    id: str
    url: str
    name: str
    every_seconds: int
    question: str
    webhook_id: str | None
    status: Literal["active", "paused", "failing"]
    title: str
    looks: int
    changes: int
    failures: int
    created_at: str
    last_look_at: str | None
    last_change_at: str | None
    next_look_at: str | None
    error: WatchError | None


class WatchList(Answer):
    """All watches, newest first."""

    watches: list[Watch]


class Notification(Answer):
    """What the owner was told. `difference` has the first lines that are new, gone and changed."""

    id: str
    watch_id: str
    watch_name: str
    url: str
    kind: Literal["change", "failing", "recovered", "webhook"]
    title: str
    text: str
    importance: str
    model: str
    degraded: bool
    difference: dict[str, Any] | None
    correlation_id: str
    at: str
    read_at: str | None


class NotificationList(Answer):
    """The newest hundred, newest first."""

    notifications: list[Notification]
    unread: int


class NotificationsRead(Answer):
    """How many were marked."""

    read: int


class Delivery(Answer):
    """One message to a receiver; `id` is its header `webhook-id`."""

    id: str
    at: str
    status: Literal["sending", "retrying", "delivered", "failed"]
    attempts: int
    http_status: int | None
    error: dict[str, Any] | None
    retry_at: str | None


class Webhook(Answer):
    """A receiver of signed messages, with its last deliveries, newest first."""

    id: str
    url: str
    name: str
    status: Literal["active", "disabled"]
    disabled_because: str | None
    created_at: str
    deliveries: list[Delivery]


class WebhookList(Answer):
    """All webhooks, newest first."""

    webhooks: list[Webhook]


class WebhookAdded(Webhook):
    """`secret` checks the signatures. It is shown once: `null` when it was shown before."""

    secret: str | None


class WebhookTested(Answer):
    """The delivery that was begun."""

    delivery_id: str


class BreakerState(Answer):
    """The circuit breaker of one dependency of one agent. Closed ones without failures are not
    listed."""

    name: str
    agent: str
    state: Literal["closed", "open", "half_open"]
    failures: int
    opened_at: str | None
    retry_at: str | None


class BreakerList(Answer):
    """Breakers of all agents, as they were last heard."""

    breakers: list[BreakerState]
