"""The checks of a build's files: what they find, what they leave alone, what cannot upset them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.builder.blueprint import Blueprint, PlannedFile, PlannedPhase
from littoral.builder.checks import BuildChecks
from littoral.builder.checks.surroundings import MOST_ISSUES_IN_FILE
from tests.fakes.node_parser import NodeParser

PAGE = (
    '<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">'
    "<title>Page</title>{head}</head><body>{body}</body></html>"
)
ENTRY = (
    "from workers import Response, WorkerEntrypoint\n\n\n"
    "class Default(WorkerEntrypoint):\n"
    "    async def fetch(self, request):\n"
    "        return Response('yes')\n"
)


@pytest.fixture(scope="module")
def parser():
    parser = NodeParser()
    yield parser
    parser.close()


def _blueprint(kind, *paths):
    files = tuple(PlannedFile(path=each, purpose="") for each in paths)
    phase = PlannedPhase(name="All", description="", files=files)
    return Blueprint(title="App", description="", kind=kind, features=(), phases=(phase,))


async def _messages(files, kind="script", parser=None, planned=("main.py", "index.html")):
    issues = await BuildChecks(parser).run(files, _blueprint(kind, *planned))
    return [f"{each.file}:{each.line} {each.message}" for each in issues]


PYTHON = {
    "def f(:\n    pass": "main.py:1 Python cannot read this",
    "x = 1\n  y = 2": "main.py:2 Python cannot read this",
    "import requests": "“requests” is neither in Python's standard library nor a file",
    "import json\nfrom tools import nothing": "tools.py has no “nothing”",
    "from . import elsewhere": "main.py:1",
    "a = '\x00'": "Python cannot read this",
    "x = " + "(" * 3000: "Nested too deeply",
    "x = " + "-" * 200_000 + "1": "Nested too deeply",
    "x = " + "1+" * 2_000 + "1": "Nested too deeply",
    "x = " + "1+f(1, 2)+" * 1_000 + "1": "Nested too deeply",
    "x = a" + ".b" * 2_000: "Nested too deeply",
    "x = a" + "()" * 2_000: "Nested too deeply",
    "if a: pass\n" + "elif a: pass\n" * 2_000: "Nested too deeply",
}


@pytest.mark.parametrize(("text", "says"), PYTHON.items())
async def test_what_python_cannot_use_is_found(text, says):
    found = await _messages({"main.py": text, "tools.py": "def something():\n    pass\n"})
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "import json, csv\nfrom tools import something\nimport tools\n",
        "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n",
        "from parts import piece\nfrom parts.piece import word\n",
        "import main\n",
        'pattern = "\\d"\n',
        "rows = [\n" + "    {'a': 1 + 2, 'b': f(x.y)},\n" * 2_000 + "]\n",
        "a.b(c)\n" * 5_000,
        'text = """' + "a.b = <c> + (d) / " * 2_000 + '"""\n',
    ],
)
async def test_python_that_runs_is_left_alone(text):
    files = {"main.py": text, "tools.py": "something = 1\n", "parts/piece.py": "word = 1\n"}
    assert await _messages(files) == []


async def test_a_python_worker_needs_its_class_and_may_use_the_runtime():
    kind, planned = "python-worker", ("src/entry.py",)
    assert await _messages({"src/entry.py": ENTRY}, kind, planned=planned) == []
    found = await _messages({"src/entry.py": "import workers\n"}, kind, planned=planned)
    assert "class Default" in found[0]
    found = await _messages({"README.md": "#"}, kind, planned=())
    assert "begins at src/entry.py" in found[0]


JAVASCRIPT = {
    "const a = ;": "JavaScript cannot read this",
    "let a = 1;\nlet a = 2;": "JavaScript cannot read this",
    'import { go } from "./lib.js";': "lib.js exports no “go”",
    'import x from "./lib.js";': "lib.js exports no “default”",
    'import "./none.js";': "“./none.js” is not a file",
    'import React from "react";': "“react” is no file",
    'import { x } from "https://cdn.example/x.js";': "is no file of this program",
    'fetch("https://example.org/api");': "on another host",
    'fetch("posts.json");': "“posts.json” is not a file",
    "(" * 5000: "Nested too deeply",
}


@pytest.mark.parametrize(("text", "says"), JAVASCRIPT.items())
async def test_what_javascript_cannot_use_is_found(text, says, parser):
    page = PAGE.format(head='<script type="module" src="app.js"></script>', body="<p>Hello</p>")
    files = {"index.html": page, "app.js": text, "lib.js": "export const stop = 1;\n"}
    found = await _messages(files, "static", parser)
    assert len(found) == 1
    assert says in found[0]


async def test_javascript_that_runs_is_left_alone(parser):
    page = PAGE.format(head='<script type="module" src="app.js"></script>', body="<p>Hello</p>")
    app = (
        'import all, { stop as end, more } from "./lib.js";\nimport * as lib from "./lib.js";\n'
        'export { stop } from "./lib.js";\nfetch("data.json?x=1");\nfetch(`api/${end}`);\n'
        'const { a } = await import("./lib.js");\n'
    )
    lib = (
        "export default 1;\nexport async function stop() {}\nconst m = 1;\nexport { m as more };\n"
    )
    files = {"index.html": page, "app.js": app, "lib.js": lib, "data.json": "[]"}
    assert await _messages(files, "static", parser) == []


async def test_scripts_inside_a_page_are_read_at_their_lines(parser):
    page = PAGE.format(head="", body="<p>Hello</p>\n<script>\nlet a = ;\n</script>")
    found = await _messages({"index.html": page}, "static", parser)
    assert len(found) == 1
    assert found[0].startswith("index.html:3 JavaScript cannot read this")


HTML = {
    "<div><p>Hello</div>": "",
    "<ul><li>One<li>Two</ul>": "",
    "<table><tr><td>1<td>2<tr><td>3</table>": "",
    "<p>a < b & c</p>": "",
    '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>': "",
    '<label>Name <input name="a"></label>': "",
    '<label for="b">Name</label><input id="b">': "",
    '<a href="https://example.org/">Elsewhere</a>': "",
    '<a href="mailto:a@example.org">Mail</a>': "",
    '<img src="data:," alt="">': "",
    '<button type="button" aria-label="Close"><svg></svg></button>': "",
    "<!-- a > b --><p>x</p>": "",
    "<div><span>Hello</div>": "“<span>” is not closed before “</div>”",
    "<section>Hello": "“<section>” is not closed",
    "</b>": "“</b>” closes nothing",
    "<div/>Hello</div>": "does not close itself",
    '<p id="a">1</p><p id="a">2</p>': "The id “a” stands twice",
    '<img src="data:,">': "has no alt text",
    '<input name="q">': "The input “q” has no label",
    '<button type="button"></button>': "A button element has no words",
    '<a href="#none">x</a>': "no element with the id “none”",
    '<a href="none.html">x</a>': "“none.html” is not a file",
    '<a href="/about.html">x</a>': "begins with a slash",
    '<a href="../x.html">x</a>': "is not a file",
    '<a href="javascript:go()">x</a>': "a script in an address",
    '<script src="https://cdn.example/x.js"></script>': "on another host",
    '<img src="//cdn.example/x.png" alt="x">': "on another host",
    "<p class='a>Hello</p>": "cannot be read",
    "<!-- never": "A comment is never closed",
    "<style>p { color: red</style>": "“{” is never closed",
    '<p class="a" class="b">x</p>': "has “class” twice",
}


@pytest.mark.parametrize(("body", "says"), HTML.items())
async def test_html_is_checked_as_a_browser_and_a_person_need_it(body, says):
    found = await _messages({"index.html": PAGE.format(head="", body=body)}, "static")
    if not says:
        assert found == []
    else:
        assert any(says in each for each in found), found


async def test_a_document_needs_language_title_and_viewport():
    found = await _messages({"index.html": "<!doctype html><html><body></body></html>"}, "static")
    assert [each.split(" ", 1)[1] for each in found] == [
        "The html element has no lang.",
        "The page has no title.",
        "The page has no meta viewport, so phones shrink it.",
    ]


CSS = {
    "a { color: red }": "",
    "@import url('b.css'); a, b > c { color: red; margin: 0 }": "",
    "@media (min-width: 1px) { a { x: y; } }": "",
    ":root { --a: ; --b: c }": "",
    'a::before { content: "}"; background: url(data:image/png;base64,AA==) }': "",
    ".a { &:hover { color: red } color: blue }": "",
    "a { grid-template-areas:\n 'a b'\n 'c d'; }": "",
    "/* } */ a { color: red; }": "",
    "a { color: red": "“{” is never closed",
    "a { color: red }}": "“}” closes nothing",
    "a { color red; }": "“color red” is no declaration",
    "a { color: ; }": "“color” has no value",
    "a {\n color: red\n margin: 0;\n}": "A “;” is missing after “color”",
    "color: red;": "is neither a rule nor an at-rule",
    "{ color: red }": "A block has no selector",
    "a { background: url(none.png) }": "“none.png” is not a file",
    "@import 'https://example.org/x.css';": "on another host",
    "a { content: 'x\n }": "A string is not closed",
    "/* never": "A comment is never closed",
}


@pytest.mark.parametrize(("text", "says"), CSS.items())
async def test_the_structure_of_stylesheets_is_checked(text, says):
    page = PAGE.format(head='<link rel="stylesheet" href="a.css">', body="<p>x</p>")
    found = await _messages({"index.html": page, "a.css": text, "b.css": ""}, "static")
    if not says:
        assert found == []
    else:
        assert any(says in each for each in found), found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1}', ""),
        ('{"a": 1,}', "a.json:1 This is no JSON"),
        ('{"a": 1, "a": 2}', "“a” stands twice"),
        ("NaN", "NaN is no value"),
        ("[" * 5000, "Nested too deeply"),
        ("9" * 10_000, "This is no JSON"),
        ("", "The file is empty"),
    ],
)
async def test_json_is_checked_strictly(text, says):
    found = await _messages({"a.json": text})
    assert (found == []) if not says else (len(found) == 1 and says in found[0])


async def test_fingerprints_stay_when_lines_move():
    files = {"index.html": PAGE.format(head="", body='<a href="no.html">x</a>'), "a.css": "a { b }"}
    moved = {path: "\n\n\n" + text for path, text in files.items()}
    checks, plan = BuildChecks(), _blueprint("static", "index.html")
    before, after = await checks.run(files, plan), await checks.run(moved, plan)
    assert [each.fingerprint for each in before] == [each.fingerprint for each in after]
    assert [each.line + 3 for each in before] == [each.line for each in after]


async def test_equal_issues_have_fingerprints_of_their_own():
    page = PAGE.format(head="", body='<img src="data:,"><img src="data:,">')
    issues = await BuildChecks().run({"index.html": page}, _blueprint("static", "index.html"))
    assert len({each.fingerprint for each in issues}) == len(issues) == 2


async def test_files_that_are_planned_count_as_there():
    page = PAGE.format(head='<script src="later.js"></script>', body="")
    files = {"index.html": page}
    assert await _messages(files, "static", planned=("index.html", "later.js")) == []
    assert len(await _messages(files, "static", planned=("index.html",))) == 1


ENDINGS = ("main.py", "app.js", "index.html", "style.css", "data.json", "notes.md")
BITS = st.sampled_from(
    (
        "< > </ <!-- --> <a href= \" ' { } ( ) [ ] ; : /* */ // \\ import from url( @ # <script>"
        " </script <style <p id= = \x00 \ud800 é def lambda: ` ${ class"
    ).split(" ")
) | st.sampled_from(("\n", " ", "def f", "import x", "from y import "))


@given(st.sampled_from(ENDINGS), st.lists(BITS | st.text(max_size=5), max_size=60))
@settings(max_examples=300, deadline=None)
async def test_nothing_in_a_file_makes_a_check_raise(path, bits):
    for kind in ("static", "python-worker"):
        await _messages({path: "".join(bits)}, kind)


MONSTERS = (
    "<a " * 80_000,
    '<a b="' * 40_000,
    "<!" * 120_000,
    "</" * 120_000,
    "<script>" + "</script " * 25_000,
    "<div>" * 50_000,
    "<p>" * 80_000 + "</x>" * 100,
    "<a href=x>" * 25_000,
    "{" * 250_000,
    "a{b:c}" * 40_000,
    "url(" + " " * 250_000,
    "url(" * 60_000,
    "a{b:" + "\n" * 250_000,
    "u/" * 120_000,
    "/*" * 120_000,
    '"' * 250_000,
    "x" * 250_000,
    " " * 250_000,
    "\n" * 250_000,
    "import " * 35_000,
    "import\n" * 35_000,
    'import "./a.js";\n' * 15_000,
    "export {" * 30_000,
    "export " * 35_000,
    "fetch(" * 40_000,
    "fetch(" + " " * 250_000,
    "a.b" * 80_000,
    "1+" * 120_000 + "1",
    "not " * 60_000 + "1",
    "lambda: " * 30_000 + "1",
    "if 1:\n" * 40_000,
    '{"a":' * 50_000,
    "{" + '"a":1,' * 40_000 + '"a":1}',
    "<input>" * 30_000,
    '<p id="a">' * 25_000,
)


@pytest.mark.parametrize("at", range(len(MONSTERS)))
async def test_the_work_for_a_monster_grows_with_its_length_only(at):
    """Quadratic work on one of these would take longer than a run of all tests may."""
    for path in ENDINGS[:5]:
        found = await _messages({path: MONSTERS[at][: 256 * 1024]}, "static")
        assert len(found) <= MOST_ISSUES_IN_FILE
