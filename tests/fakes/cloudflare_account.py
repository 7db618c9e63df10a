"""An account at Cloudflare as wrangler's commands show it: small, in memory, strict.

It keeps what a deploy makes, refuses what the real one refuses (a name twice, a Worker whose
database, queues or buckets are not there), and may be told to fail at one command or call.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from _lib.deploying.wrangler_calls import Ended


class CloudflareAccount:
    """`calls` are all that were made. `fail_at` has the first words of a command that fails once,
    `fail_at_call` the number of a call that does.
    """

    def __init__(self) -> None:
        self.databases: dict[str, str] = {}
        self.queues: set[str] = set()
        self.buckets: set[str] = set()
        self.indexes: dict[str, tuple[str, ...]] = {}
        self.namespaces: dict[str, str] = {}
        self.migrated: Counter[str] = Counter()
        self.workers: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.pages: dict[str, dict[str, str]] = {}
        self.calls: list[tuple[str, ...]] = []
        self.fail_at: tuple[str, ...] | None = None
        self.fail_at_call = -1
        self.signed_in = True

    def run(self, *words: str) -> Ended:
        self.calls.append(words)
        if len(self.calls) - 1 == self.fail_at_call:
            return _bad("the connection broke")
        if self.fail_at is not None and words[: len(self.fail_at)] == self.fail_at:
            self.fail_at = None
            return _bad("something broke on the way")
        match words:
            case ["whoami", "--json"]:
                return _good('{"loggedIn":true}') if self.signed_in else _bad("not logged in")
            case ["d1", "info", name, "--json"]:
                return (
                    _good(json.dumps({"uuid": self.databases[name]}))
                    if name in (self.databases)
                    else _bad(f"Couldn't find DB with name '{name}'")
                )
            case ["d1", "create", name]:
                return self._new(self.databases, name, str(uuid.uuid4()))
            case ["d1", "migrations", "apply", name, "--remote", config]:
                return self._migrate(name, config)
            case ["queues" | "r2" as kind, *rest]:
                return self._plain(self.queues if kind == "queues" else self.buckets, rest)
            case ["vectorize", "get", name]:
                return _good("{}") if name in self.indexes else _bad("vectorize.index.not_found")
            case ["vectorize", "create", name, *shape]:
                return self._new(self.indexes, name, tuple(shape))
            case ["kv", "namespace", "list"]:
                listed = [{"id": id_, "title": name} for name, id_ in self.namespaces.items()]
                return _good(json.dumps(listed))
            case ["kv", "namespace", "create", name]:
                return self._new(self.namespaces, name, uuid.uuid4().hex)
            case ["secret", "list", config, "--format=json"]:
                worker = _config(config)["name"]
                if worker not in self.workers:
                    return _bad("This Worker does not exist on your account. [code: 10007]")
                listed = [{"name": name} for name in self.secrets[worker]]
                return _good(json.dumps(listed))
            case ["deploy", config, *rest]:
                return self._deploy(_config(config), rest)
            case ["pages", "project", "list", "--json"]:
                return _good(json.dumps([{"Project Name": name} for name in self.pages]))
            case ["pages", "project", "create", name, *_]:
                return self._new(self.pages, name, {})
            case ["pages", "deploy", folder, project, *_]:
                return self._publish(Path(folder), project.removeprefix("--project-name="))
        return _bad(f"Unknown arguments: {' '.join(words)}")

    def _new(self, kept: dict[str, Any], name: str, value: Any) -> Ended:
        if name in kept:
            return _bad(f"{name} already exists")
        kept[name] = value
        return _good(f"Created {name}")

    def _plain(self, kept: set[str], rest: list[str]) -> Ended:
        action, name = rest[-2:]
        if action == "info":
            return _good(name) if name in kept else _bad(f"{name} does not exist")
        if action != "create" or name in kept:
            return _bad(f"cannot {action} {name}")
        kept.add(name)
        return _good(f"Created {name}")

    def _migrate(self, name: str, config: str) -> Ended:
        bound = {each["database_name"]: each for each in _config(config)["d1_databases"]}
        if bound.get(name, {}).get("database_id") != self.databases.get(name, "none"):
            return _bad(f"no database {name} with that id")
        self.migrated[name] += 1
        return _good("✅ No migrations to apply!" if self.migrated[name] > 1 else "🌀 Done")

    def _deploy(self, config: dict[str, Any], rest: list[str]) -> Ended:
        queues = config["queues"]
        bound = {each["queue"] for each in [*queues["producers"], *queues["consumers"]]}
        bound |= {each.get("dead_letter_queue", each["queue"]) for each in queues["consumers"]}
        missing = [
            *({each["database_id"] for each in config["d1_databases"]}
              - set(self.databases.values())),
            *(bound - self.queues),
            *({each["bucket_name"] for each in config["r2_buckets"]} - self.buckets),
            *({each["index_name"] for each in config["vectorize"]} - set(self.indexes)),
        ]  # fmt: skip
        if missing:
            return _bad(f"there is no such resource: {missing[0]}")
        name = config["name"]
        known = self.secrets.setdefault(name, {})
        for each in rest:
            file = Path(each.removeprefix("--secrets-file="))
            assert file.stat().st_mode & 0o077 == 0, "others may read the secrets"
            known.update(json.loads(file.read_text()))
        self.workers[name] = config
        return _good(f"Deployed {name}\n  https://{name}.someone.workers.dev\nVersion: 1")

    def _publish(self, folder: Path, project: str) -> Ended:
        if project not in self.pages:
            return _bad("Project not found")
        files = [file for file in folder.rglob("*") if file.is_file()]
        texts = {".html", ""}
        self.pages[project] = {
            file.relative_to(folder).as_posix(): file.read_text() if file.suffix in texts else ""
            for file in files
        }
        return _good("Deployment complete!")


def _config(words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(words.removeprefix("--config=")).read_text())
    return found


def _good(output: str) -> Ended:
    return Ended(code=0, output=output, words=output)


def _bad(words: str) -> Ended:
    return Ended(code=1, output="", words=words)
