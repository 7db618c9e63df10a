"""`scripts/setup`: everything a checkout needs to run, check and test. Repeatable."""

from __future__ import annotations

import argparse

from _lib.local_runtime import ensure_runtime


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="scripts/setup",
        description="Install the tools, the Worker's packages and the local runtime, as the lock "
        "files say. ./scripts/dev, check and test do this by themselves.",
    ).parse_args(arguments)
    ensure_runtime()
    return 0
