"""A deterministic model inside the project: for use without an account or a network.

It understands what its skills understand, calls tools as any model does, streams, and says that it
is offline when it is asked something else. Documents by schema come from skills that know the
schema's title. What the sentences and documents mean belongs to the skills (such as
``littoral.tasks``); this module owns the manners of a model.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from littoral.clock import Ids, RandomIds
from littoral.errors import ModelRefused
from littoral.models.estimate import CHARACTERS_PER_TOKEN, tokens_of
from littoral.models.instance import smallest_instance
from littoral.models.json_schema import JsonSchema
from littoral.models.model import (
    Finished,
    FinishReason,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextDelta,
    ToolCall,
    ToolCallReady,
    Usage,
)

OFFLINE = "offline"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a skill wants: tool calls as ``(name, arguments)``, and words to say before them."""

    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    reply: str = ""


@runtime_checkable
class Skill(Protocol):
    """Understands one kind of request in words without a language model."""

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        """What to do about the user's words, or ``None`` when they mean nothing here.

        Only tools that ``request.tools`` offers are called; others of the plan are left out.
        """
        ...

    def conclude(self, request: ModelRequest) -> str | None:
        """The answer in words after its tools have run.

        Their results are the messages of role tool since the last user message. ``None`` when they
        are not this skill's.
        """
        ...


@runtime_checkable
class DocumentSkill(Protocol):
    """Answers requests for one kind of JSON document without a language model.

    A class may be both: a ``Skill`` for words and a ``DocumentSkill``.
    """

    def document(self, request: ModelRequest) -> Any | None:
        """The document for ``request``, whose ``response_schema`` is set; ``None``: not mine.

        ``document_title(request)`` tells which kind is asked for. The title proves nothing else:
        a stranger's schema may bear it, so the data of the prompt is looked for, and a document
        that does not fit the schema is not given out.
        """
        ...


AnySkill = Skill | DocumentSkill


class OfflineModel:
    """``Model`` without a network: same request, same words (ids of calls are new each time).

    The first skill that understands wins. A document that no skill knows is the smallest one that
    its schema allows. Every call costs nothing; a token is four characters.
    """

    def __init__(self, skills: Sequence[AnySkill] = (), *, ids: Ids | None = None) -> None:
        self._skills = tuple(each for each in skills if isinstance(each, Skill))
        self._document_skills = tuple(each for each in skills if isinstance(each, DocumentSkill))
        self._ids = ids or RandomIds()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        """All words at once, for they are ready; ``ModelRefused`` for a schema without instance."""
        plan = self._plan(request)
        reason: FinishReason = "tool-calls" if plan.calls else "stop"
        limit = request.max_output_tokens * CHARACTERS_PER_TOKEN
        text = plan.reply[:limit]
        if text:
            yield TextDelta(text=text)
        if len(text) < len(plan.reply):
            yield Finished(reason="length", usage=_usage(request, text))
            return
        calls = [self._call(name, arguments) for name, arguments in plan.calls]
        for call in calls:
            yield ToolCallReady(call=call)
        said = text + "".join(each.name + each.arguments for each in calls)
        yield Finished(reason=reason, usage=_usage(request, said))

    def understands(self, request: ModelRequest) -> bool:
        """Whether a skill knows what the user's words ask for, or has the document."""
        if request.response_schema is not None:
            return self._known_document(request, request.response_schema) is not None
        return self._skilled(_since_user(request.messages), request) is not None

    def _plan(self, request: ModelRequest) -> Plan:
        if request.response_schema is not None:
            known = self._known_document(request, request.response_schema)
            return Plan(reply=known or _smallest_document(request.response_schema))
        turn = _since_user(request.messages)
        if any(each.role == "tool" for each in turn):
            return Plan(reply=self._conclusion(request, turn))
        return self._skilled(turn, request) or Plan(reply=_apology(request))

    def _known_document(self, request: ModelRequest, schema: Mapping[str, Any]) -> str | None:
        """The first skill's document that fits the schema, as JSON text."""
        for skill in self._document_skills:
            document = skill.document(request)
            if document is not None and not JsonSchema(schema).problems(document, most=1):
                return json.dumps(document, ensure_ascii=False)
        return None

    def _skilled(self, turn: Sequence[ModelMessage], request: ModelRequest) -> Plan | None:
        """The first skill's plan that comes to something with the offered tools."""
        text = turn[0].text if turn else ""
        offered = {each.name for each in request.tools}
        for skill in self._skills:
            plan = skill.plan(text, request)
            if plan is not None:
                calls = tuple(each for each in plan.calls if each[0] in offered)
                if calls or plan.reply:
                    return Plan(calls=calls, reply=plan.reply)
        return None

    def _conclusion(self, request: ModelRequest, turn: Sequence[ModelMessage]) -> str:
        for skill in self._skills:
            words = skill.conclude(request)
            if words:
                return words
        return "\n".join(each.text for each in turn if each.role == "tool" and each.text) or "Done."

    def _call(self, name: str, arguments: Mapping[str, Any]) -> ToolCall:
        text = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
        return ToolCall(id=self._ids.new("call"), name=name, arguments=text)


def _since_user(messages: Sequence[ModelMessage]) -> Sequence[ModelMessage]:
    """The last user message and what came after it; empty when there is none."""
    for at in range(len(messages) - 1, -1, -1):
        if messages[at].role == "user":
            return messages[at:]
    return ()


def document_title(request: ModelRequest) -> str:
    """The ``title`` of the schema that a document is asked in; empty when there is none."""
    title = (request.response_schema or {}).get("title")
    return title if isinstance(title, str) else ""


def _smallest_document(schema: Mapping[str, Any]) -> str:
    try:
        return json.dumps(smallest_instance(schema), ensure_ascii=False)
    except ValueError as error:
        raise ModelRefused(f"The offline model cannot answer in this schema: {error}.") from None


def _apology(request: ModelRequest) -> str:
    """Says what is wrong and, from the names of the offered tools, what works all the same."""
    names = [each.name.replace("_", " ") for each in request.tools]
    able = f" I can still do this for you: {', '.join(names)}." if names else ""
    return (
        "I am working offline, without a language model, so I cannot answer that."
        f"{able} Free conversation needs a model that can be reached (setting DEFAULT_MODEL)."
    )


def _usage(request: ModelRequest, answer: str) -> Usage:
    asked = sum(
        len(each.text) + sum(len(call.arguments) for call in each.tool_calls)
        for each in request.messages
    )
    return Usage(input_tokens=tokens_of(asked), output_tokens=tokens_of(len(answer)))
