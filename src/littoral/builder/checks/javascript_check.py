"""Owns the checks of JavaScript: that it can be read, and that what it imports and loads is there.

Reading is the engine's own (``JavaScriptParser``); nothing is run. Without a parser only the
references are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from littoral.builder.checks.html_check import page_of
from littoral.builder.checks.surroundings import (
    Surroundings,
    is_local,
    is_remote,
    line_at,
    resolved,
    too_deep,
)
from littoral.builder.issue import Issue, found
from littoral.builder.ports import JavaScriptParser

_IMPORT = re.compile(
    r"""^[ \t]*+(import|export)\b(?:([^;"'`()=]{0,2000}?)\bfrom)?\s*+["']([^"'\n]{1,300})["']""",
    re.MULTILINE,
)
_DYNAMIC = re.compile(r"""\bimport\(\s{0,20}["']([^"'\n]{1,300})["']\s{0,20}\)""")
_FETCH = re.compile(r"""(?<![\w.])fetch\(\s{0,20}["'`]([^"'`\n$]{1,300})["'`]""")
_WORKER = re.compile(r"""\bnew (?:Shared)?Worker\(\s{0,20}["']([^"'\n]{1,300})["']""")
_EXPORTED = re.compile(
    r"^[ \t]*+export\s{1,20}(?:default\s{1,20})?(?:async\s{1,20})?"
    r"(?:function\s{0,20}\*?|class|const|let|var)\s{0,20}([\w$]{1,100})",
    re.MULTILINE,
)
_EXPORT_LIST = re.compile(r"^[ \t]*+export\s{0,20}\{([^{}]{0,4000})\}", re.MULTILINE)
_MODULE = re.compile(r"^[ \t]*+(?:import\b(?!\s{0,20}\()|export\b)", re.MULTILINE)
_MOST_REFERENCES = 500


async def check_javascript(
    path: str, text: str, around: Surroundings, parser: JavaScriptParser | None
) -> list[Issue]:
    """What is wrong with one file of JavaScript."""
    module = is_module(path, text, around)
    issues = await read_issues(path, text, parser, module=module)
    if not issues:
        issues += _import_issues(path, text, around)
        issues += _loading_issues(path, text, around)
        issues += _entry_issues(path, text, around)
    return issues


async def check_scripts(
    path: str, text: str, around: Surroundings, parser: JavaScriptParser | None
) -> list[Issue]:
    """What is wrong with the scripts inside an HTML file."""
    issues: list[Issue] = []
    for script, line, module in page_of(text).scripts[:20]:
        found_here = await read_issues(path, script, parser, module=module, offset=line - 1)
        issues += found_here or _loading_issues(path, script, around, offset=line - 1)
    return issues


async def read_issues(
    path: str, text: str, parser: JavaScriptParser | None, *, module: bool, offset: int = 0
) -> list[Issue]:
    """Whether the engine can read it. ``DependencyUnavailable`` when the engine cannot be asked."""
    deep = too_deep(text)
    if deep:
        return [found(path, "Nested too deeply to be read.", source="parse", line=deep + offset)]
    problem = await parser.problem(text, module=module) if parser and text.strip() else None
    if problem is None:
        return []
    lines = text.splitlines()
    about = lines[problem.line - 1].strip()[:200] if 0 < problem.line <= len(lines) else ""
    line = problem.line + offset if problem.line else 0
    message = f"JavaScript cannot read this: {problem.message}"
    return [found(path, message, source="parse", line=line, about=about)]


def is_module(path: str, text: str, around: Surroundings) -> bool:
    """Whether a file is a module: by its name, its pages, or its own imports and exports."""
    if path.endswith(".mjs") or around.kind == "javascript-worker":
        return True
    for page, content in around.files.items():
        if page.endswith((".html", ".htm")) and "<script" in content:
            for tag in re.findall(r"<script\b[^>]{0,500}>", content, re.IGNORECASE)[:50]:
                source = re.search(r"""src\s{0,9}=\s{0,9}["']?([^"'\s>]+)""", tag, re.IGNORECASE)
                if source and resolved(page, source.group(1)) == path:
                    return re.search(r"""type\s{0,9}=\s{0,9}["']?module""", tag, re.I) is not None
    return _MODULE.search(text) is not None


def _import_issues(path: str, text: str, around: Surroundings) -> list[Issue]:
    issues: list[Issue] = []
    line, at = 1, 0
    for count, statement in enumerate(_IMPORT.finditer(text)):
        if count >= _MOST_REFERENCES:
            break
        line += text.count("\n", at, statement.start())
        at = statement.start()
        word, names, target = statement.groups()
        if word == "export" and names is None:
            continue
        issues += _imported(path, target, names or "", line, around)
    for dynamic in list(_DYNAMIC.finditer(text))[:_MOST_REFERENCES]:
        issues += _imported(path, dynamic.group(1), "", line_at(text, dynamic.start()), around)
    return issues


def _imported(
    path: str, target: str, names: str, line: int, around: Surroundings
) -> Iterator[Issue]:
    if not target.startswith(("./", "../", "/")):
        if around.kind == "javascript-worker" and target.startswith(("cloudflare:", "node:")):
            return
        message = (
            f"“{target[:80]}” is no file of this program; packages and other hosts are not there."
        )
        yield found(path, message, source="reference", line=line)
        return
    known = None if target.startswith("/") else resolved(path, target)
    if known is None or not around.has(known):
        message = f"“{target[:80]}” is not a file of this program."
        yield found(path, message, source="reference", line=line)
        return
    exported = _exports(around.files.get(known, ""), known, around.files)
    for name in _names(names):
        if exported is not None and name not in exported:
            message = f"{known} exports no “{name}”, which is imported from it."
            yield found(path, message, source="reference", line=line)


def _names(clause: str) -> list[str]:
    """The names that an import clause wants from the other file."""
    before, _, rest = clause.partition("{")
    inside = rest.partition("}")[0]
    names = [each.split(" as ")[0].strip() for each in inside.split(",")]
    head = before.strip().rstrip(",").strip()
    if head and not head.startswith("*"):
        names.append("default")
    return [each for each in names if re.fullmatch(r"[\w$]+", each)]


def _exports(text: str, path: str, files: Mapping[str, str]) -> frozenset[str] | None:
    """Names that a module exports; ``None`` when they cannot be told."""
    if path not in files or re.search(r"^[ \t]*+export\s{0,20}\*", text, re.MULTILINE):
        return None
    names = set(_EXPORTED.findall(text))
    if re.search(r"^[ \t]*+export\s{1,20}default\b", text, re.MULTILINE):
        names.add("default")
    for group in _EXPORT_LIST.findall(text):
        names |= {each.split(" as ")[-1].strip() for each in group.split(",")}
    if re.search(r"^[ \t]*+export\s{1,20}(?:const|let|var)\s{0,20}[\[{]", text, re.MULTILINE):
        return None
    return frozenset(names)


def _loading_issues(
    path: str, text: str, around: Surroundings, *, offset: int = 0
) -> Iterator[Issue]:
    """Files that a page fetches or starts as workers; in Workers these are addresses, not files."""
    if around.kind != "static":
        return
    for pattern in (_FETCH, _WORKER):
        for reference in list(pattern.finditer(text))[:_MOST_REFERENCES]:
            target = reference.group(1)
            line = line_at(text, reference.start()) + offset
            # A script's addresses are relative to the page; pages usually lie at the top.
            known = {resolved(path, target), resolved("index.html", target)} - {None}
            if is_remote(target):
                message = f"“{target[:80]}” is on another host, which cannot be reached here."
                yield found(path, message, source="reference", line=line)
            elif is_local(target) and not any(around.has(str(each)) for each in known):
                message = f"“{target[:80]}” is not a file of this program."
                yield found(path, message, source="reference", line=line)


def _entry_issues(path: str, text: str, around: Surroundings) -> Iterator[Issue]:
    if around.kind == "javascript-worker" and path == "src/index.js":
        exported = _exports(text, path, {path: text})
        if exported is not None and "default" not in exported:
            message = "A Worker's entry needs “export default { async fetch(request) { … } }”."
            yield found(path, message, source="reference")
