"""What a person reads on a page, as lines; broken and hostile markup included."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.mesh.watch.page_text import MOST_CHARACTERS, MOST_LINES, read_page


def lines(markup: str, media_type: str = "text/html") -> list[str]:
    return list(read_page(markup, media_type).lines)


def test_a_page_is_its_words_in_lines():
    page = read_page(
        "<!doctype html><html><head><title>A  shop\n</title><style>p{}</style>"
        "<script>let x = '<p>no</p>'</script></head><body><h1>Prices</h1>"
        "<p>Tea: <b>10</b>&nbsp;&euro;<br>Milk:\n  2 &euro;</p><ul><li>One<li>Two</ul>"
        "<table><tr><td>a</td><td>b</td></tr></table><noscript>never</noscript>"
        "<svg><text>drawn</text></svg><!-- hidden --></body></html>",
        "text/html",
    )
    assert page.title == "A shop"
    assert page.lines == ("Prices", "Tea: 10 €", "Milk: 2 €", "One", "Two", "a b")


@pytest.mark.parametrize(
    ("markup", "same"),
    [
        ("<p>One</p><p>Two</p>", "<p>\n One\n</p>\n\n<p>Two"),
        ("<p class=a>One</p>", "<p class=b data-x=1>One</p>"),
        ("<p>O<b>n</b>e", "<p>One"),
        ("<p>caf\u00e9", "<p>cafe\u0301"),
        ("<p>wo\u00adrd\u200b", "<p>word"),
        ("<div><div>x</div></div>", "<section>x</section>"),
        ("<p>x<script>1</script></p>", "<p>x<script>2</script></p>"),
        ("<SCRIPT>a</SCRIPT ><p>x", "<p>x"),
        ("<svg/><p>x", "<p>x"),
    ],
)
def test_what_nobody_sees_changes_nothing(markup: str, same: str):
    assert lines(markup) == lines(same)


def test_text_json_and_feeds_are_read_too():
    assert lines("a\n\n b  c\r\n", "text/plain") == ["a", "b c"]
    assert lines(json.dumps({"b": [1], "a": "x"}), "application/json") == [
        "{",
        '"b": [',
        "1",
        "],",
        '"a": "x"',
        "}",
    ]
    assert lines("{not json", "application/json") == ["{not json"]
    feed = "<rss><item><title>News</title><link>https://a.com</link></item></rss>"
    assert "https://a.com" in lines(feed, "application/rss+xml")


@pytest.mark.parametrize(
    "markup",
    [
        "<" * 200_000,
        "<!--" * 50_000,
        "<a " * 60_000,
        "<a b='" * 40_000,
        "&" * 200_000,
        "&#" * 100_000,
        "&#99999999999;" * 10_000,
        "<div>" * 60_000,
        "</div>" * 60_000,
        "<script>" * 30_000,
        "<svg>" * 40_000 + "<p>x",
        "<![CDATA[" * 20_000,
        "<?" * 80_000,
        "<!DOCTYPE " * 20_000,
        "<p>" + "\x00" * 100_000,
        "<title>" * 30_000,
        "[" * 100_000,
    ],
    ids=range(17),
)
def test_hostile_markup_ends(markup: str):
    for media_type in ("text/html", "application/json"):
        assert len(read_page(markup, media_type).text) <= MOST_CHARACTERS


def test_a_page_of_endless_lines_is_cut_and_says_so():
    many = read_page("<p>x" * (MOST_LINES + 10), "text/html")
    long = read_page("\n".join(["y" * 1_000] * 1_000), "text/plain")
    assert (len(many.lines), many.cut, long.cut) == (MOST_LINES, True, True)
    assert len(long.text) <= MOST_CHARACTERS


@given(st.text())
def test_any_text_gives_clean_lines(text: str):
    for media_type in ("text/html", "text/plain", "application/json"):
        for line in read_page(text, media_type).lines:
            assert line == line.strip() != "" and "\n" not in line
            line.encode()
