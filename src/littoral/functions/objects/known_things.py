"""Which fields things usually have, by the noun that names them; and fields named in the words."""

from __future__ import annotations

import re
from typing import Any, Final

_TEXT, _INT, _NUM, _BOOL = "text", "integer", "number", "boolean"
_DATE, _TIME, _MAIL, _URI, _LIST = "date", "date-time", "email", "uri", "list of texts"

_THINGS: Final[tuple[tuple[str, str, str], ...]] = (
    # words that name it (first match wins) | its name | fields
    ("user profile|profile|user|person|people|customer|member|account", "user profile",
     "id:text name:text username:text email:email age:integer bio:text location:text "
     "interests:list joinedAt:date-time active:boolean"),
    ("employee|staff", "employee",
     "id:text name:text email:email jobTitle:text department:text salary:integer "
     "startDate:date manager:text remote:boolean"),
    ("student|pupil", "student",
     "id:text name:text email:email age:integer course:text year:integer grades:list"),
    ("product|item|article of clothing|goods", "product",
     "id:text name:text description:text category:text price:number currency:text "
     "stock:integer rating:number tags:list"),
    ("invoice|receipt|bill", "invoice",
     "invoiceNumber:text customer:text email:email issueDate:date dueDate:date items:list "
     "subtotal:number tax:number total:number currency:text paid:boolean"),
    ("order|purchase|cart", "order",
     "orderId:text customer:text items:list quantity:integer total:number currency:text "
     "status:text orderedAt:date-time"),
    ("transaction|payment", "transaction",
     "id:text from:text to:text amount:number currency:text status:text createdAt:date-time"),
    ("address|location", "address",
     "street:text city:text state:text postalCode:text country:text"),
    ("event|meeting|appointment|conference|calendar", "event",
     "id:text title:text description:text location:text startsAt:date-time endsAt:date-time "
     "attendees:list online:boolean"),
    ("blog post|post|article|story", "article",
     "id:text title:text author:text summary:text body:text tags:list publishedAt:date-time"),
    ("book", "book",
     "isbn:text title:text author:text genre:text year:integer pages:integer rating:number"),
    ("movie|film", "movie",
     "id:text title:text director:text genre:text year:integer minutes:integer rating:number"),
    ("recipe|dish|meal|menu", "recipe",
     "title:text description:text servings:integer minutes:integer ingredients:list steps:list"),
    ("config|configuration|settings|preferences", "configuration",
     "name:text version:text environment:text host:text port:integer debug:boolean "
     "logLevel:text timeoutSeconds:integer features:list"),
    ("company|organisation|organization|business|vendor", "company",
     "id:text name:text industry:text website:uri email:email city:text country:text "
     "employees:integer founded:integer"),
    ("car|vehicle", "vehicle",
     "id:text make:text model:text year:integer colour:text price:number electric:boolean"),
    ("weather|forecast", "weather report",
     "city:text date:date temperature:number humidity:integer condition:text windSpeed:number"),
    ("review|feedback|testimonial", "review",
     "id:text author:text rating:integer title:text comment:text createdAt:date-time"),
    ("task|to-?do|ticket|issue|bug", "task",
     "id:text title:text description:text status:text priority:text assignee:text dueDate:date"),
    ("quiz|question|survey|flashcard", "question",
     "question:text choices:list answer:text difficulty:text"),
    ("course|lesson|curriculum", "course",
     "id:text title:text description:text level:text minutes:integer topics:list price:number"),
    ("trip|itinerary|travel|vacation|flight", "trip",
     "title:text from:text to:text startDate:date endDate:date activities:list budget:number"),
    ("resume|cv", "resume",
     "name:text email:email phone:text summary:text skills:list experience:list education:list"),
    ("api response|response|error", "response",
     "status:text code:integer message:text requestId:text createdAt:date-time"),
    ("pet|dog|cat|animal", "pet", "id:text name:text species:text breed:text age:integer"),
    ("song|album|playlist|track", "song",
     "id:text title:text artist:text album:text genre:text year:integer seconds:integer"),
)  # fmt: skip
_ANYTHING: Final = "id:text title:text description:text category:text tags:list createdAt:date-time"
_SHORT: Final = {"list": _LIST}

