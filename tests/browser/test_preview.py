"""A hostile page in a preview, beside the real front end: it reaches nothing and nobody."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page
from playwright.sync_api import Error as PlaywrightError

from tests.browser.outside import Outside
from tests.fakes.scripted_ai import ScriptedAi
from tests.fakes.scripted_build import ScriptedBuild
from tests.harness.worker import Worker

PAGES = {
    "index.html": "<!doctype html><html><head><title>Hostile</title></head><body><script>"
    "document.write(decodeURIComponent(location.hash.slice(1)));"
    "setTimeout(()=>parent.postMessage('settled','*'),600)"
    "</script></body></html>",
    "app.js": "window.ran = true;",
    "broken.js": "\n\nthisIsNotThere();",
    "module.js": "export const answer = 42;",
    "broken.html": "<!doctype html><title>Broken</title><script src='broken.js'></script><script>"
    "Promise.reject(new Error('nobody waits'));"
    "setTimeout(()=>parent.postMessage('settled','*'),600)"
    "</script><img src='absent.png'>",
    "data.json": '{"a": 1}',
    "sub/index.html": "<!doctype html><title>Sub</title><script>"
    "parent.postMessage('in sub','*')</script>",
}

MARKUP = {
    "image": '<img src="{there}">',
    "script": '<script src="{there}"></script>',
    "style": '<link rel=stylesheet href="{there}"><style>@import "{there}";'
    'body{{background:url({there})}}</style><p style="background:url({there})">x',
    "hints": '<link rel=prefetch href="{there}"><link rel=preload as=script href="{there}">'
    '<link rel=dns-prefetch href="{there}"><link rel=preconnect href="{there}">'
    '<link rel=prerender href="{there}"><link rel=modulepreload href="{there}">'
    '<link rel=icon href="{there}"><link rel=manifest href="{there}">',
    "frames": '<iframe src="{there}"></iframe><object data="{there}"></object>'
    '<embed src="{there}">',
    "media": '<video src="{there}" autoplay></video><audio src="{there}" autoplay></audio>',
    "drawing": '<svg><image href="{there}"/><use href="{there}#a"/></svg>',
    "form": '<form id=f action="{there}" method=post><input name=a></form>'
    "<script>f.submit()</script>",
    "form upwards": '<form id=f action="{there}" target=_top></form><script>f.submit()</script>',
    "refresh": '<meta http-equiv=refresh content="0;url={there}">',
    "base": '<base href="{there}/"><img src=x>',
    "report": '<meta http-equiv="Content-Security-Policy" content="img-src \'none\'; '
    'report-uri {there}"><img src=x>',
    "speculation": '<script type=speculationrules>{{"prefetch":[{{"source":"list","urls":'
    '["{there}"]}}],"prerender":[{{"source":"list","urls":["{there}"]}}]}}</script>',
    "link with a ping": '<a id=l href="#x" ping="{there}">x</a><script>l.click()</script>',
    "link to a tab": '<a id=l href="{there}" target=_blank>x</a><script>l.click()</script>',
    "link upwards": '<a id=l href="{there}" target=_top>x</a><script>l.click()</script>',
    "download": '<a id=l href="{there}" download>x</a><script>l.click()</script>',
}
PROGRAMS = {
    "fetch": 'fetch("{there}",{{mode:"no-cors",credentials:"include"}})',
    "request": 'const x=new XMLHttpRequest();x.open("POST","{there}");x.withCredentials=true;'
    "x.send()",
    "beacon": 'navigator.sendBeacon("{there}","a")',
    "sockets": 'const w="{there}".replace("http","ws");new WebSocket(w);new EventSource("{there}")',
    "transport": 'new WebTransport("{there}".replace("http:","https:"))',
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch(\"{there}\",{{mode:'no-cors'}});"
    'importScripts("{there}")`])))',
    "module": 'import("{there}").catch(()=>0)',
    "font": 'new FontFace("a","url({there})").load().catch(()=>0)',
    "worklet": 'CSS.paintWorklet.addModule("{there}").catch(()=>0)',
    "written frame": 'const f=document.createElement("iframe");f.srcdoc=`<img src="{there}">`;'
    "document.body.append(f)",
    "frame of data": 'const f=document.createElement("iframe");'
    'f.src=`data:text/html,<img src="{there}">`;document.body.append(f)',
    "frame of a blob": 'const f=document.createElement("iframe");f.src=URL.createObjectURL('
    'new Blob([`<img src="{there}">`],{{type:"text/html"}}));document.body.append(f)',
    "own frame": 'location="{there}"',
    "page around": 'try{{top.location="{there}"}}catch{{}}'
    'try{{parent.location.href="{there}"}}catch{{}}',
    "window": 'window.open("{there}")',
    "peer connection": "const p=new RTCPeerConnection({{iceServers:["
    '{{urls:"stun:{host}"}},{{urls:"turn:{host}?transport=tcp",username:"a",credential:"b"}}]}});'
    'p.createDataChannel("a");p.createOffer().then((o)=>p.setLocalDescription(o))',
}
PEER_OF_A_FRAME = (
    'const f=document.createElement("iframe");f.srcdoc=`<script>'
    'const p=new RTCPeerConnection({iceServers:[{urls:"stun:HOST"}]});'
    'p.createDataChannel("a");p.createOffer().then((o)=>p.setLocalDescription(o))<\\/script>`;'
    "document.body.append(f)"
)
TRICKS = {**MARKUP, **{name: f"<script>{code}</script>" for name, code in PROGRAMS.items()}}


class Visit:
    """The front end with a preview in a frame; `messages` is what the preview said to it."""

    def __init__(self, context: BrowserContext, worker: Worker) -> None:
        self._host = worker.url
        self.page: Page = context.new_page()
        self.answered: list[str] = []
        self.page.goto(worker.url)
        self.page.evaluate(
            """() => { window.said = [];
            addEventListener("message", (event) => said.push([event.origin, event.data])); }"""
        )
        context.on("response", lambda response: self.answered.append(response.url))

    def show(self, url: str, content: str = "") -> Frame:
        """The preview's frame, when its page has settled or its navigation was refused."""
        self.page.evaluate(
            """(address) => { document.querySelector("iframe")?.remove(); said.length = 0;
            const frame = document.createElement("iframe");
            frame.src = address; document.body.append(frame); }""",
            f"{url}#{quote(content)}",
        )
        for _ in range(200):
            frames = [each for each in self.page.frames if each.parent_frame is not None]
            if frames and (self.said("settled") or "chrome-error" in frames[0].url):
                break
            self.page.wait_for_timeout(50)
        else:
            raise AssertionError(f"the preview did not settle: {content}")
        return frames[0]

    def said(self, *words: object) -> bool:
        return all(["null", word] in self.messages() for word in words)

    def messages(self) -> list[list[object]]:
        found: list[list[object]] = self.page.evaluate("window.said")
        return found

    def elsewhere(self, home: str) -> list[str]:
        """Pages that are open and should not be."""
        open_pages = [each.url.rstrip("/") for each in self.page.context.pages]
        return open_pages if open_pages != [home] else []

    def strangers(self, url: str) -> list[str]:
        """What was answered that is neither the preview nor the front end's own."""
        return [each for each in self.answered if "trick" in each and not each.startswith(url)]


