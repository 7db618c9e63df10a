"""The platform's queues: sending jobs, and messages as ``littoral.functions.queueing`` takes them.

Bodies are JSON texts. Locally queues live in memory: what a kill took is sent again by the owner's
object (``littoral.functions.supervisor``).
"""

from __future__ import annotations

import asyncio
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from littoral.api.envelope import Call, result_of
from littoral.errors import DependencyUnavailable
from littoral.functions.queueing import Consumer, JobMessage

SEND_SECONDS = 10.0


class DurableQueue:
    """``littoral.functions.ports.Queue``. ``env`` is the raw environment of an object."""

    def __init__(self, env: Any) -> None:
        self._env = env

    async def send(self, owner: str, job_id: str, *, trace: str = "") -> None:
        message = JobMessage(owner=owner, job_id=job_id, trace=trace)
        await send_text(self._env.FUNCTION_QUEUE, message.text())


class QueueDelivery:
    """``littoral.functions.queueing.Delivery`` on a message of the platform."""

    def __init__(self, message: Any) -> None:
        self._message = message

    @property
    def body(self) -> Any:
        return self._message.body

    @property
    def attempts(self) -> int:
        return int(self._message.attempts)

    def ack(self) -> None:
        self._message.ack()

    def retry(self, delay_seconds: int) -> None:
        self._message.retry(
            to_js({"delaySeconds": delay_seconds}, dict_converter=js.Object.fromEntries)
        )


async def consume(env: Any, batch: Any) -> None:
    """Takes a batch of one of the two queues, all of its messages at the same time."""
    consumer = Consumer(_asker(env), lambda text: send_text(env.FUNCTION_DEAD_QUEUE, text))
    queue = str(batch.queue)
    await asyncio.gather(*(consumer.take(queue, QueueDelivery(each)) for each in batch.messages))


def _asker(env: Any) -> Any:
    async def ask(owner: str, method: str, args: dict[str, Any]) -> Any:
        call = Call(method=method, args=args, owner=owner)
        try:
            return result_of(await env.FUNCTION_AGENT.getByName(owner).rpc(call.text()))
        except JsException as error:
            raise DependencyUnavailable(f"The functions did not answer: {error}.") from None

    return ask


async def send_text(binding: Any, text: str) -> None:
    """Puts one message into a queue; raises ``DependencyUnavailable``."""
    options = to_js({"contentType": "text"}, dict_converter=js.Object.fromEntries)
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await binding.send(text, options)
    except (JsException, TimeoutError) as error:
        raise DependencyUnavailable(f"The queue did not take the message: {error}.") from None
