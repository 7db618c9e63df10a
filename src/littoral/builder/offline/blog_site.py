"""Renders a blog to static pages: posts in content/ and site.json in, HTML files out.

Run it after a change: python3 build.py. It writes index.html, the other pages and posts/, and
touches nothing else. It needs nothing but Python 3.9 or newer.

A post is a file content/NAME.md: lines "title:", "date:" (2026-01-31), "tags:" (commas between) and
"summary:", an empty line, then text with ## headings, - lists, > quotes, **bold**, *italic*,
`code` and [links](page.html).
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Post:
    """One post; ``slug`` is its file's name without an ending, ``body`` its text below the head."""

    slug: str
    title: str
    date: str
    tags: tuple[str, ...]
    summary: str
    body: str


def read_post(slug: str, text: str) -> Post:
    """The post in a file's text. A head without a title is named after the file."""
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    facts: dict[str, str] = {}
    for line in head.splitlines():
        name, _, value = line.partition(":")
        facts[name.strip().lower()] = value.strip()
    tags = tuple(each.strip() for each in facts.get("tags", "").split(",") if each.strip())
    title = facts.get("title") or slug.replace("-", " ").capitalize()
    return Post(slug, title, facts.get("date", ""), tags, facts.get("summary", ""), body)


def render_site(site: Mapping[str, Any], posts: Iterable[Post]) -> dict[str, str]:
    """Every page by path. ``site`` has title, description and the switches of site.json."""
    newest_first = sorted(posts, key=lambda each: (each.date, each.slug), reverse=True)
    pages = {"index.html": _index(site, newest_first)}
    if site.get("about"):
        pages["about.html"] = _about(site)
    if site.get("tags"):
        pages["tags.html"] = _groups(site, "Tags", _by_tag(newest_first))
    if site.get("archive"):
        pages["archive.html"] = _groups(site, "Archive", _by_year(newest_first))
    for at, post in enumerate(newest_first):
        newer = newest_first[at - 1] if at else None
        older = newest_first[at + 1] if at + 1 < len(newest_first) else None
        pages[f"posts/{post.slug}.html"] = _post(site, post, newer, older)
    return pages


def to_html(text: str) -> str:
    """The text of a post as HTML. Everything that is not one of the marks is shown as it is."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n".join(_block(each.strip("\n")) for each in blocks if each.strip())


def _block(block: str) -> str:
    lines = block.splitlines()
    if block.startswith("## "):
        heading = f"<h2>{_inline(lines[0][3:])}</h2>"
        rest = "\n".join(lines[1:])
        return f"{heading}\n{_block(rest)}" if rest else heading
    if all(line.startswith("- ") for line in lines):
        return _list("ul", [line[2:] for line in lines])
    if all(re.match(r"\d+\. ", line) for line in lines):
        return _list("ol", [line.split(". ", 1)[1] for line in lines])
    if all(line.startswith(">") for line in lines):
        quoted = " ".join(line[1:].strip() for line in lines)
        return f"<blockquote><p>{_inline(quoted)}</p></blockquote>"
    if block.startswith("    "):
        code = "\n".join(line[4:] for line in lines)
        return f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>'
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _list(tag: str, items: list[str]) -> str:
    rows = "".join(f"<li>{_inline(each)}</li>\n" for each in items)
    return f"<{tag}>\n{rows}</{tag}>"


def _inline(text: str) -> str:
    safe = html.escape(text)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
    safe = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", safe)
    return re.sub(r"\[([^\]]+)\]\(((?:https?://|[\w./#-])[^\s()]*)\)", r'<a href="\2">\1</a>', safe)


def _page(site: Mapping[str, Any], title: str, content: str, *, here: str, up: str = "") -> str:
    name = html.escape(str(site["title"]))
    full = name if here == "index.html" else f"{html.escape(title)} · {name}"
    theme = f'\n  <script src="{up}theme.js" defer></script>' if site.get("theme") else ""
    searching = site.get("search") and here == "index.html"
    script = '\n  <script src="search.js" defer></script>' if searching else ""
    summary = html.escape(str(site.get("description", "")))
    banner = f"<h1>{name}</h1>" if here == "index.html" else f'<p class="name">{name}</p>'
    return f"""<!doctype html>
<html lang="{html.escape(str(site.get("language", "en")))}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{full}</title>
  <meta name="description" content="{summary}">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="{up}styles.css">{theme}{script}
</head>
<body>
  <a class="skip" href="#content">Skip to the content</a>
  <header class="site-header">
    <div class="wrap">
      {banner}
      <nav aria-label="Pages">
        <ul class="bar">
{_links(site, here, up)}
        </ul>
      </nav>
    </div>
  </header>
  <main id="content" class="wrap">
{content}
  </main>
  <footer class="site-footer">
    <div class="wrap"><p>{name}: {summary}</p></div>
  </footer>
