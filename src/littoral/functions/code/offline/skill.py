"""The offline model's way with code: the recipe that the words mean and the arguments fit."""

from __future__ import annotations

from typing import Any, Final

from littoral.functions.code.offline.dates import DATES
from littoral.functions.code.offline.lists import LISTS
from littoral.functions.code.offline.numbers import NUMBERS
from littoral.functions.code.offline.texts import TEXTS
from littoral.functions.code.writer import CODE_TITLE, PYTHON_MARK
from littoral.models.fenced import find_fenced
from littoral.models.model import ModelRequest
from littoral.models.offline import document_title

RECIPES: Final = (*DATES, *LISTS, *NUMBERS, *TEXTS)

CANNOT: Final = (
    "Without a language model only plain functions can be written: arithmetic, statistics, units, "
    "sorting, filtering, grouping, text, dates, CSV. This is none that is known, or its arguments "
    "do not fit. Set DEFAULT_MODEL to a model that can be reached."
)

PYTHON_ONLY: Final = (
    "Without a language model functions are written in Python only. Leave options.language out, or "
    "set DEFAULT_MODEL to a model that can be reached."
)


class CodeDocuments:
    """``DocumentSkill`` for the requests of ``CodeWriter``. Deterministic; Python only."""

    def document(self, request: ModelRequest) -> Any | None:
        """The source, or the plain word that it cannot."""
        if document_title(request) != CODE_TITLE:
            return None
        first = next((each.text for each in request.messages if each.role == "user"), "")
        description = find_fenced("description", first)
        if not isinstance(description, str):
            return None
        asked_again = sum(each.role == "user" for each in request.messages) - 1
        if PYTHON_MARK not in request.messages[0].text:
            return {"source": "", "cannot": PYTHON_ONLY}
        sources = sources_for(description, find_fenced("arguments", first))
        if asked_again >= len(sources):
            return {"source": "", "cannot": CANNOT}
        return {"source": sources[asked_again], "cannot": ""}


def sources_for(description: str, args: Any) -> list[str]:
    """Every module that fits, the likeliest first."""
    found = (recipe.source(description, args) for recipe in RECIPES)
    return list(dict.fromkeys(source for source in found if source is not None))
