"""Which classes of calls there are and how often each may be made.

The defaults are the text of the setting ``RATE_LIMITS``; a deployment names those that it changes.
Who is counted (a user, an address) is decided by ``littoral.limits.policy``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from littoral.limits.limiter import Rule

DEFAULT_RATE_LIMITS: Final = (
    "signup=20/3600, login=30/600, keys=30/3600, run-start=30/60, session-start=10/60, "
    "build-start=30/60, function-call=120/60, terminal-ticket=30/60, paid-turn=30/60, "
    "memory=120/60, execution=120/60, mesh-start=60/60, mesh-replay=600/60, costly=600/60, "
    "new-guest=100/3600, account=600/60"
)
"""``class=calls/seconds``. ``costly`` counts everybody's costly calls together."""

COSTLY: Final = frozenset(
    {
        "run-start",
        "session-start",
        "build-start",
        "function-call",
        "paid-turn",
        "memory",
        "execution",
        "mesh-start",
    }
)
"""Classes that the rule ``costly`` counts too."""

CHEAP: Final = frozenset({"account"})
"""Classes that need no exact count."""

MOST_CALLS: Final = 10_000
"""Highest limit of an exact rule: each counted call is a row for as long as it counts."""

MOST_SECONDS: Final = 86_400

_ENTRY = re.compile(r"([a-z-]+)=([0-9]{1,6})/([0-9]{1,6})")


def read_rules(text: str) -> Mapping[str, Rule]:
    """The rules by class: the defaults, with what ``text`` says in their place.

    Raises ``ValueError`` that names the entry for anything that is no rule.
    """
    known = _entries(DEFAULT_RATE_LIMITS)
    given = _entries(text)
    strange = sorted(given.keys() - known.keys())
    if strange:
        raise ValueError(
            f"RATE_LIMITS names {strange[0]!r}: the classes are {', '.join(sorted(known))}"
        )
    return {**known, **given}


def _entries(text: str) -> dict[str, Rule]:
    return {rule.name: rule for rule in map(_rule, filter(None, map(str.strip, text.split(","))))}


def _rule(entry: str) -> Rule:
    found = _ENTRY.fullmatch(entry)
    if found is not None:
        name, limit, seconds = found.group(1), int(found.group(2)), int(found.group(3))
        if 0 < limit <= MOST_CALLS and 0 < seconds <= MOST_SECONDS:
            return Rule(name=name, limit=limit, per_seconds=seconds, exact=name not in CHEAP)
    raise ValueError(
        f"RATE_LIMITS has {entry!r}: write class=calls/seconds with 1 to {MOST_CALLS} calls in "
        f"1 to {MOST_SECONDS} seconds"
    )
