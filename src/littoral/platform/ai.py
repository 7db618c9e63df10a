"""``AiBinding`` over the Worker's raw binding ``env.AI``.

Inputs and answers cross the border as one JSON string; a stream is read chunk by chunk, and closing
it early cancels it in JavaScript, which ends the inference.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.models.workers_ai import AiFailed


class EnvAi:
    """``binding`` is the raw ``env.AI``: the SDK's wrapper would convert every answer."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def run(
        self, model: str, inputs_json: str, options_json: str
    ) -> str | AsyncIterator[bytes | str]:
        """As ``AiBinding.run``."""
        inputs, options = js.JSON.parse(inputs_json), js.JSON.parse(options_json)
        try:
            answer = await self._binding.run(model, inputs, options)
        except JsException as error:
            raise AiFailed(str(error)) from None
        if js.Object.prototype.toString.call(answer) == "[object ReadableStream]":
            return _chunks(answer.getReader())
        return str(js.JSON.stringify(answer))


async def _chunks(reader: Any) -> AsyncIterator[bytes | str]:
    try:
        while True:
            part = await reader.read()
            if part.done:
                return
            value = part.value
            yield value if isinstance(value, str) else value.to_bytes()
    except JsException as error:
        raise AiFailed(str(error)) from None
    finally:
        await _cancel(reader)


async def _cancel(reader: Any) -> None:
    """Does nothing to a stream that has ended; one that has failed fails once more, unheard."""
    try:
        await reader.cancel()
    except JsException:
        pass
