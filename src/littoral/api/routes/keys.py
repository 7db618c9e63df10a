"""``/api/keys``: the keys of an account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from littoral.accounts.keys import Keys
from littoral.api import account_bodies as shapes
from littoral.api.context import Api, json_answer
from littoral.api.routes import WRITE, problems

KeyId = Annotated[
    str, Path(alias="keyId", pattern=r"^[A-Za-z0-9]{8}$", description="The key's id.")
]


def key_routes(api: Api) -> APIRouter:
    """All of them need the scope ``account``."""
    router = APIRouter(tags=["account"])
    keys = Keys(api.accounts, revoke=api.revoke_key, clock=api.clock, ids=api.ids)

    @router.get("/api/keys", response_model=shapes.Keys, responses=problems(429))
    async def list_keys(request: Request) -> Response:
        """Your keys, newest first, without their secrets; also those that have ended."""
        account = await api.account(request, scope="account", limit="account")
        return json_answer({"keys": await keys.list(account)})

    @router.post(
        "/api/keys",
        response_model=shapes.KeyOnce,
        status_code=201,
        responses=problems(*WRITE, 409, 429),
    )
    async def make_key(request: Request, body: shapes.NewKey) -> Response:
        """Makes a key, shown this one time. Repeating makes another one."""
        account = await api.account(request, scope="account", limit="keys")
        key, shown = await keys.make(
            account,
            name=" ".join(body.name.split()),
            scopes=None if body.scopes is None else tuple(body.scopes),
            expires_in_days=body.expires_in_days,
        )
        return json_answer({"apiKey": key.text, "key": shown}, 201)

    @router.delete(
        "/api/keys/{keyId}",
        status_code=204,
        response_model=None,
        responses=problems(403, 404, 422, 429),
    )
    async def revoke_key(request: Request, key_id: KeyId) -> Response:
        """Ends a key at once, with the cookies and sockets that came of it. Repeating is safe."""
        account = await api.account(request, scope="account", limit="account")
        await keys.revoke(account, key_id)
        return Response(status_code=204)

    return router
