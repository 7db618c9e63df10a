"""Time zones by name. Leaves to others: which zone a user has (``preferences``)."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from littoral.errors import InvalidInput


def zone(name: str | None) -> tzinfo:
    """The zone of an IANA name; UTC for ``None``. ``InvalidInput`` for an unknown name."""
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return ZoneInfo(zone_name(name))


def zone_name(name: str) -> str:
    """The canonical IANA name for what a person writes: any case, spaces, or only the city.

    ``europe/berlin``, ``New York`` and ``utc`` are understood. ``InvalidInput`` for anything else.
    """
    wanted = "_".join(name.casefold().split())[:80]
    known = _names().get(wanted)
    if known is None:
        raise InvalidInput(
            f"The time zone {name[:60]!r} is not known. Use a name like Europe/Berlin or "
            "America/New_York.",
            fields=[{"field": "timeZone", "message": "not a known IANA name"}],
        )
    return known


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Lower-case full names, and cities that only one zone is named after."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    cities: dict[str, list[str]] = {}
    for name in listed:
        if "/" in name and not name.startswith(("Etc/", "US/")):
            cities.setdefault(name.rsplit("/", 1)[1].casefold(), []).append(name)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {name.casefold(): name for name in listed}
