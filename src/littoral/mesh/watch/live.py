"""What the watching agents tell of themselves when they are asked: lists for routes and pages.

Methods of the agents' objects beside those of the kernel; nothing is changed here but that a
webhook's secret is given out once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.api.envelope import Call
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.watch import notification_state, watch_state
from littoral.mesh.watch.webhook_secrets import WebhookSecrets


def data_methods(agent: Agent) -> Mapping[str, Method]:
    """``watches.list`` {}: ``{watches}``, newest first."""

    def watches(_: Call) -> dict[str, Any]:
        known = agent.engine.memory.state["watches"].values()
        newest = sorted(known, key=lambda each: (-each["createdAt"], each["id"]))
        return {"watches": [watch_state.view(each) for each in newest]}

    return {"watches.list": watches}


def notification_methods(agent: Agent, secrets: WebhookSecrets) -> Mapping[str, Method]:
    """``notifications.list`` {}: ``{notifications, unread}``, newest first; ``webhooks.list`` {}:
    ``{webhooks}``; ``webhook.secret`` {webhookId}: ``{secret}``, null when it was told before.
    """

    def notifications(_: Call) -> dict[str, Any]:
        known = agent.engine.memory.state["notifications"]
        unread = sum(each["readAt"] is None for each in known)
        return {"notifications": list(reversed(known)), "unread": unread}

    def webhooks(_: Call) -> dict[str, Any]:
        known = agent.engine.memory.state["webhooks"].values()
        newest = sorted(known, key=lambda each: (-each["createdAt"], each["id"]))
        return {"webhooks": [notification_state.webhook_view(each) for each in newest]}

    def secret(call: Call) -> dict[str, Any]:
        webhook_id = str(call.args["webhookId"])
        known = webhook_id in agent.engine.memory.state["webhooks"]
        return {"secret": secrets.reveal(webhook_id) if known else None}

    return {
        "notifications.list": notifications,
        "webhooks.list": webhooks,
        "webhook.secret": secret,
    }
