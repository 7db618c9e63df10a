"""Owns the checks of Python files: that they can be read, and that what they import is there."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator

from littoral.builder.checks.python_depth import too_deep_for_python
from littoral.builder.checks.surroundings import Surroundings, too_deep
from littoral.builder.issue import Issue, found

_OF_WORKERS = frozenset({"workers", "js", "pyodide", "asgi"})
_ENTRY = "src/entry.py"


def check_python(path: str, text: str, around: Surroundings) -> Iterator[Issue]:
    """What is wrong with one Python file."""
    tree, problem = parsed(path, text)
    if problem is not None:
        yield problem
    if tree is None:
        return
    for node, optional in _imports(tree):
        if not optional:
            yield from _import_issues(path, node, around)
    if path == _ENTRY and around.kind == "python-worker" and not _has_door(tree):
        yield found(
            path,
            "A Python Worker needs “class Default(WorkerEntrypoint)” with “async def fetch(self, "
            "request)” in its entry.",
            source="reference",
        )


def parsed(path: str, text: str) -> tuple[ast.Module | None, Issue | None]:
    """The tree of a file, or what keeps it from being read."""
    deep = too_deep(text) or too_deep_for_python(text)
    if deep:
        return None, found(path, "Nested too deeply to be read.", source="parse", line=deep)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text), None
    except SyntaxError as error:
        line = error.lineno or 0
        about = (error.text or "").strip()[:200]
        message = f"Python cannot read this: {error.msg}."
        return None, found(path, message, source="parse", line=line, about=about)
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"Python cannot read this: {str(error)[:200] or 'it is nested too deeply'}."
        return None, found(path, message, source="parse")


def _imports(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import, and whether it stands in a ``try`` that may catch its failure."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, optional
        inside = optional or isinstance(node, ast.Try)
        waiting.extend((each, inside) for each in ast.iter_child_nodes(node))


def _import_issues(
    path: str, node: ast.Import | ast.ImportFrom, around: Surroundings
) -> Iterator[Issue]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if not _is_there(path, alias.name, 0, around):
                yield _missing(path, node.lineno, alias.name)
        return
    module = node.module or ""
    if not _is_there(path, module, node.level, around):
        yield _missing(path, node.lineno, "." * node.level + module)
        return
    own = _own_file(path, module, node.level, around)
    if node.level and not module and own is None:
        for alias in node.names:
            if not _is_there(path, alias.name, node.level, around):
                yield _missing(path, node.lineno, f".{alias.name}")
    if own is None or own not in around.files:
        return
    names = _defined(own, around.files[own])
    for alias in node.names:
        if names is not None and alias.name not in names and alias.name != "*":
            inner = f"{module}.{alias.name}" if module else alias.name
            if _own_file(path, inner, node.level, around) is None:
                message = f"{own} has no “{alias.name}”, which is imported from it."
                yield found(path, message, source="reference", line=node.lineno)


def _missing(path: str, line: int, name: str) -> Issue:
    message = f"“{name}” is neither in Python's standard library nor a file of this program."
    return found(path, message, source="reference", line=line)


def _is_there(path: str, module: str, level: int, around: Surroundings) -> bool:
    top = module.split(".")[0]
    if _own_file(path, module, level, around) is not None:
        return True
    if level:
        return not module
    if around.kind == "python-worker" and top in _OF_WORKERS:
        return True
    return top in sys.stdlib_module_names


def _own_file(path: str, module: str, level: int, around: Surroundings) -> str | None:
    """The file or folder of this program that a module's name means."""
    folder = path.rsplit("/", 1)[0] if "/" in path else ""
    for _ in range(level - 1):
        folder = folder.rsplit("/", 1)[0] if "/" in folder else ""
    roots = [folder] if level else list(dict.fromkeys([folder, "", "src"]))
    inner = module.replace(".", "/")
    for root in roots:
        base = "/".join(each for each in (root, inner) if each)
        for candidate in (f"{base}.py", f"{base}/__init__.py" if base else "__init__.py"):
            if around.has(candidate):
                return candidate
        if base and around.has_folder(base):
            return base
    return None


def _defined(path: str, text: str) -> frozenset[str] | None:
    """Names at the top of a module; ``None`` when they cannot be told."""
    tree, _ = parsed(path, text)
    if tree is None:
        return None
    names: set[str] = {"__name__", "__doc__", "__file__"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            if node.name == "*":
                return None
            names.add(node.asname or node.name.split(".")[0])
    return None if "__getattr__" in names else frozenset(names)


def _has_door(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and node.name == "on_fetch":
            return True
        if isinstance(node, ast.ClassDef) and node.name == "Default":
            return any(
                isinstance(each, ast.AsyncFunctionDef) and each.name == "fetch"
                for each in node.body
            )
    return False
