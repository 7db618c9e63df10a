"""Owns where things lie in the checkout. No I/O beyond resolving the root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
PYTHON_MODULES = ROOT / "python_modules"
BUILD = ROOT / "build"
REQUIREMENTS = ROOT / "requirements"
DEFAULT_STATE = ROOT / ".littoral" / "state"
