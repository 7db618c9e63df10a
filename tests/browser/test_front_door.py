"""The first page in a real browser, and the watch that every browser test stands under."""

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
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("fetch('http://127.0.0.1:9/away').catch(() => {})", "off origin"),
    ],
)
def test_a_problem_of_the_page_is_seen(
    page: Page, problems: PageProblems, script: str, problem: str
) -> None:
    page.goto("/")
    page.evaluate(f"() => {{ {script} }}")
    settle(page)

    with pytest.raises(AssertionError, match=problem):
        problems.check()
    problems.expect(".*")
