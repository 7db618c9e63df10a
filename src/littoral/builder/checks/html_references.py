"""Owns whether what an HTML file refers to is there: files, ids, and nothing on other hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from littoral.builder.checks.surroundings import Surroundings, is_local, is_remote, resolved
from littoral.builder.issue import Issue, found


def reference_issues(
    path: str,
    references: Iterable[tuple[str, str, str, int]],
    ids: frozenset[str],
    around: Surroundings,
) -> Iterator[Issue]:
    """``references`` are (element, attribute, value, line); ``ids`` those of the same file.

    Links that a person follows may lead to other hosts; what a page loads may not.
    """
    for element, attribute, value, line in references:
        for reference in _single(attribute, value):
            message = _objection(path, element, reference.strip(), ids, around)
            if message:
                yield found(path, message, source="reference", line=line)


def _single(attribute: str, value: str) -> Iterable[str]:
    if attribute != "srcset":
        return (value,)
    return (each.split()[0] for each in value.split(",") if each.split())


def _objection(
    path: str, element: str, reference: str, ids: frozenset[str], around: Surroundings
) -> str:
    shown = reference[:80]
    if re.match(r"javascript:", reference, re.IGNORECASE):
        return f"“{shown}” is a script in an address: use a button with a listener."
    if is_remote(reference):
        if element in ("a", "area"):
            return ""
        return f"“{shown}” is on another host, which cannot be reached here."
    if reference.startswith("#"):
        if len(reference) > 1 and element == "a" and reference not in ("#top",):
            return "" if reference[1:] in ids else f"There is no element with the id “{shown[1:]}”."
        return ""
    if not is_local(reference):
        return ""
    if around.kind != "static":
        return ""
    if reference.startswith("/"):
        return (
            f"“{shown}” begins with a slash: the app may lie below a path, so use a relative one."
        )
    target = resolved(path, reference)
    if target is None or not around.has(target):
        return f"“{shown}” is not a file of this program."
    return ""
