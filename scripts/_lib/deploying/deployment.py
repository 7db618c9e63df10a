"""Owns the steps of a deploy, in the order in which each may need the one before.

Every step looks first and changes only what is missing, so that a deploy which broke off anywhere
is finished by running it again. Secrets that exist are never replaced: with another SESSION_SECRET
everybody would be signed out.
"""

from __future__ import annotations

import json
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _lib.deploying.config import config_path, made_config, write_config
from _lib.deploying.environment import Environment
from _lib.deploying.pages import stage_pages
from _lib.deploying.resources import Resource, resources_of
from _lib.deploying.wrangler_calls import Wrangler, required
from _lib.failures import SetupFailure

SIGNING_KEY = "SESSION_SECRET"
_SECRET_BYTES = 48
_ADDRESS = re.compile(r"https://[a-z0-9.-]+\.workers\.dev")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}")
_NO_WORKER = re.compile(r"does not exist|not found|10007", re.IGNORECASE)
_NOTHING_TO_APPLY = "No migrations to apply"


@dataclass(kw_only=True)
class Deployment:
    """One deploy. `secret_values` are those of the caller's shell; `tell` hears of each step."""

    root: Path
    scratch: Path
    config: Mapping[str, Any]
    environment: Environment
    wrangler: Wrangler
    secret_values: Mapping[str, str]
    tell: Callable[[str], None]
    ids: dict[str, str] = field(default_factory=dict)
    origin: str = ""

    def run(self) -> None:
        """Everything but the checks. Repeatable; SetupFailure says which step did not work."""
        self._require_login()
        for resource in resources_of(self.config, self.environment):
            self._ensure(resource)
        path = config_path(self.root, self.environment)
        write_config(path, made_config(self.config, self.environment, self.ids))
        self._migrate(path)
        self._upload(path)
        if self.environment.pages is not None:
            self._publish(self.environment.pages.project, self.environment.pages.branch)

    # --- what must be there ----------------------------------------------------------------------

    def _require_login(self) -> None:
        required(
            self.wrangler.run("whoami", "--json"),
            "wrangler is not signed in",
            "set CLOUDFLARE_API_TOKEN (docs/operations.md lists its permissions), or run "
            "`npx wrangler login`",
        )

    def _ensure(self, resource: Resource) -> None:
        found = self._found(resource)
        if not found:
            required(
                self.wrangler.run(*resource.make),
                f"the {resource.kind} {resource.name} could not be made",
            )
            if not self._found(resource):
                raise SetupFailure(
                    f"the {resource.kind} {resource.name} was made and is not to be seen",
                    "run this again in a minute",
                )
        self.tell(f"{resource.kind} {resource.name}: {'kept' if found else 'made'}")

    def _found(self, resource: Resource) -> bool:
        """Whether it exists; its id is noted when the configuration needs one."""
        ended = self.wrangler.run(*resource.look)
        if not ended.is_good:
            return False
        if resource.look[0] == "d1":
            self.ids[resource.name] = _id_in(json.loads(_json_of(ended.output)))
        if resource.look[0] == "kv":
            listed = json.loads(_json_of(ended.output))
            known = {each["title"]: each["id"] for each in listed}
            if resource.name not in known:
                return False
            self.ids[resource.name] = known[resource.name]
        return True

    # --- the database, the Worker ----------------------------------------------------------------

    def _migrate(self, path: Path) -> None:
        for each in self.config.get("d1_databases", ()):
            name = self.environment.named(each["database_name"])
            said = required(
                self.wrangler.run(
                    "d1", "migrations", "apply", name, "--remote", f"--config={path}"
                ),
                f"the migrations of {name} could not be applied",
                "the one that failed was rolled back; mend it and run this again",
            )
            told = "nothing new" if _NOTHING_TO_APPLY in said else "migrated"
            self.tell(f"D1 database {name}: {told}")

    def _upload(self, path: Path) -> None:
        missing = self._missing_secrets(path)
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            words = ["deploy", f"--config={path}"]
            if missing:
                words.append(f"--secrets-file={_secrets_file(Path(folder), missing)}")
            said = required(self.wrangler.run(*words), "the Worker could not be deployed")
        for name in sorted(missing):
            self.tell(f"secret {name}: {'made' if name == SIGNING_KEY else 'set'}")
        address = _ADDRESS.search(said)
        self.origin = self.environment.known_origin or (address.group() if address else "")
        if not self.origin:
            raise SetupFailure(
                "the Worker is deployed, and wrangler does not say where",
                "write api_origin or domains into the environment's file and run this again",
            )
        self.tell(f"Worker {self.environment.named(str(self.config['name']))}: {self.origin}")

    def _missing_secrets(self, path: Path) -> dict[str, str]:
        """What this deploy sets: secrets of the shell, and SESSION_SECRET when there is none."""
        listed = self.wrangler.run("secret", "list", f"--config={path}", "--format=json")
        if not listed.is_good and _NO_WORKER.search(listed.words) is None:
            required(listed, "the Worker's secrets could not be listed")
        # Before the first deploy there is no Worker to have secrets.
        known = {each["name"] for each in _list_in(listed.output)} if listed.is_good else set()
        given = {name: value for name, value in self.secret_values.items() if value}
        if SIGNING_KEY not in known and SIGNING_KEY not in given:
            given[SIGNING_KEY] = secrets.token_urlsafe(_SECRET_BYTES)
        return given

    # --- Pages -----------------------------------------------------------------------------------

    def _publish(self, project: str, branch: str) -> None:
        listed = required(
            self.wrangler.run("pages", "project", "list", "--json"),
            "the projects of Pages could not be listed",
        )
        if not any(project in each.values() for each in _list_in(listed)):
            required(
                self.wrangler.run(
                    "pages", "project", "create", project, f"--production-branch={branch}"
                ),
                f"the Pages project {project} could not be made",
            )
            self.tell(f"Pages project {project}: made")
        folder = self.scratch / "pages"
        stage_pages(self.root / "public", folder, api_origin=self.origin)
        required(
            self.wrangler.run(
                *("pages", "deploy", str(folder), f"--project-name={project}"),
                *(f"--branch={branch}", "--commit-dirty=true"),
            ),
            f"the front end could not be deployed to Pages ({project})",
        )
        self.tell(f"Pages project {project}: the front end, for the API at {self.origin}")


