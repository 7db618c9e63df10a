"""Owns the colours of generated pages and the stylesheet that is composed from parts.

Every pair of colours that carries text keeps a contrast of at least 4.5 to 1, light and dark.
"""

from __future__ import annotations

from littoral.builder.offline.parts import part
from littoral.builder.offline.wish import Wish

_LIGHT = (
    ("paper", "#f7f7f5"),
    ("card", "#ffffff"),
    ("ink", "#1c2027"),
    ("soft", "#565d69"),
    ("line", "#dcdee3"),
    ("edge", "#858c98"),
    ("on-accent", "#ffffff"),
    ("danger", "#b3261e"),
)
_DARK = (
    ("paper", "#14171c"),
    ("card", "#1d2128"),
    ("ink", "#e8eaee"),
    ("soft", "#a7aebb"),
    ("line", "#343a44"),
    ("edge", "#6d7583"),
    ("on-accent", "#12151a"),
    ("danger", "#ffb4ab"),
)

# name: (in light, in dark)
ACCENTS = {
    "blue": ("#1f5fbf", "#8ab8ff"),
    "green": ("#1b713f", "#7fd6a0"),
    "red": ("#b3261e", "#ffa59c"),
    "purple": ("#6b3fb5", "#c5a8ff"),
    "orange": ("#9a4900", "#ffb77a"),
    "teal": ("#0b6b6b", "#6fd6d3"),
    "pink": ("#b0206f", "#ff9fcf"),
    "yellow": ("#735700", "#f0cf65"),
    "brown": ("#7a4a24", "#dcb38c"),
    "grey": ("#4a5160", "#c3c9d4"),
    "black": ("#23272f", "#d7dbe3"),
}


def stylesheet(wish: Wish, *parts: str, width: str = "44rem", **values: object) -> str:
    """The whole stylesheet: variables, the base, then each named part of ``parts/style``."""
    shared = {
        "width": width,
        "header": bool(wish.header),
        "theme": wish.has("theme"),
        **values,
    }
    sheets = [part(f"style/{name}.css", **shared) for name in ("base", *parts)]
    return "\n".join([_variables(wish), *sheets])


def _variables(wish: Wish) -> str:
    light, dark = ACCENTS[wish.accent]
    always_dark = wish.has("dark")
    first = _block(
        ":root", "dark" if always_dark else "light dark", _DARK if always_dark else _LIGHT
    )
    shared = f"  --header: {ACCENTS[wish.header][0]};\n" if wish.header else ""
    top = first.replace("}", f"  --accent: {dark if always_dark else light};\n{shared}}}")
    if always_dark:
        return top
    rest = (*_DARK, ("accent", dark))
    if not wish.has("theme"):
        by_device = _indented(_block(":root", "", rest))
        return f"{top}@media (prefers-color-scheme: dark) {{\n{by_device}}}\n"
    by_device = _indented(_block(':root:not([data-theme="light"])', "", rest))
    chosen = _block(':root[data-theme="dark"]', "dark", rest)
    light_chosen = ':root[data-theme="light"] { color-scheme: light; }\n'
    return f"{top}@media (prefers-color-scheme: dark) {{\n{by_device}}}\n{chosen}{light_chosen}"


def _block(selector: str, scheme: str, colours: tuple[tuple[str, str], ...]) -> str:
    lines = [f"  color-scheme: {scheme};\n"] if scheme else []
    lines += [f"  --{name}: {colour};\n" for name, colour in colours]
    return f"{selector} {{\n{''.join(lines)}}}\n"


def _indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))
