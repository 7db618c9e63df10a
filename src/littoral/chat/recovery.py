"""From where an answer can go on that was cut off in the middle.

The journal ends at some chunk. A step whose tool calls were announced is kept whole: the loop
brings the calls to their results. Words of a step that had not called anything yet are dropped and
asked for again: half a sentence is nothing to go on from.
"""

from __future__ import annotations

from collections.abc import Sequence

from littoral.chat.fold import Chunk

_CALLS = ("tool-input-available", "tool-input-error")


def resumable(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks up to the last point from which the loop can go on; empty for a fresh start."""
    end = 0
    for position, chunk in enumerate(chunks):
        if chunk["type"] == "finish-step":
            end = position + 1
    begun = _step_begins(chunks, end)
    if any(chunk["type"] in _CALLS for chunk in chunks[begun:]):
        return list(chunks)
    return list(chunks[:begun])


def _step_begins(chunks: Sequence[Chunk], after: int) -> int:
    """Position of the ``start-step`` after that position, or the end of the chunks."""
    for position in range(after, len(chunks)):
        if chunks[position]["type"] == "start-step":
            return position
    return len(chunks)