def plan(
    config: Mapping[str, Any],
    environment: Environment,
    migrations: Sequence[str],
    secret_names: Sequence[str],
) -> list[str]:
    """What a deploy would do, in its words; looks at nothing outside."""
    made = [
        f"{each.kind} {each.name}: made when missing (wrangler {' '.join(each.make)})"
        for each in resources_of(config, environment)
    ]
    named = environment.named(str(config["name"]))
    pages = environment.pages
    front = [f"Pages project {pages.project}: the front end"] if pages else []
    return [
        *made,
        *(f"D1 migration {name}: applied when new" for name in migrations),
        f"secret {SIGNING_KEY}: made when missing",
        *(f"secret {name}: set from the environment" for name in secret_names),
        f"Worker {named}: deployed",
        *front,
    ]


def _secrets_file(folder: Path, values: Mapping[str, str]) -> Path:
    """Readable by this user alone, and gone with its folder as soon as the upload has ended."""
    file = folder / "secrets.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(dict(values)), encoding="utf-8")
    return file


def _json_of(output: str) -> str:
    """The JSON that a command prints, without what it says before."""
    starts = [at for at in (output.find("{"), output.find("[")) if at >= 0]
    return output[min(starts) :] if starts else "null"


def _list_in(output: str) -> list[dict[str, Any]]:
    found = json.loads(_json_of(output))
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _id_in(told: Any) -> str:
    """The id of a database as `wrangler d1 info --json` tells it."""
    named = told.get("uuid") or told.get("database_id") or "" if isinstance(told, dict) else ""
    if _ID.fullmatch(str(named)) is None:
        raise SetupFailure(
            "wrangler does not tell the id of the database", "run `npx wrangler d1 list`"
        )
    return str(named)
