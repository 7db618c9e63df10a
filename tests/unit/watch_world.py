"""A mesh that watches pages, in memory: pages and receivers are answers that tests write."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from littoral.fetching.fetcher import Fetcher
from littoral.mesh.kernel.behaviour import Effect, Fired, Incoming, Outcome, SetTimer
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.watch import notification_state
from littoral.mesh.watch.analysis_agent import AnalysisAgent
from littoral.mesh.watch.data_agent import DataAgent
from littoral.mesh.watch.delivering import WebhookDelivering
from littoral.mesh.watch.explaining import ModelExplaining
from littoral.mesh.watch.explanation import ExplanationSkill
from littoral.mesh.watch.looking import PageLooking
from littoral.mesh.watch.notification_agent import NotificationAgent
from littoral.mesh.watch.shelf import SHELF_SCHEMA, Shelf
from littoral.mesh.watch.webhook_secrets import SECRETS_SCHEMA, WebhookSecrets
from littoral.models.model import Model
from littoral.models.offline import OFFLINE, OfflineModel
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.mesh import OWNER, Chaos, MeshWorld
from tests.fakes.sqlite import Sqlite
from tests.fakes.web_wire import Answer, Asked, WebWire, page

PAGE = "https://shop.com/tea"
HOOK = "https://hooks.org/in"


class Till:
    """A ledger that remembers what was asked of it; ``refusal`` is raised by ``reserve``."""

    def __init__(self) -> None:
        self.reserved: dict[str, int] = {}
        self.settled: dict[str, int] = {}
        self.released: list[str] = []
        self.refusal: Exception | None = None

    async def reserve(self, user_id: str, amount: int, *, ref: str, kind: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.reserved.setdefault(ref, amount)

    async def settle(self, user_id: str, *, ref: str, usage: Any) -> int:
        return self.settled.setdefault(ref, usage.cost)

    async def release(self, user_id: str, *, ref: str) -> None:
        self.released.append(ref)

    async def record(self, user_id: str, rows: Mapping[str, Any]) -> None:
        raise AssertionError("nothing is recorded beside a charge")


class WatchWorld:
    """Data, analysis and notification agents of one owner, a web, and a clock that is moved."""

    def __init__(
        self, *, chaos: Chaos | None = None, model: Model | None = None, model_id: str = OFFLINE
    ) -> None:
        self.wire = WebWire()
        self.till = Till()
        fetcher = Fetcher(self.wire, None)
        rows, clock = Sqlite(), ManualClock()
        migrate(rows, [SHELF_SCHEMA, SECRETS_SCHEMA])
        self.rows, self.clock = rows, clock
        self.secrets = WebhookSecrets(rows)
        explaining = ModelExplaining(
            model or OfflineModel([ExplanationSkill()]),
            self.till,
            clock,
            model_id=model_id,
            seconds=30,
        )
        self.mesh = MeshWorld(
            {
                "data": DataAgent(PageLooking(fetcher, Shelf(rows, clock))),
                "analysis": AnalysisAgent(explaining),
                "notification": NotificationAgent(WebhookDelivering(fetcher, self.secrets, clock)),
            },
            chaos=chaos,
        )
        self.mesh.clock = clock

    def show(self, *lines: str, url: str = PAGE) -> None:
        """The page has these lines now."""
        self.wire.answers[url] = page("<title>Tea</title>" + "".join(f"<p>{x}" for x in lines))

    def fail(self, url: str = PAGE, status: int = 503) -> None:
        """The page answers an error."""
        self.wire.answers[url] = Answer(status=status)

    async def start(self, url: str = PAGE, **more: Any) -> dict[str, Any]:
        body = {
            "url": url,
            "name": "Tea",
            "everySeconds": 60,
            "question": "",
            "webhookId": None,
            "payer": OWNER,
        }
        found: dict[str, Any] = await self.mesh.send("data", "watch.start", {**body, **more})
        return found

    async def hook(self) -> tuple[str, str]:
        """A webhook whose receiver takes everything; its id and secret."""
        self.wire.answers.setdefault(HOOK, Answer(status=204))
        found = await self.mesh.send("notification", "webhook.add", {"url": HOOK, "name": ""})
        secret = self.secrets.reveal(found["id"])
        assert secret is not None
        return found["id"], secret

    async def once(self, agent: str, kind: str, body: Mapping[str, Any]) -> None:
        """A route's message, not tried again; raises the error that it is refused with."""
        envelope = self.mesh.envelope(agent, kind, body)
        await self.mesh.call(agent, "envelope.send", envelope=envelope.to_json())

    def asked(self, url: str) -> list[Asked]:
        return [each for each in self.wire.asked if each.url == url]

    def watch(self) -> dict[str, Any]:
        (found,) = self.mesh.state("data")["watches"].values()
        return dict(found)

    def notifications(self) -> list[dict[str, Any]]:
        return list(self.mesh.state("notification")["notifications"])

    def breaker(self, agent: str, name: str) -> str:
        known = self.mesh.state(agent)["breakers"].get(name)
        return known["state"] if known else "closed"

    async def close(self) -> None:
        await self.mesh.close()
        self.rows.close()


def verified(asked: Asked, secret: str) -> dict[str, Any]:
    """The payload of a delivery whose signature is right, checked as a receiver would."""
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.{asked.body}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    assert hmac.compare_digest(expected, asked.headers["webhook-signature"])
    found: dict[str, Any] = json.loads(asked.body)
    return found


class LoneNotifier:
    """A notification agent without a mesh: its decisions, folded, on a clock that jumps."""

    def __init__(self) -> None:
        fetcher = Fetcher(WebWire(), None)
        self.agent = NotificationAgent(
            WebhookDelivering(fetcher, WebhookSecrets(Sqlite()), ManualClock())
        )
        self.state: Any = self.agent.initial()
        self.now = ManualClock().now_ms()
        self._timers: dict[str, SetTimer] = {}
        self._effects: list[Effect] = []
        self._count = 0

    def take(self, kind: str, body: Mapping[str, Any]) -> Any:
        """One message; gives the reply."""
        self._count += 1
        name = f"env_{self._count}"
        envelope = Envelope(
            id=name, sender="user", to="notification", kind=kind, correlation_id=name, body=body
        )
        return self._decided(envelope)

    def until_quiet(self, result: Mapping[str, Any]) -> int:
        """Ends every effect so, and lets every timer fire; gives how often was tried."""
        tries = 0
        while self._effects or self._timers:
            if self._effects:
                tries += 1
                self._outcome(self._effects.pop(0), result)
                continue
            due = min(self._timers.values(), key=lambda each: each.at)
            del self._timers[due.key]
            self.now = max(self.now, due.at)
            self._decided(
                Fired(id=due.key, key=due.key, at=due.at, body=due.body, correlation_id="c")
            )
        return tries

    def _outcome(self, effect: Effect, result: Mapping[str, Any]) -> None:
        self._decided(
            Outcome(
                id=effect.key,
                key=effect.key,
                kind=effect.kind,
                body=effect.body,
                result=result,
                error=None,
                attempts=1,
                correlation_id="c",
            )
        )

    def _decided(self, incoming: Incoming) -> Any:
        decision = self.agent.decide(self.state, incoming, self.now)
        for event_type, body, *_ in decision.events:
            notification_state.fold(self.state, event_type, body, self.now)
        self._effects += [each for each in decision.effects if isinstance(each, Effect)]
        self._timers |= {each.key: each for each in decision.timers if isinstance(each, SetTimer)}
        return decision.reply
