"""``VectorizeBinding`` over the Worker's raw binding ``env.VECTORIZE``, and the choice of an index.

Everything crosses the border as one JSON string: a list of Python numbers would be converted one by
one.
"""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import JsException

from littoral.memory.index import VectorIndex
from littoral.memory.local_index import LocalIndex
from littoral.memory.vectorize_index import VectorizeFailed, VectorizeIndex
from littoral.settings import Settings
from littoral.store.sql import Sql

_NO_ACCOUNT = "run remotely"
_usable: dict[str, bool] = {}
"""Whether the binding has an account behind it: asked once in an isolate."""


class EnvVectorize:
    """``binding`` is the raw ``env.VECTORIZE``."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def upsert(self, vectors_json: str) -> str:
        return await self._asked("upsert", js.JSON.parse(vectors_json))

    async def query(self, vector_json: str, options_json: str) -> str:
        return await self._asked("query", js.JSON.parse(vector_json), js.JSON.parse(options_json))

    async def delete_by_ids(self, ids_json: str) -> str:
        return await self._asked("deleteByIds", js.JSON.parse(ids_json))

    async def get_by_ids(self, ids_json: str) -> str:
        return await self._asked("getByIds", js.JSON.parse(ids_json))

    async def describe(self) -> str:
        return await self._asked("describe")

    async def _asked(self, method: str, *arguments: Any) -> str:
        try:
            return str(js.JSON.stringify(await getattr(self._binding, method)(*arguments)))
        except JsException as error:
            raise VectorizeFailed(str(error)) from None


async def choose_index(env: Any, settings: Settings, sql: Sql) -> VectorIndex:
    """The index that ``MEMORY_INDEX`` names.

    ``auto`` is Vectorize where the binding has an account behind it, else the local index; a
    Vectorize that is out of order stays the choice, because its vectors are not elsewhere.
    """
    binding = getattr(env, "VECTORIZE", None)
    wanted = settings.memory_index
    if wanted == "local" or (wanted == "auto" and not await _has_account(binding)):
        return LocalIndex(sql)
    return VectorizeIndex(EnvVectorize(binding))


async def _has_account(binding: Any) -> bool:
    if not binding:
        return False
    if "vectorize" not in _usable:
        try:
            await EnvVectorize(binding).describe()
            _usable["vectorize"] = True
        except VectorizeFailed as error:
            if _NO_ACCOUNT not in str(error):
                return True
            _usable["vectorize"] = False
    return _usable["vectorize"]
