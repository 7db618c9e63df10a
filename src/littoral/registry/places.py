"""Places at the edge: where an agent's executions run, as hints.

A place is a location hint of Durable Objects, or ``auto``: near whoever asks first. A hint is
a wish; the platform puts the object as near to it as it can. What an execution says of where it ran
is the hint, or the data centre that took the request, or ``local`` on a machine of your own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from littoral.errors import InvalidInput

AUTO: Final = "auto"
LOCAL: Final = "local"
HINTS: Final = ("wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me")
PLACES: Final = (AUTO, *HINTS)

_NEAR: Final[Mapping[str, tuple[str, ...]]] = {
    "NA": ("enam", "wnam", "sam", "weur"),
    "SA": ("sam", "enam", "wnam", "afr"),
    "EU": ("weur", "eeur", "me", "enam"),
    "AS": ("apac", "me", "oc", "eeur"),
    "OC": ("oc", "apac", "wnam"),
    "AF": ("afr", "weur", "me", "eeur"),
}
"""Hints by how near they are to a continent, the nearest first."""

_RAY: Final = re.compile(r"[0-9a-f]+-([A-Z]{3})")


def require_places(values: Sequence[str], *, field: str = "edgeLocations") -> tuple[str, ...]:
    """The places without repetition. Raises ``InvalidInput`` for one that is not known."""
    for number, each in enumerate(values):
        if each not in PLACES:
            raise _unknown(each, f"{field}.{number}")
    return tuple(dict.fromkeys(values)) or (AUTO,)


def choose(places: Sequence[str], wanted: str | None, continent: str | None) -> str:
    """The place for one execution: what is ``wanted``, else the agent's nearest to the caller.

    Raises ``InvalidInput`` when the agent does not run where it is wanted.
    """
    if wanted is not None:
        if wanted not in PLACES:
            raise _unknown(wanted, "edgeLocation")
        if wanted not in places and AUTO not in places:
            message = f"this agent runs in {', '.join(places)}, not in {wanted!r}"
            raise InvalidInput(
                f"edgeLocation: {message}.",
                fields=[{"field": "edgeLocation", "message": message}],
            )
        return wanted
    if AUTO in places:
        return AUTO
    near = _NEAR.get(continent or "", ())
    return next((each for each in near if each in places), places[0])


def where_it_ran(place: str, colo: str | None) -> str:
    """What an execution says of its place. ``colo``: the data centre, ``None`` on a machine."""
    if colo is None:
        return LOCAL
    return colo if place == AUTO else place


def colo_of(ray: str | None) -> str | None:
    """The data centre in the header ``cf-ray``, which only the edge sets."""
    found = _RAY.fullmatch(ray or "")
    return found[1] if found else None


def _unknown(place: str, field: str) -> InvalidInput:
    message = f"{place[:40]!r} is no place; the places are {', '.join(PLACES)}"
    return InvalidInput(f"{field}: {message}.", fields=[{"field": field, "message": message}])
