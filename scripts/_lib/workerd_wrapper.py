"""Owns the small program that stands in for workerd: the same, with more options.

miniflare starts the program that MINIFLARE_WORKERD_PATH names as `workerd serve …`; the options for
the Pyodide bundle and the snapshot exist only there, and wrangler has none for them. Which options
is `workerd_start.py`'s business.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from _lib.files import write_atomically

BUILD_VARIABLE = "LITTORAL_BUILD"
"""Environment variable that names the folder of the staged code; without it no snapshot is used."""

_START = Path(__file__).with_name("workerd_start.py")


def ensure_wrapper(*, native_workerd: Path, bundle_folder: Path) -> Path:
    """A shell script beside the bundle; the process it becomes is workerd itself. Repeatable."""
    words = [sys.executable, "-B", _START, native_workerd, bundle_folder]
    script = f'#!/bin/sh\nexec {" ".join(shlex.quote(str(word)) for word in words)} "$@"\n'
    wrapper = bundle_folder / "workerd"
    if not wrapper.is_file() or wrapper.read_text() != script:
        write_atomically(wrapper, script.encode(), mode=0o755)
    return wrapper
