"""Files from outside: checked before they are opened, kept once under their sha256, never under a name somebody chose."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from smarthd.kernel.errors import Invalid

CHUNK = 1 << 20


class FileTooLarge(Invalid):
    """The file has more bytes than this use allows; facts: limit_mb, size_mb."""


class EmptyFile(Invalid):
    """The file has no bytes."""


class ZipBomb(Invalid):
    """The archive would unpack to more than it should; facts: unpacked_mb, ratio. Nothing was unpacked."""


class BrokenArchive(Invalid):
    """The file says it is an archive and cannot be read as one."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in our keeping."""

    sha256: str
    size: int
    path: Path


def keep(stream: BinaryIO, *, limit_mb: int) -> KeptFile:
    """Store the stream under ``files/kept/ab/abcd…``; the same bytes are stored once. Raises FileTooLarge, EmptyFile."""
    base = Path(settings.MEDIA_ROOT) / "kept"
    base.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    part = base / f".part-{os.getpid()}-{os.urandom(6).hex()}"
    try:
        with part.open("wb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit_mb * CHUNK:
                    raise FileTooLarge(limit_mb=limit_mb, size_mb=size // CHUNK)
                digest.update(chunk)
                out.write(chunk)
        if size == 0:
            raise EmptyFile
        name = digest.hexdigest()
        place = base / name[:2] / name
        place.parent.mkdir(exist_ok=True)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return KeptFile(sha256=name, size=size, path=place)


def kept_path(sha256: str) -> Path:
    """Return where the file with this hash is kept."""
    return Path(settings.MEDIA_ROOT) / "kept" / sha256[:2] / sha256


def forget(sha256: str) -> bool:
    """Destroy a file in our keeping; the caller knows that nothing else refers to it. Return whether it was there."""
    place = kept_path(sha256)
    there = place.exists()
    place.unlink(missing_ok=True)
    return there


def check_archive(path: Path, *, unpacked_limit_mb: int, ratio_limit: int = 100) -> None:
    """Refuse an office file or zip that would unpack to too much, by its directory alone.

    A directory may lie about sizes; readers that unpack must still stop at ``unpacked_limit_mb`` (zipfile stops at the
    size stated, so what is checked here is what can come out of it).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            packed = sum(member.compress_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BrokenArchive from None
    ratio = unpacked // max(packed, 1)
    if unpacked > unpacked_limit_mb * CHUNK or (ratio > ratio_limit and unpacked > 50 * CHUNK):
        raise ZipBomb(unpacked_mb=unpacked // CHUNK, ratio=ratio)
