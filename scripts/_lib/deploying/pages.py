"""Owns the front end as Pages serves it: `public/`, told where the API answers.

Three things differ from the Worker's own copy: a `<meta>` element names the API's origin, the
content security policies let the page connect to it and frame its previews, and the API's pages
(`/docs`) are found there.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from _lib.failures import SetupFailure

DOCUMENTS = ("index.html", "terminal/index.html")
_VIEWPORT = re.compile(r'^( *)<meta name="viewport"[^>]*>\n', re.MULTILINE)
_ELSEWHERE = ("/docs", "/openapi.json")


def stage_pages(public: Path, target: Path, *, api_origin: str) -> list[str]:
    """Fills `target` anew with the front end for an API at `api_origin`; names the changed files.

    SetupFailure when a document or a policy is not of the form that is known here: then it would
    be uploaded unable to reach the API. Repeatable.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(public, target)
    for name in DOCUMENTS:
        file = target / name
        file.write_text(_with_origin(file.read_text("utf-8"), api_origin, name), "utf-8")
    headers = target / "_headers"
    headers.write_text(_with_policies(headers.read_text("utf-8"), api_origin), "utf-8")
    redirects = "".join(f"{path} {api_origin}{path} 302\n" for path in _ELSEWHERE)
    (target / "_redirects").write_text(redirects, "utf-8")
    return [*DOCUMENTS, "_headers", "_redirects"]


def _with_origin(document: str, api_origin: str, name: str) -> str:
    element = f'<meta name="littoral-api" content="{api_origin}">'
    changed, count = _VIEWPORT.subn(rf"\g<0>\g<1>{element}\n", document)
    if count != 1:
        raise _unknown(f"public/{name} has {count} places for the API's origin")
    return changed


def _with_policies(headers: str, api_origin: str) -> str:
    """Each policy with the API's origin where the page connects and where it frames."""
    socket_origin = re.sub("^http", "ws", api_origin)
    policies = headers.count("Content-Security-Policy: ")
    changed = headers.replace(
        "connect-src 'self'", f"connect-src 'self' {api_origin} {socket_origin}"
    )
    if changed.count(socket_origin) != policies:
        raise _unknown("public/_headers has a policy without connect-src 'self'")
    framed = changed.replace("frame-src 'self'", f"frame-src 'self' {api_origin}")
    if framed == changed:
        raise _unknown("public/_headers has no policy with frame-src 'self'")
    return framed


def _unknown(what: str) -> SetupFailure:
    return SetupFailure(what, "bring scripts/_lib/deploying/pages.py up to it")
