"""Files that were read, kept sealed: a clerk's file may hold more than is published."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO, cast

from smarthd.connectors.errors import FileCleared
from smarthd.kernel import files, sealing

PURPOSE = "connectors.file"
LIMIT_MB = 512
_MAGIC = b"SHF1"
_PIECE = 1 << 18
_SEALED_BY = 29
"""Bytes by which sealing makes a piece longer: edition, nonce, tag."""


def keep(raw: bytes) -> tuple[str, str]:
    """Keep bytes; return their sha256, and the one their sealed copy is kept under."""
    return hashlib.sha256(raw).hexdigest(), keep_stream(io.BytesIO(raw))


def keep_stream(stream: BinaryIO) -> str:
    """Keep a stream from its start, sealed piece by piece; return the sha256 its sealed copy is kept under. Constant memory."""
    stream.seek(0)
    with ThreadPoolExecutor(1, thread_name_prefix="seal") as beside:
        kept = files.keep(cast("BinaryIO", _Sealing(stream, beside)), limit_mb=LIMIT_MB + 1)
    stream.seek(0)
    return kept.sha256


@contextmanager
def keeping(stream: BinaryIO) -> Iterator[Callable[[], str]]:
    """Keep a stream while it is read for something else; what is yielded waits for that and returns what ``keep_stream`` returns.

    Where what is done meanwhile raises, nothing is kept. A stream that is no file of the system is kept when it is asked for.
    """
    try:
        own = io.BufferedReader(_Positioned(stream.fileno()), _PIECE)
    except io.UnsupportedOperation:
        yield lambda: keep_stream(stream)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="keep") as beside:
        kept = beside.submit(keep_stream, cast("BinaryIO", own))
        try:
            yield kept.result
        except BaseException:
            if kept.exception() is None:
                files.forget(kept.result())  # sealed with a number used once: nobody else's
            raise


def read(kept_sha256: str) -> bytes:
    """Return the bytes as they came, or raise FileCleared."""
    return opened(kept_sha256).read()


def opened(kept_sha256: str) -> BinaryIO:
    """Return a stream of the bytes as they came, which can go back to its start. Raises FileCleared."""
    path = files.kept_path(kept_sha256)
    if not kept_sha256 or not path.exists():
        raise FileCleared
    stream = path.open("rb")
    if stream.read(len(_MAGIC)) == _MAGIC:
        return io.BufferedReader(_Unsealing(stream), _PIECE)
    stream.close()
    return io.BytesIO(
        sealing.unseal_bytes(path.read_bytes(), purpose=PURPOSE)
    )  # kept before files were sealed in pieces


def _purpose(number: int) -> str:
    """A piece belongs where it stands: pieces that change places cannot be opened."""
    return f"{PURPOSE}.{number}"


class _Sealing:
    """What ``files.keep`` reads: the sealed pieces of a stream, each after its length; the next one is sealed while one is written."""

    def __init__(self, stream: BinaryIO, beside: Executor) -> None:
        self._stream, self._number, self._beside = stream, 0, beside
        self._next = beside.submit(self._sealed)

    def read(self, _size: int = -1, /) -> bytes:
        sealed = self._next.result()
        if sealed:
            self._next = self._beside.submit(self._sealed)
        return sealed

    def _sealed(self) -> bytes:
        piece = self._stream.read(_PIECE)
        if not piece:
            return b""
        sealed = sealing.seal_bytes(piece, purpose=_purpose(self._number))
        before = b"" if self._number else _MAGIC
        self._number += 1
        return before + len(sealed).to_bytes(4, "big") + sealed


class _Positioned(io.RawIOBase):
    """A file read from places of its own, whoever else reads it; it is not closed."""

    def __init__(self, number: int) -> None:
        self._number, self._at = number, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place from the start or from here."""
        self._at = offset if whence == io.SEEK_SET else self._at + offset
        return self._at

    def readinto(self, into: object) -> int:
        size = os.preadv(self._number, [cast("bytearray", into)], self._at)
        self._at += size
        return size


class _Unsealing(io.RawIOBase):
    """The pieces opened again, one at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._number, self._rest, self._at = stream, 0, b"", 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go anywhere: to the end without opening a piece, elsewhere by opening those before it anew."""
        size = self._size()
        target = min(size, max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: size}[whence]))
        if target == size:
            self._stream.seek(0, io.SEEK_END)
            self._rest, self._at = b"", size
        elif target != self._at:
            self._stream.seek(len(_MAGIC))
            self._number, self._rest, self._at = 0, b"", 0
            while self._at < target:
                self.readinto(bytearray(min(_PIECE, target - self._at)))
        return target

    def _size(self) -> int:
        at, size = self._stream.tell(), 0
        self._stream.seek(len(_MAGIC))
        while head := self._stream.read(4):
            length = int.from_bytes(head, "big")
            size += length - _SEALED_BY
            self._stream.seek(length, io.SEEK_CUR)
        self._stream.seek(at)
        return size

    def tell(self) -> int:
        return self._at

    def readinto(self, into: object) -> int:
        if not self._rest and (head := self._stream.read(4)):
            sealed = self._stream.read(int.from_bytes(head, "big"))
            self._rest = sealing.unseal_bytes(sealed, purpose=_purpose(self._number))
            self._number += 1
        view = memoryview(cast("bytearray", into))
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        self._at += size
        return size

    def close(self) -> None:
        self._stream.close()
        super().close()
