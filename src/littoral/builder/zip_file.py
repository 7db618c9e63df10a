"""A build's files as one zip archive, the same bytes for the same files.

Made in memory: a build that is larger than ``MOST_ZIP_BYTES`` is refused before anything is packed.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from littoral.errors import TooLarge

MOST_ZIP_BYTES = 10 * 1024 * 1024
"""Sum of the files before they are packed; the Worker has 128 MB in all."""

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def zip_of(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """The archive of files by path, in their order by path, all of them below ``folder``.

    Raises ``TooLarge`` over ``MOST_ZIP_BYTES``.
    """
    require_zippable(sum(map(len, files.values())))
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = ZipInfo(f"{folder}/{path}" if folder else path, _FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, files[path])
    return packed.getvalue()


def require_zippable(total_bytes: int) -> None:
    """Raises ``TooLarge`` when so many bytes are too many for one archive."""
    if total_bytes > MOST_ZIP_BYTES:
        raise TooLarge(
            f"The files have {total_bytes} bytes; an archive holds at most {MOST_ZIP_BYTES}.",
            next_step="Fetch the files one by one with GET /agents/<id>/files?path=.",
        )
