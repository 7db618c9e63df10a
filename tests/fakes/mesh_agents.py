"""What the agents of a mesh do, as on the platform, with a web that never answers.

For ``tests.fakes.gateway``: every route of the mesh finds the methods that it calls.
"""

from __future__ import annotations

from collections.abc import Mapping

from littoral.clock import Clock
from littoral.credits.ledger import Ledger
from littoral.fetching.fetcher import Fetcher
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.watch.analysis_agent import AnalysisAgent
from littoral.mesh.watch.data_agent import DataAgent
from littoral.mesh.watch.delivering import WebhookDelivering
from littoral.mesh.watch.explaining import ModelExplaining
from littoral.mesh.watch.explanation import ExplanationSkill
from littoral.mesh.watch.live import data_methods, notification_methods
from littoral.mesh.watch.looking import PageLooking
from littoral.mesh.watch.notification_agent import NotificationAgent
from littoral.mesh.watch.shelf import SHELF_SCHEMA, Shelf
from littoral.mesh.watch.webhook_secrets import SECRETS_SCHEMA, WebhookSecrets
from littoral.models.offline import OFFLINE, OfflineModel
from littoral.store.database import Database
from littoral.store.migrations import migrate
from tests.fakes.mesh_objects import MakeBehaviour, MakeMethods
from tests.fakes.sqlite import Sqlite
from tests.fakes.web_wire import WebWire


def watching_agents(
    database: Database, clock: Clock
) -> tuple[dict[str, MakeBehaviour], dict[str, MakeMethods]]:
    """The data, analysis and notification agents: what they do and what else they are asked."""
    rows = Sqlite()
    migrate(rows, (SHELF_SCHEMA, SECRETS_SCHEMA))
    secrets = WebhookSecrets(rows)
    fetcher = Fetcher(WebWire(), None)
    ledger = Ledger(database, clock, daily_budget=10**9)

    def analysis() -> AnalysisAgent:
        model = OfflineModel((ExplanationSkill(),))
        return AnalysisAgent(ModelExplaining(model, ledger, clock, model_id=OFFLINE, seconds=30))

    def told(agent: Agent) -> Mapping[str, Method]:
        return notification_methods(agent, secrets)

    return (
        {
            "data": lambda: DataAgent(PageLooking(fetcher, Shelf(rows, clock))),
            "analysis": analysis,
            "notification": lambda: NotificationAgent(WebhookDelivering(fetcher, secrets, clock)),
        },
        {"data": data_methods, "notification": told},
    )
