"""HTML of previews: what is put into pages of a build, and the few pages that are ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files as files_of
from typing import Final

REPORTER_PATH: Final = "_littoral/report.js"
"""Where, below its prefix, each preview has the script that tells of errors."""

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_HTML = re.compile(rb"<html(?:\s[^>]*)?>", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!doctype[^>]*>", re.IGNORECASE)
_ROOT_ADDRESS = re.compile(
    rb"(<[^<>]*?\s(?:href|src|action|formaction|poster|data)\s*=\s*[\"']?)/(?![/\s>])",
    re.IGNORECASE,
)
_SCRIPT = re.compile(rb"<script(?=\s[^>]*\bsrc\b)(?![^>]*\bcrossorigin\b)", re.IGNORECASE)

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;"
    "color:#1c2733;background:#fff}pre{overflow:auto;padding:1rem;background:#f2f5f7;"
    "border-radius:.5rem;font-size:.85rem;line-height:1.45}h1{font-size:1.4rem}"
    "h2{font-size:1rem;margin-top:2rem}"
    "@media(prefers-color-scheme:dark){body{color:#dfe7ee;background:#12181f}"
    "pre{background:#1b242d}}"
)


@cache
def reporter() -> str:
    """The script that tells the surrounding page of errors."""
    return files_of("littoral.preview").joinpath("reporter.txt").read_text(encoding="utf-8")


def as_preview(html: bytes, prefix: str) -> bytes:
    """A page of a build as its preview shows it.

    The reporter comes first; attributes that begin with ``/`` mean the preview's root; scripts ask
    with CORS, else a page without an origin learns nothing of their errors. Whatever is written in
    odd ways stays as it is: this helps pages, the policy is what holds them.
    """
    root = prefix.encode()
    page = _ROOT_ADDRESS.sub(lambda found: found[1] + root, html)
    page = _SCRIPT.sub(b"<script crossorigin", page)
    tag = f'<script src="{prefix}{REPORTER_PATH}" crossorigin></script>'.encode()
    for place in (_HEAD, _HTML, _DOCTYPE):
        found = place.search(page)
        if found is not None:
            return page[: found.end()] + tag + page[found.end() :]
    return tag + page


def plain_page(title: str, words: str) -> str:
    """A page of ours that says one thing."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(words)}</p>")


def failure_page(prefix: str, words: str) -> str:
    """The previewed program failed; the reporter tells the surrounding page."""
    note = f'<meta name="littoral-error" content="{escape(words, quote=True)}">'
    script = f'<script src="{prefix}{REPORTER_PATH}"></script>'
    body = f"<h1>This program failed</h1><pre>{escape(words)}</pre>"
    return _page("This program failed", body, head=note + script)


def listing_page(title: str, files: Iterable[tuple[str, str]]) -> str:
    """A build that has nothing to show in a browser: its words and its code, by path."""
    parts = [
        f"<h2>{escape(path)}</h2><pre><code>{escape(text)}</code></pre>" for path, text in files
    ]
    intro = (
        "<p>This is a program for the command line, so there is nothing to show in a browser. "
        "Here is what was written; download the files to run it.</p>"
    )
    return _page(title, f"<h1>{escape(title)}</h1>{intro}{''.join(parts)}")


def _page(title: str, body: str, *, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{head}</head>"
        f"<body><main>{body}</main></body></html>"
    )
