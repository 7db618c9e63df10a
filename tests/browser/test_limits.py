"""Who meets a limit in a chat is told so, and where the way on leads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.account_page import AccountPage
from tests.browser.axe import assert_accessible
from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.fixtures import MakeKillable


@pytest.fixture
def base_url(make_killable_worker: MakeKillable) -> str:
    """A guest may have one answer a day; an account begins without credits."""
    return make_killable_worker(SIGNUP_CREDITS="0", GUEST_TURNS_PER_DAY="1").url


def test_a_limit_says_where_the_way_on_leads(
    page: Page, ai: ScriptedAi, problems: PageProblems
) -> None:
    problems.expect("402|429")
    ai.answer_when("first", Answer(text="Here you are."))
    talk = Talk(page).open()
    talk.ask("first")
    talk.say("second")
    card = page.locator(".card.error")
    expect(card).to_be_visible()
    assert_accessible(page)

    card.get_by_role("link", name="Create an account").click()
    account = AccountPage(page)
    account.sign_up(claim=True)
    account.button("I have stored it").click()
    expect(page.locator(".balance")).to_have_text("0 credits")
    page.get_by_role("link", name="Chat", exact=True).click()
    talk.say("third")

    expect(card).to_contain_text("There are not enough credits for this.")
    assert_accessible(page)
    card.get_by_role("link", name="Credits and budget").click()
    expect(page).to_have_url(re.compile("#/account$"))
