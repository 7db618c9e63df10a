"""`scripts/load`: drives every public surface of a server at once (the work is `_lib.load`'s).

It runs in `.venv`, which is made when it is missing, with the checkout as its folder.
"""

from __future__ import annotations

import os
import signal
import subprocess

from _lib import project
from _lib.local_runtime import ensure_runtime


def main(arguments: list[str]) -> int:
    runtime = ensure_runtime()
    command = [str(runtime.python), "-m", "_lib.load", *arguments]
    paths = [project.ROOT / "scripts", project.ROOT / "src", project.ROOT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(path) for path in paths)}
    # The child cleans up after itself, so an interrupt is its business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(command, cwd=project.ROOT, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()
