"""The offline model's way with documents: fields by the noun, values by name and format."""

from __future__ import annotations

from typing import Any

from littoral.functions.objects.fields import FIELDS_TITLE
from littoral.functions.objects.known_things import fields_for
from littoral.functions.objects.objects import DOCUMENT_TITLE
from littoral.functions.objects.plausible import plausible
from littoral.models.fenced import find_fenced
from littoral.models.json_schema import JsonSchema
from littoral.models.model import ModelRequest
from littoral.models.offline import document_title


class ObjectDocuments:
    """``DocumentSkill`` for the requests of ``littoral.functions.objects``. Deterministic."""

    def document(self, request: ModelRequest) -> Any | None:
        title = document_title(request)
        if title not in (FIELDS_TITLE, DOCUMENT_TITLE):
            return None
        asked = next((each.text for each in request.messages if each.role == "user"), "")
        description = find_fenced("description", asked)
        if not isinstance(description, str):
            return None
        arguments = find_fenced("arguments", asked)
        if title == FIELDS_TITLE:
            return fields_for(description)
        return _document(request.response_schema, description, arguments)


def _document(schema: Any, description: str, arguments: Any) -> Any | None:
    """The first that fits: with the arguments' values in it, or without."""
    checker = JsonSchema(schema)
    for given in (arguments, None):
        try:
            made = plausible(schema, seed=description, given=given)
        except ValueError:
            return None
        if not checker.problems(made, most=1):
            return made
    return None