@pytest.fixture
def build(worker: Worker, ai: ScriptedAi) -> Iterator[ScriptedBuild]:
    made = ScriptedBuild(ai, worker.url, "static", PAGES)
    yield made
    made.close()


@pytest.fixture
def visit(browser: Browser, worker: Worker) -> Iterator[Visit]:
    context = browser.new_context(base_url=worker.url)
    yield Visit(context, worker)
    context.close()


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.close()


def test_no_trick_reaches_anybody(
    visit: Visit, worker: Worker, build: ScriptedBuild, outside: Outside
) -> None:
    url = build.preview()
    failed: list[str] = []
    for name, trick in TRICKS.items():
        for target in (f"{outside.url}/trick", f"{worker.url}/api/me?trick"):
            content = trick.format(there=target, host=f"127.0.0.1:{outside.port}")
            visit.show(url, content)
            seen = [*outside.heard, *visit.strangers(url), *visit.elsewhere(worker.url)]
            if seen:
                failed.append(f"{name} → {target}: {seen}")
            outside.heard.clear()
            visit.answered.clear()

    assert failed == []


def test_the_listener_would_have_heard(browser: Browser, outside: Outside) -> None:
    """What the tests above rely on."""
    page = browser.new_context().new_page()
    page.evaluate(
        """([host, url]) => { fetch(url).catch(() => 0);
        window.peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${host}` }] });
        peer.createDataChannel("a");
        peer.createOffer().then((offer) => peer.setLocalDescription(offer)); }""",
        [f"127.0.0.1:{outside.port}", outside.url],
    )
    for _ in range(200):
        if {each.split()[1] for each in outside.heard} == {"connection", "packet"}:
            page.context.close()
            return
        page.wait_for_timeout(50)
    raise AssertionError(outside.heard)


