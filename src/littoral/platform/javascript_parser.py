"""``JavaScriptParser`` over dynamic Workers: V8 itself says whether a source can be read.

Nothing of the source is run (``littoral.platform.dynamic_worker``).
"""

from __future__ import annotations

from typing import Any

from littoral.builder.ports import SyntaxProblem
from littoral.errors import DeadlineExceeded, DependencyUnavailable
from littoral.platform.dynamic_worker import DynamicWorkers, parse_javascript


class EngineParser:
    """``env`` is the raw environment of the Worker."""

    def __init__(self, env: Any) -> None:
        self._workers = DynamicWorkers(env)

    async def problem(self, source: str, *, module: bool = True) -> SyntaxProblem | None:
        """As ``JavaScriptParser.problem``."""
        try:
            problem = await parse_javascript(self._workers, source, module=module)
        except DeadlineExceeded as late:
            raise DependencyUnavailable(
                "The engine did not read a script in time.", next_step="Try again."
            ) from late
        return SyntaxProblem(line=problem.line, message=problem.message) if problem else None
