"""Owns what must exist before the Worker can: the resources that wrangler.toml binds.

Nothing is listed twice: a binding that is added there is made by the next deploy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from _lib.deploying.environment import Environment
from _lib.failures import SetupFailure

DIMENSIONS = 1024
"""Of the vectors of `@cf/baai/bge-m3`, the default of EMBEDDING_MODEL."""

NOTHING_TO_MAKE = frozenset(
    {
        "ai",
        "analytics_engine_datasets",
        "assets",
        "build",
        "containers",
        "dev",
        "durable_objects",
        "migrations",
        "observability",
        "placement",
        "ratelimits",
        "triggers",
        "vars",
        "worker_loaders",
        "workflows",
    }
)
"""Sections that come with the Worker, or that the platform makes when they are first used."""

_MADE = frozenset({"d1_databases", "kv_namespaces", "queues", "r2_buckets", "vectorize"})


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One thing of the account. `look` fails when it is not there; `make` makes it."""

    kind: str
    name: str
    look: tuple[str, ...]
    make: tuple[str, ...]


def resources_of(config: Mapping[str, Any], environment: Environment) -> list[Resource]:
    """Every resource that a deploy of this configuration needs, under its name there.

    SetupFailure when the configuration has a section that nobody here knows: it may need something
    that would be missing.
    """
    sections = {key for key, value in config.items() if isinstance(value, (dict, list))}
    strangers = sorted(sections - NOTHING_TO_MAKE - _MADE - {"compatibility_flags"})
    if strangers:
        raise SetupFailure(
            f"wrangler.toml has a section that a deploy does not know: {', '.join(strangers)}",
            "say in scripts/_lib/deploying/resources.py what it needs",
        )
    named = environment.named
    return [
        *(_database(named(each["database_name"])) for each in config.get("d1_databases", ())),
        *(_namespace(named(each["binding"].lower())) for each in config.get("kv_namespaces", ())),
        *(_queue(named(name)) for name in _queue_names(config.get("queues", {}))),
        *(_bucket(named(each["bucket_name"])) for each in config.get("r2_buckets", ())),
        *(_index(named(each["index_name"])) for each in config.get("vectorize", ())),
    ]


def _queue_names(queues: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    names = [each["queue"] for each in queues.get("producers", ())]
    for each in queues.get("consumers", ()):
        names += [each["queue"], each.get("dead_letter_queue", each["queue"])]
    return list(dict.fromkeys(names))


def _database(name: str) -> Resource:
    look, make = ("d1", "info", name, "--json"), ("d1", "create", name)
    return Resource(kind="D1 database", name=name, look=look, make=make)


def _namespace(name: str) -> Resource:
    look, make = ("kv", "namespace", "list"), ("kv", "namespace", "create", name)
    return Resource(kind="KV namespace", name=name, look=look, make=make)


def _queue(name: str) -> Resource:
    look, make = ("queues", "info", name), ("queues", "create", name)
    return Resource(kind="queue", name=name, look=look, make=make)


def _bucket(name: str) -> Resource:
    look, make = ("r2", "bucket", "info", name), ("r2", "bucket", "create", name)
    return Resource(kind="R2 bucket", name=name, look=look, make=make)


def _index(name: str) -> Resource:
    look = ("vectorize", "get", name)
    make = ("vectorize", "create", name, f"--dimensions={DIMENSIONS}", "--metric=cosine")
    return Resource(kind="Vectorize index", name=name, look=look, make=make)
