"""The schema of a document when none was given: the fields that such a thing has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FIELDS_TITLE: Final = "object fields"
MAX_FIELDS: Final = 30
MAX_COUNT: Final = 50

_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string", "minLength": 1},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"},
    "list of texts": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
}

FIELDS_SCHEMA: Final[dict[str, Any]] = {
    "title": FIELDS_TITLE,
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "count": {"type": "integer", "minimum": 0, "maximum": MAX_COUNT},
        "fields": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_FIELDS,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,59}$"},
                    "type": {"type": "string", "enum": list(_KINDS)},
                },
                "required": ["name", "type"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["name", "count", "fields"],
    "additionalProperties": False,
}


def schema_of(made: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema in which every field is needed; ``made`` fits ``FIELDS_SCHEMA``."""
    properties = {each["name"]: _KINDS[each["type"]] for each in made["fields"]}
    document = {
        "title": made["name"],
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    if not made["count"]:
        return document
    return {
        "title": f"list of {made['name']}",
        "type": "array",
        "items": document,
        "minItems": made["count"],
        "maxItems": made["count"],
    }
