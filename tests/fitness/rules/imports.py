"""Owns the rule of the rim: where the runtime's own modules may be imported.

Only the entry, `littoral.platform`, the Durable Objects and the workflows know Cloudflare and
JavaScript. Everything else runs under plain CPython, and does not import the rim either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

RUNTIME_MODULES = frozenset(
    {"js", "pyodide", "pyodide_js", "_pyodide", "_cloudflare", "workers", "cloudflare"}
)
_RIM_PACKAGES = ("littoral.platform", "durable_objects", "workflows", "entry")
_RIM_PATHS = ("src/entry.py", "src/littoral/platform/", "durable_objects/", "workflows/")
_OUTSIDERS = frozenset({"tests", "scripts", "_lib", "benchmarks", "src"})


def broken_imports(root: Path) -> list[str]:
    """`path:line imports name` for every import that the rule forbids."""
    found = []
    for folder in ("src", "durable_objects", "workflows"):
        for file in sorted((root / folder).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            for line, name in imported_names(file.read_text(encoding="utf-8")):
                if not _is_allowed(path, name):
                    found.append(f"{path}:{line} imports {name}")
    return found


def imported_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, wherever in the module it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield node.lineno, "." * node.level + module
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"
        elif isinstance(node, ast.Call):
            yield from _dynamic_import(node)


def _dynamic_import(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("import_module", "__import__") and call.args:
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield call.lineno, first.value


def _is_allowed(path: str, name: str) -> bool:
    top = name.split(".")[0]
    if top in _OUTSIDERS or name.startswith("."):
        return False
    if path.startswith(_RIM_PATHS):
        return True
    is_rim = any(name == package or name.startswith(package + ".") for package in _RIM_PACKAGES)
    return top not in RUNTIME_MODULES and not is_rim