</body>
</html>
"""


def _links(site: Mapping[str, Any], here: str, up: str) -> str:
    pages = [("index.html", "Posts")]
    pages += [("tags.html", "Tags")] if site.get("tags") else []
    pages += [("archive.html", "Archive")] if site.get("archive") else []
    pages += [("about.html", "About")] if site.get("about") else []
    return "\n".join(
        f'          <li><a href="{up}{path}"{_current(path == here)}>{name}</a></li>'
        for path, name in pages
    )


def _current(is_here: bool) -> str:
    return ' aria-current="page"' if is_here else ""


def _index(site: Mapping[str, Any], posts: list[Post]) -> str:
    search = ""
    if site.get("search"):
        search = """    <form id="search-form" class="search" role="search">
      <label for="search">Search the posts</label>
      <input id="search" type="search" autocomplete="off">
    </form>
    <p id="found" role="status"></p>
"""
    items = "\n".join(_entry(site, each) for each in posts)
    listed = f'<ul id="posts" class="posts">\n{items}\n    </ul>'
    content = f'{search}    <h2 class="hidden">Posts</h2>\n    {listed}'
    return _page(site, str(site["title"]), content, here="index.html")


def _entry(site: Mapping[str, Any], post: Post) -> str:
    words = " ".join(sorted(set(re.findall(r"\w+", f"{post.body} {' '.join(post.tags)}".lower()))))
    found_by = f' data-words="{html.escape(words)}"' if site.get("search") else ""
    return f"""      <li class="card"{found_by}>
        <h3><a href="posts/{post.slug}.html">{html.escape(post.title)}</a></h3>
        {_facts(site, post, up="")}
        <p>{html.escape(post.summary)}</p>
      </li>"""


def _facts(site: Mapping[str, Any], post: Post, *, up: str) -> str:
    facts = f'<time datetime="{html.escape(post.date)}">{html.escape(post.date)}</time>'
    if site.get("tags"):
        facts += "".join(
            f' <a href="{up}tags.html#{_anchor(each)}">#{html.escape(each)}</a>'
            for each in post.tags
        )
    return f'<p class="facts">{facts}</p>'


def _post(site: Mapping[str, Any], post: Post, newer: Post | None, older: Post | None) -> str:
    links = [f'<a href="{newer.slug}.html">Newer: {html.escape(newer.title)}</a>'] if newer else []
    links += [f'<a href="{older.slug}.html">Older: {html.escape(older.title)}</a>'] if older else []
    around = (
        f'<nav class="around" aria-label="Other posts">{" ".join(links)}</nav>' if links else ""
    )
    content = f"""    <article class="post">
      <h1>{html.escape(post.title)}</h1>
      {_facts(site, post, up="../")}
{to_html(post.body)}
    </article>
    {around}"""
    return _page(site, post.title, content, here=f"posts/{post.slug}.html", up="../")


def _about(site: Mapping[str, Any]) -> str:
    text = to_html(str(site.get("about", "")))
    return _page(site, "About", f"    <h1>About</h1>\n{text}", here="about.html")


def _groups(site: Mapping[str, Any], title: str, groups: Mapping[str, list[Post]]) -> str:
    sections = "\n".join(
        f'    <section id="{_anchor(name)}">\n      <h2>{html.escape(name)}</h2>\n      <ul>\n'
        + "".join(
            f'        <li><a href="posts/{each.slug}.html">{html.escape(each.title)}</a></li>\n'
            for each in posts
        )
        + "      </ul>\n    </section>"
        for name, posts in groups.items()
    )
    return _page(site, title, f"    <h1>{title}</h1>\n{sections}", here=f"{title.lower()}.html")


def _by_tag(posts: list[Post]) -> dict[str, list[Post]]:
    names = sorted({tag for post in posts for tag in post.tags})
    return {name: [each for each in posts if name in each.tags] for name in names}


def _by_year(posts: list[Post]) -> dict[str, list[Post]]:
    years: dict[str, list[Post]] = {}
    for post in posts:
        years.setdefault(post.date[:4] or "Without a date", []).append(post)
    return years


def _anchor(name: str) -> str:
    return "in-" + (re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "other")


def main() -> None:
    here = Path(__file__).parent
    site = json.loads((here / "site.json").read_text(encoding="utf-8"))
    sources = sorted((here / "content").glob("*.md"))
    posts = [read_post(each.stem, each.read_text(encoding="utf-8")) for each in sources]
    for path, text in render_site(site, posts).items():
        target = here / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
