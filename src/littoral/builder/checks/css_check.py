"""Owns the check of stylesheets: brackets, strings and comments end, declarations are ones.

It does not know which properties there are: browsers ignore what they do not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from littoral.builder.checks.surroundings import (
    MOST_DEPTH,
    Surroundings,
    is_local,
    is_remote,
    resolved,
)
from littoral.builder.issue import Issue, found

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z))|(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)"""
    r"""|(?P<url>url\(\s*+[^"'()\s]*+\s*+\))|(?P<mark>[{}()\[\];])|(?P<rest>[^/"'u{}()\[\];]+|.)""",
    re.DOTALL | re.IGNORECASE,
)
_DECLARATION = re.compile(r"(--[\w-]*|[-*_]?[a-zA-Z][\w-]*)\s*:(.*)", re.DOTALL)
_CLOSES = {"}": "{", ")": "(", "]": "["}
_REFERENCE = re.compile(
    r"""(?:@import\s+url\(\s*|url\(\s*|@import\s+)(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s;]+))""",
    re.IGNORECASE,
)


def check_css(path: str, text: str, around: Surroundings, *, offset: int = 0) -> Iterator[Issue]:
    """What is wrong with a stylesheet whose first line is ``offset`` lines below the file's."""
    yield from _structure(path, text, offset)
    yield from _references(path, text, around, offset)


def _structure(path: str, text: str, offset: int) -> Iterator[Issue]:
    line = begun = 1 + offset
    open_marks: list[tuple[str, int]] = []
    segment: list[str] = []
    for token in _TOKEN.finditer(text):
        word = token.group()
        problem = _unfinished(token)
        if problem:
            yield found(path, problem, source="parse", line=line, about=word[:80])
        inner = bool(open_marks) and open_marks[-1][0] != "{"
        if token.lastgroup == "mark" and (word in "{}" or (word == ";" and not inner)):
            words = "".join(segment).strip()
            yield from _segment(path, words, word, begun, inside=bool(open_marks))
            segment = []
        elif token.lastgroup != "comment" and (segment or not word.isspace()):
            begun = begun if segment else line + len(word) - len(word.lstrip("\n"))
            segment.append(word)
        if token.lastgroup == "mark" and word != ";":
            problem = _bracket(word, line, open_marks)
            if problem:
                yield found(path, problem, source="parse", line=line)
                return
        line += word.count("\n")
    for mark, opened in open_marks[-1:]:
        yield found(path, f"“{mark}” is never closed.", source="parse", line=opened)
    if not open_marks:
        yield from _segment(path, "".join(segment).strip(), ";", begun, inside=False)


def _bracket(word: str, line: int, open_marks: list[tuple[str, int]]) -> str:
    """Opens or closes one bracket; says what is wrong with it."""
    if word in "{([":
        open_marks.append((word, line))
        return "Nested too deeply to be read." if len(open_marks) > MOST_DEPTH else ""
    if not open_marks or open_marks[-1][0] != _CLOSES[word]:
        return f"“{word}” closes nothing."
    open_marks.pop()
    return ""


def _unfinished(token: re.Match[str]) -> str:
    word = token.group()
    if token.lastgroup == "comment" and (len(word) < 4 or not word.endswith("*/")):
        return "A comment is never closed."
    if token.lastgroup == "string" and (len(word) < 2 or word[-1] != word[0]):
        return "A string is not closed on its line."
    return ""


def _segment(path: str, words: str, end: str, line: int, *, inside: bool) -> Iterator[Issue]:
    """What stands before ``{``, ``;`` or ``}``."""
    shown = " ".join(words[:200].split())[:60]
    if end == "{":
        if not words:
            yield found(path, "A block has no selector.", source="parse", line=line)
        return
    if not words or words.startswith("@"):
        return
    if not inside:
        message = f"“{shown}” is neither a rule nor an at-rule."
        yield found(path, message, source="parse", line=line)
        return
    declaration = _DECLARATION.match(words)
    if declaration is None:
        yield found(path, f"“{shown}” is no declaration.", source="parse", line=line)
        return
    name, value = declaration.groups()
    if not value.strip() and not name.startswith("--"):
        yield found(path, f"“{name}” has no value.", source="parse", line=line)
    elif re.search(r"\n[^\S\n]*[a-z-]+[^\S\n]*:\s", value) and not name.startswith("--"):
        yield found(path, f"A “;” is missing after “{name}”.", source="parse", line=line)


def _references(path: str, text: str, around: Surroundings, offset: int) -> Iterator[Issue]:
    line, at = 1 + offset, 0
    for reference in _REFERENCE.finditer(text):
        line += text.count("\n", at, reference.start())
        at = reference.start()
        target = next((each for each in reference.groups() if each is not None), "")
        if is_remote(target):
            message = f"“{target[:80]}” is on another host, which cannot be reached here."
            yield found(path, message, source="reference", line=line)
        elif is_local(target):
            known = resolved(path, target)
            if target.startswith("/") or known is None or not around.has(known):
                message = f"“{target[:80]}” is not a file of this program."
                yield found(path, message, source="reference", line=line)
