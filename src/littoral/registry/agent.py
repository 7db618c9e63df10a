"""A registry agent: what it is called, and the definition by which it answers.

Agents are data. Every edit makes a new version; an execution names the one that it used. How
they are kept is ``littoral.registry.agents``, what may be in them ``littoral.registry.reading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Final, Literal, cast, get_args

from littoral.clock import iso, iso_or_none
from littoral.registry import limits

CacheMode = Literal["auto", "always", "never"]
CACHE_MODES: Final[tuple[CacheMode, ...]] = get_args(CacheMode)
AGENT_PREFIX: Final = "agt"


@dataclass(frozen=True, kw_only=True)
class FilterChoice:
    """Which rules an agent's output passes."""

    secrets: bool = True
    personal_data: bool = False


@dataclass(frozen=True, kw_only=True)
class GatewayChoice:
    """Options of AI Gateway for calls of Workers AI. ``None``: as the deployment has it."""

    id: str | None = None
    skip_cache: bool | None = None
    cache_ttl: int | None = None
    collect_log: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """The options that were chosen, under the names that the binding takes."""
        known = {
            "id": self.id,
            "skipCache": self.skip_cache,
            "cacheTtl": self.cache_ttl,
            "collectLog": self.collect_log,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class MemoryChoice:
    """Whether the agent's memory is asked, and for how many passages."""

    enabled: bool = False
    passages: int = limits.DEFAULT_PASSAGES


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything that decides an agent's answers. ``cache_seconds``: how long one is kept."""

    model: str
    prompt_template: str = "{{input}}"
    system_prompt: str = ""
    temperature: float = 0.7
    max_tokens: int = 1024
    edge_locations: tuple[str, ...] = ("auto",)
    output_filter: FilterChoice = FilterChoice()
    cache: CacheMode = "auto"
    cache_seconds: int = limits.DEFAULT_CACHE_SECONDS
    gateway: GatewayChoice | None = None
    memory: MemoryChoice = MemoryChoice()

    def to_row(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def of_row(cls, raw: Mapping[str, Any]) -> Definition:
        """Reads what ``to_row`` wrote."""
        gateway = raw["gateway"]
        return cls(
            model=raw["model"],
            prompt_template=raw["prompt_template"],
            system_prompt=raw["system_prompt"],
            temperature=raw["temperature"],
            max_tokens=raw["max_tokens"],
            edge_locations=tuple(raw["edge_locations"]),
            output_filter=FilterChoice(**raw["output_filter"]),
            cache=cast("CacheMode", raw["cache"]),
            cache_seconds=raw["cache_seconds"],
            gateway=None if gateway is None else GatewayChoice(**gateway),
            memory=MemoryChoice(**raw["memory"]),
        )

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        chosen = self.output_filter
        return {
            "model": self.model,
            "promptTemplate": self.prompt_template,
            "systemPrompt": self.system_prompt,
            "temperature": self.temperature,
            "maxTokens": self.max_tokens,
            "edgeLocations": list(self.edge_locations),
            "outputFilter": {"secrets": chosen.secrets, "personalData": chosen.personal_data},
            "cache": self.cache,
            "cacheSeconds": self.cache_seconds,
            "gateway": None if self.gateway is None else self.gateway.to_json(),
            "memory": {"enabled": self.memory.enabled, "passages": self.memory.passages},
        }


@dataclass(frozen=True, kw_only=True)
class Stats:
    """What an agent's ended executions add up to. ``latencies`` (ms) are newest first."""

    executions: int = 0
    failed: int = 0
    last_at_ms: int | None = None
    latencies: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As callers see it; ``recentLatencies`` oldest first, as a line is drawn."""
        return {
            "executions": self.executions,
            "failed": self.failed,
            "p50LatencyMs": round(median(self.latencies)) if self.latencies else None,
            "lastAt": iso_or_none(self.last_at_ms),
            "recentLatencies": list(reversed(self.latencies[: limits.RECENT_LATENCIES])),
        }


@dataclass(frozen=True, kw_only=True)
class RegisteredAgent:
    """One agent in its newest version."""

    id: str
    owner: str
    user_id: str
    name: str
    description: str
    definition: Definition
    version: int
    archived_at_ms: int | None
    created_at_ms: int
    updated_at_ms: int
    stats: Stats = field(default_factory=Stats)

    @property
    def archived(self) -> bool:
        return self.archived_at_ms is not None

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            **self.definition.to_json(),
            "version": self.version,
            "archived": self.archived,
            "createdAt": iso(self.created_at_ms),
            "updatedAt": iso(self.updated_at_ms),
            "stats": self.stats.to_json(),
        }
