"""Owns what the clients said and what they were told, and compares it with what is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.fakes.paced_ai import ADD, answer_to


@dataclass(kw_only=True)
class Said:
    """One message of one client.

    `acknowledged`: the server has shown by any answer that it took it. `given_up`: the connection
    was cut and the client did not ask again. `answer` is the text that the client put together.
    """

    client: str
    text: str
    acknowledged: bool = False
    given_up: bool = False
    answer: str | None = None
    failure: str = ""


@dataclass(kw_only=True)
class Counts:
    """What a run has seen; printed by the test."""

    kills: int = 0
    requests_cut: int = 0
    streams_cut: int = 0
    streams_resumed: int = 0
    streams_ended_meanwhile: int = 0
    sent_again: int = 0
    given_up: int = 0
    messages: int = 0
    tasks: int = 0
    completed: int = 0
    failed: int = 0

    def lines(self) -> str:
        return "\n".join(
            f"  {name.replace('_', ' ')}: {value}" for name, value in vars(self).items()
        )


@dataclass(kw_only=True)
class SessionAccount:
    """One session: who it belongs to, and everything that was said in it, in order."""

    session_id: str
    cookie: str
    said: list[Said] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def problems(self, messages: list[dict[str, Any]], tasks: list[dict[str, Any]]) -> list[str]:
        """Everything in which what is kept differs from what it must be; empty when all is well."""
        texts = [_text(message) for message in messages if message["role"] == "user"]
        return [
            *self._lost_or_doubled(texts),
            *self._out_of_order(texts),
            *self._answers(messages),
            *_task_problems(messages, tasks),
        ]

    def _lost_or_doubled(self, texts: list[str]) -> list[str]:
        times = Counter(texts)
        known = {said.text: said for said in self.said}
        return [
            *(f"{t!r} is there {n} times" for t, n in times.items() if n > 1),
            *(f"{t!r} was never said" for t in times if t not in known),
            *(f"{s.text!r} is lost" for s in self.said if s.acknowledged and s.text not in times),
        ]

    def _out_of_order(self, texts: list[str]) -> list[str]:
        problems = []
        for client in {said.client for said in self.said}:
            mine = [said.text for said in self.said if said.client == client]
            kept = [text for text in texts if text in mine]
            if kept != [text for text in mine if text in kept]:
                problems.append(f"the messages of {client} are out of order: {kept}")
        return problems

    def _answers(self, messages: list[dict[str, Any]]) -> list[str]:
        problems = []
        shown = {said.text: said.answer for said in self.said if said.answer is not None}
        for question, answer in zip(messages, [*messages[1:], None], strict=True):
            if question["role"] != "user":
                continue
            text = _text(question)
            if answer is None or answer["role"] != "assistant":
                problems.append(f"{text!r} has no answer")
                continue
            outcome = answer["metadata"]["outcome"]
            if outcome == "completed" and _text(answer) != answer_to(text):
                problems.append(f"{text!r} is answered {_text(answer)!r}")
            if outcome not in ("completed", "failed"):
                problems.append(f"{text!r} ended as {outcome}")
            if outcome == "completed" and shown.get(text) not in (None, _text(answer)):
                problems.append(f"{text!r}: the client was shown {shown[text]!r}")
        return problems


def _task_problems(messages: list[dict[str, Any]], tasks: list[dict[str, Any]]) -> list[str]:
    """Each call of the tool that took effect made one task, and no task comes from elsewhere."""
    kept = Counter(task["title"] for task in tasks)
    made = Counter(
        each["title"]
        for message in messages
        for part in message["parts"]
        if part["type"] == "tool-add_tasks" and part["state"] == "output-available"
        for each in part["input"]["tasks"]
    )
    asked = {
        _text(question).removeprefix(ADD)
        for question, answer in pairwise(messages)
        if _text(question).startswith(ADD) and _outcome(answer) == "completed"
    }
    return [
        *(f"task {title!r} is there {n} times" for title, n in kept.items() if n > 1),
        *(f"task {title!r} is lost" for title in made | Counter(asked) if title not in kept),
        *(f"task {title!r} comes from nowhere" for title in kept if title not in made),
    ]


def _outcome(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("outcome", ""))


def _text(message: dict[str, Any]) -> str:
    return "\n\n".join(p["text"] for p in message["parts"] if p["type"] == "text" and p["text"])
