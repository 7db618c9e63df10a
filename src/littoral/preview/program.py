"""A build that is a Worker, as the runner of dynamic Workers gets it.

Where it runs, without network, bindings and secrets, is ``littoral.platform.preview_runner``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from littoral.builder.blueprint import BuildKind

RUN_SECONDS: Final = 30.0
"""With the time of a first start, which for Python is seconds."""

ANSWER_BYTES: Final = 5 * 1024 * 1024

Language = Literal["python", "javascript"]

_ENDINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "python": (".py",),
    "javascript": (".js", ".mjs"),
}
_NAMES: Final = ("worker", "entry", "index", "main", "app", "server")
_NO_PART: Final = ("test", "tests", "node_modules")


@dataclass(frozen=True, kw_only=True)
class Program:
    """Modules by name, and which of them begins. The same ``id`` is the same program."""

    id: str
    language: Language
    entry: str
    sources: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ProgramRequest:
    """What the program is asked. ``url`` is on its own host, ``body`` ``None`` for none."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, kw_only=True)
class ProgramAnswer:
    """What it said, headers by lower-case names; at most ``ANSWER_BYTES``."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ProgramFailed(Exception):
    """It raised, could not be loaded, took too long or said too much; the text says which."""


class Runner(Protocol):
    """Runs programs that nobody trusts."""

    async def fetch(self, program: Program, request: ProgramRequest) -> ProgramAnswer:
        """Its answer within ``RUN_SECONDS``. Raises ``ProgramFailed``."""
        ...


def language_of(kind: BuildKind) -> Language | None:
    """The language of a build that is a Worker, ``None`` for every other."""
    languages: Mapping[BuildKind, Language] = {
        "python-worker": "python",
        "javascript-worker": "javascript",
    }
    return languages.get(kind)


def source_paths(paths: Collection[str], language: Language) -> list[str]:
    """The files that are code of the program, without its tests."""
    return sorted(
        path for path in paths if path.endswith(_ENDINGS[language]) and not _is_test(path)
    )


def as_modules(sources: Mapping[str, str], entry: str, language: Language) -> Mapping[str, str]:
    """Sources by the names under which they import each other.

    Python begins in the folder of its entry, and files beside that folder are left out; JavaScript
    imports by path, so its names stay.
    """
    root = entry.rpartition("/")[0] + "/"
    if language == "javascript" or root == "/":
        return sources
    return {
        path.removeprefix(root): text for path, text in sources.items() if path.startswith(root)
    }


def entry_of(paths: Collection[str], language: Language) -> str | None:
    """The file that begins, by its name and the depth of its folder; ``None`` when unclear.

    A lone file begins whatever its name is.
    """
    sources = source_paths(paths, language)
    named = [path for path in sources if _stem(path) in _NAMES]
    if named:
        return min(named, key=lambda path: (path.count("/"), _NAMES.index(_stem(path)), path))
    return sources[0] if len(sources) == 1 else None


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].lower()


def _is_test(path: str) -> bool:
    folders = path.split("/")[:-1]
    stem = _stem(path)
    return (
        any(part in _NO_PART for part in folders)
        or stem.startswith("test_")
        or stem.endswith(("_test", ".test"))
    )
