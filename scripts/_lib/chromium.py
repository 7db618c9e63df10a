"""Owns finding a Chromium for browser tests. Starting it is the tests' business."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from _lib.failures import SetupFailure

_NAMES = (
    "chromium-headless-shell",  # the same engine, a third cheaper
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def find_chromium() -> Path:
    """The browser that LITTORAL_CHROMIUM names, or the first on PATH; SetupFailure when none is."""
    named = os.environ.get("LITTORAL_CHROMIUM")
    for name in (named,) if named else _NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise SetupFailure(
        f"LITTORAL_CHROMIUM names {named}, which cannot be run"
        if named
        else "browser tests need Chromium, and none is on PATH",
        "install it (Debian: apt-get install chromium-headless-shell, or chromium), or name one: "
        "LITTORAL_CHROMIUM=/path/to/chrome",
    )
