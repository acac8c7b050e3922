"""A small disk that can be filled: a tmpfs of a fixed size under the database of a rehearsal. Needs root."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_BALLAST = "ballast"


def can_make() -> bool:
    """Say whether this process may mount."""
    return os.geteuid() == 0


def size_for(phones: int) -> int:
    """Return how many MB the database of so many phones needs, with room to write."""
    return 900 + phones * 22 // 10_000


def mounted(place: Path, *, mb: int) -> Path:
    """Mount a disk of ``mb`` at a folder, made if need be."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mb}m,mode=755", "smarthd-dien-tap", str(place)], check=True)
    return place


def unmount(place: Path) -> None:
    """Let go of the disk and all on it."""
    subprocess.run(["umount", "-l", str(place)], check=False)


def fill(place: Path) -> int:
    """Take every free byte of the disk. Returns how many."""
    free = os.statvfs(place)
    size = free.f_bavail * free.f_frsize
    with (place / _BALLAST).open("wb") as ballast:
        if size:
            os.posix_fallocate(ballast.fileno(), 0, size)
    return size


def empty(place: Path) -> None:
    """Give back what ``fill`` took."""
    (place / _BALLAST).unlink(missing_ok=True)