_NAMED = re.compile(
    r"\b(?:with(?: the)?(?: fields?| properties| keys| columns)?|fields?|properties|including|"
    r"containing|having)\b:?\s+(?P<fields>[^.;\n]{2,300})",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?P<count>[1-9][0-9]?|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\s+"
    r"(?:\w+\s+){0,3}?\w+s\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\b(list|array|collection|set|batch|several|some|multiple)\b", re.IGNORECASE)
_NUMBERS: Final = dict(
    zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True)
) | {"twelve": 12, "twenty": 20}
_LISTED_COUNT: Final = 3


def fields_for(description: str) -> dict[str, Any]:
    """A document of ``littoral.functions.objects.fields``; the same words give the same one."""
    name, usual = _thing(description)
    named = _named_fields(description)
    fields = [{"name": each, "type": type_of(each)} for each in named] or [
        {"name": field, "type": _SHORT.get(kind, kind)}
        for field, _, kind in (each.partition(":") for each in usual.split())
    ]
    return {"name": name, "count": _count(description), "fields": fields}


def type_of(name: str) -> str:
    """The type that a field of this name usually has."""
    words = _words(name)
    last = words[-1]
    if last in ("email", "mail"):
        return _MAIL
    if last in ("url", "uri", "website", "link", "homepage", "avatar", "image", "photo"):
        return _URI
    if last in ("date", "birthday", "deadline", "dob"):
        return _DATE
    if last in ("at", "timestamp", "time", "datetime"):
        return _TIME
    if last in _WHOLE or words[0] in ("number", "count", "num"):
        return _INT
    if last in _FRACTIONS:
        return _NUM
    if words[0] in ("is", "has", "can") or last in _FLAGS:
        return _BOOL
    return _LIST if last in _LISTS else _TEXT


_WHOLE = frozenset(
    "age year years count quantity stock port pages minutes seconds hours days level size "
    "score points".split()
)
_FRACTIONS = frozenset(
    "price total amount salary balance rating temperature weight height latitude longitude "
    "tax subtotal discount percent percentage cost budget".split()
)
_FLAGS = frozenset(
    "active enabled verified available paid debug online remote done completed public".split()
)
_LISTS = frozenset(
    "tags interests hobbies skills items ingredients steps features roles permissions topics "
    "languages attendees categories keywords friends grades children".split()
)


def _thing(description: str) -> tuple[str, str]:
    """The thing that is named first."""
    best: tuple[int, str, str] | None = None
    for words, name, fields in _THINGS:
        found = re.search(rf"\b(?:{words})s?\b", description, re.IGNORECASE)
        if found is not None and (best is None or found.start() < best[0]):
            best = (found.start(), name, fields)
    return ("document", _ANYTHING) if best is None else best[1:]


def _named_fields(description: str) -> list[str]:
    """Field names that the words list: at least two, each of one to three plain words."""
    found = _NAMED.search(description)
    if found is None:
        return []
    parts = re.split(r",|\band\b|&|/", found["fields"])
    names = []
    for part in parts:
        words = re.findall(r"[A-Za-z_][A-Za-z0-9_]*", part)
        words = [each for each in words if each.lower() not in ("a", "an", "the", "their", "its")]
        if not 1 <= len(words) <= 3:
            continue
        names.append(_begun_small(words[0]) + "".join(each.capitalize() for each in words[1:]))
    unique = list(dict.fromkeys(names))[:15]
    return unique if len(unique) >= 2 else []


def _count(description: str) -> int:
    found = _COUNT.search(description)
    if found is not None:
        word = found["count"].lower()
        return min(50, _NUMBERS.get(word) or int(word))
    return _LISTED_COUNT if _LISTED.search(description) else 0


def _words(name: str) -> list[str]:
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).replace("_", " ").replace("-", " ")
    return parted.lower().split() or [""]


def _begun_small(word: str) -> str:
    return word.lower() if word.isupper() else word[0].lower() + word[1:]
