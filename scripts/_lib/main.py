"""Runs one command of `scripts/`: a failed set-up is two lines, Ctrl-C ends quietly."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> int:
    name, *arguments = sys.argv[1:]
    scripts = str(Path(__file__).resolve().parents[1])
    sys.path[0] = scripts
    from _lib.failures import SetupFailure

    command = importlib.import_module(f"_lib.{name}_command")
    try:
        return int(command.main(arguments))
    except SetupFailure as failure:
        print(f"littoral: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
