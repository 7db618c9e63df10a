"""What every ``VectorIndex`` must do: run on the local index and on Vectorize's double.

Each check is a coroutine function of a fresh, empty index for vectors of ``DIMENSIONS`` numbers.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence

from littoral.errors import InvalidInput
from littoral.memory.index import Entry, VectorIndex
from littoral.models.embeddings.embedder import Vector, unit

DIMENSIONS = 8
MOST_LOOKS = 50

Check = Callable[[VectorIndex], Awaitable[None]]


def direction(*places: float) -> Vector:
    """A vector of length 1 that begins with these numbers."""
    return unit([*places, *[0.0] * (DIMENSIONS - len(places))])


def entry(name: str, *places: float) -> Entry:
    return Entry(id=name, vector=direction(*places))


async def put(index: VectorIndex, space: str, entries: Sequence[Entry]) -> None:
    """Writes, and waits until a search finds it."""
    ticket = await index.put(space, entries)
    for _ in range(MOST_LOOKS):
        if await index.visible(ticket):
            return
        await asyncio.sleep(0)
    raise AssertionError("what was written is never found")


async def ids(index: VectorIndex, space: str, vector: Vector, count: int = 10) -> list[str]:
    return [each.id for each in await index.nearest(space, vector, count)]


async def an_empty_space_has_nothing(index: VectorIndex) -> None:
    assert await index.nearest("none", direction(1), 5) == []


async def the_nearest_come_first_with_their_cosines(index: VectorIndex) -> None:
    await put(index, "s", [entry("far", -1), entry("near", 1, 0.1), entry("same", 1)])
    found = await index.nearest("s", direction(1), 10)
    assert [each.id for each in found] == ["same", "near", "far"]
    wanted = (1.0, 1 / math.hypot(1, 0.1), -1.0)
    assert all(
        math.isclose(each.score, score, abs_tol=1e-6)
        for each, score in zip(found, wanted, strict=True)
    )
    assert all(-1.0 <= each.score <= 1.0 for each in found)


async def no_more_than_asked_for(index: VectorIndex) -> None:
    await put(index, "s", [entry(f"v{n}", 1, n / 10) for n in range(9)])
    assert await ids(index, "s", direction(1), 3) == ["v0", "v1", "v2"]


async def spaces_do_not_see_each_other(index: VectorIndex) -> None:
    await put(index, "one", [entry("mine", 1)])
    await put(index, "two", [entry("yours", 1)])
    assert await ids(index, "one", direction(1)) == ["mine"]
    assert await ids(index, "two", direction(1)) == ["yours"]


async def any_name_of_a_space_will_do(index: VectorIndex) -> None:
    long = f"{'owner' * 40}/ä 日本 #%/agent"
    await put(index, long, [entry("v", 1)])
    assert await ids(index, long, direction(1)) == ["v"]
    assert await ids(index, long + "x", direction(1)) == []


async def writing_again_replaces(index: VectorIndex) -> None:
    await put(index, "s", [entry("v", 1), entry("w", 0, 1)])
    await put(index, "s", [entry("v", 0, 0, 1)])
    await put(index, "s", [entry("end", -1)])  # seen after all that was written before it
    found = await index.nearest("s", direction(0, 0, 1), 10)
    assert len(found) == 3 and found[0].id == "v"


async def what_is_removed_is_not_found(index: VectorIndex) -> None:
    await put(index, "s", [entry("stays", 1), entry("goes", 1, 0.1)])
    await index.remove(["goes", "never was"])
    await put(index, "s", [entry("end", -1)])
    assert await ids(index, "s", direction(1)) == ["stays", "end"]


async def nothing_to_write_or_remove_is_no_mistake(index: VectorIndex) -> None:
    await put(index, "s", [])
    await index.remove([])
    assert await ids(index, "s", direction(1)) == []


async def many_at_once(index: VectorIndex) -> None:
    many = [entry(f"v{n}", math.cos(n / 1000), math.sin(n / 1000)) for n in range(1_203)]
    await put(index, "s", many)
    assert await ids(index, "s", direction(1), 3) == ["v0", "v1", "v2"]
    last = await ids(index, "s", direction(math.cos(1.202), math.sin(1.202)), 1)
    assert last == ["v1202"]
    await index.remove([each.id for each in many[1:]])
    await put(index, "s", [entry("end", 0, 0, 1)])
    assert await ids(index, "s", direction(1)) == ["v0", "end"]


async def other_dimensions_are_refused(index: VectorIndex) -> None:
    await put(index, "s", [entry("v", 1)])
    for work in (
        lambda: index.put("s", [Entry(id="w", vector=(1.0, 0.0))]),
        lambda: index.nearest("s", (1.0, 0.0), 3),
    ):
        try:
            await work()
        except InvalidInput as error:
            assert "2" in error.detail and str(DIMENSIONS) in error.detail
        else:
            raise AssertionError("vectors of another length were taken")
    assert await ids(index, "s", direction(1)) == ["v"]


CHECKS: tuple[Check, ...] = (
    an_empty_space_has_nothing,
    the_nearest_come_first_with_their_cosines,
    no_more_than_asked_for,
    spaces_do_not_see_each_other,
    any_name_of_a_space_will_do,
    writing_again_replaces,
    what_is_removed_is_not_found,
    nothing_to_write_or_remove_is_no_mistake,
    many_at_once,
    other_dimensions_are_refused,
)
