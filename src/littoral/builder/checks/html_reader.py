"""Owns reading HTML into tags and texts in one pass, in time that grows with the length only.

It is a tokenizer, no parser: which tags fit each other is for ``html_tree`` to say.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["start", "end", "text", "problem"]

_NAME = re.compile(r"[a-zA-Z][^\s/>\"'<=]*")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>=\"'<]+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>"'<=`]+)))?"""
)
_TAG_END = re.compile(r"[\s/]*>")
RAW = frozenset({"script", "style", "textarea", "title"})
_RAW_END = {each: re.compile(rf"</{each}(?=[\s/>])[^>]{{0,200}}>", re.IGNORECASE) for each in RAW}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A tag, a text, or a place that cannot be read (``text`` says why then).

    ``attributes`` have lower-case names; one that stands twice has its first value, and its name is
    in ``twice``.
    """

    kind: Kind
    line: int
    name: str = ""
    text: str = ""
    attributes: Mapping[str, str] | None = None
    closed: bool = False
    twice: str = ""


def read_html(text: str) -> Iterator[Piece]:
    """Every piece in order. The content of scripts, styles, titles and text areas is one text."""
    at, line = 0, 1
    while at < len(text):
        opened = text.find("<", at)
        if opened < 0:
            opened = len(text)
        if opened > at:
            yield Piece(kind="text", line=line, text=text[at:opened])
            line += text.count("\n", at, opened)
            at = opened
            continue
        piece, end = _tag(text, at, line)
        if piece is not None:
            yield piece
        line += text.count("\n", at, end)
        at = end
        if piece is not None and piece.kind == "start" and piece.name in RAW and not piece.closed:
            closing = _RAW_END[piece.name].search(text, at)
            stop = closing.start() if closing else len(text)
            yield Piece(kind="text", line=line, text=text[at:stop], name=piece.name)
            line += text.count("\n", at, stop)
            at = stop


def _tag(text: str, at: int, line: int) -> tuple[Piece | None, int]:
    """The piece at a ``<`` and where it ends."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        if end < 0:
            return _problem(line, "A comment is never closed."), len(text)
        return None, end + 3
    if text.startswith(("<!", "<?"), at):
        end = text.find(">", at)
        if end < 0:
            return _problem(line, "“<!” is never closed."), len(text)
        return Piece(kind="text", line=line, name="doctype", text=text[at : end + 1]), end + 1
    closing = text.startswith("</", at)
    name = _NAME.match(text, at + (2 if closing else 1))
    if name is None:
        return Piece(kind="text", line=line, text="<"), at + 1
    if closing:
        closed = _TAG_END.match(text, name.end())
        if closed is None:
            return _problem(line, f"“</{name.group()[:40]}” has no “>”."), name.end()
        return Piece(kind="end", line=line, name=name.group().lower()), closed.end()
    return _start(text, name.group(), name.end(), line)


def _start(text: str, name: str, at: int, line: int) -> tuple[Piece, int]:
    attributes: dict[str, str] = {}
    twice = ""
    while True:
        end = _TAG_END.match(text, at)
        if end is not None:
            closed = "/" in end.group()
            piece = Piece(
                kind="start",
                line=line,
                name=name.lower(),
                attributes=attributes,
                closed=closed,
                twice=twice,
            )
            return piece, end.end()
        found = _ATTRIBUTE.match(text, at)
        if found is None:
            return _problem(line, f"“<{name[:40]}” cannot be read: look at its quotes."), at
        key = found.group(1).lower()
        value = next((each for each in found.groups()[1:] if each is not None), "")
        if key in attributes:
            twice = twice or key
        attributes.setdefault(key, html.unescape(value))
        at = found.end()


def _problem(line: int, message: str) -> Piece:
    return Piece(kind="problem", line=line, text=message)
