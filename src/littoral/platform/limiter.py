"""``Limiter`` over the Durable Object ``RateLimiter`` and the platform's own rate limiting binding.

Exact rules: one RPC to the subject's object, one JSON string each way. Other rules: the binding
``ACCOUNT_LIMITER``, which counts in the data centre of the request without a hop; its limit and
period are those of wrangler.toml, the rule's own are not asked for.
"""

from __future__ import annotations

import logging
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.api.envelope import Call, result_of
from littoral.errors import DependencyUnavailable, RateLimited
from littoral.jsontext import dumps
from littoral.limits.limiter import Rule

_log = logging.getLogger(__name__)


class DurableLimiter:
    """``env`` is the raw environment."""

    def __init__(self, env: Any) -> None:
        self._env = env

    async def take(self, subject: str, rule: Rule) -> None:
        try:
            if rule.exact:
                result_of(await self._env.RATE_LIMITER.getByName(subject).rpc(_call(rule)))
            else:
                await self._roughly(subject, rule)
        except JsException as error:
            _log.error("the count of %s did not answer: %s", rule.name, error)
            raise DependencyUnavailable(
                "The count that limits this did not answer.",
                next_step="Try again in a moment; nothing was begun.",
            ) from None

    async def _roughly(self, subject: str, rule: Rule) -> None:
        asked = js.JSON.parse(dumps({"key": f"{rule.name} {subject}"}))
        found = await self._env.ACCOUNT_LIMITER.limit(asked)
        if not found.success:
            raise RateLimited(
                "Too many requests of this account in a minute.", retry_after_seconds=60
            )


def _call(rule: Rule) -> str:
    args = {"name": rule.name, "limit": rule.limit, "perSeconds": rule.per_seconds}
    return Call(method="take", args=args).text()
