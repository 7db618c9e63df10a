"""The workflow of a sandbox session: makes the sandbox ready."""

from __future__ import annotations

from typing import Any

from workers import WorkflowEntrypoint

from littoral.orchestrator.motor import open_session
from littoral.platform.gateway import raw_env
from littoral.platform.workflows import WorkflowEngine, asker


class CreateSessionWorkflow(WorkflowEntrypoint):
    """One instance for each session. Its parameters are ``{owner, subject, kind}``."""

    async def run(self, event: Any, step: Any) -> str:
        """Asks the owner's object for one stage after the other."""
        ask = asker(raw_env(self.env), event["payload"])
        return await open_session(WorkflowEngine(step), ask)
