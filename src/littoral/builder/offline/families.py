"""Owns the choice of a family for a wish, and saying so when none really fits.

The head of a request counts double: in "a landing page for a to-do app" the page is what is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from littoral.builder.offline.api import ApiFamily
from littoral.builder.offline.blog import BlogFamily
from littoral.builder.offline.family import Family
from littoral.builder.offline.landing import LandingFamily
from littoral.builder.offline.report import ReportFamily
from littoral.builder.offline.todo import TodoFamily
from littoral.builder.offline.wish import Wish

LANDING = LandingFamily()

# (family, weight, words); where two weigh the same, the first mentioned wins
_WORDS: tuple[tuple[Family, int, str], ...] = (
    (ApiFamily(), 6, r"apis?|endpoints?|crud|backend|webhooks?|rest(?:ful)? (?:server|service)"),
    (ApiFamily(), 3, r"server|json service|web ?service|worker"),
    (ReportFamily(), 5, r"reports?|csv|spreadsheets?|data analysis|statistics|histogram"),
    (ReportFamily(), 3, r"scripts?|command[- ]line|cli|charts?|analy[sz]e[sr]?|summari[sz]e"),
    (TodoFamily(), 4, r"to-?\s?dos?|check-?lists?|(?:task|shopping|reading|packing)[- ]?lists?"),
    (TodoFamily(), 2, r"tasks?|chores|lists?|reminders?|grocer(?:y|ies)"),
    (BlogFamily(), 4, r"blogs?|weblog|blogging"),
    (BlogFamily(), 2, r"articles?|posts?|journal|diary|magazine"),
    (LANDING, 4, r"landing[- ]page|home ?page|portfolio|one-pager"),
    (LANDING, 1, r"web ?sites?|sites?|pages?|company|restaurant|caf[eé]|wedding|event|brochure"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Choice:
    """``fits`` is false when nothing in the words named this family: it is only the nearest."""

    family: Family
    fits: bool


def choose(wish: Wish) -> Choice:
    """The family for a wish; messages never change the family, only what it contains."""
    scores: dict[int, tuple[int, int]] = {}
    by_id: dict[int, Family] = {}
    head = re.split(r"\b(?:about|for|on|that|which)\b", wish.query, maxsplit=1, flags=re.I)[0]
    for family, weight, words in _WORDS:
        found = re.search(rf"\b(?:{words})\b", wish.query, re.IGNORECASE)
        if found is None:
            continue
        score = weight * (2 if found.start() < len(head) else 1)
        key = next((each for each, known in by_id.items() if known.name == family.name), len(by_id))
        by_id[key] = family
        scores[key] = max(scores.get(key, (0, 0)), (score, -found.start()))
    if not scores:
        return Choice(family=LANDING, fits=False)
    return Choice(family=by_id[max(scores, key=lambda each: scores[each])], fits=True)


def written(wish: Wish) -> Mapping[str, str]:
    """All files of the app for a wish with a title, by path, as its family plans them."""
    family = choose(wish).family
    paths = [path for phase in family.phases(wish) for path in phase.files]
    texts = {path: family.write(path, wish) for path in paths}
    return {path: text for path, text in texts.items() if text is not None}
