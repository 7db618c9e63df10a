"""A session's title made from its first message."""

from __future__ import annotations

import re

MAX_TITLE = 60
_COMMAND = re.compile(r"^(?:please\s+)?(?:add|new|create)\s+(?:a\s+)?tasks?\s*:?\s*", re.IGNORECASE)


def title_from(message: str) -> str:
    """The first line without a leading command word, cut at a word to at most 60 characters."""
    lines = message.strip().splitlines() or [""]
    line = " ".join(_COMMAND.sub("", lines[0]).split()) or " ".join(lines[0].split())
    if len(line) > MAX_TITLE:
        cut = line[: MAX_TITLE - 1]
        line = (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"
    return line[:1].upper() + line[1:]
