"""Style sheets of places apply beside each other: what one lays out the other leaves alone."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

from _lib import project

CSS = Path(project.ROOT) / "public" / "css"
_RULE = re.compile(r"([^{};]+)\{")
_FIRST_CLASS = re.compile(r"^\.([a-z][\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def classes_begun_with(sheet: str) -> set[str]:
    """Classes with which a selector begins: those apply wherever the class is used."""
    selectors = [
        each.strip()
        for rule in _RULE.findall(_COMMENT.sub("", sheet))
        if not rule.strip().startswith("@")
        for each in rule.split(",")
    ]
    return {found.group(1) for each in selectors if (found := _FIRST_CLASS.match(each))}


def clashes(sheets: dict[str, str], known: set[str]) -> list[str]:
    """Classes that two sheets begin rules with, apart from those that every screen has."""
    return [
        f"{one} and {other}: .{name}"
        for one, other in combinations(sorted(sheets), 2)
        for name in sorted(classes_begun_with(sheets[one]) & classes_begun_with(sheets[other]))
        if name not in known
    ]


def test_the_sheets_of_two_places_do_not_meddle_with_each_other() -> None:
    page = (CSS.parent / "index.html").read_text()
    sheets = {path.name: path.read_text() for path in CSS.glob("*.css")}
    first = {name: sheet for name, sheet in sheets.items() if f"/css/{name}" in page}
    known = set[str]().union(*map(classes_begun_with, first.values()))
    later = {name: sheet for name, sheet in sheets.items() if name not in first}

    assert clashes(later, known) == []


def test_a_clash_is_found() -> None:
    sheets = {
        "a.css": ".figures { color: red; } .a .row, .button { top: 0; }",
        "b.css": "/* .x */ @media (width > 9px) { .figures, .button { top: 1px; } } .b .row {}",
    }

    assert clashes(sheets, {"button"}) == ["a.css and b.css: .figures"]
