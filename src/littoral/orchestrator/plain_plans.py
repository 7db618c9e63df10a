"""Plans for plain requests without a language model; what is not plain is not guessed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator

from littoral.orchestrator.plan import PlannedCommand

_FILE = r"[`'\"]?(?P<file>[\w./~@+-]+)[`'\"]?"
_THEN = re.compile(r"(?:\s*[;,.]\s*|\s+)(?:and\s+)?then\s+", re.IGNORECASE)
_RUN = re.compile(
    r"(?:please\s+)?(?:run|execute)\s*:?\s+(?:the\s+command\s+)?(?P<line>.+)", re.I | re.S
)
_UNITS = {"words": "-w", "lines": "-l", "characters": "-m", "bytes": "-c"}

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], PlannedCommand]]


def plain_plan(words: str) -> tuple[PlannedCommand, ...] | None:
    """Commands for the words, or ``None`` when one part of them is not understood."""
    planned: list[PlannedCommand] = []
    for part in _parts(words):
        found = _run(part) or _matched(part)
        if found is None:
            return None
        planned.append(found)
    return tuple(planned) or None


def _parts(words: str) -> Iterator[str]:
    for part in _THEN.split(words.strip()):
        clean = part.strip()
        if clean:
            yield clean


def _run(part: str) -> PlannedCommand | None:
    found = _RUN.fullmatch(part)
    if found is None:
        return None
    line = found["line"].strip()
    for quote in ("```", "`"):
        if line.strip(".").startswith(quote) and line.strip(".").endswith(quote):
            line = line.strip(".").strip("`").strip()
    return PlannedCommand(title=f"Run {line[:60]}", command=line) if line else None


def _matched(part: str) -> PlannedCommand | None:
    plain = re.sub(r"^(?:please|can you|could you)\s+", "", part, flags=re.IGNORECASE).rstrip("?!.")
    for pattern, make in _RULES:
        found = pattern.fullmatch(plain)
        if found is not None:
            return make(found)
    return None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL)


def _name(found: re.Match[str]) -> str:
    return shlex.quote(found["file"] or ".")


def _list(found: re.Match[str]) -> PlannedCommand:
    place = found["file"] or "."
    return PlannedCommand(title=f"List files in {place}", command=f"ls -la {shlex.quote(place)}")


def _count(found: re.Match[str]) -> PlannedCommand:
    unit = found["unit"].lower()
    command = f"wc {_UNITS[unit]} < {_name(found)}"
    return PlannedCommand(title=f"Count {unit} in {found['file']}", command=command)


def _count_files(found: re.Match[str]) -> PlannedCommand:
    place = found["file"] or "."
    command = f"find {shlex.quote(place)} -type f | wc -l"
    return PlannedCommand(title=f"Count files in {place}", command=command)


def _show(found: re.Match[str]) -> PlannedCommand:
    return PlannedCommand(title=f"Show {found['file']}", command=f"cat {_name(found)}")


def _write(found: re.Match[str]) -> PlannedCommand:
    text = found["text"].strip().strip("'\"`")
    command = f"printf '%s\\n' {shlex.quote(text)} > {_name(found)}"
    return PlannedCommand(title=f"Write {found['file']}", command=command)


def _delete(found: re.Match[str]) -> PlannedCommand:
    return PlannedCommand(title=f"Delete {found['file']}", command=f"rm -r -- {_name(found)}")


def _download(found: re.Match[str]) -> PlannedCommand:
    url = found["url"]
    return PlannedCommand(title=f"Download {url[:60]}", command=f"curl -fsSLO {shlex.quote(url)}")


def _compute(found: re.Match[str]) -> PlannedCommand:
    sum_ = found["sum"].strip()
    return PlannedCommand(
        title=f"Compute {sum_}", command=f"python3 -c {shlex.quote(f'print({sum_})')}"
    )


def _say(found: re.Match[str]) -> PlannedCommand:
    text = found["text"].strip().strip("'\"`")
    return PlannedCommand(title="Print a text", command=f"printf '%s\\n' {shlex.quote(text)}")


def _always(title: str, command: str) -> Callable[[re.Match[str]], PlannedCommand]:
    return lambda _found: PlannedCommand(title=title, command=command)


_IN = rf"(?: (?:in|of|under) (?:the )?(?:folder |directory )?{_FILE})?"
_ARTICLE = r"(?:the |all |my |all the )?"
_RULES: tuple[Rule, ...] = (
    (_pattern(rf"(?:list|show) {_ARTICLE}files{_IN}".replace("(?P<file>", "(?P<file>")), _list),
    (
        _pattern(
            rf"(?:count|how many) (?:the )?(?P<unit>words|lines|characters|bytes)"
            rf"(?: are)? in (?:the file )?{_FILE}"
        ),
        _count,
    ),
    (_pattern(rf"(?:count|how many) {_ARTICLE}files(?: are)?{_IN}"), _count_files),
    (_pattern(rf"(?:show|print|read|cat) (?:me )?(?:the )?(?:file |contents of ){_FILE}"), _show),
    (
        _pattern(
            rf"(?:create|write|make) (?:a |the )?file (?:called |named )?{_FILE}"
            r" (?:with|containing)(?: the text)? (?P<text>.+)"
        ),
        _write,
    ),
    (_pattern(rf"(?:delete|remove) (?:the )?(?:file |folder |directory )?{_FILE}"), _delete),
    (_pattern(r"(?:download|fetch|get) (?P<url>https?://\S+)"), _download),
    (
        _pattern(r"(?:what is|what's|compute|calculate) (?P<sum>[\d\s()+*/%.-]*\d[\d\s()+*/%.-]*)"),
        _compute,
    ),
    (_pattern(r"(?:say|print|echo) (?P<text>['\"`].+['\"`])"), _say),
    (
        _pattern(r"(?:show|print|what is) (?:me )?(?:the )?(?:date|time|current time)"),
        _always("Show the time", "date -u"),
    ),
    (
        _pattern(r"(?:show|check) (?:the )?disk (?:usage|space)"),
        _always("Show disk space", "df -h ."),
    ),
    (
        _pattern(r"(?:show|which|what)(?: is)? (?:the )?python version(?: is (?:it|there))?"),
        _always("Show the version of Python", "python3 --version"),
    ),
)
