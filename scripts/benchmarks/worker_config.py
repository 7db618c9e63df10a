"""Owns workerd's configuration of one Worker: a Cap'n Proto text, made from plain values.

Raw `workerd serve` is what is measured: wrangler's development proxy would add milliseconds to each
request. Starting it is `worker_process.py`'s business.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from _lib import project


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module of a Worker: its name in there, the field of workerd's schema, its file."""

    name: str
    kind: str
    file: Path


@dataclass(frozen=True, kw_only=True)
class WorkerConfig:
    """A Worker with SQLite objects on a disk.

    `objects` gives the class of each binding, `internal` the source of modules that only the
    platform itself has and raw workerd lacks.
    """

    modules: tuple[Module, ...]
    flags: tuple[str, ...]
    date: str
    objects: Mapping[str, str]
    settings: Mapping[str, str]
    internal: Mapping[str, str] = field(default_factory=dict)

    def text(self, *, folder: Path, port: int, state: Path) -> str:
        """The configuration as it stands in `folder`; files are named relative to it."""
        modules = ",\n".join(f"    {_module(each, folder)}" for each in self.modules)
        bindings = ",\n".join(f"    {each}" for each in self._bindings())
        classes = ", ".join(
            f"(className = {_quoted(name)}, uniqueKey = {_quoted(name)}, enableSql = true)"
            for name in self.objects.values()
        )
        return (
            'using Workerd = import "/workerd/workerd.capnp";\n'
            "const config :Workerd.Config = (\n"
            '  services = [(name = "main", worker = .worker), (name = "disk", '
            f"disk = (path = {_quoted(str(state))}, writable = true))],\n"
            f'  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), '
            'service = "main")],\n'
            f"  extensions = [(modules = [{', '.join(self._internal_modules())}])],\n"
            ");\n"
            "const worker :Workerd.Worker = (\n"
            f"  compatibilityDate = {_quoted(self.date)},\n"
            f"  compatibilityFlags = [{', '.join(map(_quoted, self.flags))}],\n"
            f"  modules = [\n{modules}\n  ],\n"
            f"  bindings = [\n{bindings}\n  ],\n"
            f"  durableObjectNamespaces = [{classes}],\n"
            '  durableObjectStorage = (localDisk = "disk"),\n'
            ");\n"
        )

    def _internal_modules(self) -> Iterator[str]:
        for name, source in self.internal.items():
            yield f"(name = {_quoted(name)}, internal = true, esModule = {_quoted(source)})"

    def _bindings(self) -> Iterator[str]:
        for name, value in self.settings.items():
            yield f"(name = {_quoted(name)}, text = {_quoted(value)})"
        for name, object_class in self.objects.items():
            yield f"(name = {_quoted(name)}, durableObjectNamespace = {_quoted(object_class)})"


def python_modules(build: Path) -> tuple[Module, ...]:
    """The staged files and the vendored packages; workerd runs the first one."""
    entry = "entry.py"
    found = [Module(name=entry, kind="pythonModule", file=build / entry)]
    for folder, prefix in ((build, ""), (project.PYTHON_MODULES, "python_modules/")):
        for file in sorted(folder.rglob("*")):
            name = prefix + file.relative_to(folder).as_posix()
            if file.is_file() and name != entry and "__pycache__" not in file.parts:
                kind = "pythonModule" if file.suffix == ".py" else "data"
                found.append(Module(name=name, kind=kind, file=file))
    return tuple(found)


def _module(module: Module, folder: Path) -> str:
    path = os.path.relpath(module.file.resolve(), folder)
    return f"(name = {_quoted(module.name)}, {module.kind} = embed {_quoted(path)})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
