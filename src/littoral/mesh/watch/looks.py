"""One look at a watched page: asked for, put off, and what follows from what was seen.

Pure parts of the data agent's decisions; the page is read by ``looking``. A watch has one timer and
at most one look under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.errors import PROBLEM_KEYS
from littoral.mesh.kernel.behaviour import Effect, Outcome, Outgoing, Undelivered
from littoral.mesh.watch import limits
from littoral.mesh.watch.difference import Difference
from littoral.mesh.watch.draft import Draft, spread
from littoral.mesh.watch.plain_words import headline, plain_words

Body = Mapping[str, Any]


def due(draft: Draft, watch_id: str) -> None:
    """The timer of a watch fired."""
    watch = draft.state["watches"].get(watch_id)
    if watch is not None and not watch["paused"]:
        draft.chain = watch_id
        look(draft, watch_id)


def look(draft: Draft, watch_id: str) -> None:
    """Asks for one look, or puts it off while the host's breaker is open.

    One that is under way already is not doubled: its effect has the same key.
    """
    watch = draft.state["watches"][watch_id]
    until = draft.waits_until(watch["host"])
    if until:
        postpone(draft, watch, until + spread(watch_id, 5_000))
        return
    draft.begins(watch["host"])
    draft.effect(
        Effect(
            key=f"look:{watch_id}",
            kind="page.look",
            body={"watchId": watch_id, "url": watch["url"], "hash": watch["hash"]},
            deadline=None,
            attempts=limits.LOOK_ATTEMPTS,
            timeout_seconds=limits.LOOK_SECONDS,
            correlation_id=watch_id,
        )
    )


def looked(draft: Draft, outcome: Outcome) -> None:
    """What follows from one look, however it went."""
    watch_id = draft.chain = outcome.body["watchId"]
    watch = draft.state["watches"].get(watch_id)
    if watch is None:
        draft.effect(clearing(watch_id))
        return
    if outcome.body["url"] != watch["url"]:  # edited while it was looked at
        look(draft, watch_id)
        return
    found = outcome.result or {"failure": outcome.error}
    if found.get("failure"):
        _failed(draft, watch, found)
    else:
        _saw(draft, watch, found)
    if not watch["paused"]:
        draft.timer(timer_key(watch_id), watch["nextLookAt"], watchId=watch_id)


def postpone(draft: Draft, watch: Body, until: int) -> None:
    """Moves the next look to another time (milliseconds since 1970)."""
    draft.happened("look.postponed", watchId=watch["id"], host=watch["host"], until=until)
    draft.timer(timer_key(watch["id"]), until, watchId=watch["id"])


def _answered(draft: Draft, watch: Body) -> None:
    """The host did its part: looks that were put off because it failed come soon."""
    closes = draft.waits(watch["host"])
    draft.went_well(watch["host"])
    for each in list(draft.state["watches"].values()) if closes else ():
        waiting = each["postponed"] and not each["paused"] and each["id"] != watch["id"]
        if waiting and each["host"] == watch["host"]:
            postpone(draft, each, draft.now + spread(each["id"], 5_000))


def _failed(draft: Draft, watch: Body, found: Body) -> None:
    """One look in vain. Only what speaks against the host counts at its breaker."""
    failure = found["failure"]
    host = watch["host"]
    if found.get("counts"):
        draft.went_wrong(host)
    elif found.get("answered"):
        _answered(draft, watch)
    wait = min(limits.RETRY_MS * 2 ** min(watch["failures"], 20), watch["everySeconds"] * 1_000)
    wait = max(wait, int(found.get("retryAfterSeconds") or 0) * 1_000)
    paused = draft.waits_until(host)
    soon = max(draft.now + wait, paused) + spread(watch["id"], 2_000)
    error = {key: failure.get(key) for key in PROBLEM_KEYS}
    draft.happened("look.failed", watchId=watch["id"], error=error, nextLookAt=soon)
    if watch["failures"] == limits.FAILING:
        _tell(draft, watch, "failing", f"{watch['name']} cannot be read", str(error["detail"]))


def _saw(draft: Draft, watch: Body, found: Body) -> None:
    _answered(draft, watch)
    soon = draft.now + watch["everySeconds"] * 1_000
    seen = {"watchId": watch["id"], "hash": found["hash"], "title": found["title"]}
    recovered = watch["failures"] >= limits.FAILING
    if not watch["hash"] or (found["difference"] is None and found["hash"] != watch["hash"]):
        draft.happened("page.read", **seen, lines=found["lines"], nextLookAt=soon)
    elif found["hash"] == watch["hash"]:
        draft.happened("page.unchanged", watchId=watch["id"], nextLookAt=soon)
    else:
        draft.chain = f"{watch['id']}.{watch['changes'] + 1}"
        difference = found["difference"]
        draft.happened("page.changed", **seen, difference=difference, nextLookAt=soon)
        draft.send(_explain(draft, watch, difference))
        draft.chain = watch["id"]
    if recovered:
        words = "The page is read again."
        _tell(draft, watch, "recovered", f"{watch['name']} can be read again", words)


def _explain(draft: Draft, watch: Body, difference: Body) -> Outgoing:
    return Outgoing(
        kind="change.explain",
        to="analysis",
        body={
            **_origin(watch),
            "payer": watch["payer"],
            "title": watch["title"],
            "question": watch["question"] or "",
            "difference": difference,
        },
        deadline=draft.now + limits.ANALYSIS_DEADLINE_MS,
        correlation_id=draft.chain,
    )


def _origin(watch: Body) -> dict[str, Any]:
    return {
        "watchId": watch["id"],
        "watchName": watch["name"],
        "url": watch["url"],
        "webhookId": watch["webhookId"],
    }


def _tell(draft: Draft, watch: Body, kind: str, title: str, text: str) -> None:
    body = {**_origin(watch), "kind": kind, "title": title, "text": text}
    draft.send(
        Outgoing(
            kind="notification.tell",
            to="notification",
            body=body,
            deadline=None,
            correlation_id=draft.chain,
        )
    )


def tell_plainly(draft: Draft, lost: Undelivered) -> None:
    """Nobody explains the change: the owner gets the facts."""
    difference = Difference.read(lost.body["difference"])
    origin = {key: lost.body[key] for key in ("watchId", "watchName", "url", "webhookId")}
    body = {
        **origin,
        "kind": "change",
        "title": headline(lost.body["watchName"], difference),
        "text": plain_words(difference),
        "difference": lost.body["difference"],
        "degraded": True,
    }
    draft.send(
        Outgoing(
            kind="notification.tell",
            to="notification",
            body=body,
            deadline=None,
            correlation_id=lost.correlation_id,
        )
    )


def clearing(watch_id: str) -> Effect:
    """Forgets the texts of a watch that has ended."""
    return Effect(
        key=f"clear:{watch_id}", kind="shelf.clear", body={"watchId": watch_id}, deadline=None
    )


def timer_key(watch_id: str) -> str:
    """The one timer of a watch."""
    return f"look:{watch_id}"
