"""Owns the checks of HTML files: tags that fit, names for what is used, references that lead.

Whole documents (those with a doctype or an ``html`` element) must also have a language, a title
and a viewport.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from littoral.builder.checks.css_check import check_css
from littoral.builder.checks.html_reader import Piece, read_html
from littoral.builder.checks.html_references import reference_issues
from littoral.builder.checks.html_tree import Tree
from littoral.builder.checks.surroundings import Surroundings
from littoral.builder.issue import Issue, found

_FIELDS = frozenset({"input", "select", "textarea"})
_NEED_NO_LABEL = frozenset({"hidden", "submit", "button", "reset", "image"})
_NAMING = ("aria-label", "aria-labelledby", "title")


@dataclass
class Page:
    """What was seen of one file, gathered piece by piece."""

    ids: dict[str, int] = field(default_factory=dict)
    twice: list[tuple[str, int]] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    fields: list[tuple[str, int, Mapping[str, str]]] = field(default_factory=list)
    references: list[tuple[str, str, str, int]] = field(default_factory=list)
    scripts: list[tuple[str, int, bool]] = field(default_factory=list)
    styles: list[tuple[str, int]] = field(default_factory=list)
    unnamed: list[tuple[str, int]] = field(default_factory=list)
    is_document: bool = False
    has_viewport: bool = False
    title: str | None = None
    language: str | None = None


def check_html(path: str, text: str, around: Surroundings) -> Iterator[Issue]:
    """What is wrong with one HTML file; its scripts are for ``javascript_check``."""
    page = Page()
    tree = Tree()
    for piece in read_html(text):
        if piece.kind == "problem":
            yield found(path, piece.text, source="parse", line=piece.line)
            continue
        for message, line in tree.take(piece):
            yield found(path, message, source="parse", line=line)
        if tree.is_too_deep:
            return
        _look(piece, tree, page)
    for message, line in tree.finish():
        yield found(path, message, source="parse", line=line)
    yield from _document_issues(path, page)
    yield from _name_issues(path, page)
    yield from reference_issues(path, page.references, frozenset(page.ids), around)
    for style, line in page.styles:
        yield from check_css(path, style, around, offset=line - 1)


def page_of(text: str) -> Page:
    """What is in a file, without saying what is wrong."""
    page, tree = Page(), Tree()
    for piece in read_html(text):
        tree.take(piece)
        if tree.is_too_deep:
            break
        _look(piece, tree, page)
    return page


def _look(piece: Piece, tree: Tree, page: Page) -> None:
    if piece.kind == "text":
        _look_at_text(piece, tree, page)
    elif piece.kind == "start":
        _look_at_tag(piece, tree, page)
    elif piece.kind == "end" and piece.name in ("button", "a"):
        unnamed = tree.ended_unnamed
        if unnamed is not None:
            page.unnamed.append(unnamed)


def _look_at_text(piece: Piece, tree: Tree, page: Page) -> None:
    if piece.name == "doctype":
        page.is_document = page.is_document or piece.text[:9].lower() == "<!doctype"
    elif piece.name == "title" and not tree.is_in("svg"):
        page.title = (page.title or "") + piece.text
    elif piece.name == "style":
        page.styles.append((piece.text, piece.line))
    elif piece.name == "script" and tree.script is not None:
        kind = tree.script.get("type", "").lower()
        if "src" not in tree.script and kind in ("", "module", "text/javascript"):
            page.scripts.append((piece.text, piece.line, kind == "module"))


def _look_at_tag(piece: Piece, tree: Tree, page: Page) -> None:
    given = piece.attributes or {}
    name = given.get("id")
    if name is not None:
        if name in page.ids:
            page.twice.append((name, piece.line))
        page.ids.setdefault(name, piece.line)
    if piece.name == "html":
        page.is_document = True
        page.language = given.get("lang")
    elif piece.name == "meta" and given.get("name", "").lower() == "viewport":
        page.has_viewport = True
    elif piece.name == "label" and given.get("for"):
        page.labelled.add(given["for"])
    elif piece.name == "img" and "alt" not in given:
        page.unnamed.append(("img", piece.line))
    elif piece.name in _FIELDS:
        _look_at_field(piece, tree, page)
    for attribute in ("src", "href", "poster", "data", "action", "srcset"):
        if attribute in given:
            page.references.append((piece.name, attribute, given[attribute], piece.line))


def _look_at_field(piece: Piece, tree: Tree, page: Page) -> None:
    given = piece.attributes or {}
    if piece.name == "input" and given.get("type", "text").lower() in _NEED_NO_LABEL:
        return
    if tree.is_in("label") or any(given.get(each) for each in _NAMING):
        return
    page.fields.append((piece.name, piece.line, given))


def _document_issues(path: str, page: Page) -> Iterator[Issue]:
    if not page.is_document:
        return
    if not (page.language or "").strip():
        yield found(path, "The html element has no lang.", source="parse", line=1)
    if page.title is None or not page.title.strip():
        yield found(path, "The page has no title.", source="parse", line=1)
    if not page.has_viewport:
        yield found(
            path, "The page has no meta viewport, so phones shrink it.", source="parse", line=1
        )


def _name_issues(path: str, page: Page) -> Iterator[Issue]:
    for name, line in page.twice:
        yield found(path, f"The id “{name[:60]}” stands twice.", source="parse", line=line)
    for element, line, given in page.fields:
        if given.get("id") not in page.labelled:
            known = given.get("id") or given.get("name") or ""
            message = f"The {element} “{known[:60]}” has no label."
            yield found(path, message, source="parse", line=line)
    for element, line in page.unnamed:
        lacking = "alt text" if element == "img" else "words in it, nor an aria-label"
        yield found(path, f"A {element} element has no {lacking}.", source="parse", line=line)
