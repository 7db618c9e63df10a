"""Owns what is written for a file that a person added to a blueprint and no family knows."""

from __future__ import annotations

from littoral.builder.offline.parts import part
from littoral.builder.offline.topic import capital, clean
from littoral.builder.offline.wish import Wish

_NOTE = "Written without a language model: only a beginning, made from the file's purpose."


def odd_file(path: str, purpose: str, wish: Wish) -> str:
    """A small correct file of its kind that says what it is for and that it is a beginning."""
    words = clean(purpose) or path
    ending = path.rsplit(".", 1)[-1].lower()
    if ending in ("html", "htm"):
        up = "../" * path.count("/")
        heading = capital(words)
        values = {"title": wish.title, "heading": heading, "note": _NOTE, "up": up}
        return part("shared/odd.html", **values)
    if ending == "json":
        return "{}\n"
    if ending == "css":
        return f"/* {words}. {_NOTE} */\n"
    if ending in ("js", "mjs"):
        return f"// {words}. {_NOTE}\n"
    if ending in ("py", "toml", "yaml", "yml"):
        return f"# {words}. {_NOTE}\n"
    return f"# {words}\n\n{_NOTE}\n" if ending == "md" else f"{words}\n"
