"""Looks at the files: checks first, then a model's opinion; and decides what is repaired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from littoral.builder import limits
from littoral.builder.asking import Asking
from littoral.builder.budget import Amounts
from littoral.builder.build import Build
from littoral.builder.build_book import BuildBook
from littoral.builder.file_changes import NOT_WRITTEN
from littoral.builder.issue import Issue, found, told_apart
from littoral.builder.ports import Checks
from littoral.builder.review_changes import ReviewChanges
from littoral.builder.round_changes import RoundChanges
from littoral.builder.schemas import REVIEW_SCHEMA
from littoral.builder.verdict import verdict
from littoral.clock import Clock
from littoral.errors import BudgetExceeded, LittoralError
from littoral.models.json_output import ask_json
from littoral.models.json_schema import JsonSchema
from littoral.models.model import Model

_REVIEW = JsonSchema(REVIEW_SCHEMA)


class Reviewer:
    """Reviews one build."""

    def __init__(
        self,
        *,
        book: BuildBook,
        changes: ReviewChanges,
        rounds: RoundChanges,
        checks: Checks,
        asking: Asking,
        clock: Clock,
    ) -> None:
        self._book = book
        self._changes = changes
        self._rounds = rounds
        self._checks = checks
        self._asking = asking
        self._clock = clock

    async def look(self, model: Model, build: Build) -> None:
        """One look at all files. Killed before its end it is done again from the beginning."""
        assert build.round is not None and build.review is not None
        number, texts = build.round.number, self._book.texts()
        begun = self._clock.now_ms()
        facts = await self.facts(build, texts)
        seconds = max(0, self._clock.now_ms() - begun) / 1000
        self._rounds.used(number, Amounts(seconds=seconds))
        kept = self._kept(build)
        opinions, told = await self._opinions(model, build, texts, [*facts, *kept])
        issues = told_apart([*facts, *kept, *opinions])[: limits.MAX_ISSUES]
        self._changes.looked(number, issues, verdict(build.review, issues), told)

    async def facts(self, build: Build, texts: Mapping[str, str]) -> list[Issue]:
        """What checks say, and files of the plan that are not there."""
        assert build.blueprint is not None
        issues = list(await self._checks.run(texts, build.blueprint))
        named = {each.file for each in issues}
        known = {each.file: each for each in self._book.open_issues() if _is_missing(each)}
        for path in self._planned():
            if path not in texts and path not in named:
                words = f"{NOT_WRITTEN} it is still missing."
                issues.append(known.get(path) or found(path, words, source="reference", about=path))
        return issues

    def _planned(self) -> list[str]:
        """Paths of phases that were written to their end."""
        phases = [each for each in self._book.phases() if each.status != "pending"]
        return list(dict.fromkeys(file.path for phase in phases for file in phase.files))

    def _kept(self, build: Build) -> list[Issue]:
        """What previews reported stays until its file was written anew; no look can see it."""
        if build.review is None or build.review.look > 1:
            return []
        return [each for each in self._book.open_issues() if each.source == "preview"]

    async def _opinions(
        self, model: Model, build: Build, texts: Mapping[str, str], known: Sequence[Issue]
    ) -> tuple[list[Issue], dict[str, Any]]:
        """A model's issues; none, and the reason, when no model gives any."""
        earlier = [each.text for each in self._book.messages(taken=True)]
        request = self._asking.review(build, texts, known, earlier)
        try:
            answer = await ask_json(model, request, _REVIEW)
        except BudgetExceeded:
            raise
        except LittoralError as error:
            return [], {"model": "", "modelSkipped": error.detail}
        issues = [
            found(each["file"], each["message"], source="model", line=each["line"])
            for each in answer.value["issues"]
            if each["file"] in texts
        ]
        return issues, {"model": answer.chosen.model, "degraded": answer.chosen.degraded}


def _is_missing(issue: Issue) -> bool:
    return issue.source == "reference" and issue.message.startswith(NOT_WRITTEN)
