"""The plan of a build: what it will be, and which files are written in which phase.

Blueprints come from models and from people's edits; both are read here, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from littoral.builder import limits
from littoral.builder.paths import PATH_PATTERN, require_no_clash, require_path
from littoral.errors import InvalidInput, TooLarge
from littoral.text import require_text

BuildKind = Literal["static", "python-worker", "javascript-worker", "script"]
KINDS: Final[tuple[BuildKind, ...]] = get_args(BuildKind)


@dataclass(frozen=True, kw_only=True)
class PlannedFile:
    """A file to be written. ``purpose`` is one line for the model and for people."""

    path: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PlannedPhase:
    """Files that are written together, in order; a path that exists already is written anew."""

    name: str
    description: str
    files: tuple[PlannedFile, ...]


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """The whole plan."""

    title: str
    description: str
    kind: BuildKind
    features: tuple[str, ...]
    phases: tuple[PlannedPhase, ...]

    def to_json(self) -> dict[str, Any]:
        """As it is shown, kept, and sent to models."""
        document = asdict(self)
        document["features"] = list(self.features)
        document["phases"] = [phase_json(each) for each in self.phases]
        return document

    @property
    def paths(self) -> list[str]:
        """Every path of the plan once, in order."""
        return list(dict.fromkeys(file.path for phase in self.phases for file in phase.files))


def _line(most: int = limits.MAX_LINE_CHARACTERS) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


_PHASE_PROPERTIES: Final[dict[str, Any]] = {
    "name": _line(),
    "description": {"type": "string", "maxLength": limits.MAX_DESCRIPTION_CHARACTERS},
    "files": {
        "type": "array",
        "maxItems": limits.MAX_FILES_IN_PHASE,
        "items": {
            "type": "object",
            "properties": {
                "path": {
                    "type": "string",
                    "maxLength": limits.MAX_PATH_CHARACTERS,
                    "pattern": PATH_PATTERN,
                },
                "purpose": {"type": "string", "maxLength": limits.MAX_LINE_CHARACTERS},
            },
            "required": ["path", "purpose"],
        },
    },
}
_PHASE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": _PHASE_PROPERTIES,
    "required": ["name", "description", "files"],
}

BLUEPRINT_SCHEMA: Final[dict[str, Any]] = {
    "title": "blueprint",
    "type": "object",
    "properties": {
        "title": _line(limits.MAX_TITLE_CHARACTERS),
        "description": {"type": "string", "maxLength": limits.MAX_DESCRIPTION_CHARACTERS},
        "kind": {"enum": list(KINDS)},
        "features": {"type": "array", "maxItems": limits.MAX_FEATURES, "items": _line()},
        "phases": {
            "type": "array",
            "minItems": 1,
            "maxItems": limits.MAX_PHASES,
            "items": {
                **_PHASE,
                "properties": {
                    **_PHASE_PROPERTIES,
                    "files": {**_PHASE_PROPERTIES["files"], "minItems": 1},
                },
            },
        },
    },
    "required": ["title", "description", "kind", "features", "phases"],
}
"""A model's blueprint."""

NEXT_PHASE_SCHEMA: Final[dict[str, Any]] = {"title": "next phase", **_PHASE}
"""A phase for messages of the user; no files when nothing has to be written for them."""


def read_blueprint(document: Any) -> Blueprint:
    """A blueprint out of JSON; raises ``InvalidInput`` or ``TooLarge`` that name the place."""
    raw = _object(document, "The blueprint")
    kind = raw.get("kind")
    if kind not in KINDS:
        raise InvalidInput(f"kind is {str(kind)[:40]!r}: use one of {', '.join(KINDS)}.")
    features = _list(raw, "features", limits.MAX_FEATURES)
    phases = tuple(
        read_phase(each, f"phases[{at}]")
        for at, each in enumerate(_list(raw, "phases", limits.MAX_PHASES))
    )
    if not any(phase.files for phase in phases):
        raise InvalidInput("The blueprint names no file.")
    blueprint = Blueprint(
        title=_text(raw, "title", limits.MAX_TITLE_CHARACTERS),
        description=_text(raw, "description", limits.MAX_DESCRIPTION_CHARACTERS, least=0),
        kind=kind,
        features=tuple(
            require_text(each, field="features", most=limits.MAX_LINE_CHARACTERS)
            for each in features
        ),
        phases=tuple(phase for phase in phases if phase.files),
    )
    require_no_clash(blueprint.paths)
    return blueprint


def read_phase(document: Any, where: str = "The phase") -> PlannedPhase:
    """A phase out of JSON. A path that stands twice in it is kept once; bad paths are refused."""
    raw = _object(document, where)
    files: dict[str, PlannedFile] = {}
    for each in _list(raw, "files", limits.MAX_FILES_IN_PHASE):
        file = _object(each, f"{where}.files")
        path = require_path(file.get("path"))
        purpose = _text(file, "purpose", limits.MAX_LINE_CHARACTERS, least=0)
        files.setdefault(path, PlannedFile(path=path, purpose=" ".join(purpose.split())))
    require_no_clash(files)
    return PlannedPhase(
        name=" ".join(_text(raw, "name", limits.MAX_LINE_CHARACTERS).split()),
        description=_text(raw, "description", limits.MAX_DESCRIPTION_CHARACTERS, least=0),
        files=tuple(files.values()),
    )


def phase_json(phase: PlannedPhase) -> dict[str, Any]:
    """A planned phase as JSON."""
    return {
        "name": phase.name,
        "description": phase.description,
        "files": [asdict(each) for each in phase.files],
    }


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where} must be an object.")
    return value


def _list(raw: Mapping[str, Any], field: str, most: int) -> list[Any]:
    value = raw.get(field)
    if not isinstance(value, list):
        raise InvalidInput(f"{field} must be a list.")
    if len(value) > most:
        raise TooLarge(f"{field} has {len(value)} entries; at most {most} are taken.")
    return value


def _text(raw: Mapping[str, Any], field: str, most: int, *, least: int = 1) -> str:
    return require_text(raw.get(field), field=field, most=most, least=least).strip()
