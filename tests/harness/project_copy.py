"""Owns the copy of the project that a test run serves: staged code and a derived configuration.

The configuration is wrangler.toml with what a local run adds (development flags) and what a test
replaces (the AI binding by its double, settings). The code is staged into the copy, so an edit
while tests run cannot change what they test. The folder holds links to python_modules, public
and migrations.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _lib import project
from _lib.local_database import MIGRATIONS
from _lib.staging import stage
from _lib.wrangler import LOCAL_FLAGS, SNAPSHOT_FLAG

MOCK_AI = "mock-ai"
MOCK_VECTORIZE = "mock-vectorize"
VECTOR_DIMENSIONS = 384
"""What the doubles of Vectorize and of the embedding model hold."""

NEIGHBOUR = "neighbour"
TEST_SECRET = "a secret of the tests, long enough to sign guest cookies with"

TEST_RATE_LIMITS = (
    "signup=10000/60, login=10000/60, paid-turn=10000/60, costly=10000/60, new-guest=10000/60, "
    "terminal-ticket=10000/60, build-start=10000/60"
)
"""Every test has accounts of its own, all from one address."""


@dataclass(frozen=True, kw_only=True)
class ProjectCopy:
    """`configs` are the wrangler files of its Workers, ours first."""

    folder: Path
    configs: tuple[Path, ...]

    @property
    def build(self) -> Path:
        return self.folder / "build"


def make_project_copy(
    folder: Path, *, settings: Mapping[str, str], script_url: str | None, neighbour: bool = False
) -> ProjectCopy:
    """Fills `folder`. With `script_url`, the AI binding is the double that asks there, and the
    Vectorize binding is a double too.

    With `neighbour` there is another Worker that calls ours by RPC.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stage(build=folder / "build")
    for name, target in _linked():
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(target)
    config = _configuration(settings)
    configs = [folder / "wrangler.json"]
    if script_url is not None:
        date = config["compatibility_date"]
        _replace_ai(config)
        _replace_vectorize(config)
        for name, variables in (
            (MOCK_AI, {"SCRIPT_URL": script_url}),
            (MOCK_VECTORIZE, {"DIMENSIONS": VECTOR_DIMENSIONS}),
        ):
            main = f"{name.replace('-', '_')}.js"
            made = _write_worker(folder, name, main, compatibility_date=date, vars=variables)
            configs.append(made)
    if neighbour:
        services = [
            {"service": config["name"], "entrypoint": entrypoint, "binding": binding}
            for binding, entrypoint in (
                ("LITTORAL", "AgentService"),
                ("FUNCTIONS", "FunctionService"),
            )
        ]
        configs.append(
            _write_worker(
                folder,
                NEIGHBOUR,
                "neighbour.js",
                compatibility_date=config["compatibility_date"],
                services=services,
            )
        )
    configs[0].write_text(json.dumps(config, indent=2))
    return ProjectCopy(folder=folder, configs=tuple(configs))


def _linked() -> tuple[tuple[str, Path], ...]:
    return (
        ("python_modules", project.PYTHON_MODULES),
        ("public", project.ROOT / "public"),
        ("migrations", MIGRATIONS),
    )


def _configuration(settings: Mapping[str, str]) -> dict[str, Any]:
    config = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
    del config["build"]
    for container in config.get("containers", []):
        container["image"] = str(project.ROOT / container["image"])
    config["compatibility_flags"] = [*LOCAL_FLAGS, SNAPSHOT_FLAG]
    own = {"SESSION_SECRET": TEST_SECRET, "RATE_LIMITS": TEST_RATE_LIMITS}
    own["GUEST_TURNS_PER_DAY"] = "10000"
    own["FETCH_RESOLVER"] = "http://127.0.0.1:9/dns-query"  # nothing leaves the machine
    config["vars"] = {**config.get("vars", {}), **own, **settings}
    return config


def _replace_ai(config: dict[str, Any]) -> None:
    binding = config.pop("ai")["binding"]
    config.setdefault("services", []).append({"binding": binding, "service": MOCK_AI})


def _replace_vectorize(config: dict[str, Any]) -> None:
    for index in config.pop("vectorize", []):
        config["services"].append({"binding": index["binding"], "service": MOCK_VECTORIZE})


def _write_worker(folder: Path, name: str, main: str, **config: Any) -> Path:
    """Another Worker of one file, from tests/fakes; gives its configuration."""
    home = folder / name
    home.mkdir(exist_ok=True)
    source = project.ROOT / "tests" / "fakes" / main.removesuffix(".js") / main
    (home / main).write_bytes(source.read_bytes())
    path = home / "wrangler.json"
    path.write_text(json.dumps({"name": name, "main": main, **config}))
    return path
