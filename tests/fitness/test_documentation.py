"""Documentation names every route, setting, binding, event type and error code."""

from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from _lib import project
from littoral.settings import SETTINGS
from tests.fitness.rules import names
from tests.fitness.rules.documents import read_documents, undocumented, undocumented_routes

WRANGLER_TOML = (project.ROOT / "wrangler.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def documents() -> str:
    return read_documents(project.ROOT)


def test_every_setting_is_documented(documents: str) -> None:
    assert undocumented(names.setting_names(), documents) == []


def test_every_binding_is_documented(documents: str) -> None:
    assert undocumented(names.binding_names(WRANGLER_TOML), documents) == []


def test_every_error_code_is_documented(documents: str) -> None:
    assert undocumented(names.error_codes(), documents) == []


def test_every_event_type_is_documented(documents: str) -> None:
    found = names.event_types(project.ROOT)

    assert found, "no event types were found in the sources"
    assert undocumented(found, documents) == []


def test_every_route_is_documented(documents: str, app: FastAPI) -> None:
    hot_door = project.ROOT / "src" / "littoral" / "platform" / "hot_door.py"
    routes = [*names.app_routes(app), *names.hot_routes(hot_door.read_text(encoding="utf-8"))]

    assert undocumented_routes(routes, documents) == []


def test_wrangler_toml_sets_every_setting_that_is_no_secret_to_its_default() -> None:
    declared = {each.name: each.default for each in SETTINGS if not each.secret}

    assert names.toml_vars(WRANGLER_TOML) == declared


def test_every_binding_of_wrangler_toml_says_what_it_is_for() -> None:
    assert names.uncommented_tables(WRANGLER_TOML) == []


def test_a_name_that_stands_nowhere_as_code_is_found() -> None:
    documents = (
        "Set `LOG_LEVEL=debug`, or `A`, `B`. MAX_STEPS is a number.\n```\nMAX_STEPS=3\n```\n"
    )

    assert undocumented(["LOG_LEVEL", "A", "B", "MAX_STEPS"], documents) == ["MAX_STEPS"]


def test_a_route_that_stands_nowhere_is_found() -> None:
    documents = "`GET /api/sessions/<id>?before=` and `PATCH, DELETE /api/tasks/{task_id}`"
    routes = [
        "GET /api/sessions/{}",
        "POST /api/sessions/{}",
        "PATCH /api/tasks/{}",
        "DELETE /api/tasks/{}",
    ]

    assert undocumented_routes(routes, documents) == ["POST /api/sessions/{}"]


def test_bindings_are_read_from_the_configuration() -> None:
    toml = (
        'name = "x"\n[ai]\nbinding = "AI"\n[[durable_objects.bindings]]\nname = "A"\n'
        'class_name = "B"\n[[d1_databases]]\nbinding = "DB"\n'
    )

    assert names.binding_names(toml) == ["A", "AI", "DB"]


def test_a_table_without_a_comment_is_found() -> None:
    toml = "# what it is for\n[ai]\nbinding = 'AI'\n\n[[queues.producers]]\nbinding = 'Q'\n"

    assert names.uncommented_tables(toml) == ["[[queues.producers]]"]


def test_hot_routes_are_read_without_importing_the_rim() -> None:
    source = 'import js\nHOT_ROUTES = (("GET", "/agents/{kind}/{name}"),)\n'

    assert names.hot_routes(source) == ["GET /agents/{}/{}"]


def test_routes_of_an_application_are_read() -> None:
    app, router = FastAPI(), APIRouter()
    router.add_api_route("/api/things/{thing_id}", lambda thing_id: thing_id, methods=["GET"])
    app.include_router(router)

    assert "GET /api/things/{}" in names.app_routes(app)


def test_event_types_are_read_where_they_are_written(tmp_path: Path) -> None:
    source = (
        'Kind = Literal["task.added"]\nself.events.append("session.begun", {})\nrows.append("a.b")'
    )
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "x.py").write_text(source)

    assert names.event_types(tmp_path) == ["session.begun", "task.added"]
