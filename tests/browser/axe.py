"""Runs axe-core, the accessibility checker, in a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from _lib import project

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}
LOOKS = [("light", WIDE), ("dark", NARROW)]
"""Each colour scheme and each size once: no style depends on both together."""

LOOKS_BY_WIDTH = [(scheme, size["width"]) for scheme, size in LOOKS]

_SOURCE = Path(project.ROOT) / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    """AssertionError naming rule, element and reason of everything that axe finds."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SOURCE.read_text())
    violations = page.evaluate("async () => (await axe.run(document)).violations")
    found = [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in violations
        for node in each["nodes"]
    ]
    assert not found, "\n".join(found)
