"""Embedding models at any endpoint that speaks OpenAI's ``/embeddings``.

OpenAI, Ollama, vLLM, llama.cpp and AI Gateway do. The key goes to the configured endpoint only and
never appears in an error.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from littoral.errors import LittoralError, ModelRefused, ModelUnavailable
from littoral.models.embeddings.embedder import Vector, vectors_of
from littoral.models.http_client import HttpClient, HttpFailed, HttpResponse
from littoral.models.openai_compatible import PREFIX
from littoral.models.reply_stream import close

MAX_BODY_BYTES = 16_000_000
"""Enough for 64 vectors of 4,096 numbers as text."""

_AGAIN = (408, 409, 425, 429)


class OpenAiEmbedder:
    """``Embedder`` over HTTP. ``base_url`` ends before ``/embeddings``; the key may be empty."""

    def __init__(
        self,
        http: HttpClient,
        *,
        model: str,
        base_url: str,
        api_key: str = "",
        timeout_seconds: float = 60.0,
    ) -> None:
        self._http = http
        self._model = model
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds

    @property
    def model(self) -> str:
        return self._model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if not texts:
            return []
        try:
            response = await self._post(texts)
            try:
                if response.status != 200:
                    raise _failure(response, self._model)
                body = await _read(response)
            finally:
                await response.close()
        except HttpFailed:
            raise ModelUnavailable(
                "The embedding model's endpoint cannot be reached.",
                next_step="Check OPENAI_BASE_URL and that the endpoint runs, and try again.",
            ) from None
        return vectors_of(_in_order(body), len(texts))

    async def _post(self, texts: Sequence[str]) -> HttpResponse:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._api_key:
            headers["authorization"] = f"Bearer {self._api_key}"
        body = {
            "model": self._model.removeprefix(PREFIX),
            "input": list(texts),
            "encoding_format": "float",
        }
        text = json.dumps(body, separators=(",", ":"))
        return await self._http.stream("POST", self._url, headers, text, self._timeout_seconds)


def _failure(response: HttpResponse, model: str) -> LittoralError:
    status = response.status
    if status in _AGAIN or status >= 500:
        return ModelUnavailable(f"The embedding model's endpoint answered {status}.")
    if status in (401, 403):
        return ModelRefused(
            f"The embedding model's endpoint answered {status}: it does not accept the key.",
            next_step="Check OPENAI_API_KEY, and that it belongs to OPENAI_BASE_URL.",
        )
    return ModelRefused(
        f"The embedding model's endpoint answered {status} for {model}.",
        next_step="Check EMBEDDING_MODEL, and that OPENAI_BASE_URL ends with /v1 (or what the "
        "endpoint asks).",
    )


async def _read(response: HttpResponse) -> bytes:
    chunks = response.chunks()
    body = bytearray()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise ModelUnavailable("The embedding model's answer has no end; it was cut off.")
    finally:
        await close(chunks)
    return bytes(body)


def _in_order(body: bytes) -> list[Any] | None:
    """The vectors by their ``index``; providers may answer in another order than was asked."""
    try:
        data = from_json(body)["data"]
        return [each["embedding"] for each in sorted(data, key=lambda each: each["index"])]
    except (ValueError, LookupError, TypeError):
        return None
