"""Agent cards as the A2A protocol has them (version 1.0, message ``AgentCard`` of its proto file).

A card promises only what is there. There are no A2A task endpoints here: the one interface is
Littoral's own HTTP API, named by a URI of ours as the protocol allows for bindings that it does not
define, so that a client which speaks only JSON-RPC, gRPC or HTTP+JSON of A2A finds nothing for it.
Nothing is streamed or pushed by A2A, so no such capability is claimed, and nothing is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import littoral
from littoral.mesh.catalogue import KINDS, AgentKind

BINDING: Final = "urn:littoral:mesh-http:1"
A2A_VERSION: Final = "1.0"
JSON: Final = "application/json"


def mesh_card(origin: str) -> dict[str, Any]:
    """The card of the whole mesh: what anybody with an account may ask of it."""
    return _card(
        origin,
        name="Littoral mesh",
        description="Agents that share work: a coordinator with workers, and agents that watch "
        "pages, say what changed, and tell people.",
        version=littoral.__version__,
        path="/api/mesh",
        skills=[_skill(kind) for kind in KINDS.values()],
    )


def agent_card(
    origin: str, kind: AgentKind, name: str, *, version: int, capabilities: Sequence[str]
) -> dict[str, Any]:
    """The card of one agent, with what it says it can do."""
    skills = [
        {
            "id": each,
            "name": each,
            "description": f"{kind.title}: {each}.",
            "tags": [kind.kind],
        }
        for each in capabilities
    ]
    return _card(
        origin,
        name=name,
        description=kind.description,
        version=str(version),
        path=f"/api/mesh/agents/{name}",
        skills=skills or [_skill(kind)],
    )


def _card(
    origin: str,
    *,
    name: str,
    description: str,
    version: str,
    path: str,
    skills: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "version": version,
        "supportedInterfaces": [
            {
                "url": f"{origin}{path}",
                "protocolBinding": BINDING,
                "protocolVersion": A2A_VERSION,
            }
        ],
        "documentationUrl": f"{origin}/docs",
        "capabilities": {
            "streaming": False,
            "pushNotifications": False,
            "extendedAgentCard": False,
        },
        "securitySchemes": {
            "apiKey": {
                "apiKeySecurityScheme": {
                    "location": "header",
                    "name": "x-api-key",
                    "description": "A key with the scope mesh, from POST /api/keys.",
                }
            },
            "bearer": {
                "httpAuthSecurityScheme": {
                    "scheme": "Bearer",
                    "description": "The same key as a bearer token.",
                }
            },
        },
        "securityRequirements": [
            {"schemes": {"apiKey": {"list": []}}},
            {"schemes": {"bearer": {"list": []}}},
        ],
        "defaultInputModes": [JSON],
        "defaultOutputModes": [JSON],
        "skills": list(skills),
    }


def _skill(kind: AgentKind) -> dict[str, Any]:
    return {
        "id": kind.kind,
        "name": kind.title,
        "description": kind.description,
        "tags": list(kind.tags),
    }
