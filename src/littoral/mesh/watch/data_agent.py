"""The data agent: looks at pages by schedule and says what changed on them.

Owns what is decided on each message; a look is ``looks``', reading pages ``looking``'s, the state
``watch_state``'s, what a change means the analysis agent's. Every fact about one watch belongs to
the chain of messages named by the watch; a change begins a chain of its own.
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
    Undelivered,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.watch import breaker, limits, messages, watch_state
from littoral.mesh.watch.draft import Draft, made_id
from littoral.mesh.watch.looks import clearing, due, look, looked, postpone, tell_plainly, timer_key

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
            due(draft, str(incoming.body.get("watchId", "")))
        elif isinstance(incoming, Outcome) and incoming.kind == "page.look":
            looked(draft, incoming)
        elif isinstance(incoming, Undelivered) and incoming.kind == "change.explain":
            tell_plainly(draft, incoming)
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
        look(draft, watch_id)
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
            draft.cancel_timer(timer_key(watch["id"]))
        elif anew or changed.get("paused") is False:
            look(draft, watch["id"])
        elif "everySeconds" in changed:
            soon = max(draft.now, watch["lastLookAt"] + watch["everySeconds"] * 1_000)
            postpone(draft, watch, soon)
        return watch_state.view(watch)

    def _stop(self, draft: Draft, envelope: Envelope) -> Body:
        watch = _found(draft, envelope)
        draft.happened("watch.stopped", watchId=watch["id"])
        draft.cancel_timer(timer_key(watch["id"]))
        draft.effect(clearing(watch["id"]))
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
        look(draft, watch["id"])
        return watch_state.view(watch)


def _found(draft: Draft, envelope: Envelope) -> dict[str, Any]:
    watch: dict[str, Any] | None = draft.state["watches"].get(envelope.body["watchId"])
    if watch is None:
        raise NotFound("There is no such watch.")
    draft.chain = watch["id"]
    return watch
