"""Owns reading a name, a topic and a describing word out of a request, in English.

Nothing is understood here: patterns look for "called …", "about …" and the words before a noun.
"""

from __future__ import annotations

import re

_MOST = 60
_QUOTED = r"[\"“„'‘]([^\"“”„'‘’\n]{1,60})[\"”“'’]"
_NAMED = re.compile(
    rf"\b(?:called|named|titled|entitled|call it|rename(?: \w+){{0,2}} to|name(?:d)? it|title)"
    rf"\s*:?\s+(?:{_QUOTED}|([A-Z][\w&-]*(?:\s+[A-Z0-9&][\w&-]*){{0,5}}))"
)
_TOPIC = re.compile(
    r"\b(?:about|for|on|of|covering)\s+(.{2,80}?)(?=$|[.,;:!?\n(]|\s(?:with|without|that|which|"
    r"where|who|and (?:with|add|make|a|an)|including|using|in (?:python|javascript|html)|called|"
    r"named|titled|so|from|by|to)\b)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_A_TOPIC = re.compile(
    r"(?:me|us|you|it|this|that|my(?:self)?|free|example|each|every|all|a (?:user|person)|the web"
    r"|people|users|everyone|phones?|pages?|mobile|desktop|top|list|one)\b.{0,2}$",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    "a an the my our your me us build make create write generate design develop give simple small"
    " nice personal modern beautiful basic responsive accessible minimal static complete little"
    " tiny clean interactive web online new good pretty full fully working please want need i we"
    " would like to can you could single page one public private plain lightweight mini some with"
    " and of for in that quick fast cool great professional elegant html python javascript css"
    " command line markdown multi-page dark light blue green red purple orange teal pink yellow"
    " brown grey gray black based start started let's lets help app application landing"
    " erstelle baue mache schreibe mir bitte eine einen ein der die"
    " das".split()
)


def name_in(text: str) -> str:
    """The name that the words give, such as Pantry in "called Pantry"; empty when there is none."""
    found = _NAMED.search(text)
    if not found:
        return ""
    return clean(found.group(1) or found.group(2) or "")


def topic_in(text: str) -> str:
    """What it is about, as said: "my garden" in "a list for my garden"; empty when not said."""
    for found in _TOPIC.finditer(text):
        topic = clean(found.group(1))
        if topic and not _NOT_A_TOPIC.match(topic):
            return topic
    return ""


def modifier_before(noun: str, text: str) -> str:
    """The telling words right before a noun: "recipe" in "a small recipe blog"; ``noun`` is a
    pattern."""
    found = re.search(rf"((?:[\w'-]+\s+){{1,4}}?)(?:{noun})\b", text, re.IGNORECASE)
    if not found:
        return ""
    telling: list[str] = []
    for word in reversed(found.group(1).split()):
        if word.lower() in _FILLERS:
            break
        telling.insert(0, word)
    return clean(" ".join(telling))


def subject_in(text: str) -> str:
    """The first words of a request without "build me a" and the like: "multiplayer chess game"."""
    words = re.split(r"[.,;:!?\n]", text, maxsplit=1)[0].split()
    while words and words[0].lower() in _FILLERS:
        words.pop(0)
    return clean(" ".join(words[:6]))


def clean(text: str) -> str:
    """One line without marks that mean something to HTML, CSS, scripts or Markdown."""
    plain = re.sub(r"[^\w\s&'’.+-]", " ", text.replace("_", " "))
    words = " ".join("".join(each for each in plain if each.isprintable()).split())
    return words[:_MOST].strip(" .'’-&+")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_article(text: str) -> str:
    return re.sub(r"^(?:my|our|a|an|the|your)\s+", "", text, flags=re.IGNORECASE)
