"""A person at the account's place: what they do there, and where they look."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import Locator, Page, expect

_people = count(1)


class AccountPage:
    """The account's place of one page. It asserts no more than that something can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = page.locator("h1")
        self.fresh = page.locator(".fresh-key")
        self.key_box = page.get_by_label("Key", exact=True)
        self.keys = page.locator(".api-key")
        self.usage = page.locator(".usage")
        self.dialog = page.get_by_role("dialog")

    def open(self) -> AccountPage:
        """Goes there and waits until it can be seen."""
        self.page.goto("/#/account")
        expect(self.title).to_have_text("Account")
        expect(self.page.locator(".account form, .account .person").first).to_be_visible()
        return self

    def sign_up(self, name: str = "Ada", *, claim: bool | None = None) -> str:
        """Makes an account and gives its key, which is still shown."""
        if claim is not None:
            self.page.get_by_label("Keep my chats").set_checked(claim)
        self.try_to_sign_up(name)
        expect(self.fresh).to_be_visible()
        return self.key_box.input_value()

    def try_to_sign_up(self, name: str = "Ada") -> None:
        """Fills in the form, under an address of its own, and sends it."""
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("E-mail").fill(unused_email())
        self.button("Create the account").click()

    def settle_in(self, name: str = "Ada") -> str:
        """An account whose owner has stored the key; gives the key."""
        key = self.sign_up(name)
        self.button("I have stored it").click()
        expect(self.keys).to_have_count(1)
        return key

    def sign_in(self, key: str) -> None:
        self.page.get_by_label("Sign in").check()
        self.page.get_by_label("Your key").fill(key)
        self.button("Sign in").click()

    def key_named(self, name: str) -> Locator:
        return self.keys.filter(has_text=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)


def unused_email() -> str:
    """An address that no other test of this run has used."""
    return f"person-{next(_people)}@example.org"
