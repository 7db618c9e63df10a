"""Agents and executions that show everything there is."""

from __future__ import annotations

from tests.browser.registry.scripted_registry import RegistryBook, ScriptedExecution, now

ANSWER = "**Low water** comes *six hours* after high water.\n\n1. ebb\n2. flow\n\n<b>raw</b>"


def answers(execution: ScriptedExecution) -> None:
    """Answers at once, in two pieces."""
    execution.begin()
    for piece in (ANSWER[:20], ANSWER[20:]):
        execution.says(piece)
    execution.completes(ANSWER, credits=0.12)


def fill(book: RegistryBook) -> dict[str, str]:
    """Ids of agents and executions in each state, by name."""
    tides = book.agent(
        "Tide tables",
        description="Explains tides to sailors.",
        promptTemplate="For {{audience}}:\n\n{{input}}",
        edgeLocations=["weur", "eeur"],
        temperature=0,
        memory={"enabled": True, "passages": 4},
    )
    for latency in (420, 380, 910, 300, 350, 610, 290, 340):
        book.execute(tides, input="High water?").completes("At noon.", latency_ms=latency)
    old = book.agent("Old one")
    old["archived"] = True
    plain = book.agent("Translate", promptTemplate="Translate:\n{{input}}")
    book.document(tides["id"], "Almanac", "High water in Brest is at noon. " * 30)
    book.document(tides["id"], "Harbour notes", "The harbour dries.", status="embedding")
    tides.update(version=2, systemPrompt="You know the sea.", temperature=0.2)
    book.keep_version(tides)
    done = book.execute(tides, input="When is low water?", variables={"audience": "sailors"})
    done.begin()
    done.completes(
        ANSWER,
        edgeLocation="CDG",
        cached=True,
        cacheAgeSeconds=3_700,
        degraded=True,
        filtered=[{"rule": "api-key", "count": 2}],
        citations=[_cited("Almanac", "High water in Brest is at noon.")],
        credits=0.25,
    )
    failed = book.execute(plain, input="Bonjour", edgeLocation="weur")
    failed.begin()
    failed.fails("The model did not answer in time.")
    cancelled = book.execute(plain, input="A very long book")
    cancelled.begin()
    cancelled.says("Half of")
    cancelled.cancels()
    going = book.execute(plain, input="In the background")
    going.begin()
    going.says("The beginning of")
    going.snapshot["createdAt"] = now()
    executions = {"done": done, "failed": failed, "cancelled": cancelled, "going": going}
    agents = {"tides": tides["id"], "plain": plain["id"], "old": old["id"]}
    return {**agents, **{name: each.id for name, each in executions.items()}}


def _cited(title: str, passage: str) -> dict[str, object]:
    place = {"documentId": "doc_1", "start": 0, "end": len(passage), "score": 0.82}
    return {**place, "number": 1, "cited": True, "title": title, "passage": passage}
