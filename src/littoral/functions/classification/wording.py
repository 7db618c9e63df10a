"""A description taken apart for the rules: plain text, words, clauses, their verbs and nouns.

Which words mean what is left to ``vocabulary`` and the four word lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 4_000
"""What the rules read of a description; longer ones are read at both ends."""

_QUOTED = re.compile(r'"[^"\n]{1,200}"|“[^”\n]{1,200}”|`[^`\n]{1,200}`')
_SPACE = re.compile(r"[ \t\r\f\v]+")
_HYPHEN = re.compile(r"(?<=\w)[-_/](?=\w)")
_TOKEN = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|[,.;:!?()\n]")
_LEAD_IN = re.compile(
    r"^(?:(?:please|pls|plz|kindly|hi|hey|hello|ok|so|now|just|also|urgent|task|request|goal|new"
    r"|could you|can you|would you|will you|can someone|you should|you must"
    r"|i (?:need|want|would like) (?:you )?to|i'd like (?:you )?to"
    r"|we (?:need|want|would like|have) to|we'd like to|i have to|help (?:me|us)(?: to)?|let's"
    r"|your (?:task|job) is to|(?:the function|it|this)? ?should|a function that"
    r"|(?:write|implement|create|make|build|code|give me)(?: me)? (?:a|an|the|some)? ?"
    r"(?:small |short |simple |pure )?(?:python |javascript |js |typescript )?"
    r"(?:function|method|routine|one liner|snippet|lambda|code|algorithm)"
    r"(?: in \w+)? (?:that|which|to|for)"
    r"(?: can| could| should| will| must)?)\b[ ,!:]*)+"
)
_FUNCTION = re.compile(r"\b(?:function|method|routine|one liner|snippet|lambda|algorithm)\b")
_STOP = frozenset(
    "of for with without that which who whom whose to from in on by using at about as when while so"
    " and or but into between below above after before until than per across over under within is"
    " are was were be if where because plus through via against inside including like has , . ; : !"
    " ? ( ) \n".split()
)
_CLAUSE_START = frozenset("and then or but to , . ; : ! ? ( \n that which who must should".split())


@dataclass(frozen=True, kw_only=True)
class Wording:
    """``text`` is lower case, without quotations and lead-ins such as "could you please".

    ``words`` are its words and punctuation marks; ``asks_for_function`` is true when a lead-in
    such as "write a function that" was taken away.
    """

    text: str
    words: tuple[str, ...]
    asks_for_function: bool = False

    def clause_starts(self) -> Iterator[int]:
        """Where a verb may stand that says what to do, the first one first."""
        yield 0
        for at, word in enumerate(self.words[:-1]):
            if word in _CLAUSE_START and self.words[at + 1] not in _STOP:
                yield at + 1

    def segments(self, begin: int = 0) -> Iterator[tuple[int, int]]:
        """Runs of words between prepositions, conjunctions and marks, from word ``begin`` on."""
        start = begin
        for at in range(begin, len(self.words) + 1):
            if at == len(self.words) or self.words[at] in _STOP:
                if at > start:
                    yield start, at
                start = at + 1


def wording_of(text: str) -> Wording:
    """Takes apart what ``bounded`` left of a description."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = _QUOTED.sub(" this ", text).replace("e-mail", "email").replace("on site", "onsite")
    text = _SPACE.sub(" ", _HYPHEN.sub(" ", text)).strip()
    lead_in = _LEAD_IN.match(text)
    cut = lead_in.end() if lead_in else 0
    return Wording(
        text=text[cut:],
        words=tuple(_TOKEN.findall(text[cut:])),
        asks_for_function=bool(_FUNCTION.search(text[:cut])),
    )


def bounded(description: str) -> str:
    """At most 4,000 characters: a longer description is read at both ends."""
    if len(description) <= MOST_CHARACTERS:
        return description
    half = MOST_CHARACTERS // 2
    return f"{description[:half]}\n{description[-half:]}"
