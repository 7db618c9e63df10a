"""An execution as a stream for its caller: it begins, words, it ends with the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from littoral.api.event_feed import KEEPALIVE_SECONDS, LOST_TRIES
from littoral.api.event_stream import event
from littoral.api.gateway import Remote
from littoral.api.limits import PAGE_EVENTS
from littoral.errors import LittoralError
from littoral.jsontext import dumps


async def words_of(remote: Remote, execution: dict[str, Any]) -> AsyncIterator[bytes]:
    """An execution as it happens: it begins, words, it ends; each has its event's number."""
    args: dict[str, Any] = {"executionId": execution["id"], "limit": PAGE_EVENTS}
    page: dict[str, Any] = {"events": [], "next": 0, "ended": False}
    yield b": ok\n\n"
    lost = 0
    while True:
        try:
            asked = {**args, "since": page["next"], "seconds": KEEPALIVE_SECONDS}
            page = await remote.call("execution.wait", asked)
            lost = 0
        except LittoralError:
            lost += 1
            if lost > LOST_TRIES:
                return  # The caller reads the execution, or its events after the last number.
            page = {**page, "events": []}
        for each in page["events"]:
            told = _frame(each, page.get("execution") or execution)
            yield event(dumps(told), number=each["number"])
        if page["ended"]:
            return
        if not page["events"]:
            yield b": waiting\n\n"


def _frame(happened: dict[str, Any], execution: dict[str, Any]) -> dict[str, Any]:
    if happened["type"] == "execution.output":
        return {"type": "text-delta", "delta": happened["data"]["text"]}
    if happened["type"] == "execution.started":
        shown = {**execution, "status": "running", "output": None, "endedAt": None}
        return {"type": happened["type"], "execution": shown}
    return {"type": happened["type"], "execution": execution}
