"""The notification agent's way to the world: hands a signed message to a webhook's receiver.

What goes wrong outside is a result and no error: when to try again is ``deliveries``' to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.clock import Clock
from littoral.errors import DeadlineExceeded, FetchFailed, FetchRefused, short_problem
from littoral.fetching.fetcher import Fetcher
from littoral.fetching.target import Target
from littoral.mesh.kernel.behaviour import Effect
from littoral.mesh.watch.signature import signed_headers
from littoral.mesh.watch.webhook_secrets import WebhookSecrets

_COUNTED: Final = frozenset({408, 425, 429})


class WebhookDelivering:
    """``Delivering`` over a guarded fetcher. A repeated effect sends again, with the same id."""

    def __init__(self, fetcher: Fetcher, secrets: WebhookSecrets, clock: Clock) -> None:
        self._fetcher = fetcher
        self._secrets = secrets
        self._clock = clock

    def judge(self, url: str) -> Target:
        return self._fetcher.judge(url)

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        webhook_id = str(effect.body["webhookId"])
        if effect.kind == "secret.forget":
            self._secrets.forget(webhook_id)
            return {}
        payload = str(effect.body["payload"])
        headers = signed_headers(
            self._secrets.secret(webhook_id),
            message_id=str(effect.body["id"]),
            at_seconds=self._clock.now_ms() // 1_000,
            body=payload,
        )
        if effect.trace:
            headers["traceparent"] = effect.trace
        try:
            taken = await self._fetcher.post(str(effect.body["url"]), headers, payload)
        except (FetchRefused, FetchFailed, DeadlineExceeded) as error:
            return {"status": None, "failure": short_problem(error), "counts": error.retryable}
        return {
            "status": taken.status,
            "failure": None,
            "counts": taken.status >= 500 or taken.status in _COUNTED,
            "retryAfterSeconds": taken.retry_after_seconds,
        }
