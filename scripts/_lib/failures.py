"""Owns the one exception of set-up: what is missing, and how to get it. No traceback."""

from __future__ import annotations


class SetupFailure(Exception):
    """Set-up cannot go on. `what` names the missing thing, `how` the next step for a person."""

    def __init__(self, what: str, how: str) -> None:
        super().__init__(f"{what}\n  -> {how}")
        self.what = what
        self.how = how
