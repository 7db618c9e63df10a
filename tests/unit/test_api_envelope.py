"""Calls and answers as the one string that crosses between objects."""

from __future__ import annotations

import pytest

from littoral.api.envelope import Call, error_of, failure, result_of, success
from littoral.errors import (
    InvalidInput,
    LittoralError,
    ModelUnavailable,
    RateLimited,
    every_error,
    problem,
)


def test_a_call_arrives_as_it_was_made():
    call = Call(
        method="tasks.add",
        args={"title": "Grüße 🎉", "due": None},
        owner="guest_1",
        session_id="ses_1",
        bare=True,
        request_id="req_1",
    )

    assert Call.read(call.text()) == call


@pytest.mark.parametrize("text", ["", "[]", "1", "{}", '{"method":"x"}', "not json"])
def test_anything_else_is_no_call(text):
    with pytest.raises(InvalidInput):
        Call.read(text)


def test_a_result_arrives_as_it_was_given():
    assert result_of(success({"a": [1, None, "ü"]})) == {"a": [1, None, "ü"]}
    assert result_of(success(None)) is None


ONE_OF_EACH_CODE = {kind.code: kind for kind in reversed(every_error())}.values()
"""The general kind where others refine it under the same code: it is what arrives."""


@pytest.mark.parametrize("kind", ONE_OF_EACH_CODE)
def test_every_error_arrives_with_its_type(kind):
    sent = kind("what happened", next_step="do this", fields=[{"field": "a", "message": "b"}])

    with pytest.raises(LittoralError) as caught:
        result_of(failure(sent, "req_1"))

    assert type(caught.value) is kind
    assert problem(caught.value, "req_1") == problem(sent, "req_1")


def test_the_time_to_wait_arrives():
    arrived = error_of(problem(RateLimited("slow down", retry_after_seconds=2.5)))

    assert arrived.retry_after_seconds == 2.5


def test_an_unknown_exception_loses_its_text_on_the_way():
    with pytest.raises(LittoralError) as caught:
        result_of(failure(RuntimeError("password: hunter2")))

    assert caught.value.code == "internal_error"
    assert "hunter2" not in str(caught.value.__dict__)


def test_an_error_of_a_newer_version_is_still_an_error():
    arrived = error_of({"code": "from_the_future", "detail": "new"})

    assert type(arrived) is LittoralError
    assert not isinstance(arrived, ModelUnavailable)
