"""Where a user's wishes about watches, notifications and webhooks become messages.

Each wish is one message to one agent, taken once: repeated with the same key it has the same id and
gets the first answer again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from littoral.clock import Ids
from littoral.errors import DependencyUnavailable, InvalidInput, NotFound
from littoral.mesh.kernel.envelope import USER, Envelope

Json = Mapping[str, Any]


class AgentObject(Protocol):
    """One agent of the user's mesh (``littoral.api.gateway.Remote``)."""

    async def call(self, method: str, arguments: Json | None = None) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class WatchDesk:
    """One user's. Make one for each request. ``payer`` is the user who pays for explanations.

    ``key`` is the request's Idempotency-Key, if there is one.
    """

    data: AgentObject
    notification: AgentObject
    ids: Ids
    payer: str
    least_seconds: int
    key: str | None = None

    # --- watches ---------------------------------------------------------------------------------

    async def watches(self) -> list[dict[str, Any]]:
        """All watches, newest first."""
        found: list[dict[str, Any]] = (await self.data.call("watches.list"))["watches"]
        return found

    async def watch(self, watch_id: str) -> dict[str, Any]:
        """One watch; raises ``NotFound``."""
        return _one(await self.watches(), watch_id, "watch", "/api/mesh/watches")

    async def start(self, asked: Json) -> dict[str, Any]:
        """A new watch, which is looked at once at once.

        Raises ``FetchRefused``, ``InvalidInput``, ``NotFound`` for the webhook, ``LimitError``.
        """
        body = {
            "url": asked["url"].strip(),
            "name": asked.get("name") or "",
            "everySeconds": self._every(asked) or max(3_600, self.least_seconds),
            "question": asked.get("question") or "",
            "webhookId": await self._known_webhook(asked.get("webhookId")),
            "payer": self.payer,
        }
        return await self._tell(self.data, "data", "watch.start", body)

    async def edit(self, watch_id: str, asked: Json) -> dict[str, Any]:
        """The watch with what is asked changed; raises as ``start``."""
        body: dict[str, Any] = {"watchId": watch_id}
        for name in ("name", "question", "paused"):
            if name in asked:
                body[name] = asked[name] if asked[name] is not None else ""
        if "url" in asked:
            body["url"] = asked["url"].strip()
        every = self._every(asked)
        if every:
            body["everySeconds"] = every
        if "webhookId" in asked:
            body["webhookId"] = await self._known_webhook(asked["webhookId"])
        return await self._tell(self.data, "data", "watch.edit", body)

    async def stop(self, watch_id: str) -> None:
        """Ends a watch and forgets its texts; raises ``NotFound``."""
        await self._tell(self.data, "data", "watch.stop", {"watchId": watch_id})

    async def look(self, watch_id: str) -> dict[str, Any]:
        """Asks for a look now; raises ``NotFound``, ``DependencyPaused``."""
        return await self._tell(self.data, "data", "watch.look", {"watchId": watch_id})

    # --- notifications ---------------------------------------------------------------------------

    async def notifications(self) -> dict[str, Any]:
        """``{notifications, unread}``, newest first."""
        found: dict[str, Any] = await self.notification.call("notifications.list")
        return found

    async def read(self, notification_id: str | None) -> dict[str, Any]:
        """Marks one notification, or all, as read; raises ``NotFound``. ``{read}`` counts them."""
        body = {} if notification_id is None else {"notificationId": notification_id}
        return await self._tell(self.notification, "notification", "notification.read", body)

    # --- webhooks --------------------------------------------------------------------------------

    async def webhooks(self) -> list[dict[str, Any]]:
        """All webhooks with their last deliveries, newest first."""
        found: list[dict[str, Any]] = (await self.notification.call("webhooks.list"))["webhooks"]
        return found

    async def webhook(self, webhook_id: str) -> dict[str, Any]:
        """One webhook; raises ``NotFound``."""
        return _one(await self.webhooks(), webhook_id, "webhook", "/api/mesh/webhooks")

    async def add_webhook(self, asked: Json) -> dict[str, Any]:
        """A new webhook with its ``secret``; null when this key's first answer had it.

        Raises ``FetchRefused``, ``LimitError``.
        """
        body = {"url": asked["url"].strip(), "name": asked.get("name") or ""}
        added = await self._tell(self.notification, "notification", "webhook.add", body)
        told = await self.notification.call("webhook.secret", {"webhookId": added["id"]})
        return {**added, "secret": told["secret"]}

    async def change_webhook(self, webhook_id: str, change: str) -> dict[str, Any]:
        """``remove``, ``enable`` or ``test``; raises ``NotFound``, ``Conflict``,
        ``DependencyPaused``."""
        body = {"webhookId": webhook_id}
        return await self._tell(self.notification, "notification", f"webhook.{change}", body)

    # --- parts -----------------------------------------------------------------------------------

    async def _known_webhook(self, webhook_id: str | None) -> str | None:
        if webhook_id is not None:
            await self.webhook(webhook_id)
        return webhook_id

    def _every(self, asked: Json) -> int:
        """Seconds between two looks; 0 when nothing is said."""
        seconds, minutes = asked.get("everySeconds"), asked.get("everyMinutes")
        if seconds and minutes:
            raise _wrong("everySeconds", "name everySeconds or everyMinutes, not both")
        every = int(seconds or (minutes or 0) * 60)
        if every and every < self.least_seconds:
            raise _wrong("everySeconds", f"must be {self.least_seconds} at least here")
        return every

    async def _tell(self, agent: AgentObject, to: str, kind: str, body: Json) -> dict[str, Any]:
        seed = f"{kind}\n{self.key}"
        message = f"env_{sha256(seed.encode()).hexdigest()[:22]}" if self.key else None
        message = message or self.ids.new("env")
        envelope = Envelope(
            id=message, sender=USER, to=to, kind=kind, correlation_id=message, body=body
        )
        answer = await agent.call("envelope.send", {"envelope": envelope.to_json()})
        if answer["reply"] is None:
            raise DependencyUnavailable(f"The {to} agent could not take this now.")
        found: dict[str, Any] = answer["reply"]
        return found


def _one(found: list[dict[str, Any]], wanted: str, noun: str, path: str) -> dict[str, Any]:
    for each in found:
        if each["id"] == wanted:
            return each
    raise NotFound(f"There is no {noun} {wanted[:60]!r}.", next_step=f"List them with GET {path}.")


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(f"{field} {message}.", fields=[{"field": field, "message": message}])
