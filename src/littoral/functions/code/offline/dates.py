"""Recipes of dates: ISO text in, ISO text or numbers out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from littoral.functions.code.offline.recipe import Need, Recipe

_DATE: Final[tuple[Need, ...]] = (("day", "date", ("date", "day", "start", "from")),)
_TWO: Final[tuple[Need, ...]] = (
    ("start", "date", ("start", "from", "begin", "first", "date1", "a")),
    ("end", "date", ("end", "to", "until", "second", "date2", "b")),
)
_HEAD: Final = """
    from datetime import date, timedelta


    def read(text):
        return date.fromisoformat(text[:10])
"""


def _sign(words: str, _shown: Mapping[str, Any]) -> Mapping[str, str]:
    back = re.search(r"subtract|before|minus|earlier|\bago\b", words.lower())
    weeks = re.search(r"\bweeks?\b", words.lower())
    return {"sign": "-" if back else "", "unit": "weeks" if weeks else "days"}


DATES: Final[tuple[Recipe, ...]] = (
    Recipe(
        words=r"leap",
        needs=(("year", "number", ("year",)),),
        body="return calendar.isleap(int(year))",
        head="import calendar",
    ),
    Recipe(
        words=r"leap",
        needs=_DATE,
        body="return calendar.isleap(int(day[:4]))",
        head="import calendar",
    ),
    Recipe(
        words=r"(business|working|week) ?days? (between|from)|weekdays between",
        needs=_TWO,
        head=_HEAD,
        body="""
               first, last = sorted((read(start), read(end)))
               span = (last - first).days
               return sum((first + timedelta(days=at)).weekday() < 5 for at in range(span))
           """,
    ),
    Recipe(
        words=r"\bweeks\b.*between|between.*\bweeks\b",
        needs=_TWO,
        head=_HEAD,
        body="return abs((read(end) - read(start)).days) / 7",
    ),
    Recipe(
        words=(
            r"days? (between|from|until|since|apart|difference)|between .*dates|"
            r"date difference|difference .*dates|how many days"
        ),
        needs=_TWO,
        head=_HEAD,
        body="return abs((read(end) - read(start)).days)",
    ),
    Recipe(
        words=r"\bage\b|years old|how old",
        needs=(
            ("born", "date", ("birth", "born", "dob")),
            ("day", "date", ("today", "now", "on", "at", "date")),
        ),
        optional=frozenset({"day"}),
        head=_HEAD,
        body="""
               birth = read(born)
               today = read(day) if day else date.today()
               early = (today.month, today.day) < (birth.month, birth.day)
               return today.year - birth.year - early
           """,
    ),
    Recipe(
        words=r"\b(weekday|day of (the )?week|which day|what day)",
        needs=_DATE,
        head=_HEAD,
        body="""
               names = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
               return names[read(day).weekday()]
           """,
    ),
    Recipe(words=r"weekend", needs=_DATE, head=_HEAD, body="return read(day).weekday() >= 5"),
    Recipe(
        words=(
            r"\b(add|plus|after|later|subtract|minus|before|earlier|ago)\b.*|\bdays?\b.*\b(to|"
            r"from)\b"
        ),
        needs=(*_DATE, ("amount", "number", ("days", "weeks", "amount", "n"))),
        finds=_sign,
        head=_HEAD,
        body="return (read(day) + timedelta($unit$=$sign$int(amount))).isoformat()",
        without=r"month|year|hour",
    ),
    Recipe(
        words=r"day of (the )?year",
        needs=_DATE,
        head=_HEAD,
        body="return read(day).timetuple().tm_yday",
    ),
    Recipe(
        words=r"(iso )?week number|which week",
        needs=_DATE,
        head=_HEAD,
        body="return read(day).isocalendar()[1]",
    ),
    Recipe(words=r"quarter", needs=_DATE, head=_HEAD, body="return (read(day).month - 1) // 3 + 1"),
    Recipe(
        words=r"days in (the |a )?month",
        needs=(("year", "number", ("year",)), ("month", "number", ("month",))),
        body="return calendar.monthrange(int(year), int(month))[1]",
        head="import calendar",
    ),
)
