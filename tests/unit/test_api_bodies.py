"""Bodies agree with what the parts behind them take."""

from __future__ import annotations

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from littoral.api.bodies import Line, PreferencesChange, Text
from littoral.tasks.preferences import KEYS


def test_every_preference_can_be_set_by_http():
    assert {field.alias for field in PreferencesChange.model_fields.values()} == set(KEYS)


@pytest.mark.parametrize("kind", [Text, Line])
@pytest.mark.parametrize(
    "text",
    [
        "a",
        " a ",
        "ü 🎉",
        "a\nb",
        "\ta",
        "",
        " ",
        "\n",
        "\u3000",
        "a\x00",
        "\x1b[0m",
        "a\x7f",
        "\x85",
    ],
)
def test_the_pattern_in_the_description_says_what_the_check_does(kind, text):
    adapter = TypeAdapter(kind)
    pattern = adapter.json_schema()["pattern"]

    try:
        adapter.validate_python(text)
        taken = True
    except ValidationError:
        taken = False

    assert (re.search(pattern, text) is not None) is taken
