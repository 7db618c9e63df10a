"""``Maker`` for functions of type code: a job's words in, what its code gave out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from littoral.errors import InvalidInput, LittoralError, ModelRefused, TooLarge
from littoral.functions.code.functions import Called, CodeFunctions
from littoral.functions.code.writer import Wanted
from littoral.functions.job import Job, JobInput, Made

_NEXT_STEPS = {
    "raised": "Look at the line that is named and at the arguments.",
    "steps": "Give smaller arguments: the code does not end within its steps.",
    "deadline": "Give smaller arguments: the code does not end in its time.",
    "memory": "Give smaller arguments: the code needs more memory than it may have.",
    "output": "Ask for a smaller result.",
    "refused": "Say it in other words: this code may not be run.",
}


class CodeMaker:
    """Makes what functions of type code give."""

    def __init__(self, functions: CodeFunctions) -> None:
        self._functions = functions

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        """The result, or the error of the code. That no model can be reached is raised."""
        wanted = Wanted(
            description=asked.description,
            args=asked.args,
            schema=asked.schema,
            examples=asked.examples,
            language=asked.language or "python",
            network=asked.network,
        )
        told("running code")
        try:
            called = await self._functions.call(wanted, affinity=job.id)
        except (InvalidInput, TooLarge, ModelRefused) as error:
            return Made(error=_of_error(error))
        return _made(called)


def _made(called: Called) -> Made:
    written, outcome = called.written, called.outcome
    error = _problem(called) if called.problem or not outcome.completed else None
    return Made(
        result=outcome.result if error is None else None,
        error=error,
        stdout=outcome.stdout,
        code={
            "language": called.code.language,
            "hash": called.code.hash,
            "source": called.code.source,
            "version": called.version,
            "reused": called.reused,
        },
        seconds=outcome.duration_ms / 1000,
        model=written.chosen.model if written else "",
        degraded=written.chosen.degraded if written else False,
        input_tokens=written.usage.input_tokens if written else 0,
        output_tokens=written.usage.output_tokens if written else 0,
    )


def _problem(called: Called) -> dict[str, Any]:
    outcome = called.outcome
    error = outcome.error
    return {
        "code": "function_failed",
        "message": str(error) if error is not None else called.problem,
        "nextStep": _NEXT_STEPS.get(outcome.reason, "Look at the code and at the arguments."),
        "reason": outcome.reason,
        "line": error.line if error is not None else 0,
    }


def _of_error(error: LittoralError) -> dict[str, Any]:
    return {"code": error.code, "message": error.detail, "nextStep": error.advice}
