"""The framework's door: one FastAPI application with every route behind one edge.

Sockets and ``POST /api/chat`` have a shorter way in the Worker and do not pass here.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

import littoral
from littoral.api.answers import Problem
from littoral.api.context import Api
from littoral.api.edge import Edge
from littoral.api.gateway import Gateway
from littoral.api.problems import add_problem_handlers
from littoral.api.routes.account import account_routes
from littoral.api.routes.approvals import approval_routes
from littoral.api.routes.builds import build_routes
from littoral.api.routes.chat import chat_routes
from littoral.api.routes.credits import credit_routes
from littoral.api.routes.docs import docs_routes
from littoral.api.routes.executions import execution_routes
from littoral.api.routes.function_jobs import function_job_routes
from littoral.api.routes.functions import function_routes
from littoral.api.routes.health import health_routes
from littoral.api.routes.human_tasks import human_task_routes
from littoral.api.routes.keys import key_routes
from littoral.api.routes.me import me_routes
from littoral.api.routes.memory import memory_routes
from littoral.api.routes.mesh import mesh_routes
from littoral.api.routes.mesh_tasks import mesh_task_routes
from littoral.api.routes.mesh_watches import mesh_watch_routes
from littoral.api.routes.metrics import metrics_routes
from littoral.api.routes.operations import operations_routes
from littoral.api.routes.registry import registry_routes
from littoral.api.routes.run_approvals import run_approval_routes
from littoral.api.routes.run_sessions import run_session_routes
from littoral.api.routes.runs import run_routes
from littoral.api.routes.search import search_routes
from littoral.api.routes.sessions import session_routes
from littoral.api.routes.tasks import task_routes
from littoral.api.routes.terminal import terminal_routes
from littoral.api.routes.usage import usage_routes
from littoral.clock import Clock, Ids
from littoral.limits.limiter import Limiter
from littoral.settings import Settings
from littoral.store.database import Database

_ABOUT = (
    "Chat with an agent that keeps tasks. A caller without a cookie is a guest and gets one; "
    "writes are taken from this origin, from `ALLOWED_ORIGINS`, and from programs that are no "
    "browsers. Errors are `application/problem+json` with a stable `code` and a `nextStep`."
)


def build_app(
    gateway: Gateway,
    settings: Settings,
    clock: Clock,
    ids: Ids,
    *,
    database: Database,
    limiter: Limiter,
) -> FastAPI:
    """The application. Building does no I/O and starts nothing; build it once and keep it."""
    api = Api(
        gateway=gateway,
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        limiter=limiter,
    )
    app = FastAPI(
        title="Littoral",
        version=littoral.__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=lambda route: route.name,
    )
    all_routers = routers(api)
    for router in all_routers:
        app.include_router(router)
    app.state.routes = [route for router in all_routers for route in router.routes]
    add_problem_handlers(app)
    app.add_middleware(Edge, api=api)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]
    return app


def routers(api: Api) -> list[APIRouter]:
    """Every route that the framework answers."""
    return [
        chat_routes(api),
        approval_routes(api),
        session_routes(api),
        task_routes(api),
        search_routes(api),
        terminal_routes(api),
        me_routes(api),
        account_routes(api),
        key_routes(api),
        credit_routes(api),
        usage_routes(api),
        health_routes(api),
        metrics_routes(api),
        operations_routes(api),
        run_routes(api),
        run_approval_routes(api),
        run_session_routes(api),
        function_routes(api),
        function_job_routes(api),
        human_task_routes(api),
        build_routes(api),
        mesh_routes(api),
        mesh_task_routes(api),
        mesh_watch_routes(api),
        memory_routes(api),
        registry_routes(api),
        execution_routes(api),
        docs_routes(),
    ]


def _description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made when it is first asked for."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(
            mode="serialization", ref_template="#/components/schemas/{model}"
        )
        schemas.update(schemas["Problem"].pop("$defs", {}))
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = made
    return app.openapi_schema
