"""Revisions, contents by hash, and the archive: kept once, found again, forgotten in time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest

from littoral.builder.blobs import Blobs, hash_of
from littoral.builder.revisions import MOST_REVISIONS, REVISIONS_SCHEMA, KeptFile, Revisions
from littoral.builder.zip_file import MOST_ZIP_BYTES, zip_of
from littoral.errors import DependencyUnavailable, NotFound, TooLarge
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.object_store import MemoryStore
from tests.fakes.sqlite import Sqlite


@pytest.fixture
def revisions() -> Iterator[Revisions]:
    sql = Sqlite()
    migrate(sql, (REVISIONS_SCHEMA,))
    yield Revisions(sql, ManualClock())
    sql.close()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def blobs(store: MemoryStore) -> Blobs:
    return Blobs(store=store, owner="own_a", build_id="bld_b")


def kept(path: str, content: str) -> KeptFile:
    data = content.encode()
    return KeptFile(path=path, hash=hash_of(data), bytes=len(data), type="text/plain")


def test_saving_the_same_files_again_keeps_one_revision(revisions: Revisions) -> None:
    files = [kept("b.txt", "two"), kept("a.txt", "one")]
    first = revisions.save(files, reason="phase 1")
    again = revisions.save(reversed(files), reason="phase 1 after a kill")

    assert first == again
    assert [each.path for each in first.files] == ["a.txt", "b.txt"]
    assert len(revisions.all()) == 1


def test_restoring_makes_a_new_revision_with_the_old_files(revisions: Revisions) -> None:
    old = revisions.save([kept("a.txt", "one")], reason="phase 1")
    revisions.save([kept("a.txt", "worse")], reason="review 1")

    restored = revisions.restore(old.number)

    assert (restored.number, restored.restored_from, restored.hash) == (3, 1, old.hash)
    assert revisions.newest() == restored
    assert revisions.restore(old.number) == restored, "it is the newest already"


def test_a_revision_that_never_was_is_not_found(revisions: Revisions) -> None:
    assert revisions.newest() is None
    with pytest.raises(NotFound, match="no revision 7"):
        revisions.restore(7)


async def test_old_revisions_are_forgotten_with_what_only_they_named(
    revisions: Revisions, blobs: Blobs, store: MemoryStore
) -> None:
    shared = kept("shared.txt", "the same all along")
    await blobs.put(b"the same all along")
    for number in range(MOST_REVISIONS + 3):
        await blobs.put(str(number).encode())
        revisions.save([shared, kept("n.txt", str(number))], reason=f"phase {number}")

    assert len(revisions.all()) == MOST_REVISIONS
    assert await revisions.sweep(blobs, in_use=[hash_of(b"1")]) == 2
    assert await revisions.sweep(blobs, in_use=()) == 0
    assert await blobs.get(shared.hash) == b"the same all along"
    assert await blobs.get(hash_of(b"1")) == b"1"
    with pytest.raises(DependencyUnavailable):
        await blobs.get(hash_of(b"0"))


async def test_a_sweep_that_was_cut_off_is_done_again(
    revisions: Revisions, blobs: Blobs, store: MemoryStore
) -> None:
    await blobs.put(b"0")
    for number in range(MOST_REVISIONS + 1):
        revisions.save([kept("n.txt", str(number))], reason="phase")
    store.down = True
    with pytest.raises(DependencyUnavailable):
        await revisions.sweep(blobs, in_use=())
    store.down = False

    assert await revisions.sweep(blobs, in_use=()) == 1
    assert not store.objects


async def test_a_content_is_stored_once_under_its_hash_and_checked(
    blobs: Blobs, store: MemoryStore
) -> None:
    first = await blobs.put(b"hello")
    assert await blobs.put(b"hello") == first
    assert list(store.objects) == [f"own_a/bld_b/blobs/{first}"]

    store.objects[f"own_a/bld_b/blobs/{first}"] = b"something else"
    with pytest.raises(DependencyUnavailable):
        await blobs.get(first)
    with pytest.raises(ValueError, match="SHA-256"):
        await blobs.get("../../other/blobs/x")


async def test_the_contents_of_a_build_go_together(blobs: Blobs, store: MemoryStore) -> None:
    other = Blobs(store=store, owner="own_a", build_id="bld_bb")
    await blobs.put(b"one")
    await blobs.put(b"two")
    await other.put(b"one")

    await blobs.delete_all()

    assert list(store.objects) == [f"own_a/bld_bb/blobs/{hash_of(b'one')}"]


def test_an_archive_has_the_same_bytes_for_the_same_files() -> None:
    files = {"src/b.py": b"print(2)\n", "a.html": "<p>ü</p>".encode()}
    packed = zip_of(files, folder="todo")

    assert packed == zip_of(dict(reversed(files.items())), folder="todo")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["todo/a.html", "todo/src/b.py"]
        assert archive.read("todo/a.html").decode() == "<p>ü</p>"
        assert archive.testzip() is None


def test_an_archive_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooLarge, match=str(MOST_ZIP_BYTES)):
        zip_of({"a": bytes(MOST_ZIP_BYTES), "b": b"1"})
