"""Owns the family of JSON APIs: one Worker, in Python or JavaScript, with entries in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from littoral.builder.offline.family import PlannedPhase
from littoral.builder.offline.parts import Raw, part
from littoral.builder.offline.resources import MOST_RESOURCES, Resource, names_in, resources_of
from littoral.builder.offline.topic import capital
from littoral.builder.offline.wish import Wish

_LISTED = "the newest entries last; takes limit and offset"
_PURPOSES = {
    "resources": "Which resources there are and their fields",
    "rules": "Checks what comes in",
    "store": "Keeps the entries in memory",
    "page": "The page at / that describes the API",
    "entry": "Routes requests",
}


class ApiFamily:
    """Create, read, change, list and remove, with validation and problem documents."""

    name = "a JSON API"
    features = ("search",)
    usual: Sequence[str] = ()

    def kind(self, wish: Wish) -> str:
        return "javascript-worker" if _ending(wish) == "js" else "python-worker"

    def title(self, wish: Wish) -> str:
        return capital(f"{_listed([each.name for each in resources_of(wish)])} API")

    def description(self, wish: Wish) -> str:
        names = _listed([f"/{each.name}" for each in resources_of(wish)])
        language = "JavaScript" if _ending(wish) == "js" else "Python"
        left_out = names_in(wish.query)[MOST_RESOURCES:]
        more = f" Left out, to stay small: {_listed(left_out)}." if left_out else ""
        return (
            f"A JSON API with {names} as one Worker in {language}. Entries are kept in memory: "
            f"they are gone when the Worker is restarted, and nobody is asked who they are.{more}"
        )

    def always(self, wish: Wish) -> Sequence[str]:
        fields = (
            f"{each.name.capitalize()} with {_listed([field.name for field in each.fields])}"
            for each in resources_of(wish)
        )
        return (*fields, "Checks every field", "Errors as problem documents")

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]:
        ending = _ending(wish)
        files = {_path(name, ending): words for name, words in _PURPOSES.items()}
        files["README.md"] = "What it answers and how to change it"
        return (PlannedPhase(name="The API", description="Rules, store and routes", files=files),)

    def write(self, path: str, wish: Wish) -> str | None:
        ending = _ending(wish)
        if path == "README.md":
            return self._readme(wish)
        name = next((each for each in _PURPOSES if _path(each, ending) == path), None)
        if name is None:
            return None
        if name == "resources":
            return _resources_source(wish, ending)
        words = f"{_LISTED} and q, the words to look for" if wish.has("search") else _LISTED
        return part(f"api/{name}.{ending}", list_words=words, search=wish.has("search"))

    def _readme(self, wish: Wish) -> str:
        language = "JavaScript" if _ending(wish) == "js" else "Python"
        query = ", and `q` for words to look for" if wish.has("search") else ""
        routes = "\n".join(_routes(each) for each in resources_of(wish))
        ending = _ending(wish)
        values = {"language": language, "ending": ending, "query_words": query}
        entry = _path("entry", ending)
        return part("api/README.md", title=wish.title, routes=routes, entry=entry, **values)


def _path(name: str, ending: str) -> str:
    """Where the module lies: a Worker begins at src/entry.py or src/index.js."""
    return "src/index.js" if (name, ending) == ("entry", "js") else f"src/{name}.{ending}"


def _ending(wish: Wish) -> str:
    words = r"javascript|node|java script|js|typescript|\.js"
    return "js" if re.search(rf"\b(?:{words})\b", wish.query, re.IGNORECASE) else "py"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _routes(resource: Resource) -> str:
    name = resource.name
    rows = (
        (f"GET /{name}", "a list"),
        (f"POST /{name}", "201 and the new entry"),
        (f"GET /{name}/ID", "one entry"),
        (f"PUT /{name}/ID", "the entry, all fields written"),
        (f"PATCH /{name}/ID", "the entry, some fields written"),
        (f"DELETE /{name}/ID", "204"),
    )
    return "\n".join(f"| `{request}` | {answer} |" for request, answer in rows)


def _resources_source(wish: Wish, ending: str) -> str:
    resources = resources_of(wish)
    rules = {
        each.name: {field.name: field.document() for field in each.fields} for each in resources
    }
    samples = {
        each.name: {field.name: field.sample() for field in each.fields} for each in resources
    }
    values = {
        "title": wish.title,
        "rules": _table(rules, ending),
        "samples": _table(samples, ending),
    }
    return part(f"api/resources.{ending}", **values)


def _table(value: Mapping[str, Mapping[str, object]], ending: str) -> Raw:
    """A literal of two levels: a line for each entry, what it consists of on that line."""
    lines = ["{"]
    for name, entries in value.items():
        lines.append(f'    "{name}": {{')
        lines += [f'        "{key}": {_literal(each, ending)},' for key, each in entries.items()]
        lines.append("    },")
    return Raw("\n".join([*lines, "}"]))


def _literal(value: object, ending: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if ending == "js":
        return text
    return re.sub(r"\b(true|false)\b", lambda found: found.group(1).capitalize(), text)
