"""The code of a function: its language, its source, and the hash that names it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["python", "javascript"]
Origin = Literal["model", "offline", "given"]

LANGUAGES: Final[tuple[Language, ...]] = ("python", "javascript")
ENTRY: Final = "run"


@dataclass(frozen=True, kw_only=True)
class Code:
    """A source that defines ``entry(args)``. ``model`` wrote it (empty: nobody asked one)."""

    language: Language
    source: str
    entry: str = ENTRY
    origin: Origin = "model"
    model: str = ""

    @property
    def hash(self) -> str:
        """Same language, entry and source, same hash: 32 hexadecimal digits."""
        text = f"{self.language}\0{self.entry}\0{self.source}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
