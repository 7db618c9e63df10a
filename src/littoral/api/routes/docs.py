"""``/docs``: a page that shows ``/openapi.json``; script and style are in ``public/api-docs/``."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response

from littoral.api.headers import PAGE_SECURITY_POLICY


def docs_routes() -> APIRouter:
    """Works without any other host, under the policy of all our pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> Response:
        page = Path(__file__).with_name("docs.html").read_text("utf-8")
        return Response(
            page,
            headers={
                "content-security-policy": PAGE_SECURITY_POLICY,
                "cross-origin-opener-policy": "same-origin",
            },
            media_type="text/html",
        )

    return router
