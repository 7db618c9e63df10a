"""Owns the run of all checks over the files of a build: which check looks at which file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from littoral.builder.blueprint import Blueprint
from littoral.builder.checks.css_check import check_css
from littoral.builder.checks.html_check import check_html
from littoral.builder.checks.javascript_check import check_javascript, check_scripts
from littoral.builder.checks.json_check import check_json
from littoral.builder.checks.python_check import check_python
from littoral.builder.checks.surroundings import MOST_ISSUES_IN_FILE, Surroundings
from littoral.builder.issue import Issue, found, told_apart
from littoral.builder.limits import MAX_FILE_BYTES
from littoral.builder.ports import JavaScriptParser

ENTRIES: Mapping[str, str] = {
    "static": "index.html",
    "python-worker": "src/entry.py",
    "javascript-worker": "src/index.js",
    "script": "main.py",
}


class BuildChecks:
    """``Checks`` of a build. Same files, same issues, in the order of paths.

    ``javascript`` reads JavaScript; without it only its references are checked.
    """

    def __init__(self, javascript: JavaScriptParser | None = None) -> None:
        self._javascript = javascript

    async def run(self, files: Mapping[str, str], blueprint: Blueprint) -> Sequence[Issue]:
        """What is wrong. Never raises for what stands in a file; ``DependencyUnavailable`` when
        JavaScript cannot be read because the engine does not answer."""
        around = Surroundings.of(files, blueprint)
        issues = list(_entry_missing(around))
        for path in sorted(files):
            issues += await self._file(path, files[path], around)
        return told_apart(issues)

    async def _file(self, path: str, text: str, around: Surroundings) -> list[Issue]:
        if len(text) > MAX_FILE_BYTES:
            return [found(path, "The file is too large to be looked at.", source="parse")]
        ending = path.rsplit(".", 1)[-1].lower() if "." in path else ""
        issues = _few(_plain(path, ending, text, around))
        if ending in ("js", "mjs"):
            issues += await check_javascript(path, text, around, self._javascript)
        elif ending in ("html", "htm"):
            issues += await check_scripts(path, text, around, self._javascript)
        return issues[:MOST_ISSUES_IN_FILE]


def _plain(path: str, ending: str, text: str, around: Surroundings) -> Iterable[Issue]:
    if not text.strip() and ending in ("html", "htm", "js", "mjs", "json"):
        return [found(path, "The file is empty.", source="parse")]
    if ending == "py":
        return check_python(path, text, around)
    if ending == "json":
        return check_json(path, text)
    if ending == "css":
        return check_css(path, text, around)
    if ending in ("html", "htm"):
        return check_html(path, text, around)
    return ()


def _few(issues: Iterable[Issue]) -> list[Issue]:
    return list(islice(issues, MOST_ISSUES_IN_FILE))


def _entry_missing(around: Surroundings) -> Iterator[Issue]:
    entry = ENTRIES.get(around.kind)
    if entry and not around.has(entry):
        message = f"The program begins at {entry}, which is not there."
        yield found(entry, message, source="reference")
