"""The surfaces: what is done on each, and which answers are true. One module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from _lib.load.surfaces.builds import Builds
from _lib.load.surfaces.chat import Chat
from _lib.load.surfaces.executions import Executions
from _lib.load.surfaces.functions import Functions
from _lib.load.surfaces.memory import Memory
from _lib.load.surfaces.mesh import Mesh
from _lib.load.surfaces.runs import Runs
from _lib.load.surfaces.surface import Surface

SURFACES: Final[Mapping[str, Callable[[], Surface]]] = {
    "chat": Chat,
    "functions": Functions,
    "executions": Executions,
    "memory": Memory,
    "mesh": Mesh,
    "runs": Runs,
    "builds": Builds,
}

__all__ = ["SURFACES", "Surface"]
