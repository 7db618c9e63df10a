"""The output filter: what it takes out, what it leaves, and that pieces change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.registry.agent import FilterChoice
from littoral.registry.output_filter import MAX_HELD, OutputFilter, filtered

BOTH = FilterChoice(secrets=True, personal_data=True)
KEY = "sk-abcdefghijklmnopqrstuvwx12"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF-_123"
BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nxyz==\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("rule", "text", "left"),
    [
        ("api-key", f"use {KEY}.", "use [api-key removed]."),
        ("api-key", "AKIAIOSFODNN7EXAMPLE!", "[api-key removed]!"),
        ("api-key", "ghp_" + "a1B2" * 9, "[api-key removed]"),
        ("api-key", "lit_BHjAWRLn_nWN0o3ZfPHrs6EWgC8m9", "[api-key removed]"),
        ("jwt", f"see {JWT}", "see [jwt removed]"),
        ("private-key", f"a\n{BLOCK}\nb", "a\n[private-key removed]\nb"),
        ("private-key", "-----BEGIN PRIVATE KEY-----\nMII never ends", "[private-key removed]"),
        ("bearer-token", "Authorization: Bearer abc.def-ghi_jkl=mn", None),
        ("url-password", "postgres://u:s3cret@db/x", "postgres://u:[url-password removed]@db/x"),
        ("password", 'password = "hunter2000"', 'password = "[password removed]"'),
        ("password", "API_KEY: 0123456789abcdef", "API_KEY: [password removed]"),
        ("email", "write to me.too+x@example.co.uk.", "write to [email removed]."),
        ("phone", "call +49 30 1234567 now", "call [phone removed] now"),
        ("phone", "call (415) 555-2671", "call [phone removed]"),
        ("iban", "to GB29 NWBK 6016 1331 9268 19,", "to [iban removed],"),
        ("iban", "DE89370400440532013000", "[iban removed]"),
        ("card", "4111 1111 1111 1111", "[card removed]"),
        ("card", "1234 5500005555555559", "1234 [card removed]"),
        ("card", "3782-822463-10005", "[card removed]"),
    ],
)
def test_what_has_the_form_is_taken_out(rule: str, text: str, left: str | None) -> None:
    output, counts = filtered(text, BOTH)

    assert counts == [{"rule": rule, "count": 1}]
    if left is not None:
        assert output == left


@pytest.mark.parametrize(
    "text",
    [
        "GB29 NWBK 6016 1331 9268 18 has wrong check digits",
        "4111 1111 1111 1112 is no card, 0000000000000000 neither",
        "in 2026-11-21 at 18:03:22 there were 1234567 of them, 12.5 %",
        "the password is a secret; token: yourtoken",
        "task-ask-sky, version 10.20.30, room 12-34",
        "Basic needs and bearer bonds",
        "3.14159 26535 8979",
        "see https://example.com/a?b=c and user@localhost",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert filtered(text, BOTH) == (text, [])


def test_rules_are_chosen() -> None:
    text = f"{KEY} a@example.com"

    assert filtered(text, FilterChoice(secrets=False))[0] == text
    assert filtered(text, FilterChoice())[0] == "[api-key removed] a@example.com"
    personal = FilterChoice(secrets=False, personal_data=True)
    assert filtered(text, personal)[0] == f"{KEY} [email removed]"


PARTS = [
    "hello ", "the quick brown fox. ", f"{KEY} ", f"Bearer {JWT} ", "bearer  ", f"{BLOCK} ",
    "-----BEGIN PRIVATE KEY-----\nabc", " me@example.com ", " GB29 NWBK 6016 1331 9268 19 ",
    "DE89370400440532013000", "4111 1111 1111 1111 ", "4111111111111111", "+49 30 1234567 ",
    " (415) 555-2671\n", "1234 ", " 12 34 56 ", "password: hunter2000", "token=",
    "https://u:passw0rd1@host/x ",
    "token : `", "Basic   dXNlcjpwYXNzd29yZDEyMw== ", "(030) 12345-678 ", "GB", "29", "ABCD ",
    "PRIVATE ", "KEY-----", "-----BEGIN ", "-----END PRIVATE KEY----- ", " \t", "=", "\n", "-",
    "- -----", "a" * 200, "😀 ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=12).map("".join),
    st.lists(st.integers(1, 40), min_size=1, max_size=30),
)
def test_however_a_text_is_cut_the_same_is_taken_out(text: str, sizes: list[int]) -> None:
    flow = OutputFilter(BOTH)
    given_out, at, turn = "", 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        given_out += flow.feed(text[at : at + size])
        at, turn = at + size, turn + 1
    given_out += flow.finish()

    assert (given_out, flow.counts) == filtered(text, BOTH)


def test_nothing_of_a_secret_is_out_before_its_end_is_known() -> None:
    flow = OutputFilter(BOTH)
    out = [flow.feed(each) for each in f"The key is {KEY}"]

    assert "sk-" not in "".join(out)
    assert ("".join(out) + flow.finish()).endswith("is [api-key removed]")


def test_words_that_begin_nothing_are_given_out_at_once() -> None:
    flow = OutputFilter(BOTH)

    assert [flow.feed(each) for each in ("The ", "sea is ", "wide.", " It", " is")] == [
        "The ",
        "sea is ",
        "",
        "wide. ",
        "It ",
    ]


def test_a_secret_that_never_ends_is_swallowed_and_no_memory_grows() -> None:
    flow = OutputFilter(BOTH)
    out = flow.feed("key sk-")
    for _ in range(300):
        out += flow.feed("a1" * 100)
    out += flow.feed(" after") + flow.finish()

    assert out == "key [api-key removed] after"


def test_a_key_block_without_an_end_hides_what_follows() -> None:
    flow = OutputFilter(BOTH)
    out = flow.feed("a -----BEGIN PRIVATE KEY-----\n")
    for _ in range(300):
        out += flow.feed("MIIabc def\n" * 10)
    out += flow.feed("-----END PRIVATE KEY----- b") + flow.finish()

    assert out == "a [private-key removed] b"


def test_a_long_text_without_a_space_is_given_out_in_time() -> None:
    flow = OutputFilter(BOTH)
    out = "".join(flow.feed("x" * 100) for _ in range(200))

    assert len(out) > 20_000 - MAX_HELD - 200
    assert len(out + flow.finish()) == 20_000
