"""Hostile code on the real runtime does no harm, and the next call works."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from _lib.local_runtime import LocalRuntime
from tests.worker.code_world import CodeWorld, code_world


@pytest.fixture(scope="module")
def world(runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeWorld]:
    with code_world(runtime, tmp_path_factory.mktemp("code")) as world:
        yield world


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server of the test on this machine, and what reached it."""
    reached: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    client, _ = server.accept()
                except TimeoutError:
                    continue
                with client:
                    reached.append(b"connected")

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], reached
        over.set()
        thread.join()


def works(world: CodeWorld) -> None:
    """The next call is answered, in both languages."""
    python = world.run("def run(args):\n    return sorted(args)", [3, 1, 2])
    script = world.run(
        "function run(args) { return args.sort() }", [3, 1, 2], language="javascript"
    )
    assert (python["result"], script["result"]) == ([1, 2, 3], [1, 2, 3])


PYTHON = {
    "loop that catches": (
        "while True:\n  try:\n   while True: pass\n  except: pass",
        {"steps", "deadline"},
    ),
    "recursion": ("def f(): return f()\n return f()", {"raised", "steps", "deadline"}),
    "regular expression": (
        "import re\n return re.match('(a+)+$', 'a' * 40 + 'b') is None",
        {"deadline", "steps"},
    ),
    "power": ("return 10 ** 10 ** 9", {"memory", "deadline"}),
    "memory": ("kept = []\n while True: kept.append('x' * 10000)", {"memory", "deadline"}),
    "output": ("for i in range(30000): print('x' * 1000)\n return 'y' * 300000", {"output"}),
    "classes": ("return ().__class__.__mro__[1].__subclasses__()", {"refused"}),
    "platform": ("import js", {"raised"}),
    "network": ("from urllib.request import urlopen", {"raised"}),
}


@pytest.mark.parametrize(("lines", "reasons"), PYTHON.values(), ids=PYTHON.keys())
def test_hostile_python_ends_by_a_guard(world: CodeWorld, lines: str, reasons: set[str]) -> None:
    outcome = world.run(f"def run(args):\n {lines}")

    assert outcome["reason"] in reasons
    assert outcome["result"] is None
    assert outcome["error"]["message"]


JAVASCRIPT = {
    "loop": ("for (;;) {}", {"steps", "deadline"}),
    "loop that catches": (
        "while (true) { try { for (;;) {} } catch {} finally { continue } }",
        {"steps", "deadline"},
    ),
    "recursion": ("return run(args) + 1", {"raised"}),
    "array": ("return Array(1e9).fill(0)", {"raised", "memory"}),
    "sparse": ("const a = []; a.length = 4e9; return new Set(a).size", {"raised"}),
    "repeat": ("return 'x'.repeat(1e9)", {"memory", "deadline"}),
    "doubling": ("let s = 'x'; for (;;) s += s", {"raised", "memory"}),
    "regular expression": ("return /^(a+)+$/.test('a'.repeat(40) + 'b')", {"steps", "deadline"}),
    "jobs": (
        "return new Promise(() => (function go() { Promise.resolve().then(go) })())",
        {"steps", "deadline"},
    ),
    "never": ("return new Promise(() => {})", {"raised"}),
    "timers": ("return setTimeout(() => {}, 1)", {"raised"}),
    "long native call": (
        "const s = 'a'.repeat(1e7); for (;;) s.indexOf('b')",
        {"deadline", "steps"},
    ),
    "holes as JSON": ("return JSON.stringify([new Array(1e8)])", {"memory", "deadline"}),
    "long choice of keys": ("return JSON.stringify({}, new Array(4e9))", {"raised"}),
    "long search": ("return 'a'.repeat(5e6).indexOf('a'.repeat(2e6) + 'b')", {"raised"}),
    "search in no text": (
        "return ''.lastIndexOf.call({ toString: () => 'a'.repeat(3e6) }, 'b' + 'a'.repeat(1e6))",
        {"raised"},
    ),
    "array from a length": ("return Array.from({ length: 4e9 })", {"memory", "deadline"}),
    "spread of holes": ("return Math.max(...new Array(1e8))", {"raised", "steps", "memory"}),
    "large whole numbers": (
        "const n = 3n ** 2500n; for (;;) n * n % 7n",
        {"deadline", "steps"},
    ),
    "large whole numbers as text": (
        "const n = 3n ** 5000n; for (;;) String(n)",
        {"deadline", "steps"},
    ),
    "too large a whole number": ("return 3n ** 40000n", {"raised"}),
    "output": ("console.log('x'.repeat(1e6)); return 'y'.repeat(3e5)", {"output"}),
    "network": ("return fetch('http://127.0.0.1')", {"raised"}),
    "module": ("return import('fs')", {"raised"}),
}


