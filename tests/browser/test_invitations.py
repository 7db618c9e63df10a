"""Signing up where an invitation is asked for: each makes one account."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.account_page import AccountPage
from tests.browser.axe import assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.fakes.scripted_ai import ScriptedAi
from tests.harness.fixtures import MakeKillable


@pytest.fixture
def base_url(make_killable_worker: MakeKillable, ai: ScriptedAi) -> str:
    """A Worker that makes accounts for who has the one code."""
    return make_killable_worker(SIGNUP="invite", INVITE_CODES="driftwood-7").url


def test_an_invitation_makes_one_account(new_page: NewPage, problems: PageProblems) -> None:
    problems.expect("403|409|422")
    account = AccountPage(new_page()).open()
    code = account.page.get_by_label("Invitation code")
    account.button("Create the account").click()
    expect(code).to_have_accessible_description("Write the code of your invitation. " + HINT)
    code.fill("seaweed")
    account.try_to_sign_up()
    refused(account)
    assert_accessible(account.page)

    code.fill("driftwood-7")
    account.button("Create the account").click()
    expect(account.fresh).to_be_visible()

    other = AccountPage(new_page()).open()
    other.page.get_by_label("Invitation code").fill("driftwood-7")
    other.try_to_sign_up()
    refused(other)


HINT = "Accounts are made by invitation here."


def refused(account: AccountPage) -> None:
    """The page says that the invitation is the matter, and no account was made."""
    words = account.page.locator(".field-problem, [role=alert]")
    expect(words.first).to_contain_text("nvitation")
    expect(account.fresh).to_have_count(0)
