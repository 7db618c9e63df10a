"""The account's place on the real Worker: in and out, keys, credits, usage, hints to guests."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.account_page import AccountPage
from tests.browser.axe import LOOKS, NARROW, assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.problems import PageProblems
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi

KEY = re.compile(r"lit_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}")


def test_from_signup_over_keys_to_signing_in_again(page: Page, problems: PageProblems) -> None:
    problems.expect("401")
    page.context.grant_permissions(["clipboard-write"])
    account = AccountPage(page).open()
    key = account.sign_up("Ada Lovelace")
    assert KEY.fullmatch(key)
    expect(page.get_by_role("heading", name="Your account is ready")).to_be_focused()
    account.button("Copy the key").click()
    expect(account.button("Copied")).to_be_visible()

    account.button("I have stored it").click()
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    first = account.key_named("First key")
    expect(first).to_contain_text("This browser")
    expect(first).to_contain_text(f"{key[:12]}…{key[-4:]}")
    assert key not in page.content()

    narrow = make_key(account, "Build server", without=["Chat"])
    expect(account.key_named("Build server")).to_contain_text("Start and steer runs")
    expect(account.key_named("Build server")).not_to_contain_text("This browser")
    account.button("Revoke “Build server”").click()
    expect(account.dialog).to_contain_text("refused at once")
    account.dialog.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("1 key that no longer works")).to_be_visible()

    account.button("Sign out").click()
    expect(account.button("Create the account")).to_be_visible()
    account.sign_in(narrow)
    expect(page.get_by_role("alert")).to_contain_text("revoked")
    page.get_by_label("Your key").fill("")
    page.get_by_label("Your key").press("Control+v")
    page.get_by_label("Your key").press("Enter")
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    expect(account.title).to_be_focused()


def test_nothing_of_a_key_stays_in_the_browser(page: Page) -> None:
    account = AccountPage(page).open()
    key = account.settle_in()

    page.reload()

    expect(account.keys).to_have_count(1)
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert key[13:] not in kept + page.content()
    assert all(cookie["httpOnly"] for cookie in page.context.cookies())


def test_a_guest_takes_the_chats_along(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai, answer="The tide is low.")
    page.get_by_role("link", name="Keep your chats").click()
    account = AccountPage(page)
    account.sign_up(claim=True)
    account.button("I have stored it").click()

    page.get_by_role("link", name="Chat", exact=True).click()

    expect(talk.answers).to_contain_text("The tide is low.")
    expect(talk.sessions).to_have_count(1)
    expect(page.get_by_text("Keep your chats")).to_have_count(0)
    talk.wait_until_connected()


def test_a_guest_may_leave_the_chats_behind(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    account = AccountPage(page).open()
    account.sign_up(claim=False)
    account.button("I have stored it").click()

    page.get_by_role("link", name="Chat", exact=True).click()

    expect(page.get_by_text("No chats yet")).to_be_visible()
    expect(talk.answers).to_have_count(0)


def test_a_place_that_needs_an_account_asks_for_it_and_then_opens(page: Page) -> None:
    page.goto("/#/runs")
    expect(page.get_by_role("heading", name="This needs an account")).to_be_visible()
    account = AccountPage(page)

    account.sign_up()
    account.button("I have stored it").click()

    expect(page).to_have_url(re.compile("#/runs$"))
    expect(account.fresh).to_have_count(0)
    expect(page.get_by_role("heading", name="This needs an account")).to_have_count(0)


def test_whoever_is_signed_out_elsewhere_is_led_back_in(page: Page, problems: PageProblems) -> None:
    problems.expect("401")
    account = AccountPage(page).open()
    key = account.settle_in()
    revoke(page.context, key)

    account.button("New key").click()
    account.dialog.get_by_label("Name").fill("too late")
    account.dialog.get_by_role("button", name="Make the key").click()

    expect(page.locator(".toast")).to_contain_text("You were signed out.")
    expect(account.button("Create the account")).to_be_visible()
    expect(page).to_have_url(re.compile("#/account$"))


def test_an_open_chat_whose_key_is_revoked_shows_the_way_back_in(
    page: Page, ai: ScriptedAi, problems: PageProblems
) -> None:
    problems.expect("401|404|WebSocket")
    account = AccountPage(page).open()
    key = account.settle_in()
    page.get_by_role("link", name="Chat", exact=True).click()
    talk = Talk(page)
    ai.answer_when("hello", Answer(text="Hello there."))
    talk.ask("hello")
    talk.wait_until_connected()

    revoke(page.context, key)

    toast = page.locator(".toast")
    expect(toast).to_contain_text("You were signed out.")
    toast.get_by_role("button", name="Sign in").click()
    expect(account.button("Create the account")).to_be_visible()


def test_revoking_the_key_of_this_browser_is_said_to_sign_out_and_does(page: Page) -> None:
    account = AccountPage(page).open()
    account.settle_in()

    account.button("Revoke “First key”").click()
    expect(account.dialog).to_contain_text("you will be signed out here")
    expect(account.dialog).to_contain_text("It is your only key.")
    account.dialog.get_by_role("button", name="Revoke the key").click()

    expect(account.button("Create the account")).to_be_visible()


def test_who_signs_out_takes_the_drafts_along(page: Page) -> None:
    account = AccountPage(page).open()
    account.settle_in()
    page.get_by_role("link", name="Chat", exact=True).click()
    talk = Talk(page)
    talk.box.fill("not for the next one")

    account.open()
    account.button("Sign out").click()
    expect(account.button("Create the account")).to_be_visible()
    page.get_by_role("link", name="Chat", exact=True).click()

    expect(talk.box).to_have_value("")
    assert "next one" not in page.evaluate("JSON.stringify({ ...localStorage })")


def test_a_key_that_may_not_see_the_account_says_so(page: Page) -> None:
    account = AccountPage(page).open()
    account.settle_in()
    key = make_key(account, "Chats only")
    account.button("Sign out").click()
    expect(account.button("Create the account")).to_be_visible()

    account.sign_in(key)

    expect(page.get_by_text("This key may not see the account")).to_be_visible()
    assert_accessible(page)


def test_a_form_says_what_is_wrong_where_it_is_wrong(page: Page, problems: PageProblems) -> None:
    problems.expect("401|409|422")
    account = AccountPage(page).open()

    account.button("Create the account").click()
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_accessible_description("Write a name.")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("a@b..c")
    account.button("Create the account").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)

    account.sign_in("nonsense")
    expect(page.get_by_label("Your key")).to_have_accessible_description(re.compile("no key"))
    account.sign_in(f"lit_{'a' * 8}_{'b' * 32}")
    expect(page.get_by_role("alert")).to_contain_text("no such key")


def test_credits_and_usage_of_what_was_done_are_shown(new_page: NewPage, ai: ScriptedAi) -> None:
    page = new_page(reduced_motion="reduce")
    account = AccountPage(page).open()
    account.settle_in()
    expect(page.locator(".balance")).to_have_text("500 credits")
    expect(page.locator(".history")).to_contain_text("+500")
    expect(account.usage).to_contain_text("Nothing was used in this time")
    page.get_by_role("link", name="Chat", exact=True).click()
    talk = Talk(page)
    ai.answer_when("tide", Answer(text="It is low.", input_tokens=20_000, output_tokens=9_000))
    talk.ask("the tide?")

    account.open()
    expect(page.locator(".balance")).to_have_text(re.compile(r"49\d(\.\d+)? credits"))
    expect(page.locator(".history tbody tr")).to_have_count(3)
    expect(page.get_by_role("meter", name="Spent today")).to_be_visible()
    expect(account.usage.get_by_role("img")).to_have_accessible_name(re.compile("Credits in 30"))
    expect(account.usage.locator("rect")).not_to_have_count(0)
    expect(account.usage.locator("rect title").first).to_have_text(re.compile("Chat: "))

    assert_accessible(page)

    account.usage.get_by_label("Model").check()
    expect(account.usage.locator(".bars")).to_contain_text("llama")
    assert_accessible(page)
    account.button("Show as a table").click()
    expect(account.usage.get_by_role("row")).to_have_count(3)
    expect(account.usage.get_by_role("row").nth(1)).to_contain_text("20,000")
    account.usage.get_by_label("Time").select_option("7")
    expect(account.usage.get_by_role("row").nth(1)).to_contain_text("9,000")
    assert_accessible(page)

    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    page.reload()
    expect(account.usage.locator("rect")).not_to_have_count(0)
    assert_accessible(page)
    assert_no_sideways(page, NARROW["width"])
    account.button("Show as a table").click()
    expect(account.usage.get_by_role("row")).to_have_count(3)
    assert_accessible(page)
    assert_no_sideways(page, NARROW["width"])


def test_what_cannot_be_loaded_says_so_and_can_be_tried_again(
    page: Page, problems: PageProblems
) -> None:
    problems.expect("503")
    account = AccountPage(page).open()
    account.settle_in()
    failing = re.compile("/api/(keys|credits|usage)")
    page.route(failing, out_of_order)
    page.reload()
    for words in ("Your keys", "Your credits", "Your usage"):
        expect(page.get_by_text(f"{words} could not be loaded.").first).to_be_visible()
    assert_accessible(page)

    page.unroute(failing)
    page.locator(".keys").get_by_role("button", name="Try again").click()

    expect(account.keys).to_have_count(1)


def test_where_no_accounts_are_made_a_key_still_signs_in(page: Page) -> None:
    def close(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "signup": "closed"})

    page.route("**/api/me", close)
    page.goto("/#/account")

    expect(page.get_by_text("No new accounts are made here at present.")).to_be_visible()
    expect(page.get_by_label("Your key")).to_be_visible()
    expect(AccountPage(page).button("Create the account")).to_have_count(0)
    assert_accessible(page)


def test_targets_are_large_enough_for_a_finger(new_page: NewPage) -> None:
    page = new_page(viewport=NARROW, has_touch=True, is_mobile=True)
    account = AccountPage(page).open()
    small = (
        "(all) => all.filter((each) => each.checkVisibility()"
        " && each.getBoundingClientRect().height < 43.9).length"
    )
    assert page.locator("button, a, .choice, input:not([type=checkbox])").evaluate_all(small) == 0
    account.settle_in()

    account.button("New key").click()

    expect(account.dialog).to_be_visible()
    assert page.locator("button, .choice, select, .field input").evaluate_all(small) == 0
    wide = "(all) => all.every((each) => each.clientWidth > each.parentElement.clientWidth / 2)"
    assert page.locator(".choice").evaluate_all(wide)
    for box in account.dialog.get_by_role("checkbox").all():
        expect(box).to_have_css("opacity", re.compile("^(1|0.45)$"))


def test_a_server_out_of_reach_is_said_here_too(page: Page, problems: PageProblems) -> None:
    problems.expect("ERR_FAILED")
    page.route("**/api/me", lambda route: route.abort())
    page.goto("/#/account")
    expect(page.locator(".banner")).to_contain_text("The server cannot be reached.")

    page.unroute("**/api/me")
    page.get_by_role("button", name="Retry now").click()

    expect(AccountPage(page).button("Create the account")).to_be_visible()


def test_places_are_walked_with_the_keyboard_and_say_where_they_are(page: Page) -> None:
    Talk(page).open()
    places = page.get_by_role("navigation", name="Places")
    expect(places.get_by_role("link", name="Chat")).to_have_attribute("aria-current", "page")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(places.get_by_role("link", name="Chat")).to_be_focused()
    for place in ("Runs", "Builds", "Functions", "Agents", "Mesh", "Operations", "Account"):
        page.keyboard.press("Tab")
        expect(places.get_by_role("link", name=place)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_title("Account · Littoral")
    expect(page.locator("h1")).to_be_focused()
    expect(places.get_by_role("link", name="Account")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Control+k")
    page.keyboard.type("runs")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#/runs$"))
    page.go_back()
    expect(page).to_have_title("Account · Littoral")
    expect(page.locator("h1")).to_be_focused()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_in_any_state(
    new_page: NewPage, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    account = AccountPage(page).open()
    assert_accessible(page)
    page.get_by_label("Sign in").check()
    assert_accessible(page)
    page.get_by_label("Create an account").check()
    account.sign_up("Ada with a name that is quite long and has no end in sight at all")
    assert_accessible(page)
    assert_no_sideways(page, size["width"])
    account.button("I have stored it").click()
    expect(account.keys).to_have_count(1)
    expect(account.usage.get_by_text("Nothing was used")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways(page, size["width"])
    account.button("New key").click()
    expect(account.dialog).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    account.button("Revoke “First key”").click()
    expect(account.dialog).to_be_visible()
    assert_accessible(page)


def make_key(account: AccountPage, name: str, *, without: list[str] | None = None) -> str:
    """Makes a key as the form offers it, minus the scopes in `without`; gives the key."""
    account.button("New key").click()
    account.dialog.get_by_label("Name").fill(name)
    for scope in without or []:
        account.dialog.get_by_label(scope, exact=True).uncheck()
    account.dialog.get_by_role("button", name="Make the key").click()
    expect(account.fresh).to_be_visible()
    key = account.key_box.input_value()
    account.button("I have stored it").click()
    expect(account.key_named(name)).to_be_visible()
    return key


def revoke(context: BrowserContext, key: str) -> None:
    """Ends a key by HTTP, as a program elsewhere would."""
    answer = context.request.delete(f"/api/keys/{key[4:12]}", headers={"x-api-key": key})
    assert answer.status == 204


def out_of_order(route: Route) -> None:
    problem = {"status": 503, "code": "dependency_unavailable", "detail": "The store is away."}
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))


def assert_no_sideways(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage = page.locator(".stage")
    assert stage.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0
