"""What a person reads on a page, as lines: markup, scripts and spacing left out.

The same page gives the same lines, so that only what is said can change. Tags are ``markup``'s;
what a change of lines means is ``difference``'s and the model's business.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from littoral.mesh.watch.markup import tokens

MOST_CHARACTERS: Final = 200_000
MOST_LINES: Final = 5_000
TITLE_CHARACTERS: Final = 200

_UNSEEN: Final = frozenset("script style noscript template svg iframe object select".split())
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby "
    "s samp small span strike strong sub sup time tt u var wbr img td th input button".split()
)
_CELLS: Final = frozenset({"td", "th"})
_SPACES: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class PageText:
    """Lines without empty ones. ``cut`` says that the page had more than is kept."""

    title: str
    lines: tuple[str, ...]
    cut: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_page(text: str, media_type: str) -> PageText:
    """The lines of a page of any text type; JSON is laid out anew, by its own order."""
    if media_type.endswith(("html", "xml")) or text.lstrip()[:1] == "<":
        return _read_markup(text)
    if media_type.endswith("json"):
        text = _laid_out(text)
    return _page("", text.split("\n"))


def _read_markup(text: str) -> PageText:
    reader = _Reader()
    reader.read(text)
    return _page(reader.title, "".join(reader.parts).split("\n"))


def _laid_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _page(title: str, lines: list[str]) -> PageText:
    kept: list[str] = []
    size = 0
    for line in map(_clean, lines):
        if not line:
            continue
        size += len(line) + 1
        if size > MOST_CHARACTERS or len(kept) == MOST_LINES:
            return PageText(title=_clean(title)[:TITLE_CHARACTERS], lines=tuple(kept), cut=True)
        kept.append(line)
    return PageText(title=_clean(title)[:TITLE_CHARACTERS], lines=tuple(kept))


def _clean(line: str) -> str:
    seen = _CONTROLS.sub(" ", _INVISIBLE.sub("", line))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", seen)).strip()


class _Reader:
    """Collects what is seen; every element that is not part of a line ends one."""

    def __init__(self) -> None:
        self.title = ""
        self.parts: list[str] = []
        self._unseen = ""
        self._depth = 0
        self._in_title = False

    def read(self, text: str) -> None:
        for kind, value in tokens(text):
            if kind == "text":
                self._say(value)
            elif self._unseen:
                self._depth += (kind == "start") - (kind == "end") if value == self._unseen else 0
                self._unseen = self._unseen if self._depth > 0 else ""
            elif value in _UNSEEN:
                self._unseen, self._depth = (value, 1) if kind == "start" else ("", 0)
            elif value == "title":
                self._in_title = kind == "start"
            elif value in _CELLS:
                self.parts.append(" ")
            elif value not in _INLINE:
                self.parts.append("\n")

    def _say(self, words: str) -> None:
        if self._in_title:
            self.title = self.title or words
        elif not self._unseen:
            self.parts.append(_SPACES.sub(" ", words))
