"""A small disk that can be filled: a tmpfs of a fixed size under the database of a rehearsal. Needs root."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

_BALLAST = "ballast"
FITTING = {"max_wal_size": "512MB"}
"""Settings of a database on a small disk: its log must not fill it before we do."""


def can_make() -> bool:
    """Say whether this process may mount."""
    return os.geteuid() == 0


def size_for(phones: int) -> int:
    """Return how many MB the database of so many phones needs, with room to write."""
    return 900 + phones * 3 // 1000


def mounted(place: Path, *, mb: int) -> Path:
    """Mount a disk of ``mb`` at a folder, made if need be."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mb}m,mode=755", "smarthd-dien-tap", str(place)], check=True)
    return place


def unmount(place: Path) -> None:
    """Let go of the disk and all on it."""
    subprocess.run(["umount", "-l", str(place)], check=False)


def fill(place: Path) -> int:
    """Take every free byte of the disk, while others write to it too. Returns how many."""
    taken = 0
    with (place / _BALLAST).open("wb", buffering=0) as ballast:
        for piece in (1 << 20, 1 << 12):
            with suppress(OSError):
                while (written := ballast.write(bytes(piece))) == piece:
                    taken += written
    return taken


def empty(place: Path) -> None:
    """Give back what ``fill`` took."""
    (place / _BALLAST).unlink(missing_ok=True)
