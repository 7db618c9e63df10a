"""The workflow of a run: drives it from the request to its last event."""

from __future__ import annotations

from typing import Any

from workers import WorkflowEntrypoint

from littoral.orchestrator.motor import drive
from littoral.platform.gateway import raw_env
from littoral.platform.workflows import WorkflowEngine, asker


class ExecuteTaskWorkflow(WorkflowEntrypoint):
    """One instance for each run. Its parameters are ``{owner, subject, kind}``, the run's id."""

    async def run(self, event: Any, step: Any) -> str:
        """Asks the owner's object for one stage after the other."""
        ask = asker(raw_env(self.env), event["payload"])
        return await drive(WorkflowEngine(step), ask)
