"""The watching agents of a mesh on the platform: a guarded ``fetch``, a model, the ledger, rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from littoral.fetching.fetcher import Fetcher
from littoral.fetching.names import HttpsResolver
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.watch.analysis_agent import AnalysisAgent
from littoral.mesh.watch.data_agent import DataAgent
from littoral.mesh.watch.delivering import WebhookDelivering
from littoral.mesh.watch.explaining import ModelExplaining
from littoral.mesh.watch.explanation import ExplanationSkill
from littoral.mesh.watch.live import notification_methods
from littoral.mesh.watch.looking import PageLooking
from littoral.mesh.watch.notification_agent import NotificationAgent
from littoral.mesh.watch.shelf import SHELF_SCHEMA, Shelf
from littoral.mesh.watch.webhook_secrets import SECRETS_SCHEMA, WebhookSecrets
from littoral.platform.database import open_ledger
from littoral.platform.http import FetchClient
from littoral.platform.mesh_object import HostPlace
from littoral.platform.models import build_model
from littoral.settings import Settings
from littoral.store.migrations import migrate

NO_RESOLVER: Final = "none"


def open_fetcher(settings: Settings) -> Fetcher:
    """The guarded way out of this deployment."""
    http = FetchClient(traced=False)
    known = settings.fetch_resolver != NO_RESOLVER
    resolver = HttpsResolver(http, settings.fetch_resolver) if known else None
    return Fetcher(
        http, resolver, near=settings.fetch_near_hosts, allowed=settings.fetch_allowed_hosts
    )


def make_data(place: HostPlace) -> DataAgent:
    """The data agent of an owner's mesh."""
    migrate(place.sql, (SHELF_SCHEMA,))
    looking = PageLooking(open_fetcher(place.settings), Shelf(place.sql, place.clock))
    return DataAgent(looking, pause_ms=_pause_ms(place))


def make_analysis(place: HostPlace) -> AnalysisAgent:
    """The analysis agent of an owner's mesh."""
    settings = place.settings
    explaining = ModelExplaining(
        build_model(place.env, settings, place.clock, (ExplanationSkill(),)),
        open_ledger(place.env, settings, place.clock),
        place.clock,
        model_id=settings.default_model,
        seconds=settings.model_timeout_seconds,
    )
    return AnalysisAgent(explaining, pause_ms=_pause_ms(place))


def make_notification(place: HostPlace) -> NotificationAgent:
    """The notification agent of an owner's mesh."""
    fetcher = open_fetcher(place.settings)
    delivering = WebhookDelivering(fetcher, _secrets(place), place.clock)
    return NotificationAgent(delivering, pause_ms=_pause_ms(place))


def notification_extras(place: HostPlace, agent: Agent) -> Mapping[str, Method]:
    """What the notification agent answers besides."""
    return notification_methods(agent, _secrets(place))


def _pause_ms(place: HostPlace) -> int:
    return place.settings.mesh_breaker_seconds * 1_000


def _secrets(place: HostPlace) -> WebhookSecrets:
    migrate(place.sql, (SECRETS_SCHEMA,))
    return WebhookSecrets(place.sql)
