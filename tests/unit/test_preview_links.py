"""Links of previews: signed, one at a time, over when they expire or are revoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from littoral.builder.revisions import REVISIONS_SCHEMA, KeptFile, Revisions
from littoral.errors import Conflict, DependencyUnavailable, NotFound
from littoral.preview.calls import PreviewCalls, Shown
from littoral.preview.desk import LINK_LIFE_MS, PREVIEW_SCHEMA, PreviewDesk
from littoral.preview.link import PreviewLink, prefix_of, read_token, token_of
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.ids import LongIds
from tests.fakes.sqlite import Sqlite

SECRET = "a secret of the tests, long enough"
LINK = PreviewLink(build_id="bld_a-_1", word="prv_x-_2", expires_at_ms=1_780_000_000_000)


class Build:
    """A build's object as far as its preview is concerned."""

    def __init__(self) -> None:
        self.sql = Sqlite()
        migrate(self.sql, (REVISIONS_SCHEMA, PREVIEW_SCHEMA))
        self.clock = ManualClock()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.revisions = Revisions(self.sql, self.clock)
        desk = PreviewDesk(
            self.sql,
            self.clock,
            LongIds(),
            tell=lambda kind, data: self.events.append((kind, data)),
        )
        shown = Shown(kind="static", title="A list")
        self._calls = PreviewCalls(desk, self.revisions, shown=lambda: shown)

    def save(self, content: str = "0" * 64) -> None:
        self.revisions.save(
            [KeptFile(path="index.html", hash=content, bytes=1, type="text/html")], reason="phase 1"
        )

    def call(self, method: str, **args: Any) -> Any:
        return self._calls.answer(f"preview.{method}", args)


@pytest.fixture
def build() -> Iterator[Build]:
    made = Build()
    made.save()
    yield made
    made.sql.close()


def test_a_token_says_what_was_put_in() -> None:
    token = token_of(LINK, secret=SECRET)
    assert read_token(token, secret=SECRET) == LINK
    assert prefix_of(token) == f"/preview/{token}/"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace("bld_a", "bld_b"),
        lambda token: token.replace(".1780000000.", ".1980000000."),
        lambda token: token.replace("prv_x", "prv_y"),
        lambda token: token + ".x",
        lambda token: token.replace(".", "/", 1),
        lambda token: "bld_" + "a" * 300 + token,
        lambda token: "",
    ],
)
def test_a_token_that_was_not_made_here_is_nothing(spoil: Any) -> None:
    assert read_token(spoil(token_of(LINK, secret=SECRET)), secret=SECRET) is None


def test_a_token_of_another_deployment_or_without_a_secret_is_refused() -> None:
    assert read_token(token_of(LINK, secret=SECRET), secret=SECRET[::-1]) is None
    with pytest.raises(DependencyUnavailable, match="SESSION_SECRET"):
        token_of(LINK, secret="short")


def test_a_link_is_given_again_until_it_is_soon_over(build: Build) -> None:
    first = build.call("open")
    build.clock.advance(seconds=3_000 - 1)
    assert build.call("open") == first
    build.clock.advance(seconds=2)
    second = build.call("open")

    assert second["word"] != first["word"]
    assert build.call("check", word=first["word"])["kind"] == "static", "it lives until its end"
    assert [kind for kind, _ in build.events] == ["preview.opened"] * 2


def test_an_expired_link_shows_nothing(build: Build) -> None:
    word = build.call("open")["word"]
    build.clock.advance(seconds=LINK_LIFE_MS / 1000)

    with pytest.raises(NotFound, match="has ended"):
        build.call("check", word=word)


def test_revoking_ends_every_link_at_once_and_once(build: Build) -> None:
    first = build.call("open")["word"]
    build.clock.advance(seconds=3_300)
    second = build.call("open")["word"]

    assert build.call("revoke") == {"links": 2}
    assert build.call("revoke") == {"links": 0}
    for word in (first, second, "prv_unknown"):
        with pytest.raises(NotFound, match="has ended"):
            build.call("check", word=word)
    assert [kind for kind, _ in build.events][2:] == ["preview.revoked"]
    assert build.call("open")["word"] not in (first, second)


def test_a_link_shows_the_newest_revision(build: Build) -> None:
    word = build.call("open")["word"]
    build.save("1" * 64)

    shown = build.call("check", word=word)

    assert (shown["kind"], shown["title"]) == ("static", "A list")
    assert shown["revision"]["files"][0]["hash"] == "1" * 64


def test_nothing_can_be_opened_before_there_is_something() -> None:
    empty = Build()
    with pytest.raises(Conflict, match="nothing to look at"):
        empty.call("open")
    with pytest.raises(NotFound):
        empty.call("surprise")
    assert empty.events == []
    empty.sql.close()
