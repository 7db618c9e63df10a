"""Who operates this deployment: the accounts that the setting ``OPERATORS`` names.

An entry is the id of a user, their e-mail address, or ``*`` for every account. An address is as
good as sign-up is: whoever signs up with it first is meant, so take ids where sign-up is open.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from littoral.errors import NotAllowed

EVERYBODY = "*"


async def require_operator(
    operators: frozenset[str], user_id: str, email: Callable[[], Awaitable[str]]
) -> None:
    """Raises ``NotAllowed`` for everybody else. ``email`` is asked only where it decides."""
    if EVERYBODY in operators or user_id.lower() in operators:
        return
    if any("@" in each for each in operators) and (await email()).lower() in operators:
        return
    raise NotAllowed(
        "This is for the operators of the deployment.",
        next_step="An operator can add your account to the setting OPERATORS.",
    )
