"""Texts that look real: by format, by name, made to fit lengths and the usual patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.functions.objects.sample_values import CITIES, PEOPLE, TEXTS
from littoral.models.json_assertions import compiled

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_COMMON: Final = (
    "sample", "SAMPLE", "Sample", "AB-1234", "ABC-123", "AB123", "ABC123", "A1B2C3", "12345",
    "1234567890", "+12025550143", "2026-03-14", "14:30", "#2f6f6a", "sample-value",
    "sample_value", "1.4.0", "en", "EN", "USD", "1", "a", "A", "0", "00000000",
    "550e8400-e29b-41d4-a716-446655440000",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Texts:
    """``one`` varies this text, ``shared`` what the texts of one object have in common."""

    one: int
    shared: int

    def fitting(self, schema: Mapping[str, Any], name: str) -> str:
        """The first candidate that fits, else the most natural one."""
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 10**6))
        pattern = schema.get("pattern")
        natural = [self.by_format(str(schema.get("format", ""))), self.by_name(name)]
        candidates = [each for each in natural if each]
        for text in self._variants(candidates, least, most):
            if least <= len(text) <= most and (not pattern or compiled(pattern).search(text)):
                return text
        return candidates[0][:most]

    def _variants(self, natural: list[str], least: int, most: int) -> Iterator[str]:
        yield from natural
        for text in natural:
            cut = text[:most].rstrip() or text[:most]
            yield (
                (cut + " " + text * (least // max(1, len(text)) + 1))[:least]
                if len(cut) < least
                else cut
            )
            plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
            yield from (plain, plain.replace("-", "_"), plain.replace("-", ""), plain.upper())
        yield from _COMMON
        for each in ("A", "a", "1"):
            yield each * max(1, least)

    def by_format(self, kind: str) -> str:
        """A text of a format of JSON Schema, empty for an unknown one."""
        first, last = self._person()
        day, hour = self.one % 27 + 1, self.one % 12 + 7
        number = f"{self.one:08x}"
        host = "example.com"
        formats = {
            "date": f"2026-03-{day:02}",
            "date-time": f"2026-03-{day:02}T{hour:02}:30:00Z",
            "time": f"{hour:02}:30:00Z",
            "duration": "P1DT2H",
            "email": f"{first}.{last}@{host}".lower(),
            "idn-email": f"{first}.{last}@{host}".lower(),
            "uri": f"https://{host}/{last.lower()}",
            "uri-reference": f"/{last.lower()}",
            "iri": f"https://{host}/{last.lower()}",
            "hostname": host,
            "uuid": f"{number}-{number[:4]}-4{number[1:4]}-8{number[4:7]}-{number}{number[:4]}",
            "ipv4": f"192.0.2.{self.one % 250 + 1}",
            "ipv6": f"2001:db8::{self.one % 65_000:x}",
            "json-pointer": "/items/0",
            "regex": "^[a-z]+$",
        }
        return formats.get(kind, "")

    def by_name(self, name: str) -> str:
        """A text for something of this name."""
        words = words_of(name)
        last = words[-1] if words else ""
        found = self._of_person(words) or self._of_place(last)
        if found:
            return found
        if last in ("id", "uuid", "key", "sku", "reference", "number") and words:
            prefix = words[0][:3] if len(words) > 1 else "id"
            return f"{prefix}_{self.shared:08x}"
        if last in ("email", "mail"):
            return self.by_format("email")
        if last in ("url", "uri", "website", "link", "homepage", "avatar", "image", "photo"):
            return self.by_format("uri")
        if last in ("date", "birthday", "deadline", "dob"):
            return self.by_format("date")
        if last in ("at", "timestamp", "datetime", "created", "updated"):
            return self.by_format("date-time")
        if words[:2] == ["job", "title"] or last in ("position", "occupation", "profession"):
            return self._of(TEXTS["title job"])
        known = next((TEXTS[word] for word in reversed(words) if word in TEXTS), ())
        return self._of(known) if known else f"Sample {' '.join(words) or 'text'}"

    def _of_person(self, words: list[str]) -> str:
        first, last_name = self._person()
        last = words[-1] if words else ""
        if words[-2:] in (["first", "name"], ["given", "name"]) or last == "firstname":
            return first
        if words[-2:] in (["last", "name"], ["family", "name"]) or last in ("surname", "lastname"):
            return last_name
        if last in ("username", "nickname", "handle", "login") or words[-2:] == ["user", "name"]:
            return f"{first}{last_name[0]}".lower()
        if words in (["name"], ["full", "name"], ["display", "name"]) or last in _PEOPLE_WORDS:
            return f"{first} {last_name}"
        return ""

    def _of_place(self, last: str) -> str:
        city, state, code, country = CITIES[self.shared % len(CITIES)]
        return {
            "city": city,
            "town": city,
            "state": state,
            "region": state,
            "code": code,
            "zip": code,
            "postcode": code,
            "country": country,
            "location": f"{city}, {country}",
            "hometown": f"{city}, {country}",
            "from": city,
            "to": CITIES[(self.shared + 1) % len(CITIES)][0],
        }.get(last, "")

    def _person(self) -> tuple[str, str]:
        return PEOPLE[self.shared % len(PEOPLE)]

    def _of(self, texts: tuple[str, ...]) -> str:
        return texts[self.one % len(texts)]


_PEOPLE_WORDS: Final = frozenset(
    "author customer manager assignee owner director artist contact fullname displayname "
    "sender recipient".split()
)


def words_of(name: str) -> list[str]:
    """The words of a name in camelCase, snake_case or with spaces, in lower case."""
    return [each.lower() for each in _PARTS.findall(name)]
