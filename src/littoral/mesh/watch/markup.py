"""HTML and XML cut into words and tags, in time that grows with their length and no faster.

The standard library's parser takes minutes for a hostile page of 200 KB (seen with CPython 3.11,
November 2026), and those on PyPI that do not are compiled or bring their own trees. Reading what a
person sees needs neither a tree nor attributes. Broken markup is read as browsers do: a comment or
tag that never ends swallows the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, Literal

Token = tuple[Literal["text", "start", "end"], str]

_TAG: Final = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,60})")
_TAG_END: Final = re.compile(r"""[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+>""")
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I)
    for name in "script style noscript iframe noembed noframes xmp textarea title".split()
}
"""Elements whose inside is no markup."""
_CLOSED: Final = frozenset({"svg", "title"})
"""Elements of SVG and XML that ``/>`` ends; those of HTML go on."""
_CDATA: Final = "<![CDATA["


def tokens(text: str) -> Iterator[Token]:
    """Text with its references resolved, and names of tags in small letters, in order."""
    at, quotes_end = 0, True
    while at < len(text):
        begin = text.find("<", at)
        if begin != at:
            yield "text", unescape(text[at : begin if begin >= 0 else len(text)])
        if begin < 0:
            return
        found = _TAG.match(text, begin)
        if found is None:
            skipped, inside = _aside(text, begin)
            if inside:
                yield "text", inside
            at = skipped
            continue
        name = found[2].lower()
        end = _TAG_END.match(text, found.end()) if quotes_end else None
        if end is None:
            quotes_end = False  # a quote that never ends: from here on quotes mean nothing
        at = end.end() if end else text.find(">", found.end()) + 1
        if at == 0:
            return
        yield "end" if found[1] else "start", name
        if text[at - 2] == "/" and name in _CLOSED:
            yield "end", name
        elif name in _RAW and not found[1]:
            closing = _RAW[name].search(text, at)
            yield "text", unescape(text[at : closing.start() if closing else len(text)])
            if closing is None:
                return
            at = closing.start()


def _aside(text: str, begin: int) -> tuple[int, str]:
    """What no tag begins with ``<``: where it ends, and the words in it."""
    if text.startswith("<!--", begin):
        end = text.find("-->", begin + 4)
        return (end + 3 if end >= 0 else len(text)), ""
    if text.startswith(_CDATA, begin):
        end = text.find("]]>", begin)
        inside = text[begin + len(_CDATA) : end if end >= 0 else len(text)]
        return (end + 3 if end >= 0 else len(text)), inside
    if text[begin + 1 : begin + 2] in ("!", "?", "/"):
        end = text.find(">", begin)
        return (end + 1 if end >= 0 else len(text)), ""
    return begin + 1, "<"
