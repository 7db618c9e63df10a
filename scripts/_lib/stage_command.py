"""`scripts/stage`: fills build/ with what is uploaded. wrangler calls it before each build."""

from __future__ import annotations

import argparse

from _lib.staging import stage


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/stage", description="Fill build/ from the sources."
    )
    parser.add_argument("--list", action="store_true", help="print the staged files")
    options = parser.parse_args(arguments)
    files = stage()
    if options.list:
        print("\n".join(str(file) for file in files))
    return 0
