"""The form of a chunk: ids, the communes they lie in, and one bit an id for each of three answers."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

BITMAPS = ("accepted", "gone", "failed")


class ChunkForm(Protocol):
    """What a chunk's row holds of its phones."""

    ids: Any
    spans: Any
    accepted: Any
    gone: Any
    failed: Any


@dataclass(frozen=True, slots=True)
class Slot:
    """One phone of a chunk: ``answer`` is one of BITMAPS, or empty while nothing is known."""

    id: int
    commune: int
    answer: str

    @property
    def unsent(self) -> bool:
        """Say whether nothing is known yet."""
        return not self.answer


def packed(ids: Sequence[int]) -> bytes:
    """Return ids as eight bytes each, little endian."""
    return struct.pack(f"<{len(ids)}q", *ids)


def unpacked(raw: bytes | memoryview) -> list[int]:
    """Return the ids of ``packed``."""
    return list(struct.unpack(f"<{len(raw) // 8}q", raw))


def spans(communes: Iterable[int]) -> list[list[int]]:
    """Return [commune, how many in a row], in order."""
    return [[commune, sum(1 for _ in run)] for commune, run in groupby(communes)]


def bits(raw: bytes | memoryview) -> int:
    """Return a bitmap as a number whose n-th bit tells of the n-th phone."""
    return int.from_bytes(raw, "little")


def bitmap(bits_set: int, size: int) -> bytes:
    """Return a number's bits as a bitmap for ``size`` phones."""
    return bits_set.to_bytes((size + 7) // 8, "little")


def slots(chunk: ChunkForm) -> list[Slot]:
    """Return the phones of a chunk in order."""
    told = [(name, bits(getattr(chunk, name))) for name in BITMAPS]
    places = [commune for commune, many in chunk.spans for _ in range(many)]
    return [
        Slot(one, commune, next((name for name, known in told if known >> at & 1), ""))
        for at, (one, commune) in enumerate(zip(unpacked(chunk.ids), places, strict=True))
    ]


def columns(members: Sequence[Slot]) -> dict[str, Any]:
    """Return the columns of a chunk that has these phones."""
    size = len(members)
    known = {name: sum(1 << at for at, slot in enumerate(members) if slot.answer == name) for name in BITMAPS}
    return {
        "ids": packed([slot.id for slot in members]),
        "spans": spans(slot.commune for slot in members),
        "size": size,
        **{name: bitmap(number, size) for name, number in known.items()},
        **{f"{name}_count": number.bit_count() for name, number in known.items()},
    }
