"""Owns collecting the names that documentation must have: from the code, never a second list.

Routes come from the application and the hot door, settings from `littoral.settings`, bindings from
wrangler.toml, error codes from the tree of errors, event types from where they are written.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from littoral.errors import LittoralError
from littoral.settings import SETTINGS

_EVENT_TYPE = re.compile(r"[a-z]+\.[a-z_]+")


def setting_names() -> list[str]:
    return [setting.name for setting in SETTINGS]


def error_codes() -> list[str]:
    """The code of every class of the tree."""
    found: set[str] = set()
    waiting: list[type[LittoralError]] = [LittoralError]
    while waiting:
        error = waiting.pop()
        found.add(error.code)
        waiting.extend(error.__subclasses__())
    return sorted(found)


def binding_names(wrangler_toml: str) -> list[str]:
    """Every `binding = …`, and `name = …` of Durable Objects, as the Worker sees them in `env`."""
    return sorted(_bindings(tomllib.loads(wrangler_toml)))


def _bindings(value: Any, *, inside: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("binding"), str):
            yield value["binding"]
        elif "class_name" in value and "name" in value and inside == "bindings":
            yield value["name"]
        for key, inner in value.items():
            yield from _bindings(inner, inside=key)
    elif isinstance(value, list):
        for inner in value:
            yield from _bindings(inner, inside=inside)


def app_routes(app: FastAPI) -> list[str]:
    """`METHOD /path` of every route, parameters as `{}`; HEAD and OPTIONS aside."""
    return sorted(
        f"{method} {plain_path(route.path)}"
        for route in _api_routes(app.routes)
        for method in route.methods or ()
        if method not in ("HEAD", "OPTIONS")
    )


def _api_routes(routes: Any) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "methods"):
            yield route
        else:  # FastAPI keeps an included router whole, since 0.16x
            inner = getattr(route, "original_router", route)
            yield from _api_routes(getattr(inner, "routes", ()))


def plain_path(path: str) -> str:
    """A path with every parameter, `{name}`, `{name:path}` or `<name>`, written `{}`; no query."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "{}", path.partition("?")[0])


def hot_routes(hot_door_source: str) -> list[str]:
    """`METHOD /path` of the table HOT_ROUTES, read without importing the rim."""
    for node in ast.walk(ast.parse(hot_door_source)):
        if isinstance(node, ast.Assign) and _assigns(node, "HOT_ROUTES"):
            return [f"{method} {plain_path(path)}" for method, path in ast.literal_eval(node.value)]
    raise ValueError("the hot door has no table HOT_ROUTES")


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def event_types(root: Path) -> list[str]:
    """Types given to an event log, and members of a `Literal` of `noun.verb` texts."""
    found: set[str] = set()
    for folder in ("src", "durable_objects", "workflows"):
        for file in sorted((root / folder).rglob("*.py")):
            found.update(_event_types(ast.parse(file.read_text(encoding="utf-8"))))
    return sorted(found)


def _event_types(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "append" and len(node.args) == 2:
                yield from _texts(node.args[:1])
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            inner = node.slice
            yield from _texts(inner.elts if isinstance(inner, ast.Tuple) else [inner])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and _EVENT_TYPE.fullmatch(value):
            yield value


def toml_vars(wrangler_toml: str) -> dict[str, str]:
    """Settings that the configuration gives to every deploy."""
    return dict(tomllib.loads(wrangler_toml)["vars"])


def uncommented_tables(wrangler_toml: str) -> list[str]:
    """Tables that have no comment on the line before them."""
    lines = wrangler_toml.splitlines()
    return [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith("[") and not before.startswith("#")
    ]
