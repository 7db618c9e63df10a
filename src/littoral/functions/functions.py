"""The functions of one owner, put together from their parts; plain Python.

``durable_objects/function_agent.py`` gives it the platform's parts and hands it every event.
"""

from __future__ import annotations

import logging
from typing import Any

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import Connections
from littoral.errors import LittoralError

_log = logging.getLogger(__name__)


class Functions:
    """Composition of one owner's functions."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections

    def state(self) -> dict[str, Any]:
        """What every client sees: newest jobs, human tasks that wait."""
        return {"jobs": [], "humanTasks": []}

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state())

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s of functions failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of functions", where, exc_info=error)
