"""How much a request may hold. Limits of what is kept are with their owners (tasks, sessions)."""

from __future__ import annotations

from typing import Final

BODY_BYTES: Final = 64 * 1024
"""Longest body of a request."""

FUNCTION_BODY_BYTES: Final = 512 * 1024
"""Longest body of a request about functions: arguments, a schema and examples."""

MEMORY_BODY_BYTES: Final = 4 * 1024 * 1024
"""Longest body of documents for an agent's memory: one of a megabyte, also with escapes."""

MESH_TASK_BODY_BYTES: Final = 512 * 1024
"""Longest body of a task of the mesh: up to a thousand items."""

EXECUTION_BODY_BYTES: Final = 256 * 1024
"""Longest body of an execution: its input and variables."""

PATH_CHARACTERS: Final = 2_000
"""Longest address, its query aside."""

SESSION_TITLE_CHARACTERS: Final = 200
DUE_CHARACTERS: Final = 200
QUERY_CHARACTERS: Final = 200
PAGE_MESSAGES: Final = 100
PAGE_SESSIONS: Final = 100
PAGE_RESULTS: Final = 50
PAGE_EVENTS: Final = 500


def body_bytes(path: str) -> int:
    """The longest body that an address takes."""
    if path.startswith("/api/agents/") and path.endswith("/memory"):
        return MEMORY_BODY_BYTES
    if path.startswith("/api/agents/") and path.endswith("/execute"):
        return EXECUTION_BODY_BYTES
    if path == "/api/mesh/tasks":
        return MESH_TASK_BODY_BYTES
    about_functions = path == "/fn" or path.startswith("/fn/")
    return FUNCTION_BODY_BYTES if about_functions else BODY_BYTES
