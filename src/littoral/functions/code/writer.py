"""Has the code of a function written by a model, and accepts only code that was seen to work.

Code is tried on the examples and on the arguments before it is accepted; what went wrong is told to
the model, twice at most. Keeping what was accepted is ``kept``'s business.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any, Final

from littoral.credits.prices import is_free
from littoral.errors import ModelRefused
from littoral.functions import limits
from littoral.functions.code.code import Code, Language
from littoral.functions.code.outcome import Outcome
from littoral.functions.code.runner import Runner
from littoral.functions.job import Example
from littoral.jsontext import dumps
from littoral.models.fenced import fenced
from littoral.models.json_output import JsonAnswer, ask_json
from littoral.models.json_schema import JsonSchema
from littoral.models.model import Chosen, Model, ModelMessage, ModelRequest, Usage

CODE_TITLE: Final = "function code"
PYTHON_MARK: Final = "def run(args):"
"""Stands in the prompt for Python and in no other."""

MOST_TRIES: Final = 3
OUTPUT_TOKENS: Final = 4_000
_SHOWN: Final = 2_000

CODE_SCHEMA: Final[dict[str, Any]] = {
    "title": CODE_TITLE,
    "type": "object",
    "properties": {
        "source": {"type": "string", "maxLength": limits.SOURCE_BYTES},
        "cannot": {"type": "string", "maxLength": 1_000},
    },
    "required": ["source", "cannot"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What code is to be written for. ``before`` is code that failed, ``because`` how."""

    description: str
    args: Any = None
    schema: Any = None
    examples: Sequence[Example] = ()
    language: Language = "python"
    network: Sequence[str] = ()
    before: str = ""
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """Accepted code, what it gave for the arguments, and what the model used for it all."""

    code: Code
    outcome: Outcome
    usage: Usage
    chosen: Chosen
    tries: int


class CodeWriter:
    """Asks one model; ``runner`` tries what it wrote."""

    def __init__(self, model: Model, runner: Runner, *, timeout_seconds: float) -> None:
        self._model = model
        self._runner = runner
        self._timeout_seconds = timeout_seconds

    async def write(self, wanted: Wanted, *, affinity: str = "", free_because: str = "") -> Written:
        """Code that gives the examples' results, and for the arguments one that fits the schema.

        Raises ``ModelRefused`` when the model says that it cannot, was cut off, or wrote nothing
        that works three times; ``InvalidInput`` for a schema that cannot be used.
        """
        checker = None if wanted.schema is None else JsonSchema(wanted.schema)
        request = self._request(wanted, affinity, free_because)
        used = Usage()
        problem = ""
        for tries in range(1, MOST_TRIES + 1):
            answer = await ask_json(self._model, request, CODE_SCHEMA)
            used += answer.usage
            code = _code(answer, wanted.language)
            problem, outcome = await self._tried(code, wanted, checker)
            if outcome is not None:
                return Written(
                    code=code, outcome=outcome, usage=used, chosen=answer.chosen, tries=tries
                )
            request = _again(request, code, problem)
        raise ModelRefused(
            f"The model wrote no code that works, asked {MOST_TRIES} times. Last: {problem}",
            next_step="Say more exactly what is computed from what, or give an example.",
        )

    async def _tried(
        self, code: Code, wanted: Wanted, checker: JsonSchema | None
    ) -> tuple[str, Outcome | None]:
        for at, example in enumerate(wanted.examples, 1):
            outcome = await self._runner.run(code, example.args, network=wanted.network)
            if not outcome.completed:
                return f"example {at} fails: {outcome.error}", None
            if not same_json(outcome.result, example.result):
                given, due = dumps(outcome.result)[:_SHOWN], dumps(example.result)[:_SHOWN]
                return f"example {at} gives {given} and must give {due}", None
        outcome = await self._runner.run(code, wanted.args, network=wanted.network)
        problem = problem_of(outcome, checker)
        return (problem, None) if problem else ("", outcome)

    def _request(self, wanted: Wanted, affinity: str, free_because: str) -> ModelRequest:
        data = [fenced("description", wanted.description), fenced("arguments", wanted.args)]
        if wanted.schema is not None:
            data.append(fenced("result schema", wanted.schema))
        if wanted.examples:
            shown = [{"args": each.args, "result": each.result} for each in wanted.examples]
            data.append(fenced("examples", shown))
        if wanted.before:
            data.append(fenced("code before", wanted.before))
            data.append(fenced("how it failed", wanted.because))
        return ModelRequest(
            messages=(
                ModelMessage(role="system", text=_prompt(wanted)),
                ModelMessage(role="user", text="\n".join(data)),
            ),
            max_output_tokens=OUTPUT_TOKENS,
            temperature=0.0,
            affinity=affinity,
            timeout_seconds=self._timeout_seconds,
            free_because=free_because,
        )


def problem_of(outcome: Outcome, checker: JsonSchema | None) -> str:
    """Why this cannot be the result; empty when it can."""
    if not outcome.completed:
        return f"with the arguments it fails: {outcome.error}"
    if checker is not None:
        found = checker.problems(outcome.result)
        if found:
            return "the result does not fit its schema: " + "; ".join(found[:3])
    return ""


def same_json(left: Any, right: Any) -> bool:
    """Equal as JSON; numbers may differ by what floating point does."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_json(left[k], right[k]) for k in left)
    return bool(left == right)


def _code(answer: JsonAnswer, language: Language) -> Code:
    source = answer.value["source"]
    if not source.strip():
        raise ModelRefused(
            answer.value["cannot"].strip() or "The model wrote no code for this.",
            next_step="Say it in other words, give an example, or choose another model.",
        )
    model = answer.chosen.model
    origin = "offline" if model and is_free(model) else "model"
    return Code(
        language=language,
        source=_unfenced(source),
        origin="offline" if origin == "offline" else "model",
        model=model,
    )


def _unfenced(source: str) -> str:
    """Without the marks of a code block, which models put around code even inside JSON."""
    lines = source.strip("\n").splitlines()
    if len(lines) > 2 and lines[0].startswith("```") and lines[-1].strip() == "```":
        lines = lines[1:-1]
    return "\n".join(lines) + "\n"


def _again(request: ModelRequest, code: Code, problem: str) -> ModelRequest:
    said = ModelMessage(role="assistant", text=dumps({"source": code.source, "cannot": ""}))
    words = (
        "That was run and does not work. What happened is data: "
        f"{fenced('problem', problem[:_SHOWN])}\nAnswer with the corrected JSON only."
    )
    return ModelRequest(
        messages=(*request.messages, said, ModelMessage(role="user", text=words)),
        max_output_tokens=request.max_output_tokens,
        temperature=request.temperature,
        affinity=request.affinity,
        timeout_seconds=request.timeout_seconds,
        free_because=request.free_because,
    )


def _prompt(wanted: Wanted) -> str:
    name = f"{wanted.language}_code.txt"
    text = files("littoral.functions.code").joinpath(name).read_text(encoding="utf-8")
    hosts = ", ".join(wanted.network)
    if not hosts:
        return Template(text).substitute(network="", sources="the arguments alone")
    network = f" but for these hosts, by requests or urllib.request: {hosts}"
    return Template(text).substitute(network=network, sources="the arguments and those hosts")
