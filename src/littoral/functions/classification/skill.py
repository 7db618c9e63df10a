"""What the offline model knows about types of functions: what the rules know."""

from __future__ import annotations

from typing import Any

from littoral.functions.classification.model_layer import DATA, TITLE
from littoral.functions.classification.rules import rank
from littoral.models.fenced import find_fenced
from littoral.models.model import ModelRequest
from littoral.models.offline import document_title


class ClassificationSkill:
    """A document skill of ``littoral.models.offline``. Deterministic, and safe to share."""

    def document(self, request: ModelRequest) -> Any | None:
        """The rules' ranking of the request in the prompt; ``None`` when none is there."""
        if document_title(request) != TITLE:
            return None
        data = next(filter(None, (find_fenced(DATA, each.text) for each in request.messages)), None)
        if not isinstance(data, dict) or not isinstance(data.get("description"), str):
            return None
        schema = data.get("schema")
        ranking = rank(
            data["description"], data.get("args"), schema if isinstance(schema, dict) else None
        )
        return {"ranked": [each.to_json() for each in ranking.ranked]}
