"""Owns a complete local runtime: tools, packages and the Pyodide bundle, ready to be started.

`ensure_runtime` is what every command but `test unit` begins with. Starting wrangler is
`wrangler.py`'s business.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from _lib import project
from _lib.progress import say, step
from _lib.pyodide_bundle import bundle_key, ensure_bundle
from _lib.toolchain import Node, ensure_node, ensure_npm_packages, ensure_venv, workerd_binary
from _lib.vendoring import ensure_python_modules
from _lib.workerd_wrapper import ensure_wrapper


@dataclass(frozen=True, kw_only=True)
class LocalRuntime:
    """Paths of what set-up made. `workerd` is the wrapper that knows the Pyodide bundle."""

    python: Path
    node: Node
    wrangler: Path
    workerd: Path
    native_workerd: Path
    bundle_folder: Path


def ensure_python() -> Path:
    """Only the virtual environment: enough for unit tests. Waits for a set-up that is running."""
    with _one_at_a_time():
        return ensure_venv()


def ensure_runtime() -> LocalRuntime:
    """Everything; installs what is missing or out of date. Waits for a set-up that is running."""
    with _one_at_a_time():
        python = ensure_venv()
        node = ensure_node()
        node_modules = ensure_npm_packages(node)
        ensure_python_modules(python)
        package = node_modules / "pyodide"
        if (project.CACHE / f"pyodide-{bundle_key(package)}").is_dir():
            bundle_folder = ensure_bundle(pyodide_package=package, cache=project.CACHE)
        else:
            with step("the Pyodide bundle from npm's pyodide"):
                bundle_folder = ensure_bundle(pyodide_package=package, cache=project.CACHE)
        native = workerd_binary()
        return LocalRuntime(
            python=python,
            node=node,
            wrangler=node_modules / "wrangler" / "bin" / "wrangler.js",
            workerd=ensure_wrapper(native_workerd=native, bundle_folder=bundle_folder),
            native_workerd=native,
            bundle_folder=bundle_folder,
        )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    project.CACHE.mkdir(exist_ok=True)
    with (project.CACHE / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  waiting for another set-up of this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
