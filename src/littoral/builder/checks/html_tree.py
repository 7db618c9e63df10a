"""Owns which HTML tags fit each other: what is open, what may stay open, what closes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from littoral.builder.checks.html_reader import Piece

MOST_OPEN = 200

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_MAY_STAY_OPEN = frozenset(
    "li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th html head"
    " body".split()
)
# a start tag: what of the innermost open elements it closes by itself
_CLOSES: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option", "optgroup"}),
    "tr": frozenset({"tr", "td", "th", "p", "caption", "colgroup"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "tbody": frozenset({"thead", "tbody", "tr", "td", "th", "p", "caption", "colgroup"}),
    "tfoot": frozenset({"tbody", "tr", "td", "th", "p"}),
    "body": frozenset({"head"}),
}
_CLOSE_A_PARAGRAPH = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header hr main nav ol p pre section table ul".split()
)
_PARAGRAPH = frozenset({"p"})


@dataclass
class _Open:
    name: str
    line: int
    named: bool


class Tree:
    """The elements that are open while a file is read; says what does not fit."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._inside: dict[str, int] = {}
        self._foreign = 0
        self.is_too_deep = False
        self.script: Mapping[str, str] | None = None
        self.ended_unnamed: tuple[str, int] | None = None

    def is_in(self, name: str) -> bool:
        """Whether an element of this name is open."""
        return self._inside.get(name, 0) > 0

    def take(self, piece: Piece) -> list[tuple[str, int]]:
        """Takes the next piece; returns what is wrong with it, with lines."""
        if piece.kind == "start":
            return self._start(piece)
        if piece.kind == "end":
            return self._end(piece)
        if piece.kind == "text" and piece.text.strip() and piece.name != "doctype":
            self._name_open()
        return []

    def finish(self) -> list[tuple[str, int]]:
        """What is still open at the end and may not be."""
        return [
            (f"“<{each.name[:40]}>” is never closed.", each.line)
            for each in self._open
            if each.name not in _MAY_STAY_OPEN
        ][:5]

    def _start(self, piece: Piece) -> list[tuple[str, int]]:
        given = piece.attributes or {}
        if piece.twice:
            wrong = [(f"“<{piece.name[:40]}>” has “{piece.twice[:40]}” twice.", piece.line)]
        else:
            wrong = []
        self._close_by_itself(piece.name)
        if any(given.get(each) for each in ("aria-label", "aria-labelledby", "alt", "title")):
            self._name_open()
        if piece.name in VOID or (piece.closed and (self._foreign or piece.name == "svg")):
            return wrong
        if piece.closed:
            wrong.append((f"“<{piece.name[:40]}/>” does not close itself.", piece.line))
        named = any(given.get(each) for each in ("aria-label", "aria-labelledby", "title"))
        named = named or (piece.name == "a" and "href" not in given)
        self._push(_Open(name=piece.name, line=piece.line, named=named))
        if piece.name == "script":
            self.script = given
        if len(self._open) > MOST_OPEN:
            self.is_too_deep = True
            wrong.append(("Nested too deeply to be read.", piece.line))
        return wrong

    def _end(self, piece: Piece) -> list[tuple[str, int]]:
        self.ended_unnamed = None
        if piece.name in VOID or not self.is_in(piece.name):
            return [(f"“</{piece.name[:40]}>” closes nothing.", piece.line)]
        wrong = []
        while self._open[-1].name != piece.name:
            skipped = self._pop()
            if skipped.name not in _MAY_STAY_OPEN:
                message = f"“<{skipped.name[:40]}>” is not closed before “</{piece.name[:40]}>”."
                wrong.append((message, skipped.line))
        closed = self._pop()
        if closed.name in ("button", "a") and not closed.named:
            self.ended_unnamed = (closed.name, closed.line)
        return wrong

    def _close_by_itself(self, name: str) -> None:
        closing = _CLOSES.get(name) or (_PARAGRAPH if name in _CLOSE_A_PARAGRAPH else frozenset())
        while self._open and self._open[-1].name in closing:
            self._pop()

    def _push(self, element: _Open) -> None:
        self._open.append(element)
        self._inside[element.name] = self._inside.get(element.name, 0) + 1
        self._foreign += element.name in ("svg", "math")

    def _pop(self) -> _Open:
        element = self._open.pop()
        self._inside[element.name] -= 1
        self._foreign -= element.name in ("svg", "math")
        if element.named and self._open and element.name not in ("script", "style"):
            self._open[-1].named = True
        return element

    def _name_open(self) -> None:
        if self._open:
            self._open[-1].named = True
