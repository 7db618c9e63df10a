"""The data agent: looks at pages by schedule and says what changed on them.

Owns what is decided on each message; reading pages is ``looking``'s, the state ``watch_state``'s,
what a change means the analysis agent's. Every fact about one watch belongs to the chain of
messages named by the watch; a change begins a chain of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from littoral.errors import DependencyPaused, LimitError, NotFound
from littoral.fetching.target import Target
from littoral.mesh.kernel.behaviour import (
    NOTHING,
    Decision,
    Effect,
    Fired,
    Incoming,
    Outcome,
    Outgoing,
    Undelivered,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.watch import breaker, limits, messages, watch_state
from littoral.mesh.watch.difference import Difference
from littoral.mesh.watch.draft import Draft, made_id, spread
from littoral.mesh.watch.plain_words import headline, plain_words

Body = Mapping[str, Any]


class Looking(Protocol):
    """Does the data agent's effects (``looking``) and judges addresses."""

    def judge(self, url: str) -> Target: ...

    async def perform(self, effect: Effect) -> Mapping[str, Any]: ...


class DataAgent:
    """``Behaviour`` of a mesh's data agent."""

    kind = "data"
    version = 1
    capabilities = ("fetch", "watch")
    accepts = messages.TO_DATA
    upgrades = NO_UPGRADES
    effects_at_once = limits.LOOKS_AT_ONCE

    def __init__(self, looking: Looking, *, pause_ms: int = breaker.PAUSE_MS) -> None:
        self._looking = looking
        self._pause_ms = pause_ms
        self._messages: Mapping[str, Callable[[Draft, Envelope], Body]] = {
            "watch.start": self._start,
            "watch.edit": self._edit,
            "watch.stop": self._stop,
            "watch.look": self._look_now,
        }

    def initial(self) -> dict[str, Any]:
        return watch_state.initial()

    def apply(self, state: Any, event: MeshEvent) -> Any:
        watch_state.fold(state, event.type, event.body, event.at_ms)
        return state

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return await self._looking.perform(effect)

    def status(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "watches": len(state["watches"]),
            "breakers": breaker.views(state["breakers"], self.kind),
        }

    def decide(self, state: Any, incoming: Incoming, now: int) -> Decision:
        draft = Draft(state, watch_state.fold, now)
        draft.pause_ms = self._pause_ms
        if isinstance(incoming, Envelope):
            return draft.done(self._messages[incoming.kind](draft, incoming))
        if isinstance(incoming, Fired):
            self._due(draft, str(incoming.body.get("watchId", "")))
        elif isinstance(incoming, Outcome) and incoming.kind == "page.look":
            self._looked(draft, incoming)
        elif isinstance(incoming, Undelivered) and incoming.kind == "change.explain":
            _tell_plainly(draft, incoming)
        made = draft.done()
        return NOTHING if made == NOTHING else made

    # --- what users ask --------------------------------------------------------------------------

    def _start(self, draft: Draft, envelope: Envelope) -> Body:
        if len(draft.state["watches"]) >= limits.WATCHES:
            raise LimitError(
                f"There are {limits.WATCHES} watches already.",
                next_step="Delete one that is not needed.",
                retryable=False,
            )
        target = self._looking.judge(envelope.body["url"])
        watch_id = draft.chain = made_id("wat", envelope.id)
        name = envelope.body["name"].strip() or target.host
        wanted = {**envelope.body, "url": target.url, "name": name}
        draft.happened("watch.started", watchId=watch_id, host=target.authority, **wanted)
        self._look(draft, watch_id)
        return watch_state.view(draft.state["watches"][watch_id])

    def _edit(self, draft: Draft, envelope: Envelope) -> Body:
        watch = _found(draft, envelope)
        changed = {key: value for key, value in envelope.body.items() if key != "watchId"}
        if "url" in changed:
            target = self._looking.judge(changed["url"])
            changed.update(url=target.url, host=target.authority)
        changed = {key: value for key, value in changed.items() if watch[key] != value}
        if not changed:
            return watch_state.view(watch)
        anew = "url" in changed
        draft.happened("watch.edited", watchId=watch["id"], changed=changed, anew=anew)
        if watch["paused"]:
            draft.cancel_timer(_timer(watch["id"]))
        elif anew or changed.get("paused") is False:
            self._look(draft, watch["id"])
        elif "everySeconds" in changed:
            soon = max(draft.now, watch["lastLookAt"] + watch["everySeconds"] * 1_000)
            _postpone(draft, watch, soon)
        return watch_state.view(watch)

    def _stop(self, draft: Draft, envelope: Envelope) -> Body:
        watch = _found(draft, envelope)
        draft.happened("watch.stopped", watchId=watch["id"])
        draft.cancel_timer(_timer(watch["id"]))
        draft.effect(_clearing(watch["id"]))
        return {}

    def _look_now(self, draft: Draft, envelope: Envelope) -> Body:
        watch = _found(draft, envelope)
        until = draft.waits_until(watch["host"])
        if until:
            seconds = max(1, (until - draft.now) // 1_000)
            raise DependencyPaused(
                f"{watch['host']} failed again and again; it is left alone for {seconds} s.",
                retry_after_seconds=seconds,
            )
        self._look(draft, watch["id"])
        return watch_state.view(watch)

    # --- looking ---------------------------------------------------------------------------------

    def _due(self, draft: Draft, watch_id: str) -> None:
        watch = draft.state["watches"].get(watch_id)
        if watch is not None and not watch["paused"]:
            draft.chain = watch_id
            self._look(draft, watch_id)

    def _look(self, draft: Draft, watch_id: str) -> None:
        """Asks for one look, or puts it off while the host's breaker is open.

        One that is under way already is not doubled: its effect has the same key.
        """
        watch = draft.state["watches"][watch_id]
        until = draft.waits_until(watch["host"])
        if until:
            _postpone(draft, watch, until + spread(watch_id, 5_000))
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

    def _looked(self, draft: Draft, outcome: Outcome) -> None:
        watch_id = draft.chain = outcome.body["watchId"]
        watch = draft.state["watches"].get(watch_id)
        if watch is None:
            draft.effect(_clearing(watch_id))
            return
        if outcome.body["url"] != watch["url"]:  # edited while it was looked at
            self._look(draft, watch_id)
            return
        found = outcome.result or {"failure": outcome.error}
        if found.get("failure"):
            _failed(draft, watch, found)
        else:
            _saw(draft, watch, found)
        if not watch["paused"]:
            draft.timer(_timer(watch_id), watch["nextLookAt"], watchId=watch_id)


def _postpone(draft: Draft, watch: Body, until: int) -> None:
    draft.happened("look.postponed", watchId=watch["id"], host=watch["host"], until=until)
    draft.timer(_timer(watch["id"]), until, watchId=watch["id"])


def _answered(draft: Draft, watch: Body) -> None:
    """The host did its part: looks that were put off because it failed come soon."""
    closes = draft.waits(watch["host"])
    draft.went_well(watch["host"])
    for each in list(draft.state["watches"].values()) if closes else ():
        waiting = each["postponed"] and not each["paused"] and each["id"] != watch["id"]
        if waiting and each["host"] == watch["host"]:
            _postpone(draft, each, draft.now + spread(each["id"], 5_000))


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
    error = {key: failure.get(key) for key in ("code", "detail", "retryable")}
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


def _tell_plainly(draft: Draft, lost: Undelivered) -> None:
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


def _found(draft: Draft, envelope: Envelope) -> dict[str, Any]:
    watch: dict[str, Any] | None = draft.state["watches"].get(envelope.body["watchId"])
    if watch is None:
        raise NotFound("There is no such watch.")
    draft.chain = watch["id"]
    return watch


def _clearing(watch_id: str) -> Effect:
    return Effect(
        key=f"clear:{watch_id}", kind="shelf.clear", body={"watchId": watch_id}, deadline=None
    )


def _timer(watch_id: str) -> str:
    return f"look:{watch_id}"
