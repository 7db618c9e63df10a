"""Owns the family of single pages that present something: a landing page or a portfolio."""

from __future__ import annotations

import re
from collections.abc import Sequence

from littoral.builder.offline.family import PlannedPhase
from littoral.builder.offline.parts import part
from littoral.builder.offline.style import stylesheet
from littoral.builder.offline.topic import capital, modifier_before, subject_in, without_article
from littoral.builder.offline.wish import Wish

_PAGE = r"landing[- ]pages?|home ?pages?|web ?sites?|web ?pages?|sites?|pages?|one-pager"


class LandingFamily:
    """One page with sections; those that are asked for are there."""

    name = "a page that presents something"
    features = ("contact", "projects", "prices", "faq", "hours", "theme", "dark")
    usual: Sequence[str] = ()

    def kind(self, wish: Wish) -> str:
        return "static"

    def title(self, wish: Wish) -> str:
        if re.search(r"\bportfolio\b", wish.query, re.IGNORECASE):
            if wish.topic:
                return f"Portfolio of {wish.topic}"
            before = modifier_before("portfolio", wish.query)
            return f"{capital(before)} portfolio" if before else "Portfolio"
        told = without_article(wish.topic) or modifier_before(_PAGE, wish.query)
        if not told and not re.search(rf"\b(?:{_PAGE})\b", wish.query, re.IGNORECASE):
            told = subject_in(wish.query)
        return capital(told) if told else "Welcome"

    def description(self, wish: Wish) -> str:
        return (
            f"One page that presents “{wish.title}” in sections. Its sentences say what "
            "belongs in their place, so they are easy to replace."
        )

    def always(self, wish: Wish) -> Sequence[str]:
        return ("One page with sections", "Reads well on a phone", "Works with the keyboard")

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]:
        files = {"index.html": "The page", "styles.css": "Colours, type and layout"}
        if wish.has("contact"):
            files["contact.js"] = "Checks the form and prepares the message"
        if wish.has("theme"):
            files["theme.js"] = "The switch between light and dark"
        files["README.md"] = "How to open and change it"
        return (PlannedPhase(name="The page", description="Sections and style", files=files),)

    def write(self, path: str, wish: Wish) -> str | None:
        if path == "styles.css":
            return stylesheet(wish, "form", "landing", width="64rem")
        if path == "theme.js":
            return part("shared/theme.js")
        if path == "contact.js":
            return part("landing/contact.js")
        if path not in ("index.html", "README.md"):
            return None
        return part(f"landing/{path}", **self._values(wish))

    def _values(self, wish: Wish) -> dict[str, object]:
        subject = _subject(wish)
        if wish.has("projects"):
            headline, lead = "Selected work", "A few projects: what for, and how they came out."
            about = "Who you are, since when you do this, and why. Two or three sentences do."
        else:
            headline, lead = f"Welcome to {subject}", f"All that is good to know about {subject}."
            about = f"Who is behind {subject}, since when, and why. Two or three sentences do."
        texts = {"title": wish.title, "headline": headline, "lead": lead, "about": about}
        return {**{each: wish.has(each) for each in self.features}, **texts}


def _subject(wish: Wish) -> str:
    """What the page is about, in a sentence: "the bakery" for "a bakery"."""
    told = re.sub(r"^(?:an?|the|my|our|your)\s+", "the ", wish.topic, flags=re.IGNORECASE)
    return told if told.casefold().endswith(wish.title.casefold()) else wish.title
