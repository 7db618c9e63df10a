"""Owns reading `deployments/<name>.toml`: what one environment has that the others have not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _lib.failures import SetupFailure

PRODUCTION = "production"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
_PROJECT = re.compile(r"[a-z0-9][a-z0-9-]{0,57}")
_KEYS = frozenset({"account_id", "domains", "vars", "pages", "containers", "api_origin"})
_PAGES_KEYS = frozenset({"project", "origins", "branch"})


@dataclass(frozen=True, kw_only=True)
class Pages:
    """A Pages project for the front end. `origins` are where people open it, the first by habit."""

    project: str
    origins: tuple[str, ...]
    branch: str = "main"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One deployment. `api_origin` is where the Worker answers, when it is known beforehand."""

    name: str
    account_id: str = ""
    domains: tuple[str, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict)
    pages: Pages | None = None
    containers: bool = True
    api_origin: str = ""

    def named(self, resource: str) -> str:
        """A resource's name here: production has the plain one, others carry their own name."""
        return resource if self.name == PRODUCTION else f"{resource}-{self.name}"

    @property
    def known_origin(self) -> str:
        """Where the Worker answers: as written, or its first domain; empty until deployed."""
        return self.api_origin or (f"https://{self.domains[0]}" if self.domains else "")


def read_environment(folder: Path, name: str) -> Environment:
    """The environment of that name; production needs no file. SetupFailure names what is wrong."""
    if _NAME.fullmatch(name) is None:
        raise SetupFailure(
            f"{name!r} is no name for an environment",
            "use up to 20 lower-case letters, digits and hyphens, such as staging",
        )
    file = folder / f"{name}.toml"
    if not file.is_file():
        if name == PRODUCTION:
            return Environment(name=name)
        raise SetupFailure(
            f"there is no {file.name} among the deployments",
            f"copy deployments/example.toml to deployments/{name}.toml and edit it",
        )
    try:
        return _environment(name, tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValueError, UnicodeDecodeError) as error:
        raise SetupFailure(
            f"deployments/{file.name}: {error}", "deployments/example.toml shows every key"
        ) from error


def _environment(name: str, given: Mapping[str, Any]) -> Environment:
    _only(given, _KEYS, "")
    variables = given.get("vars", {})
    for key, value in variables.items():
        if not isinstance(value, str):
            raise ValueError(f"vars.{key} must be a text in quotes")
    return Environment(
        name=name,
        account_id=str(given.get("account_id", "")),
        domains=tuple(given.get("domains", ())),
        vars=dict(variables),
        pages=_pages(given["pages"]) if "pages" in given else None,
        containers=bool(given.get("containers", True)),
        api_origin=_origin(given["api_origin"], "api_origin") if given.get("api_origin") else "",
    )


def _pages(given: Mapping[str, Any]) -> Pages:
    _only(given, _PAGES_KEYS, "pages.")
    project = str(given.get("project", ""))
    if _PROJECT.fullmatch(project) is None:
        raise ValueError(f"pages.project {project!r} is no name of a Pages project")
    origins = given.get("origins") or [f"https://{project}.pages.dev"]
    return Pages(
        project=project,
        origins=tuple(_origin(each, "pages.origins") for each in origins),
        branch=str(given.get("branch", "main")),
    )


def _origin(text: Any, where: str) -> str:
    parts = urlsplit(str(text))
    if parts.scheme != "https" or not parts.hostname or f"https://{parts.netloc}" != text:
        raise ValueError(f"{where}: {text!r} is no origin such as https://app.example.com")
    return str(text)


def _only(given: Mapping[str, Any], known: frozenset[str], prefix: str) -> None:
    strangers = sorted(set(given) - known)
    if strangers:
        raise ValueError(
            f"{prefix}{strangers[0]} is not known; known are {', '.join(sorted(known))}"
        )
