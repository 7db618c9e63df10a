"""What models are asked for a build: the instructions, and everything else fenced as data.

Words of users, plans of models and texts of files are data in every request. Files stand as they
are, between marks that hold a part of the file's hash, so that no file can end its own block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files as resources
from string import Template
from typing import Any

from littoral.builder import limits
from littoral.builder.blueprint import PlannedFile
from littoral.builder.build import Build, Phase, QueuedMessage
from littoral.builder.issue import Issue
from littoral.models.estimate import CHARACTERS_PER_TOKEN
from littoral.models.fenced import fenced
from littoral.models.model import ModelMessage, ModelRequest

PACKAGE = "littoral.builder.prompts"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Makes requests. ``earlier`` are messages that became phases already.

    ``file_characters`` is how much of the build's files a request may hold.
    """

    max_output_tokens: int
    timeout_seconds: float
    file_characters: int = limits.CONTEXT_CHARACTERS

    @classmethod
    def within(
        cls, context_tokens: int, *, max_output_tokens: int, timeout_seconds: float
    ) -> Asking:
        """Requests that fit a model's window: half of it for the answer at most, and the rest,
        without what instructions and the plan need, for files."""
        answer = min(max_output_tokens, context_tokens // 2)
        room = (context_tokens - answer - limits.PLAN_TOKENS) * CHARACTERS_PER_TOKEN
        return cls(
            max_output_tokens=answer,
            timeout_seconds=timeout_seconds,
            file_characters=max(0, min(limits.CONTEXT_CHARACTERS, room)),
        )

    def blueprint(self, build: Build, problem: str) -> ModelRequest:
        """The request for the plan."""
        system = _instructions(
            "blueprint", phases=limits.MAX_PHASES, files=limits.MAX_FILES_IN_PHASE
        )
        blocks = [fenced("query", build.query)]
        return self._request(build, system, blocks, "Write the blueprint now.", problem)

    def next_phase(
        self, build: Build, new: Iterable[QueuedMessage], earlier: Iterable[str], problem: str
    ) -> ModelRequest:
        """The request for a phase out of messages."""
        system = _instructions("next_phase", files=limits.MAX_FILES_IN_PHASE)
        blocks = [
            *_known(build, earlier),
            fenced("new_messages", [each.text for each in new]),
        ]
        return self._request(build, system, blocks, "Write the phase now.", problem)

    def file(
        self,
        build: Build,
        file: PlannedFile,
        *,
        phase: Phase | None,
        earlier: Iterable[str],
        texts: Mapping[str, str],
        issues: Iterable[Issue],
        problem: str,
    ) -> ModelRequest:
        """The request for one file."""
        system = _instructions("file", path=file.path)
        said = phase.messages if phase else ()
        blocks = [
            *_known(build, [each for each in earlier if each not in said]),
            fenced("new_messages", list(said)),
            fenced("file", {"path": file.path, "purpose": file.purpose}),
            *_file_blocks(texts, self.file_characters, first=file.path),
        ]
        if phase is not None:
            about = {"name": phase.name, "description": phase.description}
            blocks.append(fenced("phase", about))
        open_issues = [each.to_json() for each in issues]
        if open_issues:
            blocks.append(fenced("issues", open_issues))
        last = f"Write {file.path} now, whole, between its marks."
        if open_issues:
            last = f"Write {file.path} anew so that the issues are gone. {last}"
        return self._request(build, system, blocks, last, problem)

    def review(
        self,
        build: Build,
        texts: Mapping[str, str],
        issues: Iterable[Issue],
        earlier: Iterable[str],
    ) -> ModelRequest:
        """The request for an opinion."""
        blocks = [
            *_known(build, earlier),
            fenced("known_issues", [each.to_json() for each in issues]),
            *_file_blocks(texts, self.file_characters),
        ]
        return self._request(build, _instructions("review"), blocks, "Write the review now.", "")

    def next_action(
        self,
        build: Build,
        phases: Iterable[Phase],
        issues: Iterable[Issue],
        possible: Iterable[str],
    ) -> ModelRequest:
        """The request for a choice."""
        system = _instructions("next_action", possible=", ".join(possible))
        state = {
            "phases": [
                {"name": each.name, "status": each.status, "files": len(each.files)}
                for each in phases
            ],
            "openIssues": [each.message for each in issues],
            "reviewed": build.reviewed,
            "possible": list(possible),
        }
        blocks = [*_known(build, ()), fenced("state", state)]
        return self._request(build, system, blocks, "Choose now.", "")

    def _request(
        self, build: Build, system: str, blocks: Iterable[str], last: str, problem: str
    ) -> ModelRequest:
        words = [*blocks, last]
        if problem:
            why = "Your last answer could not be used, for the reason given above."
            words = [*blocks, fenced("problem", problem), f"{why} {last}"]
        return ModelRequest(
            messages=(
                ModelMessage(role="system", text=system),
                ModelMessage(role="user", text="\n\n".join(words)),
            ),
            max_output_tokens=self.max_output_tokens,
            temperature=0.2,
            affinity=build.id,
            timeout_seconds=self.timeout_seconds,
        )


def _instructions(name: str, **values: Any) -> str:
    text = resources(PACKAGE).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _known(build: Build, earlier: Iterable[str]) -> list[str]:
    blocks = [fenced("query", build.query), fenced("messages", list(earlier))]
    if build.blueprint is not None:
        blocks.append(fenced("blueprint", build.blueprint.to_json()))
    return blocks


def _file_blocks(texts: Mapping[str, str], most: int, *, first: str = "") -> list[str]:
    """Files as they are, the one named ``first`` before the others, as far as there is room."""
    blocks, left_out, room = [], [], most
    for path in sorted(texts, key=lambda each: (each != first, each)):
        text = texts[path]
        if len(text) > room:
            left_out.append(path)
            continue
        room -= len(text)
        mark = f"{path} {sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"
        blocks.append(f"<<<DATA {mark}>>>\n{text}\n<<<END DATA {mark}>>>")
    if left_out:
        blocks.append(fenced("files_not_shown", left_out))
    return blocks
