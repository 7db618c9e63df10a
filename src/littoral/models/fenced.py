"""Data of strangers inside a prompt: fenced, so that it cannot pass for the prompt's own words.

A value stands as one line of JSON between two marks. Angle brackets of the value are escaped, so
no text can close its own fence. That a model heeds the fence is the prompt's business; that a
program finds the value again, byte for byte, is this module's.
"""

from __future__ import annotations

import json
from typing import Any


def fenced(name: str, value: Any) -> str:
    """``value`` (JSON) between the marks of ``name`` (letters and spaces).

    Same value, same text. Raises ``ValueError`` for a value that JSON cannot hold.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e")
    return f"{_begin(name)}\n{escaped}\n{_end(name)}"


def find_fenced(name: str, text: str) -> Any | None:
    """The first value that ``fenced`` put into ``text`` under ``name``; ``None`` without one."""
    _, begun, rest = text.partition(f"{_begin(name)}\n")
    inside, ended, _ = rest.partition(f"\n{_end(name)}")
    if not begun or not ended:
        return None
    try:
        return json.loads(inside)
    except ValueError:
        return None


def _begin(name: str) -> str:
    return f"<<<DATA {name}>>>"


def _end(name: str) -> str:
    return f"<<<END DATA {name}>>>"
