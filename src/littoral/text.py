"""Rules for text that people and programs send: length, control characters, broken Unicode."""

from __future__ import annotations

import re
from typing import Any

from littoral.errors import InvalidInput, TooLarge

MAX_MESSAGE_CHARACTERS = 16_000

# C0 and C1 controls but tab, line feed and carriage return; and halves of surrogate pairs.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


def require_text(value: Any, *, field: str, most: int, least: int = 1) -> str:
    """``value`` if it is clean text of ``least`` to ``most`` characters, spaces around it not
    counted.

    Raises ``InvalidInput`` or ``TooLarge`` that name the field and the rule.
    """
    if not isinstance(value, str):
        raise InvalidInput(f"{field} must be text, not {kind_of(value)}.")
    if len(value) > most:
        raise TooLarge(f"{field} has {len(value)} characters; at most {most} are taken.")
    if len(value.strip()) < least:
        raise InvalidInput(f"{field} is empty; write something.")
    found = _NOT_TEXT.search(value)
    if found:
        raise InvalidInput(
            f"{field} has the character U+{ord(found.group()):04X} at position {found.start()}; "
            "control characters and half characters are not taken."
        )
    return value


def require_id(value: Any, *, field: str) -> str:
    """``value`` if it is 1 to 128 letters, digits and ``_ . : -``; raises ``InvalidInput``."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidInput(f"{field} must be 1 to 128 characters of A-Z a-z 0-9 _ . : - only.")
    return value


def kind_of(value: Any) -> str:
    """The JSON name of a value's type, for error texts."""
    names = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}
    if value is None:
        return "null"
    return names.get(type(value), "an object")
