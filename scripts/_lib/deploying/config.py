"""Owns the configuration of one environment: wrangler.toml with its names, ids and variables."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _lib.deploying.environment import Environment
from _lib.files import write_atomically

WITHOUT_DOCKER_NOTE = "containers are left out: runs say that no sandbox can be had"


def read_config(file: Path) -> dict[str, Any]:
    """wrangler.toml as it stands."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def config_path(root: Path, environment: Environment) -> Path:
    """Where the made configuration lies: beside wrangler.toml, whose relative paths it keeps."""
    return root / f"deploy.{environment.name}.json"


def made_config(
    config: Mapping[str, Any], environment: Environment, ids: Mapping[str, str]
) -> dict[str, Any]:
    """The configuration for one environment.

    `ids` has the id of each database and namespace by its name there; without one (in a dry run)
    wrangler.toml's own stays. ALLOWED_ORIGINS gets the origins of Pages besides its own.
    """
    made = copy.deepcopy(dict(config))
    named = environment.named
    made["name"] = named(made["name"])
    if environment.account_id:
        made["account_id"] = environment.account_id
    if environment.domains:
        made["routes"] = [{"pattern": host, "custom_domain": True} for host in environment.domains]
    for each in made.get("d1_databases", ()):
        each["database_name"] = named(each["database_name"])
        each["database_id"] = ids.get(each["database_name"], each["database_id"])
    for each in made.get("kv_namespaces", ()):
        each["id"] = ids.get(named(each["binding"].lower()), each.get("id", ""))
    for each in made.get("r2_buckets", ()):
        each["bucket_name"] = named(each["bucket_name"])
    for each in made.get("vectorize", ()):
        each["index_name"] = named(each["index_name"])
    for each in made.get("analytics_engine_datasets", ()):
        each["dataset"] = named(each["dataset"]).replace("-", "_")
    for each in made.get("workflows", ()):
        each["name"] = named(each["name"])
    _rename_queues(made.get("queues", {}), environment)
    if not environment.containers:
        _drop_containers(made)
    made["vars"] = {**made.get("vars", {}), **environment.vars}
    made["vars"]["ALLOWED_ORIGINS"] = _origins(made["vars"].get("ALLOWED_ORIGINS", ""), environment)
    return made


def write_config(path: Path, made: Mapping[str, Any]) -> None:
    """Kept beside wrangler.toml and out of git; a later run writes it anew."""
    write_atomically(path, json.dumps(made, indent=2).encode() + b"\n")


def _rename_queues(queues: Mapping[str, Any], environment: Environment) -> None:
    for each in [*queues.get("producers", ()), *queues.get("consumers", ())]:
        each["queue"] = environment.named(each["queue"])
        if "dead_letter_queue" in each:
            each["dead_letter_queue"] = environment.named(each["dead_letter_queue"])


def _drop_containers(made: dict[str, Any]) -> None:
    """The class stays, so that objects keep their place; only its container is gone."""
    made.pop("containers", None)


def _origins(own: str, environment: Environment) -> str:
    listed = [each.strip() for each in own.split(",") if each.strip()]
    listed += environment.pages.origins if environment.pages else ()
    return ", ".join(dict.fromkeys(listed))