@pytest.mark.parametrize(("body", "reasons"), JAVASCRIPT.values(), ids=JAVASCRIPT.keys())
def test_hostile_javascript_ends_by_a_guard(world: CodeWorld, body: str, reasons: set[str]) -> None:
    outcome = world.run(f"function run(args) {{ {body} }}", language="javascript")

    assert outcome["reason"] in reasons
    assert outcome["result"] is None


def test_after_all_of_it_the_next_call_works(world: CodeWorld) -> None:
    works(world)


def test_a_function_of_javascript_can_forge_nothing_but_its_own_result(world: CodeWorld) -> None:
    forging = (
        "JSON.stringify = () => 'forged'; Array.prototype.map = () => 'forged';"
        "Object.prototype.reason = 'completed'; globalThis.Promise = null;"
        "function run() { throw new Error('true') }"
    )
    outcome = world.run(forging, language="javascript")

    assert outcome["reason"] == "raised"
    assert outcome["error"]["message"] == "true"
    works(world)


def test_nothing_of_one_call_is_there_in_the_next(world: CodeWorld) -> None:
    script = "let n = 0; function run() { globalThis.m = (globalThis.m || 0) + 1; return [++n, m] }"

    outcomes = [world.run(script, language="javascript")["result"] for _ in range(2)]

    assert outcomes == [[1, 1], [1, 1]]


def test_an_isolate_without_guards_reaches_neither_network_nor_bindings(
    world: CodeWorld, listener: tuple[int, list[bytes]]
) -> None:
    port, reached = listener
    url = f"http://127.0.0.1:{port}/"
    script = (
        "import { connect } from 'cloudflare:sockets';"
        "export default { async fetch(request, env) { const told = [Object.keys(env)];"
        f"try {{ await fetch('{url}'); told.push('open') }} catch {{ told.push('closed') }}"
        f"try {{ await connect('127.0.0.1:{port}').opened; told.push('open') }}"
        "catch { told.push('closed') } return Response.json(told) } }"
    )
    answer = world.ask("ask", id="", main="main.js", modules={"main.js": script})

    assert answer == '[[],"closed","closed"]'
    assert reached == []


def test_a_python_isolate_without_guards_reaches_neither_network_nor_bindings(
    world: CodeWorld, listener: tuple[int, list[bytes]]
) -> None:
    port, reached = listener
    source = f"""
import json, os, socket, urllib.request
import js
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        told = [list(js.Object.keys(getattr(self.env, "_env", self.env)))]
        try:
            await js.fetch("http://127.0.0.1:{port}/")
            told.append("open")
        except Exception:
            told.append("closed")
        for attempt in (
            lambda: urllib.request.urlopen("http://127.0.0.1:{port}/", timeout=2),
            lambda: socket.create_connection(("127.0.0.1", {port}), timeout=2),
        ):
            try:
                attempt()
                told.append("open")
            except BaseException:
                told.append("closed")
        told.append([name for name in os.environ if "SECRET" in name or "KEY" in name])
        return Response(json.dumps(told))
"""
    answer = world.ask("ask", id="", main="main.py", modules={"main.py": source})

    assert answer == '[[], "closed", "closed", "closed", []]'
    assert reached == []


def test_owners_and_sources_have_isolates_of_their_own(world: CodeWorld) -> None:
    def asked(name: str, text: str) -> str:
        script = (
            f"let seen = []; export default {{ async fetch(request) {{ /* {name} */"
            "seen.push(await request.text()); return Response.json(seen) } }"
        )
        answer: str = world.ask(
            "ask", id=name, main="main.js", modules={"main.js": script}, text=text
        )
        return answer

    assert asked("one", "a") == '["a"]'
    assert asked("two", "b") == '["b"]'
    assert asked("one", "c") == '["a","c"]'


def test_javascript_is_read_by_the_engine_without_being_run(world: CodeWorld) -> None:
    broken = world.ask("parse", source="export const a = 1;\nlet b = ;\n")
    fine = world.ask("parse", source="import { x } from './not-there.js';\nfor (;;) {}\n")

    assert broken == {"line": 2, "message": "Unexpected token ';'"}
    assert fine is None


def test_a_program_that_is_too_late_or_says_too_much_is_given_up(world: CodeWorld) -> None:
    slow = "export default { fetch: () => new Promise(done => setTimeout(done, 20000)) }"
    long = "export default { fetch: () => new Response('x'.repeat(1e6)) }"

    late = world.ask("ask", id="slow", main="m.js", modules={"m.js": slow}, seconds=0.5)
    much = world.ask("ask", id="long", main="m.js", modules={"m.js": long}, mostBytes=1000)

    assert late["failed"] == "DeadlineExceeded"
    assert much["failed"] == "AnswerTooLong"
