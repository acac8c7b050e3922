"""Keys made before the emergency: one entry of 97 bytes a phone, in a file only we can read, wiped as it is taken.

The place of an entry is the phone's id; zeros are no entry. Processes take turns by a lock on the file. An entry taken by a process that
then dies is gone, never used twice; after a restart of the machine, which could bring back what was wiped and not yet on the disk, the
whole file is thrown away (slot 0 holds the mark of the boot it was made in).
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smarthd.messaging.adapters.webpush.sealing import ENTRY

_EMPTY = bytes(ENTRY)
_GROW = 4096 * ENTRY
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class KeyPool:
    """The pool in one file; ``path`` need not be there yet."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(self._file, 0o600)
        self._map: mmap.mmap | None = None
        boot = _BOOT.read_bytes() if _BOOT.exists() else b""
        self._mark = hashlib.sha512(boot).digest().ljust(ENTRY, b"\x01")
        with self._alone():
            if os.pread(self._file, ENTRY, 0) != self._mark:
                os.ftruncate(self._file, 0)
                self._room_for(0)[:ENTRY] = self._mark

    def take(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Return the entries there are for some phones, and wipe them."""
        found: dict[int, bytes] = {}
        with self._alone():
            held = self._mapped()
            for one in ids:
                at = one * ENTRY
                entry = held[at : at + ENTRY]
                if len(entry) == ENTRY and entry != _EMPTY:
                    found[one] = entry
                    held[at : at + ENTRY] = _EMPTY
        return found

    def lacking(self, ids: Iterable[int]) -> list[int]:
        """Return the phones that have no entry."""
        with self._alone():
            held = self._mapped()
            return [one for one in ids if held[one * ENTRY : (one + 1) * ENTRY] in {b"", _EMPTY}]

    def put(self, entries: Mapping[int, bytes]) -> None:
        """Keep entries, one a phone."""
        if not entries:
            return
        with self._alone():
            held = self._room_for(max(entries))
            for one, entry in entries.items():
                held[one * ENTRY : (one + 1) * ENTRY] = entry

    def level(self) -> int:
        """Return how many entries there are; reads the whole file."""
        with self._alone():
            held = self._mapped()
            return held[ENTRY::ENTRY].count(4)  # every point begins with 4

    def close(self) -> None:
        """Let go of the file."""
        if self._map is not None:
            self._map.close()
        os.close(self._file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _mapped(self) -> mmap.mmap:
        """Return the file as memory, mapped anew when another process made it longer."""
        size = os.fstat(self._file).st_size
        if self._map is None or len(self._map) != size:
            if self._map is not None:
                self._map.close()
            self._map = mmap.mmap(self._file, size)
        return self._map

    def _room_for(self, one: int) -> mmap.mmap:
        wanted = (one + 1) * ENTRY
        if os.fstat(self._file).st_size < wanted:
            # Room that is really there: a hole in a full disk would end the process by SIGBUS as it is written through the map.
            os.posix_fallocate(self._file, 0, wanted + _GROW)
        return self._mapped()
