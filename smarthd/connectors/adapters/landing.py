"""A file on its way in from elsewhere: laid down on disk piece by piece, measured and marked while it comes, in memory that does not grow with it."""

from __future__ import annotations

import hashlib
import tempfile
import weakref
from typing import BinaryIO, Self, cast

from smarthd.connectors.adapters import stopping, uploads
from smarthd.connectors.adapters.delimited import Delimited
from smarthd.connectors.ports import SourceRefused, Table

MOST_BYTES = uploads.MOST_MB << 20
"""The largest file that is taken, by whatever way it comes: as one that a clerk hands in."""
PACE = 256 << 10
"""Bytes a second: whoever sends steadily is given a second more for each so many."""
PIECE = 1 << 20
_IN_MEMORY = 4 << 20


class Landing:
    """Where a file is laid down, within ``with``; beyond it only what ``leave_to`` was told reads it, and with that it goes from disk.

    It has no name there; what is kept of it is kept sealed (``services.kept``).
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._digest, self.size = most, hashlib.sha256(), 0
        self.stream = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - goes with its readers
        self._stop, self._is_left = stopping.current(), False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._is_left:
            self.stream.close()

    def leave_to(self, table: Table) -> None:
        """Let the lines of a table read on from disk, where they do."""
        if isinstance(table.lines, Delimited) and table.lines.stream is self.stream:
            self._is_left = True
            weakref.finalize(table.lines, self.stream.close)

    def require_room(self, size: int) -> None:
        """Refuse what is announced, or has come, beyond the limit. Raises SourceRefused."""
        if size > self._most:
            msg = f"tệp lớn hơn {self._most >> 20} MB"
            raise SourceRefused(msg)

    def write(self, piece: bytes) -> None:
        """Lay the next piece down. Raises SourceRefused beyond the limit, Stopped."""
        self._stop.require_going()
        self.size += len(piece)
        self.require_room(self.size)
        self._digest.update(piece)
        self.stream.write(piece)

    @property
    def sha256(self) -> str:
        """The mark of what has come."""
        return self._digest.hexdigest()

    @property
    def more_time_s(self) -> float:
        """How many seconds longer than others its sender has earned."""
        return self.size / PACE

    def whole(self, most: int) -> bytes:
        """Return all bytes of a file that is read in memory, where it is not larger than that. Raises SourceRefused."""
        if self.size > most:
            msg = f"tệp loại này chỉ nhận tới {most >> 20} MB; xin xuất dạng .csv"
            raise SourceRefused(msg)
        self.stream.seek(0)
        return self.stream.read()
