"""Anything that a person types is a search, and never a syntax error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.sessions.message_index import MESSAGE_INDEX_SCHEMA, MessageIndex, Spoken
from littoral.sessions.query import match_query
from littoral.sessions.session_list import SESSION_LIST_SCHEMA, SessionList
from littoral.store.migrations import migrate
from tests.fakes.sqlite import Sqlite


@pytest.fixture(scope="module")
def sql() -> Iterator[Sqlite]:
    sql = Sqlite()
    migrate(sql, (SESSION_LIST_SCHEMA, MESSAGE_INDEX_SCHEMA))
    SessionList(sql).add("ses_1", "", 1_000)
    yield sql
    sql.close()


@pytest.fixture
def index(sql: Sqlite) -> MessageIndex:
    index = MessageIndex(sql)
    index.forget("ses_1")
    return index


def say(index: MessageIndex, *texts: str) -> None:
    for turn, text in enumerate(texts, 1):
        index.put(
            "ses_1", Spoken(message_id=f"msg_{turn}", role="user", text=text, turn=turn, at_ms=turn)
        )


def snippets(index: MessageIndex, words: str) -> list[str]:
    match = match_query(words)
    return [each["snippet"] for each in index.find(match, 10)] if match else []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Buy oat milk", "milk"),
        ("Buy oat milk", "OAT MIL"),
        ("Buy oat milk", "milk oat"),
        ("Crème brûlée", "creme brulee"),
        ("creme brulee", "crème"),
        ("Straße nach Łódź", "straße"),
        ("check-in at 10:30", "check-in 10:30"),
        ("don't forget", "don't"),
        ("C++ and C#", "c++"),
        ("mail a@b.example", "a@b.example"),
        ("买牛奶和面包", "牛奶"),
        ("今日は牛乳を買う", "牛乳"),
        ("buy牛奶today", "牛奶"),
        ("ต้องซื้อนม", "นม"),
        ("우유를 사다", "우유"),
        ("party 🎉 tonight", "🎉"),
        ("party🎉tonight", "tonight 🎉"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧"),
        ("x NEAR y AND z", "near and"),
        ("say \"hello\" to 'them'", "\"hello\" 'them'"),
    ],
)
def test_words_are_found_in_many_languages(index, text, words):
    say(index, text, "something else entirely")

    found = snippets(index, words)

    assert len(found) == 1
    assert found[0].replace("\x02", "").replace("\x03", "") == text
    assert "\x02" in found[0]


_OPERATORS = (
    "AND",
    "NOT milk",
    "milk OR",
    "NEAR(a b)",
    "NEAR",
    "text:milk",
    "{text}:milk",
    "^milk",
)
_MARKS = ("", " ", '"', '""', "'", "''", "*", "(", ")", "-milk", "+milk", "mil*k", '"mil', "milk--")
_ODD = ("a" * 200, "\x00", "💩" * 50, "; DROP TABLE words", "%", "_", "\\", "\u200b", "é\u0301")


@pytest.mark.parametrize("words", (*_OPERATORS, *_MARKS, *_ODD))
def test_no_query_is_a_syntax_error_or_an_operator(index, words):
    say(index, "oat milk")

    for snippet in snippets(index, words):
        assert "milk" in snippet


@settings(max_examples=300, deadline=None, derandomize=True)
@given(words=st.text(max_size=60), text=st.text(max_size=60))
def test_any_text_can_be_indexed_and_any_text_searched(sql, words, text):
    index = MessageIndex(sql)
    index.forget("ses_1")
    say(index, text)

    snippets(index, words)


def test_a_long_query_uses_its_first_words(index):
    say(index, " ".join(f"w{number}" for number in range(12)))

    assert len(snippets(index, " ".join(f"w{number}" for number in range(40)))) == 1


def test_a_message_is_indexed_once_and_its_newer_text_counts(index):
    say(index, "first thought")
    say(index, "second thought")

    assert snippets(index, "first") == []
    assert len(snippets(index, "thought")) == 1


def test_control_characters_cannot_forge_marks(index):
    say(index, "a \x02forged\x03 mark")

    assert snippets(index, "mark") == ["a  forged  \x02mark\x03"]
