"""The first page in a real browser, and the watch that every browser test stands under."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.problems import PageProblems, settle


def test_the_first_page_loads_without_a_problem(page: Page) -> None:
    page.goto("/")

    assert page.title()


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("console.error('it broke')", "it broke"),
        ("setTimeout(() => { throw new Error('thrown') })", "uncaught: .*thrown"),
        ("fetch('http://127.0.0.1:9/away').catch(() => {})", "Content Security Policy"),
    ],
)
def test_a_problem_of_the_page_is_seen(
    page: Page, problems: PageProblems, script: str, problem: str
) -> None:
    problems.expect(problem)
    page.goto("/")
    page.evaluate(f"() => {{ {script} }}")
    settle(page)

    assert re.search(problem, "\n".join(problems.seen))


def test_a_request_to_another_origin_is_seen(page: Page, problems: PageProblems) -> None:
    problems.expect("127.0.0.1:9")
    page.goto("data:text/html,<img src='http://127.0.0.1:9/pixel.png'>")
    settle(page)

    assert "request off origin: http://127.0.0.1:9/pixel.png" in problems.seen


def test_a_problem_that_was_not_expected_fails_the_test(problems: PageProblems) -> None:
    problems.seen += ["console: one", "console: two"]
    problems.expect("two")

    with pytest.raises(AssertionError, match="console: one$"):
        problems.check()
