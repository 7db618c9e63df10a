"""Becomes workerd: `serve` gets the Pyodide bundle, and the snapshot that fits the code, if any.

Started by the wrapper of `workerd_wrapper.py` each time that miniflare wants a runtime, also after
a change of the code: then the hash differs and workerd boots plainly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from _lib.boot_snapshot import has_snapshot, snapshot_folder  # noqa: E402
from _lib.snapshot_preflight import SNAPSHOT  # noqa: E402
from _lib.workerd_wrapper import BUILD_VARIABLE  # noqa: E402


def workerd_arguments(
    arguments: list[str], *, bundle_folder: Path, environment: Mapping[str, str]
) -> list[str]:
    """What workerd gets instead of miniflare's `arguments`."""
    if arguments[:1] != ["serve"]:
        return arguments
    options = [f"--pyodide-bundle-disk-cache-dir={bundle_folder}"]
    build = environment.get(BUILD_VARIABLE)
    if build and has_snapshot(Path(build), bundle_folder=bundle_folder):
        folder = snapshot_folder(Path(build), bundle_folder=bundle_folder)
        options += [f"--python-snapshot-dir={folder}", f"--python-load-snapshot={SNAPSHOT}"]
    return ["serve", *options, *arguments[1:]]


def main() -> None:
    native, bundle_folder, *arguments = sys.argv[1:]
    given = workerd_arguments(arguments, bundle_folder=Path(bundle_folder), environment=os.environ)
    os.execv(native, [native, *given])


if __name__ == "__main__":
    main()
