"""A streamed reply: bytes of server-sent events in, model events out.

Shared by the providers that stream; each brings its own way to get at the bytes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Any

from pydantic_core import from_json

from littoral.errors import DeadlineExceeded, LittoralError, ModelUnavailable
from littoral.models.deadline import Deadline
from littoral.models.model import ModelEvent, ReasoningDelta, TextDelta
from littoral.models.reply import ReplyReader
from littoral.models.sse import SseOverflow, SseParser

_DONE = "[DONE]"


class TransportFailed(Exception):
    """What carries the bytes gave up. The text is for the provider to read, not for people."""


async def events_of_stream(
    chunks: AsyncIterator[bytes | str],
    reader: ReplyReader,
    deadline: Deadline,
    *,
    failure_in: Callable[[Any], LittoralError | None],
    failure_of: Callable[[TransportFailed], LittoralError],
) -> AsyncGenerator[ModelEvent, None]:
    """All events up to ``Finished``; closes the chunks in any case.

    ``failure_in`` reads an error out of a piece, if it is one; ``failure_of`` names what the
    transport met. A reply that stops before its end raises ``ModelUnavailable``; one that lacks
    only its last formalities is taken as complete.
    """
    parser = SseParser()
    done = False
    try:
        while not done:
            chunk = await _next(chunks, deadline, reader, failure_of)
            if chunk is None:
                break
            ready: list[ModelEvent] = []
            for data in _data(parser, chunk):
                done = data == _DONE
                if done:
                    break
                _append(ready, _read(reader, data, failure_in))
            for event in ready:
                yield event
        if not done and not reader.complete:
            raise ModelUnavailable("The model's answer was cut off before its end.")
        for event in reader.finish():
            yield event
    finally:
        await close(chunks)


async def close(chunks: object) -> None:
    """Ends an iterator early, where it can be ended."""
    ending = getattr(chunks, "aclose", None)
    if ending is not None:
        await ending()


def _read(
    reader: ReplyReader, data: str, failure_in: Callable[[Any], LittoralError | None]
) -> list[ModelEvent]:
    try:
        piece = from_json(data)
    except ValueError:
        raise ModelUnavailable("The model's stream holds something that is no JSON.") from None
    failure = failure_in(piece)
    if failure is not None:
        raise failure
    return reader.read(piece)


def _append(ready: list[ModelEvent], events: list[ModelEvent]) -> None:
    """Words that arrived together leave together: every delta costs its consumers a frame."""
    for event in events:
        last = ready[-1] if ready else None
        if isinstance(event, TextDelta) and isinstance(last, TextDelta):
            ready[-1] = TextDelta(text=last.text + event.text)
        elif isinstance(event, ReasoningDelta) and isinstance(last, ReasoningDelta):
            ready[-1] = ReasoningDelta(text=last.text + event.text)
        else:
            ready.append(event)


async def _next(
    chunks: AsyncIterator[bytes | str],
    deadline: Deadline,
    reader: ReplyReader,
    failure_of: Callable[[TransportFailed], LittoralError],
) -> bytes | None:
    try:
        chunk = await deadline.wait(anext(chunks))
    except StopAsyncIteration:
        return None
    except (DeadlineExceeded, TransportFailed) as error:
        if reader.complete:
            return None
        raise (failure_of(error) if isinstance(error, TransportFailed) else error) from None
    return chunk.encode(errors="replace") if isinstance(chunk, str) else chunk


def _data(parser: SseParser, chunk: bytes) -> list[str]:
    try:
        return [each.data for each in parser.feed(chunk)]
    except SseOverflow as error:
        raise ModelUnavailable(f"The model's stream cannot be read: {error}.") from None
