"""Makes documents: the schema that was given, or one that fits the words; then the document.

Asking again with the exact problems, and failing at once when an answer was cut off, is
``littoral.models.json_output``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from string import Template
from typing import Any, Final

from littoral.errors import InvalidInput, LittoralError, ModelRefused, TooLarge
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.job_limits import MAX_RESULT_CHARACTERS
from littoral.functions.objects.fields import FIELDS_SCHEMA, schema_of
from littoral.jsontext import dumps
from littoral.models.fenced import fenced
from littoral.models.json_output import JsonAnswer, ask_json
from littoral.models.json_schema import JsonSchema
from littoral.models.model import Model, ModelMessage, ModelRequest

DOCUMENT_TITLE: Final = "object document"
OUTPUT_TOKENS: Final = 8_000


class ObjectMaker:
    """``Maker`` for functions whose result is a document."""

    def __init__(self, model: Model, *, timeout_seconds: float) -> None:
        self._model = model
        self._timeout_seconds = timeout_seconds

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        """The document. What the model said that cannot be used is the job's error; that the
        model could not be reached is raised.
        """
        fields: JsonAnswer | None = None
        schema = asked.schema
        try:
            if schema is None:
                told("finding the fields")
                fields = await self._ask(_prompt("fields.txt"), asked, FIELDS_SCHEMA, job.id)
                schema = schema_of(fields.value)
            told("writing the document")
            document = await self._document(asked, schema, job.id)
        except (InvalidInput, TooLarge, ModelRefused) as error:
            return _used(Made(error=_told(error)), fields)
        if len(dumps(document.value)) > MAX_RESULT_CHARACTERS:
            most = MAX_RESULT_CHARACTERS
            long = TooLarge(f"The document has more than {most} characters.")
            return _used(Made(error=_told(long)), fields, document)
        derived = None if asked.schema is not None else schema
        return _used(Made(result=document.value, schema=derived), fields, document)

    async def _document(self, asked: JobInput, schema: Any, affinity: str) -> JsonAnswer:
        """The title is ours: a stranger's would choose who answers."""
        titled = {**(schema if isinstance(schema, Mapping) else {}), "title": DOCUMENT_TITLE}
        JsonSchema(titled)
        words = _prompt("object.txt", schema=dumps(schema))
        return await self._ask(words, asked, titled, affinity)

    async def _ask(
        self, words: str, asked: JobInput, schema: Mapping[str, Any], affinity: str
    ) -> JsonAnswer:
        data = fenced("description", asked.description) + "\n" + fenced("arguments", asked.args)
        request = ModelRequest(
            messages=(
                ModelMessage(role="system", text=words),
                ModelMessage(role="user", text=data),
            ),
            max_output_tokens=OUTPUT_TOKENS,
            affinity=affinity,
            timeout_seconds=self._timeout_seconds,
        )
        return await ask_json(self._model, request, schema)


def _prompt(name: str, **values: str) -> str:
    text = files("littoral.functions.objects").joinpath(name).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _used(made: Made, *answers: JsonAnswer | None) -> Made:
    """What was made, with what all answers together used."""
    known = [each for each in answers if each is not None]
    if not known:
        return made
    last = known[-1].chosen
    return Made(
        result=made.result,
        error=made.error,
        schema=made.schema,
        model=last.model,
        degraded=last.degraded,
        input_tokens=sum(each.usage.input_tokens for each in known),
        output_tokens=sum(each.usage.output_tokens for each in known),
    )


def _told(error: LittoralError) -> dict[str, Any]:
    return {"code": error.code, "message": error.detail, "nextStep": error.advice}
