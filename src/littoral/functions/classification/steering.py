"""Sentences that tell the classifier what to answer. They are cut out before anything is read.

A description says what is to be done; one that also says how to classify it is either confused or
an attack. Nothing is refused here: the rest of the words still mean something.
"""

from __future__ import annotations

import re
from itertools import pairwise

_TYPES = r"[\"'“”]?(?:code|object|agentic|human)[\"'”]?"
_STEERING = re.compile(
    # "ignore your instructions", "forget the rules above"
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}"
    r"\b(?:instructions?|rules|prompts?|guidelines|system message)\b"
    # "classify this as code", "treat the request as an object"
    r"|\b(?:classify|treat|label|mark|consider|regard|declare) (?:this|it|the (?:request|task"
    r"|description|function|above|following))\b[^.!?\n]{0,30}\b(?:as|is|be)\b[^.!?\n]{0,20}"
    rf"\b{_TYPES}"
    # "say code", "answer with: object"
    r"|\b(?:say|answer|respond|reply|choose)(?: with| only| just| always)*:? ?"
    rf"{_TYPES}(?=\s*(?:[.!?,;)]|$))"
    # "type: code", {"type": "object"
    r"|\btype[\"'”]? ?(?:[:=]|is)? ?[\"'“]?(?:code|agentic)\b"
    r"|\btype[\"'”]? ?[:=] ?[\"'“]?(?:object|human)[\"'”]?,? ?[\"'“]?confidence"
    # "confidence 1.0"
    r"|\bconfidence[\"'”]? ?(?:[:=]|of|is)? ?(?:0?\.\d+|1(?:\.0+)?\b|100 ?%)"
    # a line that poses as another speaker
    r"|(?:^|[.!?\n])\s*(?:system|assistant|developer) ?:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")


def without_steering(text: str) -> tuple[str, bool]:
    """``text`` without sentences that steer, and whether there were any."""
    if not _STEERING.search(text):
        return text, False
    kept = [each for each in _sentences(text) if not _STEERING.search(each)]
    return " ".join(kept), True


def _sentences(text: str) -> list[str]:
    cuts = [0, *(each.end() for each in _SENTENCE_END.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(cuts) if begin < end]
