"""Prompt templates: what is read, what is refused and where, and that values stay values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import InvalidInput
from littoral.registry.template import BadTemplate, Template


def render(template: str, text: str, **variables: str) -> str:
    return Template.read(template).render(text, variables)


def test_values_stand_where_their_names_were() -> None:
    assert render("For {{who}}, {{ who }}: {{input}}!", "sea", who="you") == "For you, you: sea!"
    assert Template.read("{{b}}{{input}}{{a}}{{b}}").variables == ("b", "a")


def test_single_braces_and_escaped_ones_are_text() -> None:
    assert render('{"a": {"b": 1}} \\{{x}} {{input}}', "v") == '{"a": {"b": 1}} {{x}} v'


@pytest.mark.parametrize(
    ("template", "position", "reason"),
    [
        ("a {{input} b", 2, "never closed"),
        ("{{}} {{input}}", 0, "no name"),
        ("{{input}} {{in put}}", 10, "'in put' is no name"),
        ("{{input}}\n{{a.b}}", 10, "line 2, column 1"),
        ("{{input}} {{{a}}}", 10, "is no name"),
        ("{{input}} {{1a}}", 10, "is no name"),
        ("{{#if a}}{{input}}", 0, "is no name"),
        ("Summarise: {input}", 18, "there is no {{input}}"),
    ],
)
def test_a_bad_template_is_refused_with_its_position(
    template: str, position: int, reason: str
) -> None:
    with pytest.raises(BadTemplate) as refused:
        Template.read(template)

    assert refused.value.more == {"position": position}
    assert reason in refused.value.detail
    assert refused.value.fields[0]["field"] == "promptTemplate"


def test_missing_and_unknown_variables_are_named_all_at_once() -> None:
    template = Template.read("{{a}} {{b}} {{input}}")

    with pytest.raises(InvalidInput) as refused:
        template.render("x", {"b": "1", "c": "2", "input": "3"})

    assert [each["field"] for each in refused.value.fields] == [
        "variables.a",
        "variables.c",
        "variables.input",
    ]


def test_a_prompt_that_becomes_too_long_is_refused() -> None:
    with pytest.raises(InvalidInput, match="64003 characters"):
        render("{{input}}{{a}}...", "x" * 32_000, a="y" * 32_000)


@given(st.text(), st.text())
def test_a_value_never_becomes_template(text: str, value: str) -> None:
    assert render("<{{input}}|{{v}}>", text, v=value) == f"<{text}|{value}>"
    assert render("{{input}}", "{{v}} {{input}}") == "{{v}} {{input}}"


@given(st.text(alphabet="{}\\ ainput\n", max_size=40))
def test_whatever_is_read_is_rendered_or_refused(text: str) -> None:
    try:
        template = Template.read(text)
    except BadTemplate as refused:
        assert 0 <= refused.more["position"] <= len(text)
    else:
        assert "VALUE" in template.render("VALUE", dict.fromkeys(template.variables, "v"))
