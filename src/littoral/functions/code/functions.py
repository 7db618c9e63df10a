"""Calls of functions of type code: kept code when there is some, new code when there is none.

What calls them, counts and charges them is ``littoral.functions``'s; ``maker`` is the bridge.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.errors import InvalidInput, LittoralError
from littoral.functions.code.code import Code
from littoral.functions.code.kept import Kept, KeptCode, code_key
from littoral.functions.code.outcome import Outcome
from littoral.functions.code.runner import Runner
from littoral.functions.code.writer import CodeWriter, Wanted, Written, problem_of
from littoral.models.json_schema import JsonSchema


@dataclass(frozen=True, kw_only=True)
class Called:
    """``reused``: no model was asked. ``written`` tells what was used when one was.

    ``problem`` says why the outcome is no result although it may have completed.
    """

    code: Code
    version: int
    outcome: Outcome
    reused: bool
    problem: str = ""
    written: Written | None = None


class CodeFunctions:
    """The functions of one owner."""

    def __init__(self, runner: Runner, writer: CodeWriter, kept: KeptCode) -> None:
        self._runner = runner
        self._writer = writer
        self._kept = kept

    async def call(self, wanted: Wanted, *, affinity: str = "", free_because: str = "") -> Called:
        """Runs kept code, or has it written. Repeating is safe without network: code has no
        effects then. Code is kept for the hosts that it was written for.

        Kept code that fails is written anew once, as the next version; when that fails too, the
        failure of the kept code is the outcome. Errors are those of ``CodeWriter.write``;
        ``InvalidInput`` when network is asked for a language that cannot have it.
        """
        if wanted.network and wanted.language != "python":
            raise InvalidInput(
                "Only code in Python can be granted network.",
                next_step="Leave options.language out, or options.network.",
            )
        key = code_key(
            wanted.description,
            wanted.args,
            wanted.schema,
            wanted.examples,
            wanted.language,
            wanted.network,
        )
        kept = self._kept.newest(key)
        if kept is None:
            written = await self._writer.write(wanted, affinity=affinity, free_because=free_because)
            return self._accepted(key, written)
        checker = None if wanted.schema is None else JsonSchema(wanted.schema)
        outcome = await self._runner.run(kept.code, wanted.args, network=wanted.network)
        problem = problem_of(outcome, checker)
        if not problem:
            self._kept.used(key, kept.version)
            return Called(code=kept.code, version=kept.version, outcome=outcome, reused=True)
        failed = Called(
            code=kept.code, version=kept.version, outcome=outcome, reused=True, problem=problem
        )
        if kept.doubted:
            return failed
        return await self._rewritten(key, kept, wanted, failed, affinity, free_because) or failed

    async def _rewritten(
        self,
        key: str,
        kept: Kept,
        wanted: Wanted,
        failed: Called,
        affinity: str,
        free_because: str,
    ) -> Called | None:
        self._kept.doubt(key, kept.version)
        again = Wanted(
            description=wanted.description,
            args=wanted.args,
            schema=wanted.schema,
            examples=wanted.examples,
            language=wanted.language,
            network=wanted.network,
            before=kept.code.source,
            because=failed.problem,
        )
        try:
            written = await self._writer.write(again, affinity=affinity, free_because=free_because)
        except LittoralError:
            return None
        return self._accepted(key, written)

    def _accepted(self, key: str, written: Written) -> Called:
        return Called(
            code=written.code,
            version=self._kept.keep(key, written.code),
            outcome=written.outcome,
            reused=False,
            written=written,
        )
