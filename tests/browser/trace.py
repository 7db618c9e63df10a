"""What the page's own thread did, by the browser's trace: in processor time, so that what other
programs do at the same time does not count (slowing the processor down by the browser does)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

FLUSH = "FireAnimationFrame"
DRAWING = ("UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit")
_CATEGORIES = "devtools.timeline"
_IDLE_MS = 0.1  # a frame in which nothing was to be shown


@dataclass(kw_only=True)
class Frames:
    """One entry a frame that showed something: milliseconds of the page's thread."""

    flushes: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)


@contextmanager
def traced(page: Page) -> Iterator[Frames]:
    """Traces the browser meanwhile; the frames are filled in at the end."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended: list[Any] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.append(told))
    session.send("Tracing.start", {"categories": _CATEGORIES, "transferMode": "ReportEvents"})
    frames = Frames()
    yield frames
    session.send("Tracing.end")
    for _ in range(600):
        if ended:
            break
        page.wait_for_timeout(50)  # lets the events come in
    assert ended, "the browser did not hand over its trace"
    session.detach()
    _fill(frames, events)


def _fill(frames: Frames, events: list[dict[str, Any]]) -> None:
    begun = [each for each in events if each["name"] == FLUSH and _took(each) > _IDLE_MS]
    thread = Counter(_thread(each) for each in begun).most_common(1)[0][0]
    flushes = sorted((each for each in begun if _thread(each) == thread), key=_begin)
    drawing = [0.0] * len(flushes)
    starts = [_begin(each) for each in flushes]
    for each in events:
        at = bisect_right(starts, _begin(each)) - 1
        if each["name"] in DRAWING and _thread(each) == thread and at >= 0:
            drawing[at] += _took(each)
    frames.flushes = [_took(each) for each in flushes]
    frames.drawing = drawing


def _begin(event: dict[str, Any]) -> float:
    return float(event.get("ts", 0))


def _took(event: dict[str, Any]) -> float:
    return float(event.get("tdur", 0)) / 1000


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]
