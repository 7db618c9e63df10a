"""Owns comparing the names of the socket's frames in Python and in JavaScript."""

from __future__ import annotations

import re

_FRAME = re.compile(r"export const FRAME = Object\.freeze\(\{(.*?)\}\)", re.DOTALL)
_ENTRY = re.compile(r"(\w+):\s*\"([^\"]+)\"")
_CONSTANT = re.compile(r"export const (\w+) = \"([^\"]+)\"")
_PYTHON = re.compile(r"^([A-Z_]+): Final = \"([^\"]+)\"", re.MULTILINE)

_BROWSER_NAME = {"HEARTBEAT_REQUEST": "PING", "HEARTBEAT_RESPONSE": "PONG"}


def differences(python_source: str, javascript_source: str) -> list[str]:
    """`NAME: python value, javascript value` for each name that is not the same on both sides."""
    python = dict(_PYTHON.findall(python_source))
    javascript = _javascript_names(javascript_source)
    ours = {_BROWSER_NAME.get(name, _camel(name)): value for name, value in python.items()}
    return [
        f"{name}: {ours.get(name)!r} in Python, {javascript.get(name)!r} in JavaScript"
        for name in sorted(ours.keys() | javascript.keys())
        if ours.get(name) != javascript.get(name)
    ]


def _javascript_names(source: str) -> dict[str, str]:
    found = _FRAME.search(source)
    if found is None:
        raise ValueError("wire.js has no FRAME")
    constants = dict(_CONSTANT.findall(source))
    heartbeat = {name: constants[name] for name in ("PING", "PONG") if name in constants}
    return {**dict(_ENTRY.findall(found[1])), **heartbeat}


def _camel(name: str) -> str:
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)
