"""An embedder that is asked in batches, waited for with a deadline, and asked again.

What a provider refuses for good is not tried again; what to do with a failure is left to callers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from littoral.errors import DeadlineExceeded, LittoralError, ModelUnavailable
from littoral.models.deadline import Deadline
from littoral.models.embeddings.embedder import Embedder, Vector
from littoral.models.retry import RetryPolicy

BATCH_TEXTS = 32
BATCH_CHARACTERS = 64_000


class PatientEmbedder:
    """``Embedder`` around another one. ``timeout_seconds`` is for each batch, waits included."""

    def __init__(
        self,
        inner: Embedder,
        *,
        timeout_seconds: float,
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        retry: RetryPolicy | None = None,
    ) -> None:
        self._inner = inner
        self._timeout_seconds = timeout_seconds
        self._random = random
        self._sleep = sleep
        self._retry = retry or RetryPolicy()

    @property
    def model(self) -> str:
        return self._inner.model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """As ``Embedder.embed``, for any number of texts."""
        made: list[Vector] = []
        for batch in batches(texts):
            with Deadline(self._timeout_seconds) as deadline:
                made += await self._patiently(batch, deadline)
        if len({len(each) for each in made}) > 1:
            raise ModelUnavailable("The embedding model changed its dimensions between two calls.")
        return made

    async def _patiently(self, batch: Sequence[str], deadline: Deadline) -> list[Vector]:
        attempts, waited = 0, 0.0
        while True:
            try:
                return await deadline.wait(self._inner.embed(batch))
            except DeadlineExceeded:
                raise
            except LittoralError as error:
                attempts += 1
                pause = self._retry.pause_seconds(
                    error,
                    attempts=attempts,
                    waited_seconds=waited,
                    timeout_seconds=self._timeout_seconds,
                    random=self._random,
                )
                if pause is None:
                    raise
                waited += pause
                await self._sleep(pause)


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order: at most ``BATCH_TEXTS`` and ``BATCH_CHARACTERS`` at once, but one."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        full = len(batch) == BATCH_TEXTS or characters + len(text) > BATCH_CHARACTERS
        if batch and full:
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch
