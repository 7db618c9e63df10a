"""What callers say of agents and executions, as values; what cannot be used is refused with why.

Shapes and ranges of numbers are checked at the edge (``littoral.api.registry_bodies``); here is
what they mean: models, templates, places, variables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from littoral.errors import Conflict
from littoral.jsontext import dumps
from littoral.registry.agent import Definition, GatewayChoice, RegisteredAgent
from littoral.registry.execution import Ask
from littoral.registry.model_names import model_of
from littoral.registry.places import choose, require_places, where_it_ran
from littoral.registry.template import Template

Fields = Mapping[str, Any]


def read_definition(fields: Fields, base: Definition | None, models: Sequence[str]) -> Definition:
    """The definition that ``fields`` (snake_case, only those sent) describe, on top of ``base``.

    ``models`` are those that agents may name. Raises ``InvalidInput`` that names the field.
    """
    given = dict(fields)
    if "model" in given:
        given["model"] = model_of(given["model"], models)
    if "edge_locations" in given:
        given["edge_locations"] = require_places(given["edge_locations"])
    if "prompt_template" in given:
        Template.read(given["prompt_template"])
    known = base or Definition(model="")
    if "output_filter" in given:
        given["output_filter"] = replace(known.output_filter, **given["output_filter"])
    if "memory" in given:
        given["memory"] = replace(known.memory, **given["memory"])
    if given.get("gateway") is not None:
        given["gateway"] = GatewayChoice(**given["gateway"])
    return replace(known, **given)


def read_ask(
    agent: RegisteredAgent,
    fields: Fields,
    *,
    colo: str | None,
    continent: str | None,
    place: str | None = None,
) -> Ask:
    """What is asked of an agent, with its prompt filled in. ``place``: where it is already.

    Raises ``InvalidInput`` that names the field, ``Conflict`` for an archived agent.
    """
    if agent.archived:
        raise Conflict("This agent is archived.", next_step="Restore it first.")
    variables = fields.get("variables") or {}
    prompt = Template.read(agent.definition.prompt_template).render(fields["input"], variables)
    changes = {
        name: fields[name] for name in ("temperature", "cache") if fields.get(name) is not None
    }
    definition = replace(agent.definition, **changes)
    place = place or choose(definition.edge_locations, fields.get("edge_location"), continent)
    return Ask(
        agent_id=agent.id,
        agent_name=agent.name,
        agent_version=agent.version,
        definition=definition,
        input=fields["input"],
        variables=dict(variables),
        prompt=prompt,
        session_id=fields.get("session_id"),
        place=place,
        edge_location=where_it_ran(place, colo),
        fingerprint=_fingerprint(agent.id, fields),
    )


def _fingerprint(agent_id: str, fields: Fields) -> str:
    """The same for requests that ask the same; how the answer is delivered is left out."""
    asked = {name: value for name, value in sorted(fields.items()) if name != "mode"}
    return hashlib.sha256(dumps([agent_id, asked]).encode()).hexdigest()
