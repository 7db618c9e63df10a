"""Bodies of requests about watches and webhooks. Shapes are checked here; addresses are judged
where they are asked (``littoral.fetching.target``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from littoral.api.bodies import Body, Change, Line, Text
from littoral.fetching.limits import URL_CHARACTERS
from littoral.mesh.watch import limits

_MINUTES = limits.MOST_SECONDS // 60
Address = Annotated[Line, Field(max_length=URL_CHARACTERS)]
Name = Annotated[Line, Field(max_length=limits.NAME_CHARACTERS)]
Question = Annotated[Text, Field(max_length=limits.QUESTION_CHARACTERS)]
Seconds = Annotated[int, Field(ge=limits.LEAST_SECONDS, le=limits.MOST_SECONDS)]
Minutes = Annotated[int, Field(ge=1, le=_MINUTES)]
WebhookName = Annotated[str, Field(pattern=r"^whk_[0-9a-f]{22}$")]


class WatchRequest(Body):
    """A page to watch. Without an interval it is looked at every hour.

    `question` is answered with every change, as far as the change tells.
    """

    url: Address = Field(examples=["https://www.iana.org/numbers"])
    name: Name | None = None
    every_seconds: Seconds | None = None
    every_minutes: Minutes | None = None
    question: Question | None = None
    webhook_id: WebhookName | None = None


class WatchChange(Change):
    """What shall be different; another `url` begins anew. `webhookId: null` takes it away."""

    url: Address = ""
    name: Name = ""
    every_seconds: Seconds | None = None
    every_minutes: Minutes | None = None
    question: Question | None = None
    webhook_id: WebhookName | None = None
    paused: bool = False


class WebhookRequest(Body):
    """A receiver of signed messages."""

    url: Address = Field(examples=["https://www.iana.org/hooks"])
    name: Name | None = None