def test_a_frame_of_its_own_has_no_peers_either(
    visit: Visit, build: ScriptedBuild, outside: Outside
) -> None:
    """Chromium 156 ends the page's process here, rather than let it connect."""
    host = f"127.0.0.1:{outside.port}"
    try:
        visit.show(build.preview(), f"<script>{PEER_OF_A_FRAME.replace('HOST', host)}</script>")
        visit.page.wait_for_timeout(1_000)
    except PlaywrightError as error:
        assert "crashed" in str(error)

    assert outside.heard == []


def test_a_tab_of_its_own_is_held_as_well(
    browser: Browser, build: ScriptedBuild, outside: Outside
) -> None:
    context = browser.new_context()
    for code in (f'location="{outside.url}"', f'fetch("{outside.url}")', "localStorage.a = 1"):
        page = context.new_page()
        trick = quote(f"<script>{code}</script>")
        page.goto(f"{build.preview()}#{trick}")
        page.wait_for_timeout(500)
        assert outside.heard == []
    assert context.cookies() == []
    context.close()


def test_a_preview_has_no_origin_and_nothing_of_one(visit: Visit, build: ScriptedBuild) -> None:
    frame = visit.show(build.preview())

    for tried in (
        "document.cookie",
        "document.cookie = 'a=b'",
        "localStorage.length",
        "sessionStorage.length",
        "indexedDB.open('a')",
        "caches.keys()",
        "parent.document.title",
        "top.localStorage",
        "navigator.serviceWorker.register('app.js')",
        "new SharedWorker('app.js')",
    ):
        error = frame.evaluate(
            f"async () => {{ try {{ await ({tried}); }} catch (e) {{ return e.name; }} }}"
        )
        assert error == "SecurityError", tried
    assert frame.evaluate("origin") == "null"
    assert frame.evaluate("document.referrer") in ("", f"{visit.page.url}")


def test_the_api_is_closed_to_it_even_by_its_own_rules(
    worker: Worker, build: ScriptedBuild
) -> None:
    """What a browser without the policy would send: no origin, and no cookie that counts."""
    refused = httpx.post(
        f"{worker.url}/api/chat", json={"message": "x"}, headers={"origin": "null"}
    )
    assert refused.status_code == 403
    framed = httpx.get(worker.url)
    assert "frame-ancestors 'none'" in framed.headers["content-security-policy"]


def test_its_own_files_are_all_there(visit: Visit, build: ScriptedBuild) -> None:
    content = (
        '<script src="app.js"></script><script type="module">'
        'import { answer } from "./module.js"; parent.postMessage(answer, "*")</script><script>'
        'for (const path of ["data.json", "/data.json"]) fetch(path).then((r) => r.json())'
        '.then((found) => parent.postMessage([path, found.a], "*"))</script>'
    )
    frame = visit.show(build.preview(), content)

    visit.page.wait_for_function("() => said.length >= 4")
    assert visit.said(42, ["data.json", 1], ["/data.json", 1])
    assert frame.evaluate("window.ran") is True
    frame.evaluate("location = 'sub'")
    visit.page.wait_for_function("() => said.some(([, data]) => data === 'in sub')")


def test_errors_are_told_to_the_page_around_it(visit: Visit, build: ScriptedBuild) -> None:
    visit.show(f"{build.preview()}broken.html")

    told = [data for _, data in visit.messages() if isinstance(data, dict)]
    assert {each["type"] for each in told} == {"littoral-preview-error"}
    found = {(each["message"], each["source"]) for each in told}
    assert ("Uncaught ReferenceError: thisIsNotThere is not defined", "broken.js") in found
    assert any(message == "nobody waits" for message, _ in found)
    assert ("img could not be loaded: absent.png", "absent.png") in found
    assert next(each["line"] for each in told if each["source"] == "broken.js") == 3


def test_a_link_dies_when_it_is_revoked(visit: Visit, build: ScriptedBuild) -> None:
    url = build.preview()
    frame = visit.show(url)
    build.revoke()

    assert frame.evaluate("fetch('data.json').then((answer) => answer.status)") == 404
    assert "This preview has ended" in httpx.get(url).text
    assert httpx.get(build.preview()).status_code == 200


@pytest.mark.parametrize("token", ["x", "bld_a.prv_b.1.c", "bld_a.prv_b.9999999999." + "A" * 43])
def test_what_is_no_preview_is_a_page_where_nothing_runs(worker: Worker, token: str) -> None:
    answer = httpx.get(f"{worker.url}/preview/{token}/index.html")
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
