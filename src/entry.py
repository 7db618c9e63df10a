"""Placeholder entry: answers a health check, so that the ground can be proved before the house."""

from durable_objects.session_directory import SessionDirectory
from durable_objects.task_agent import TaskAgent
from workers import Response, WorkerEntrypoint

__all__ = ["Default", "SessionDirectory", "TaskAgent"]


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response('{"status":"ok"}', headers={"content-type": "application/json"})
