"""Owns the family of data reports: a command-line program that counts a table and draws a chart."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from littoral.builder.offline.family import PlannedPhase
from littoral.builder.offline.parts import Raw, part
from littoral.builder.offline.style import ACCENTS
from littoral.builder.offline.topic import capital, modifier_before, without_article
from littoral.builder.offline.wish import Wish

_NOUN = r"(?:data |csv |json |html )*(?:reports?|analysis|analy[sz]er|statistics|charts?|script)"
_MONTHS = ("January", "February", "March", "April", "May", "June")
_VALUES = (420, 388, 515, 610, 574.5, 702, 233, 240, 301, 290, 335.25, 410)


@dataclass(frozen=True, kw_only=True)
class _Table:
    """The columns of an example: what names a row, what groups rows, what is counted."""

    words: str
    title: str
    label: str
    group: str
    groups: tuple[str, str]
    value: str


_TABLES = (
    _Table(words=r"sales?|revenue|turnover|orders?", title="Sales", label="month", group="region",
           groups=("North", "South"), value="amount"),
    _Table(words=r"expenses?|spending|budget|costs?|bills?", title="Expenses", label="month",
           group="category", groups=("Rent and food", "Travel"), value="amount"),
    _Table(words=r"temperatures?|weather|climate|rain", title="Weather", label="month",
           group="place", groups=("Coast", "Hills"), value="reading"),
    _Table(words=r"survey|feedback|ratings?|votes?|polls?", title="Survey", label="month",
           group="group", groups=("Members", "Guests"), value="answers"),
    _Table(words=r"visits?|visitors?|traffic|logs?|requests?", title="Visits", label="month",
           group="source", groups=("Search", "Links"), value="visits"),
    _Table(words=r"grades?|students?|marks?|exams?", title="Grades", label="month", group="class",
           groups=("Morning", "Evening"), value="points"),
)  # fmt: skip
_PLAIN = _Table(
    words="", title="Data", label="month", group="group", groups=("First", "Second"), value="value"
)


class ReportFamily:
    """Reads CSV or JSON; prints counts and sums; writes an HTML page with an SVG chart."""

    name = "a data report"
    features = ("json", "line", "groups")
    usual: Sequence[str] = ()

    def kind(self, wish: Wish) -> str:
        return "script"

    def title(self, wish: Wish) -> str:
        table = _table(wish)
        if table is not _PLAIN:
            return f"{table.title} report"
        told = without_article(wish.topic) or modifier_before(_NOUN, wish.query)
        return f"{capital(told)} report" if told else "Data report"

    def description(self, wish: Wish) -> str:
        chart = "line" if wish.has("line") else "bar"
        return (
            f"A command-line program in Python that reads a table from CSV or JSON, prints what is "
            f"in it and writes a page with a {chart} chart. A made-up example is with it."
        )

    def always(self, wish: Wish) -> Sequence[str]:
        return ("CSV and JSON files", "Printed report", "HTML page with a chart", "Tests")

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]:
        program = {
            "page.py": "The page with the chart",
            "main.py": "Reads, counts, prints",
            f"data/{_sample_name(wish)}": "An example, made up",
        }
        words = {"test_main.py": "What must be right", "README.md": "How to run it"}
        return (
            PlannedPhase(name="The program", description="Reading and counting", files=program),
            PlannedPhase(name="To rely on it", description="Tests and words", files=words),
        )

    def write(self, path: str, wish: Wish) -> str | None:
        table = _table(wish)
        if path == f"data/{_sample_name(wish)}":
            return _sample(table, as_json=wish.has("json"))
        if path == "page.py":
            light, dark = ACCENTS[wish.accent]
            return part(
                "report/page.py", line=wish.has("line"), accent=Raw(light), accent_dark=Raw(dark)
            )
        if path == "main.py":
            values = {"title": wish.title, "sample": _sample_name(wish)}
            return part("report/main.py", groups=wish.has("groups"), **values)
        if path == "test_main.py":
            return part("report/test_main.py")
        if path == "README.md":
            names = {"label": table.label, "value": table.value, "sample": _sample_name(wish)}
            return part("report/README.md", title=wish.title, **names)
        return None


def _table(wish: Wish) -> _Table:
    for table in _TABLES:
        if re.search(rf"\b(?:{table.words})\b", wish.query, re.IGNORECASE):
            return table
    return _PLAIN


def _sample_name(wish: Wish) -> str:
    return "sample.json" if wish.has("json") else "sample.csv"


def _sample(table: _Table, *, as_json: bool) -> str:
    months = [(group, month) for group in table.groups for month in _MONTHS]
    rows = [
        {table.label: month, table.group: group, table.value: value}
        for (group, month), value in zip(months, _VALUES, strict=True)
    ]
    if as_json:
        return json.dumps(rows, indent=2) + "\n"
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
