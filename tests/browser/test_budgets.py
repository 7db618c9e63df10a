"""What the front end may cost: bytes of the first route, time of a flush. Figures are printed."""

import re
from pathlib import Path
from statistics import mean, quantiles

import brotli
from playwright.sync_api import Page, Response, expect

from _lib import project
from tests.browser.talk import Talk
from tests.browser.trace import traced
from tests.fakes.scripted_ai import Answer, ScriptedAi

FIRST_ROUTE_BYTES = 60 * 1024
FLUSH_MS = 10
SLOWER = 4
LONG_ANSWER_CHARACTERS = 41 * 1024
PUBLIC = Path(project.ROOT) / "public"

# A model's pace, and a fast one's: the double answers at once, so the network here hands over five
# words every ten milliseconds (some 3,000 characters a second).
SLOW_NETWORK = """
  window.WebSocket = class extends WebSocket {
    set onmessage(handler) {
      const waiting = [];
      if (handler) super.onmessage = (event) => waiting.push(event);
      if (handler) setInterval(() => waiting.splice(0, 5).forEach(handler), 10);
    }
  };
"""


def test_the_first_route_is_small(page: Page) -> None:
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    Talk(page).open()
    page.wait_for_load_state("networkidle")

    sizes = {
        response.url.split("/", 3)[3] or "index.html": len(brotli.compress(response.body()))
        for response in fetched
        if "/api/" not in response.url
    }
    print(f"\nfirst route: {len(sizes)} files, {sum(sizes.values()):,} bytes of brotli")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:5]:
        print(f"  {size:>7,}  {name}")
    assert sum(sizes.values()) <= FIRST_ROUTE_BYTES


def test_the_first_route_is_preloaded_in_one_go(page: Page) -> None:
    """Modules are found by following imports; a list in the page saves the round trips."""
    fetched: list[str] = []
    page.on("response", lambda response: fetched.append(response.url.split("/", 3)[3]))
    Talk(page).open()
    page.wait_for_load_state("networkidle")
    listed = re.findall(r'rel="modulepreload" href="/([^"]+)"', (PUBLIC / "index.html").read_text())
    modules = {name for name in fetched if name.endswith(".js") and "theme_boot" not in name}

    assert modules == {*listed, "js/main.js"}


def test_flushes_of_a_long_answer_are_short_on_a_slow_machine(page: Page, ai: ScriptedAi) -> None:
    """A flush is one animation frame: all of its script, without layout and painting."""
    ai.answer_when("long", Answer(text=long_answer()))
    page.add_init_script(SLOW_NETWORK)
    talk = Talk(page).open()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    with traced(page) as frames:
        talk.say("a long one")
        expect(talk.answers).to_be_visible()
        talk.wait_until_answered(seconds=300)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})

    assert len(talk.answers.text_content() or "") > 0.8 * LONG_ANSWER_CHARACTERS
    print(
        f"\n{len(frames.flushes)} flushes of a {LONG_ANSWER_CHARACTERS:,} character answer at "
        f"{SLOWER}× slower CPU, ms of processor"
    )
    print(f"  script: {spread(frames.flushes)}\n  layout and painting: {spread(frames.drawing)}")
    assert quantiles(frames.flushes, n=20)[18] <= FLUSH_MS


def test_a_long_answer_is_drawn_block_by_block(page: Page, ai: ScriptedAi) -> None:
    """What is finished is not touched again: its elements are the same ones afterwards."""
    held = Answer(text=long_answer(), hold_after=400)
    ai.answer_when("long", held)
    talk = Talk(page).open()
    talk.say("a long one")
    expect(talk.answers.locator(".heading").nth(2)).to_be_visible()
    page.evaluate("document.querySelector('.answer .heading').dataset.seen = 'yes'")

    held.release()
    talk.wait_until_answered(seconds=120)

    expect(talk.answers.locator(".heading").first).to_have_attribute("data-seen", "yes")


def spread(values: list[float]) -> str:
    cuts = quantiles(values, n=100)
    return (
        f"mean {mean(values):.1f}, median {cuts[49]:.1f}, p95 {cuts[94]:.1f}, "
        f"p99 {cuts[98]:.1f}, max {max(values):.1f}"
    )


def long_answer() -> str:
    """41 KB of what models write: headings, paragraphs, lists, tables, code."""
    sections: list[str] = []
    number = 0
    while sum(map(len, sections)) < LONG_ANSWER_CHARACTERS:
        number += 1
        prose = f"The tide of day {number} is **higher** than *before*, see `tide_{number}`. " * 6
        items = "".join(f"- item {each} of the list in section {number}\n" for each in range(6))
        code = "".join(f"def tide_{each}(hour):\n    return hour + {each}\n" for each in range(6))
        table = "| hour | height |\n|---|---|\n" + "| 12:25 | 3.1 m |\n" * 4
        sections.append(
            f"## Section {number}\n\n{prose}\n\n{items}\n```python\n{code}```\n\n{table}\n"
        )
    return "".join(sections)[:LONG_ANSWER_CHARACTERS]
