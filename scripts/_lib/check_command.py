"""`scripts/check`: everything that can be known before a deploy, offline and without an account."""

from __future__ import annotations

import argparse

from _lib import project
from _lib.code_checks import run_code_checks
from _lib.dry_run import dry_run
from _lib.failures import SetupFailure
from _lib.local_runtime import ensure_runtime
from _lib.lock_command import require_same_pins
from _lib.progress import say
from _lib.snapshot_preflight import preflight
from _lib.staging import stage

_MIB = 1024 * 1024


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="scripts/check",
        description="Lint, format and types; then what a deploy would do: staging, wrangler's dry "
        "run, and the snapshot of the Worker's top level. All of it runs, whatever fails first.",
    ).parse_args(arguments)
    runtime = ensure_runtime()
    failures: list[SetupFailure] = []
    failed = run_code_checks(runtime.python) != 0
    try:
        require_same_pins()
    except SetupFailure as failure:
        failures.append(failure)
    try:
        staged = stage()
        say(f"  staging: {len(staged)} files")
        size = dry_run(runtime, staged=staged, scratch=project.CACHE / "dry-run")
        say(f"  wrangler deploy --dry-run: {size / _MIB:.1f} MiB")
    except SetupFailure as failure:
        failures.append(failure)
    try:
        size = preflight(runtime, build=project.BUILD, scratch=project.CACHE / "preflight")
        say(f"  snapshot pre-flight: {size / _MIB:.1f} MiB")
    except SetupFailure as failure:
        failures.append(failure)
    for each in failures:
        say(f"littoral: {each}")
    return 1 if failed or failures else 0
