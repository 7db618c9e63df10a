"""What is wrong with a file of a build, and how it is known again after lines have moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Final, Literal

from littoral.builder.limits import MAX_ISSUE_CHARACTERS

IssueSource = Literal["parse", "reference", "test", "model", "preview"]
IssueStatus = Literal["open", "fixed"]

HARD: Final[frozenset[IssueSource]] = frozenset({"parse", "reference", "test", "preview"})
"""Facts; a build with an open one is not called completed. The rest are a model's opinions."""

_PLACE = re.compile(
    r"\b(?:line|column|col|row|position|char|offset)s?\s*:?\s*\d+(?::\d+)?|\d+:\d+", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One thing that is wrong. ``line`` counts from 1, 0 when it is about the whole file.

    ``fingerprint`` does not change when lines move; make issues with ``found``.
    """

    fingerprint: str
    file: str
    line: int
    message: str
    source: IssueSource
    status: IssueStatus = "open"

    @property
    def hard(self) -> bool:
        """Whether it is a fact."""
        return self.source in HARD

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def found(file: str, message: str, *, source: IssueSource, line: int = 0, about: str = "") -> Issue:
    """An open issue.

    ``about`` is what stands at the place (the line's text, a name): it tells apart issues with the
    same message. Numbers of lines and columns in the message do not count for the fingerprint.
    """
    text = " ".join(message.split())[:MAX_ISSUE_CHARACTERS]
    kind = _PLACE.sub("", text).casefold()
    marks = "\0".join((source, file, " ".join(kind.split()), " ".join(about.split())))
    digest = sha256(marks.encode("utf-8", "replace")).hexdigest()[:16]
    return Issue(fingerprint=digest, file=file, line=max(0, line), message=text, source=source)


def told_apart(issues: Iterable[Issue]) -> list[Issue]:
    """The issues with fingerprints of their own: the second equal one ends in ``-2``."""
    seen: Counter[str] = Counter()
    result = []
    for issue in issues:
        seen[issue.fingerprint] += 1
        count = seen[issue.fingerprint]
        mark = issue.fingerprint if count == 1 else f"{issue.fingerprint}-{count}"
        result.append(replace(issue, fingerprint=mark))
    return result


def weight(issues: Iterable[Issue]) -> tuple[int, int]:
    """How bad these are, to be compared: hard ones first, then all."""
    listed = list(issues)
    return sum(each.hard for each in listed), len(listed)
