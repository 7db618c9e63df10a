"""Owns the family of blogs: posts in text files, rendered to static pages.

The pages are made by ``blog_site``, which goes into the app as ``build.py``, so whoever takes the
app home can write posts and make the pages anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from littoral.builder.offline.blog_site import read_post, render_site
from littoral.builder.offline.family import PlannedPhase
from littoral.builder.offline.parts import part
from littoral.builder.offline.style import stylesheet
from littoral.builder.offline.topic import capital, modifier_before, without_article
from littoral.builder.offline.wish import Wish

_NOUN = r"blogs?|weblog|journal|magazine|diary"
_ABOUT = (
    "Here is written about {topic}, a little at a time.\n\n"
    "Put in this place who writes, since when, and how to get in touch."
)
_SLUGS = ("why-this-blog", "where-to-begin", "keeping-notes", "open-questions")


class BlogFamily:
    """A list of posts, a page for each, an about page; tags, archive and search when asked for."""

    name = "a blog"
    features = ("tags", "search", "archive", "about", "theme", "dark")
    usual = ("tags", "search", "about")

    def kind(self, wish: Wish) -> str:
        return "static"

    def title(self, wish: Wish) -> str:
        before = modifier_before(_NOUN, wish.query)
        if before:
            return f"{capital(before)} blog"
        topic = without_article(wish.topic)
        return f"{capital(topic)}: a blog" if topic else "Blog"

    def description(self, wish: Wish) -> str:
        return (
            f"A blog about {_topic(wish)}: static pages made from text files, with four example "
            "posts and the script that makes the pages."
        )

    def always(self, wish: Wish) -> Sequence[str]:
        return (
            "A page for each post",
            "Posts in plain text files",
            "A script that makes the pages",
        )

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]:
        sources = {f"content/{slug}.md": "A post as it is written" for slug in _SLUGS}
        sources |= {"site.json": "Name and switches of the blog", "build.py": "Makes the pages"}
        made = dict.fromkeys(self._pages(wish), "A page, made by build.py")
        made["styles.css"] = "Colours, type and layout"
        if wish.has("search"):
            made["search.js"] = "Narrows the list of posts"
        if wish.has("theme"):
            made["theme.js"] = "The switch between light and dark"
        sources["README.md"] = "How to write a post"
        return (
            PlannedPhase(name="The pages", description="What readers see", files=made),
            PlannedPhase(name="The sources", description="Texts and settings", files=sources),
        )

    def write(self, path: str, wish: Wish) -> str | None:
        if path == "build.py":
            source = files("littoral.builder.offline").joinpath("blog_site.py")
            return source.read_text(encoding="utf-8")
        if path == "styles.css":
            return stylesheet(wish, "form", "blog", width="46rem")
        if path in ("search.js", "theme.js"):
            return part("blog/search.js" if path == "search.js" else "shared/theme.js")
        if path == "site.json":
            return json.dumps(_site(wish), indent=2, ensure_ascii=False) + "\n"
        if path == "README.md":
            switches = {each: wish.has(each) for each in self.features}
            return part("blog/README.md", title=wish.title, **switches)
        return self._pages(wish).get(path) or _sources(wish).get(path)

    def _pages(self, wish: Wish) -> Mapping[str, str]:
        posts = [
            read_post(path.removeprefix("content/").removesuffix(".md"), text)
            for path, text in _sources(wish).items()
        ]
        return render_site(_site(wish), posts)


def _topic(wish: Wish) -> str:
    if wish.topic:
        return wish.topic
    before = modifier_before(_NOUN, wish.query)
    return before.lower() if before and before[:1].islower() else before or "things worth keeping"


def _sources(wish: Wish) -> dict[str, str]:
    texts = part("blog/posts.md", topic=_topic(wish)).split("=====\n")
    return {f"content/{slug}.md": text for slug, text in zip(_SLUGS, texts, strict=True)}


def _site(wish: Wish) -> dict[str, Any]:
    topic = _topic(wish)
    return {
        "title": wish.title,
        "description": f"Short texts about {topic}.",
        "about": _ABOUT.format(topic=topic) if wish.has("about") else "",
        "language": "en",
        **{each: wish.has(each) for each in ("tags", "search", "archive", "theme")},
    }
