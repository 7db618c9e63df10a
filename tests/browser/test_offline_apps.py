"""Apps that are built without a model, as a person meets them: in a sandbox, small and large."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import LOOKS_BY_WIDTH, assert_accessible
from tests.browser.problems import PageProblems, settle
from tests.browser.served_app import ServedApp
from tests.unit.builder_apps import app_for

Open = Callable[..., Page]
EVERYTHING = {
    "list": "to-do list with tags, due dates, priorities, search, dark mode, a purple header",
    "plain list": "a shopping list",
    "blog": "blog about bread with tags, search, an archive and dark mode",
    "landing": "green page for a bakery: opening hours, prices, faq, contact, dark mode",
    "portfolio": "portfolio for a potter, always dark, with a red header and a contact form",
}


_WRITE_REPORT = "import main; main.main(['--html', 'out.html'])"
_WRITE_PAGE = (
    "import sys; sys.path.insert(0, 'src'); import page; open('out.html', 'w').write(page.page())"
)


@pytest.fixture
def open_app(open_files: Open) -> Open:
    """Serves the app for a request and opens it: `open_app(query, width=320, path="")`."""

    def make(query: str, **options: Any) -> Page:
        return open_files(app_for(query).files, **options)

    return make


@pytest.fixture
def open_files(browser: Browser) -> Iterator[Open]:
    """Serves files and opens them: `open_files(files, width=320, path="")`."""
    ends: list[Callable[[], None]] = []

    def make(
        files: Mapping[str, str], *, width: int = 1280, path: str = "", scheme: str = "light"
    ) -> Page:
        served = ServedApp(files)
        problems = PageProblems(served.origin)
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=False
        )
        context.set_default_timeout(15_000)
        problems.watch(context)
        page = context.new_page()
        ends.extend([lambda: settle(page), context.close, served.close, problems.check])
        page.goto(served.url + path)
        return page

    yield make
    for end in ends:
        end()


@pytest.mark.parametrize(("scheme", "width"), LOOKS_BY_WIDTH)
@pytest.mark.parametrize("name", list(EVERYTHING))
def test_every_app_fits_and_is_accessible(
    open_app: Open, name: str, scheme: str, width: int
) -> None:
    page = open_app(EVERYTHING[name], width=width, scheme=scheme)
    if "list" in name:
        _add(page, "Buy flour")
        _add(page, "A very long entry " + "w" * 120)
    _fits(page)
    assert_accessible(page)


@pytest.mark.parametrize(
    "path", ["posts/keeping-notes.html", "tags.html", "archive.html", "about.html"]
)
def test_every_page_of_a_blog_fits_and_is_accessible(open_app: Open, path: str) -> None:
    page = open_app(EVERYTHING["blog"], width=320, path=path)
    _fits(page)
    assert_accessible(page)


@pytest.mark.parametrize(("scheme", "width"), LOOKS_BY_WIDTH)
@pytest.mark.parametrize(
    ("query", "program"),
    [
        (
            "sales report with a line chart, orange",
            "import main; main.main(['--html', 'out.html'])",
        ),
        ("books api with a very_long_field_name_that_goes_on, and a year", _WRITE_PAGE),
    ],
)
def test_pages_that_programs_write_fit_and_are_accessible(
    open_files: Open, tmp_path: Path, query: str, program: str, scheme: str, width: int
) -> None:
    for path, text in app_for(query).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True)
    written = (tmp_path / "out.html").read_text()
    page = open_files({"index.html": written}, width=width, scheme=scheme)
    _fits(page)
    assert_accessible(page)


def test_a_list_is_kept_in_memory_where_nothing_may_be_stored(open_app: Open) -> None:
    page = open_app(EVERYTHING["list"])
    expect(page.get_by_text("This browser keeps nothing for this page")).to_be_visible()
    page.get_by_label("Tags", exact=True).fill("home, kitchen")
    page.get_by_label("Due date").fill("2020-01-31")
    _add(page, "Clean the stove")
    _add(page, "Call the bakery")
    expect(page.get_by_text("Was due 2020-01-31")).to_be_visible()
    expect(page.get_by_text("2 of 2 left")).to_be_visible()
    page.get_by_role("checkbox", name="Clean the stove").check()
    expect(page.get_by_text("1 of 2 left")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_label("Search").fill("bakery")
    expect(page.get_by_role("listitem")).to_have_count(1)
    page.get_by_label("Search").fill("")
    page.get_by_label("Only the tag").select_option("kitchen")
    expect(page.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Remove Clean the stove").click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_label("New to-do")).to_be_focused()


def test_the_colours_can_be_switched(open_app: Open) -> None:
    page = open_app("to-do list with dark mode")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark colours").click()
    expect(page.get_by_role("button", name="Light colours")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert_accessible(page)


def test_a_blog_is_read_and_searched(open_app: Open) -> None:
    page = open_app("Build a blog application")
    page.get_by_label("Search the posts").fill("units")
    expect(page.get_by_text("1 of 4 posts")).to_be_visible()
    page.get_by_role("link", name="Keeping notes that are still useful in a year").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Keeping notes that are still useful in a year"
    )
    page.get_by_role("link", name="#notes").click()
    expect(page.get_by_role("heading", name="notes", exact=True)).to_be_visible()


def test_a_contact_form_says_that_it_cannot_send(open_app: Open) -> None:
    page = open_app(EVERYTHING["landing"])
    page.get_by_role("link", name="Get in touch").click()
    page.get_by_label("Your name").fill("Somebody")
    page.get_by_label("Your email address").fill("somebody@example.org")
    page.get_by_label("Message", exact=True).fill("Two loaves, please")
    page.get_by_role("button", name="Prepare the message").click()
    expect(page.get_by_text("This page cannot send by itself")).to_be_visible()
    expect(page.get_by_label("The message")).to_be_focused()
    assert_accessible(page)


def _add(page: Page, words: str) -> None:
    page.locator("#text").fill(words)
    page.get_by_role("button", name="Add").click()


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} pixels wider than the window"
