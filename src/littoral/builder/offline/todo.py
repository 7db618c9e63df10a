"""Owns the family of list pages: to-do, shopping, reading and other lists to tick off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from littoral.builder.offline.family import PlannedPhase
from littoral.builder.offline.parts import Raw, part
from littoral.builder.offline.style import stylesheet
from littoral.builder.offline.topic import capital, modifier_before
from littoral.builder.offline.wish import Wish

_LIST = r"to-?\s?dos?(?: list)?|tasks?(?: list| manager| tracker)?|check-?lists?|lists?"
# words of the request: (what the list is called, what one entry is called)
_KINDS = (
    (r"shopping|grocer(?:y|ies)", "Shopping list", "item"),
    (r"reading|books?", "Reading list", "book"),
    (r"packing|travel|trip|luggage", "Packing list", "thing"),
    (r"movies?|films?|watch(?:ing)?", "Watch list", "film"),
    (r"chores?|household|cleaning", "Chores", "chore"),
    (r"wish-?list|wishes|gifts?|presents?", "Wish list", "wish"),
    (r"goals?|habits?|bucket", "Goals", "goal"),
    (r"bugs?|issues?", "Bug list", "bug"),
)


class TodoFamily:
    """A page with one list: add, tick off, filter, remove; kept in the browser where it allows."""

    name = "a list to tick off"
    features = ("tags", "due", "priority", "search", "theme", "dark")
    usual: Sequence[str] = ()

    def kind(self, wish: Wish) -> str:
        return "static"

    def title(self, wish: Wish) -> str:
        name, _ = _names(wish)
        if name == "To-do list":
            before = modifier_before(_LIST, wish.query)
            name = f"{capital(before)} list" if before else name
        return f"{name} for {wish.topic}" if wish.topic else name

    def description(self, wish: Wish) -> str:
        _, noun = _names(wish)
        return (
            f"A page with a list: write down each {noun}, tick it off, filter, remove. The list "
            "stays in the browser where the browser allows it, and in memory otherwise, which the "
            "page says."
        )

    def always(self, wish: Wish) -> Sequence[str]:
        return ("Add, tick off and remove", "Filter by open and done", "Works with the keyboard")

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]:
        page = {
            "index.html": "The page",
            "styles.css": "Colours, type and layout",
            "store.js": "Keeps the list",
            "app.js": "What happens on the page",
        }
        if wish.has("theme"):
            page["theme.js"] = "The switch between light and dark"
        words = {"README.md": "How to open and change it"}
        return (
            PlannedPhase(name="The list", description="The page and what it does", files=page),
            PlannedPhase(name="To take home", description="What explains it", files=words),
        )

    def write(self, path: str, wish: Wish) -> str | None:
        if path == "styles.css":
            return self._styles(wish)
        if path == "theme.js":
            return part("shared/theme.js")
        if path not in ("index.html", "store.js", "app.js", "README.md"):
            return None
        return part(f"todo/{path}", **self._values(wish))

    def _styles(self, wish: Wish) -> str:
        extras = sum(wish.has(each) for each in ("due", "priority", "tags"))
        shape = {"columns": extras, "one_row": not extras}
        return stylesheet(wish, "form", "list", width="42rem", **shape)

    def _values(self, wish: Wish) -> dict[str, object]:
        _, noun = _names(wish)
        switches = {each: wish.has(each) for each in self.features}
        views = {"search": 'search: ""', "tags": 'tag: ""'}
        extra = [text for name, text in views.items() if wish.has(name)]
        return {
            **switches,
            "sorted": wish.has("due") or wish.has("priority"),
            "title": wish.title,
            "about": _about(noun),
            "noun": noun,
            "key": f"list:{wish.title.lower()}",
            "empty": f"Nothing here yet. Add your first {noun} above.",
            "view_extra": Raw("".join(f", {each}" for each in extra)),
        }


def _names(wish: Wish) -> tuple[str, str]:
    for words, name, noun in _KINDS:
        if re.search(rf"\b(?:{words})\b", wish.query, re.IGNORECASE):
            return name, noun
    return "To-do list", "to-do"


def _about(noun: str) -> str:
    return f"Write down each {noun}, tick it off when it is done."
