"""What the offline model builds: complete, clean by its own checks, changed by what is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from littoral.builder.blueprint import (
    BLUEPRINT_SCHEMA,
    NEXT_PHASE_SCHEMA,
    read_blueprint,
    read_phase,
)
from littoral.builder.checks import BuildChecks
from littoral.builder.limits import MAX_FILE_BYTES
from littoral.builder.offline import OfflineBuilder
from littoral.builder.offline.plan import blueprint_for, phase_for
from littoral.builder.schemas import NEXT_ACTION_SCHEMA, REVIEW_SCHEMA
from littoral.models.fenced import fenced
from littoral.models.model import ModelMessage, ModelRequest
from tests.fakes.node_parser import NodeParser
from tests.unit.builder_apps import QUERIES, app_for

ALL = [(family, query) for family, queries in QUERIES.items() for query in queries]
SKILL = OfflineBuilder()
MESSAGES = (
    "make the header blue",
    "add tags",
    "remove the tags",
    "add a search box",
    "dark mode please",
    "call it Harbour",
    "add due dates",
    "no dark mode",
    "green",
    "add a field rating",
    "sing a song",
)


@pytest.fixture(scope="module")
def parser():
    parser = NodeParser()
    yield parser
    parser.close()


@pytest.mark.parametrize(("family", "query"), ALL)
async def test_every_app_passes_its_own_checks(family, query, parser):
    app = app_for(query)
    assert await BuildChecks(parser).run(app.files, app.blueprint) == []
    assert all(len(text.encode()) < MAX_FILE_BYTES // 4 for text in app.files.values())
    assert "README.md" in app.files


@pytest.mark.parametrize(("family", "query"), ALL)
def test_requests_lead_to_their_family(family, query):
    kinds = {
        "a list": ("static", "store.js"),
        "a blog": ("static", "site.json"),
        "an API": ("python-worker javascript-worker", "README.md"),
        "a report": ("script", "main.py"),
        "a page": ("static", "index.html"),
    }
    blueprint = read_blueprint(blueprint_for(query))
    kind, path = kinds[family]
    assert blueprint.kind in kind
    assert path in blueprint.paths


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_any_words_lead_to_an_app_without_issues(parser, query):
    app = app_for(query)
    assert await BuildChecks(parser).run(app.files, app.blueprint) == []


@given(st.lists(st.sampled_from(MESSAGES), max_size=4), st.sampled_from([each for _, each in ALL]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_messages_never_break_an_app(parser, messages, query):
    app = app_for(query, *messages)
    assert await BuildChecks(parser).run(app.files, app.blueprint) == []


def test_a_message_changes_the_files_that_it_concerns():
    blueprint = blueprint_for("Build me a to-do page")
    header = phase_for("Build me a to-do page", (), ("make the header blue",), blueprint)
    assert [each["path"] for each in header["files"]] == ["styles.css"]
    tags = phase_for("Build me a to-do page", ("make the header blue",), ("add tags",), blueprint)
    assert [each["path"] for each in tags["files"]] == ["index.html", "styles.css", "app.js"]
    assert "Adds: Tags." in tags["description"]


def test_a_field_that_is_added_is_in_the_rules_and_nothing_is_denied():
    blueprint = blueprint_for("books api")
    phase = phase_for("books api", (), ("add a field rating",), blueprint)
    assert [each["path"] for each in phase["files"]] == ["src/resources.py"]
    assert phase["description"] == "Does “add a field rating”."
    assert (
        '"rating": {"type": "number"'
        in app_for("books api", "add a field rating").files["src/resources.py"]
    )


def test_what_cannot_be_done_is_said():
    blueprint = blueprint_for("Build me a to-do page")
    phase = phase_for("Build me a to-do page", (), ("let two people sing together",), blueprint)
    assert phase["files"] == []
    assert "Not possible without a language model" in phase["description"]
    assert "nearest thing" in blueprint_for("a multiplayer chess game")["description"]
    assert "Contact form" in blueprint_for("a to-do list with a contact form")["description"]


def test_an_edited_blueprint_is_what_is_built():
    blueprint = blueprint_for("a to-do app with tags and search")
    edited = {**blueprint, "title": "Mine", "features": ["Search", "Accent colour: green"]}
    page = _file(
        _request(query="a to-do app with tags and search", blueprint=edited, path="index.html")
    )
    assert "<title>Mine</title>" in page
    assert 'id="search"' in page
    assert "Tags" not in page


def test_a_file_that_no_family_knows_is_a_beginning_and_says_so():
    blueprint = blueprint_for("Build me a to-do page")
    page = _file(
        _request(query="Build me a to-do page", blueprint=blueprint, path="help/keys.html")
    )
    assert "only a beginning" in page
    assert 'href="../styles.css"' in page


def test_the_same_request_gives_the_same_file():
    request = _request(query="blog", blueprint=blueprint_for("blog"), path="index.html")
    assert SKILL.plan("", request) == SKILL.plan("", request)


def test_documents_fit_their_schemas():
    asked = _message(
        query="an api for boats",
        messages=[],
        new_messages=["add a field length"],
        blueprint=blueprint_for("an api for boats"),
        state={"possible": ["review"]},
    )
    read_blueprint(_document(BLUEPRINT_SCHEMA, asked))
    phase = read_phase(_document(NEXT_PHASE_SCHEMA, asked))
    assert "src/resources.py" in [each.path for each in phase.files]
    assert _document(REVIEW_SCHEMA, asked) == {"issues": []}
    assert _document(NEXT_ACTION_SCHEMA, asked)["action"] == "review"
    assert _document({"title": "other"}, asked) is None
    assert _document(REVIEW_SCHEMA, ModelMessage(role="user", text="Mine")) is None


def test_what_is_no_request_of_a_build_is_left_to_others():
    request = ModelRequest(messages=(ModelMessage(role="user", text="Hello"),))
    assert SKILL.plan("Hello", request) is None
    assert SKILL.conclude(request) is None


def test_the_blog_makes_its_own_pages_again(tmp_path):
    app = _laid_out(tmp_path, "Build a blog application")
    before = {path: (tmp_path / path).read_text() for path in app.files if path.endswith(".html")}
    _run(tmp_path, "build.py")
    assert {path: (tmp_path / path).read_text() for path in before} == before


def test_the_report_counts_its_sample(tmp_path):
    _laid_out(tmp_path, "A data report of sales by region as a script")
    printed = _run(tmp_path, "main.py", "--html", "report.html").stdout
    assert "12 rows" in printed
    assert "5,018.75" in printed
    page = (tmp_path / "report.html").read_text()
    assert "<svg" in page and "1,112" in page
    assert _run(tmp_path, "test_main.py").returncode == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.csv", "", "has no rows"),
        ("words.csv", "a,b\nx,y\n", "only numbers"),
        ("bad.json", "{", "is no JSON"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_the_report_says_what_it_cannot_read(tmp_path, name, text, says):
    _laid_out(tmp_path, "a report")
    if text is not None:
        (tmp_path / name).write_text(text)
    ended = _run(tmp_path, "main.py", name, check=False)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def _laid_out(folder, query):
    app = app_for(query)
    for path, text in app.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return app


def _run(folder, *arguments, check=True):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=check, timeout=30
    )


def _message(**blocks):
    text = "\n\n".join(fenced(name, value) for name, value in blocks.items())
    return ModelMessage(role="user", text=text)


def _request(*, query, blueprint, path):
    file = {"path": path, "purpose": "Which keys there are"}
    return ModelRequest(messages=(_message(query=query, blueprint=blueprint, file=file),))


def _file(request):
    plan = SKILL.plan("", request)
    assert plan is not None
    return plan.reply


def _document(schema, message):
    return SKILL.document(ModelRequest(messages=(message,), response_schema=schema))
