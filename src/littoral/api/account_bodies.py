"""Bodies and answers of the account routes, for checking and for the API description."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from littoral.accounts.account import Scope
from littoral.accounts.keys import LONGEST_DAYS
from littoral.api.answers import Answer, Limits, Models
from littoral.api.bodies import Body, Line

_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,3}$"

Email = Annotated[str, Field(pattern=_EMAIL, max_length=254, examples=["ada@example.com"])]
PersonName = Annotated[Line, Field(min_length=1, max_length=100)]
KeyName = Annotated[Line, Field(min_length=1, max_length=80)]


class SignupRequest(Body):
    """An account to make. ``claimChats`` takes along what you wrote as a guest."""

    email: Email
    name: PersonName
    invite: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    claim_chats: bool = False


class LoginRequest(Body):
    """A key to sign in with."""

    api_key: Annotated[str, Field(min_length=1, max_length=200)]


class NewKey(Body):
    """A key to make. Without ``scopes`` it may do what the present key may."""

    name: KeyName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)] | None = None
    expires_in_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] | None = None


class User(Answer):
    """Who you are here."""

    id: str
    kind: Literal["guest", "account"]
    email: str | None = None
    name: str | None = None


class Key(Answer):
    """A key without its secret. ``current`` is true for the key that asks."""

    id: str
    name: str
    prefix: str
    last_four: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    current: bool


class Keys(Answer):
    """All your keys, newest first."""

    keys: list[Key]


class KeyOnce(Answer):
    """A new key. ``apiKey`` is shown this one time."""

    api_key: str
    key: Key


class SignedUp(KeyOnce):
    """A new account with its first key."""

    user: User


class SignedIn(Answer):
    """Whose key it was."""

    user: User
    key: Key


class Me(Answer):
    """The caller, and what holds for them."""

    user: User
    scopes: list[str]
    limits: Limits
    models: Models
    version: str
    signup: Literal["open", "invite", "closed"]
    credits: float | None = None
