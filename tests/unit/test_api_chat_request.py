"""What ``POST /api/chat`` takes, as both doors read it."""

from __future__ import annotations

import json

import pytest

from littoral.api.chat import ChatCommand, parse_chat_request
from littoral.errors import CallerError, InvalidInput, TooLarge, UnsupportedMedia, problem

JSON = {"content-type": "application/json"}


def parse(body: object, **headers: str) -> ChatCommand:
    text = body if isinstance(body, str) else json.dumps(body)
    sent = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    return parse_chat_request(text, sent.get)


def test_a_message_alone_is_enough():
    assert parse({"message": "Add task: Buy milk"}) == ChatCommand(message="Add task: Buy milk")


def test_everything_that_may_be_sent_is_read():
    command = parse(
        {"message": "hi\n\tthere 🎉", "sessionId": "ses_1", "timeZone": "Europe/Berlin"},
        idempotency_key="abc-1",
        accept="text/event-stream, application/json",
    )

    assert command == ChatCommand(
        message="hi\n\tthere 🎉",
        session_id="ses_1",
        time_zone="Europe/Berlin",
        idempotency_key="abc-1",
        stream=True,
    )
    assert command.arguments()["create"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": ""}, "message"),
        ({"message": " \n\t "}, "message"),
        ({"message": 1}, "message"),
        ({"message": None}, "message"),
        ({"message": ["hi"]}, "message"),
        ({"message": "x" * 16_001}, "message"),
        ({"message": "a\x00b"}, "message"),
        ({"message": "a\x1b[31mb"}, "message"),
        ({"message": "a\x85b"}, "message"),
        ({"message": "x", "sessionId": "a/b"}, "sessionId"),
        ({"message": "x", "sessionId": ""}, "sessionId"),
        ({"message": "x", "sessionId": "x" * 129}, "sessionId"),
        ({"message": "x", "sessionId": 7}, "sessionId"),
        ({"message": "x", "timeZone": "Berlin; DROP"}, "timeZone"),
        ({"message": "x", "session_id": "ses_1"}, "session_id"),
        ({"message": "x", "extra": {}}, "extra"),
        ("[]", "body"),
        ('"text"', "body"),
        ('{"message": NaN}', "message"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named(body, field):
    with pytest.raises(InvalidInput) as caught:
        parse(body)

    assert [each["field"] for each in caught.value.fields] == [field]


@pytest.mark.parametrize(
    "text",
    ["", "{", "nonsense", '{"message": "\\ud800"}', '{"message": "x"', "\ufeff{}", "{'a':1}"],
)
def test_what_is_no_json_is_said_to_be_none(text):
    with pytest.raises(CallerError) as caught:
        parse(text)

    assert caught.value.http_status == 400
    assert problem(caught.value)["detail"].isascii()


def test_a_secret_in_a_bad_value_is_not_repeated():
    with pytest.raises(InvalidInput) as caught:
        parse({"message": "x", "sessionId": "hunter2 hunter2"})

    assert "hunter2" not in json.dumps(problem(caught.value))


@pytest.mark.parametrize("depth", [33, 20_000])
def test_deep_nesting_is_refused_before_it_is_parsed(depth):
    with pytest.raises(TooLarge):
        parse("[" * depth)
    with pytest.raises(TooLarge):
        parse('{"a":' * depth + "1" + "}" * depth)


def test_brackets_in_a_text_are_no_nesting():
    assert parse({"message": "[" * 200 + '\\"{'}).message.startswith("[[")


def test_a_long_body_is_refused():
    with pytest.raises(TooLarge):
        parse({"message": "x", "pad": "y" * 70_000})


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
def test_only_json_in_utf_8_is_read(content_type):
    with pytest.raises(UnsupportedMedia) as caught:
        parse({"message": "x"}, content_type=content_type)

    assert "content-type: application/json" in caught.value.advice


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", "application/vnd.api+json"],
)
def test_json_may_be_declared_in_several_ways(content_type):
    assert parse({"message": "x"}, content_type=content_type).message == "x"


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "é", "a\nb"])
def test_an_idempotency_key_is_short_visible_text(key):
    with pytest.raises(InvalidInput):
        parse({"message": "x"}, idempotency_key=key)
