"""What a preview answers: files, programs, pages of ours, and what passes in headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from littoral.builder.blobs import Blobs
from littoral.builder.blueprint import BuildKind
from littoral.builder.revisions import REVISIONS_SCHEMA, KeptFile, Revisions
from littoral.errors import RateLimited, TooLarge
from littoral.preview import headers, site
from littoral.preview.calls import PreviewCalls, Shown
from littoral.preview.desk import LINK_LIFE_MS, PREVIEW_SCHEMA, PreviewDesk
from littoral.preview.link import PreviewLink, prefix_of, token_of
from littoral.preview.pages import as_preview
from littoral.preview.program import (
    Program,
    ProgramAnswer,
    ProgramFailed,
    ProgramRequest,
    entry_of,
    source_paths,
)
from littoral.preview.visits import Places, PreviewAnswer, PreviewRequest, Previews
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.ids import LongIds
from tests.fakes.object_store import MemoryStore
from tests.fakes.sqlite import Sqlite

SECRET = "a secret of the tests, long enough"
HERE = "https://littoral.test"
BUILD = "bld_a"


@dataclass
class ScriptedRunner:
    """Gives one answer, or fails; keeps what it was asked."""

    answer: ProgramAnswer | ProgramFailed = field(
        default_factory=lambda: ProgramAnswer(status=200, headers={}, body=b"ok")
    )
    asked: list[tuple[Program, ProgramRequest]] = field(default_factory=list)

    async def fetch(self, program: Program, request: ProgramRequest) -> ProgramAnswer:
        self.asked.append((program, request))
        if isinstance(self.answer, ProgramFailed):
            raise self.answer
        return self.answer


class World:
    """One build with a preview."""

    def __init__(self) -> None:
        self.sql = Sqlite()
        migrate(self.sql, (REVISIONS_SCHEMA, PREVIEW_SCHEMA))
        self.clock = ManualClock()
        self.store = MemoryStore()
        self.runner = ScriptedRunner()
        self.revisions = Revisions(self.sql, self.clock)
        self.kind: BuildKind = "static"
        self.full = False
        self.checks = 0
        desk = PreviewDesk(self.sql, self.clock, LongIds(), tell=lambda kind, data: None)
        self.calls = PreviewCalls(
            desk, self.revisions, shown=lambda: Shown(kind=self.kind, title="A <list>")
        )
        places = Places(
            owner_of=self._owner_of,
            check=self._check,
            blobs=lambda owner, build_id: Blobs(store=self.store, owner=owner, build_id=build_id),
            admit=self._admit,
            runner=self.runner,
            framed_by={"https://app.test"},
        )
        self._previews = Previews(places, secret=SECRET, clock=self.clock)
        self.token = ""

    async def build(self, files: dict[str, str], kind: BuildKind = "static") -> None:
        self.kind = kind
        blobs = Blobs(store=self.store, owner="own_a", build_id=BUILD)
        kept = [
            KeptFile(
                path=path,
                hash=await blobs.put(text.encode()),
                bytes=len(text.encode()),
                type="text/plain",
            )
            for path, text in files.items()
        ]
        self.revisions.save(kept, reason="phase 1")
        made = self.calls.answer("preview.open", {})
        link = PreviewLink(build_id=BUILD, word=made["word"], expires_at_ms=made["expiresAtMs"])
        self.token = token_of(link, secret=SECRET)

    async def get(
        self, path: str = "", *, method: str = "GET", body: bytes = b"", **sent: str
    ) -> PreviewAnswer:
        return await self.ask(f"{prefix_of(self.token)}{path}", method=method, body=body, **sent)

    async def ask(
        self, path: str, *, method: str = "GET", body: bytes = b"", **sent: str
    ) -> PreviewAnswer:
        async def read(most: int) -> bytes:
            if len(body) > most:
                raise TooLarge("too long")
            return body

        asked, _, query = path.partition("?")
        return await self._previews.answer(
            PreviewRequest(
                method=method,
                origin=HERE,
                path=asked,
                query=query,
                headers={name.replace("_", "-"): value for name, value in sent.items()},
                body=read,
            )
        )

    async def _owner_of(self, build_id: str) -> str | None:
        return "own_a" if build_id == BUILD else None

    async def _check(self, owner: str, build_id: str, word: str) -> Any:
        assert (owner, build_id) == ("own_a", BUILD)
        self.checks += 1
        return self.calls.answer("preview.check", {"word": word})

    async def _admit(self, build_id: str) -> None:
        if self.full:
            raise RateLimited("600 calls a minute are taken.")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.build(
        {
            "index.html": "<!doctype html><html><head><title>A</title></head></html>",
            "app.js": "1",
            "about/index.html": "<p>about</p>",
            "data.bin": "x",
        }
    )
    yield made
    made.sql.close()


# --- files --------------------------------------------------------------------------------------


async def test_a_page_comes_with_its_policy_and_the_reporter_first(world: World) -> None:
    answer = await world.get()

    prefix = prefix_of(world.token)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts allow-forms allow-modals; ")
    assert "allow-same-origin" not in policy
    assert f"connect-src {HERE}{prefix};" in policy
    assert policy.endswith("frame-ancestors 'self' https://app.test")
    connections = answer.headers["connection-allowlist"]
    assert connections == f'("{HERE}{prefix}*");redirects=allow'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    tag = f'<head><script src="{prefix}_littoral/report.js" crossorigin></script><title>'
    assert tag in answer.body.decode()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("app.js", "text/javascript; charset=utf-8"),
        ("data.bin", "application/octet-stream"),
        ("about/", "text/html; charset=utf-8"),
        ("_littoral/report.js", "text/javascript; charset=utf-8"),
    ],
)
async def test_a_file_has_the_type_of_its_name_and_no_other(
    world: World, path: str, content_type: str
) -> None:
    answer = await world.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_folder_without_its_slash_is_sent_to_it(world: World) -> None:
    prefix = prefix_of(world.token)
    assert (await world.get("about")).headers["location"] == f"{HERE}{prefix}about/"
    bare = await world.ask(prefix.removesuffix("/"))
    assert (bare.status, bare.headers["location"]) == (308, f"{HERE}{prefix}")


@pytest.mark.parametrize(
    "path",
    [
        "absent.html",
        "../secret",
        "about/../app.js",
        "about%2findex.html",
        "about%5cindex.html",
        "about\\index.html",
        "%2e%2e/app.js",
        "app.js%00",
        "app.js%2500",
        "//app.js",
        "about//index.html",
        "./app.js",
        "app.js/",
        "APP.js",
        "%ff%fe",
        "own_a/bld_a/blobs/x",
    ],
)
async def test_what_is_no_file_of_the_build_is_a_page_of_ours(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status == 404
    assert b"There is no such file" in answer.body
    assert answer.headers["content-security-policy"].startswith("sandbox ")


async def test_files_can_only_be_read(world: World) -> None:
    assert (await world.get("app.js", method="HEAD")).status == 200
    assert (await world.get("app.js", method="POST")).status == 405
    assert (await world.get("app.js", method="PURGE")).status == 405
    preflight = await world.get("app.js", method="OPTIONS")
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in preflight.headers


async def test_a_site_in_a_folder_begins_there() -> None:
    paths = ("README.md", "public/index.html", "public/app.js", "public/old/index.html")
    assert site.find("", paths) == site.Found(path="public/index.html")
    assert site.find("app.js", paths) == site.Found(path="public/app.js")
    assert site.find("README.md", paths) == site.Found(path="README.md")
    assert site.find("old", paths) == site.Found(folder="old/")


# --- links --------------------------------------------------------------------------------------


async def test_a_link_that_is_not_ours_wakes_nothing(world: World) -> None:
    forged = world.token[:-2] + ("AA" if not world.token.endswith("AA") else "BB")
    for token in (forged, "x", "", "bld_a"):
        answer = await world.ask(f"/preview/{token}/index.html")
        assert answer.status == 404
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert world.checks == 0


async def test_a_link_of_a_build_that_never_was_says_what_an_ended_one_says(world: World) -> None:
    link = PreviewLink(build_id="bld_b", word="prv_a", expires_at_ms=world.clock.now_ms() + 9_000)
    token = token_of(link, secret=SECRET)
    answer = await world.ask(f"{prefix_of(token)}")
    assert (answer.status, b"has ended" in answer.body) == (404, True)


@pytest.mark.parametrize("path", ["", "app.js", "_littoral/report.js", "absent"])
async def test_a_revoked_link_is_dead_at_the_next_request(world: World, path: str) -> None:
    assert b"ended" not in (await world.get(path)).body
    world.calls.answer("preview.revoke", {})

    answer = await world.get(path)

    assert (answer.status, b"This preview has ended" in answer.body) == (404, True)


async def test_an_expired_link_is_dead_and_asks_nobody(world: World) -> None:
    world.clock.advance(seconds=LINK_LIFE_MS / 1000)
    assert (await world.get()).status == 404
    assert world.checks == 0


async def test_a_crowd_is_told_to_wait_and_a_lost_store_is_said(world: World) -> None:
    world.full = True
    assert (await world.get()).status == 429
    world.full, world.store.down = False, True
    assert (await world.get()).status == 503


# --- programs -----------------------------------------------------------------------------------


async def test_a_program_is_asked_on_a_host_of_its_own_without_credentials(world: World) -> None:
    await world.build(
        {"src/main.py": "code", "README.md": "r", "tests/test_main.py": "t"}, "python-worker"
    )

    await world.get(
        "api/items?q=1%202",
        method="POST",
        body=b"{}",
        content_type="application/json",
        cookie="littoral=secret",
        authorization="Bearer secret",
        x_api_key="lit_secret",
        x_littoral_payer="usr",
        cf_connecting_ip="10.0.0.1",
        x_forwarded_for="10.0.0.1",
        origin="null",
        host="littoral.test",
    )

    program, request = world.runner.asked[0]
    assert (program.language, program.entry) == ("python", "main.py")
    assert program.sources == {"main.py": "code"}
    assert request.url == "https://preview.invalid/api/items?q=1%202"
    assert (request.method, request.body) == ("POST", b"{}")
    assert request.headers == {"content-type": "application/json"}
    assert world.token not in repr(world.runner.asked)


async def test_what_a_program_says_in_headers_passes_a_closed_list(world: World) -> None:
    await world.build({"worker.js": "code"}, "javascript-worker")
    said = {
        "content-type": "text/html",
        "content-security-policy": "default-src *",
        "set-cookie": "a=b",
        "refresh": "0;url=https://evil.example",
        "link": "<https://evil.example>; rel=preconnect",
        "clear-site-data": '"*"',
        "service-worker-allowed": "/",
        "access-control-allow-credentials": "true",
        "reporting-endpoints": 'a="https://evil.example"',
        "x-dns-prefetch-control": "on",
        "cache-control": "public",
        "etag": '"1"',
    }
    world.runner.answer = ProgramAnswer(status=201, headers=said, body=b"<a href='/x'>x</a>")

    answer = await world.get("page")

    assert answer.status == 201
    assert "evil" not in repr(answer.headers)
    names = set(answer.headers)
    assert names.isdisjoint(
        {"set-cookie", "refresh", "link", "clear-site-data", "service-worker-allowed",
         "access-control-allow-credentials", "reporting-endpoints"}
    )  # fmt: skip
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert (answer.headers["cache-control"], answer.headers["etag"]) == ("no-store", '"1"')
    assert f"<a href='{prefix_of(world.token)}x'>" in answer.body.decode()


@pytest.mark.parametrize(
    ("location", "stays"),
    [
        ("/posts/1?a=b#c", "posts/1?a=b#c"),
        ("2", "posts/2"),
        ("../x", "x"),
        ("https://preview.invalid/y", "y"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("javascript:alert(1)", None),
        ("/\\evil.example", None),
        ("http://[", None),
    ],
)
def test_a_redirect_stays_inside_or_is_left_out(location: str, stays: str | None) -> None:
    kept = headers.from_program(
        {"location": location}, origin=HERE, prefix="/preview/t/", path="posts/1"
    )
    assert kept.get("location") == (f"{HERE}/preview/t/{stays}" if stays is not None else None)


async def test_a_program_that_fails_is_a_page_that_says_so_as_text(world: World) -> None:
    await world.build({"worker.js": "code"}, "javascript-worker")
    world.runner.answer = ProgramFailed('Error: <script>alert("1")</script>')

    answer = await world.get()

    assert answer.status == 502
    page = answer.body.decode()
    assert "<script>alert" not in page
    assert "Error: &lt;script&gt;" in page
    assert '<meta name="littoral-error"' in page


async def test_a_program_takes_only_so_much(world: World) -> None:
    await world.build({"worker.js": "code"}, "javascript-worker")
    assert (await world.get(method="POST", body=bytes(1024 * 1024 + 1))).status == 413
    assert not world.runner.asked


async def test_a_program_without_a_beginning_is_said(world: World) -> None:
    await world.build({"a.js": "1", "b.js": "2"}, "javascript-worker")
    assert (await world.get()).status == 502


async def test_the_same_revision_is_the_same_program(world: World) -> None:
    await world.build({"worker.js": "1"}, "javascript-worker")
    await world.get()
    await world.get("x")
    await world.build({"worker.js": "2"}, "javascript-worker")
    await world.get()

    ids = [program.id for program, _ in world.runner.asked]
    assert ids[0] == ids[1] != ids[2]


def test_the_file_that_begins_is_found_by_name_and_depth() -> None:
    assert entry_of(["src/index.js", "lib/worker.js", "worker.test.js"], "javascript") == (
        "lib/worker.js"
    )
    assert entry_of(["src/app.mjs", "index.js"], "javascript") == "index.js"
    assert entry_of(["only_this.py", "tests/test_a.py"], "python") == "only_this.py"
    assert entry_of(["a.py", "b.py"], "python") is None
    assert source_paths(["a.py", "b.js", "test_a.py", "README.md"], "python") == ["a.py"]


# --- scripts and pages ---------------------------------------------------------------------------


async def test_a_script_is_shown_as_words_and_code(world: World) -> None:
    await world.build({"report.py": "print('<b>')", "README.md": "# How to"}, "script")

    page = (await world.get()).body.decode()

    assert "A &lt;list&gt;" in page
    assert page.index("# How to") < page.index("print(&#x27;&lt;b&gt;&#x27;)")
    assert (await world.get("report.py")).headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (b"<a href='/x'>", b"<a href='/p/x'>"),
        (b'<img alt="a" src=/x.png>', b'<img alt="a" src=/p/x.png>'),
        (b'<a href="//evil.example/x">', b'<a href="//evil.example/x">'),
        (b'<a href="x/y">', b'<a href="x/y">'),
        (b'<a href="/">', b'<a href="/p/">'),
        (b"<p>a /b c</p>", b"<p>a /b c</p>"),
        (b'<script src="a.js">', b'<script crossorigin src="a.js">'),
        (b'<script src="a.js" crossorigin>', b'<script src="a.js" crossorigin>'),
        (b"<script>1</script>", b"<script>1</script>"),
    ],
)
def test_pages_are_helped_to_stay_inside(html: bytes, shown: bytes) -> None:
    assert as_preview(html, "/p/").endswith(shown)


@pytest.mark.parametrize(
    ("html", "before"),
    [
        (b"<!DOCTYPE html><html lang=en><HEAD data-a='1'><title>", b"<HEAD data-a='1'>"),
        (b"<!doctype html><html><body>", b"<html>"),
        (b"<!doctype html><p>", b"<!doctype html>"),
        (b"<p>", b""),
    ],
)
def test_the_reporter_is_the_first_script(html: bytes, before: bytes) -> None:
    page = as_preview(html, "/p/")
    assert page.partition(b'<script src="/p/_littoral/report.js"')[0].endswith(before)
