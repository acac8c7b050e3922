"""What followers are told of a change, in words: short, named, and never more than a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAMED = 5
MOST_FOLLOWS = 100


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since somebody was told: titles of rows that came, changed (with how), went."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Say whether nothing changed."""
        return not (self.added or self.changed or self.removed)


def body_of(changes: Changes) -> str:
    """Return the changes as sentences: "2 mục mới: A; B. 1 mục đã bỏ: C."."""
    told = (("mục mới", changes.added), ("mục đổi", changes.changed), ("mục đã bỏ", changes.removed))
    return " ".join(f"{len(titles)} {words}: {listed(titles)}." for words, titles in told if titles)


def listed(titles: Sequence[str], most: int = NAMED) -> str:
    """Return the first titles, and how many more there are."""
    named = "; ".join(title[:120] for title in titles[:most])
    return named + (f" và {len(titles) - most} mục nữa" if len(titles) > most else "")


def difference(cells: Sequence[tuple[str, str, str]], most: int = 3) -> str:
    """Return what changed in one row: "Giờ mở cửa: 7h–21h → 24/24"."""
    return ", ".join(f"{label}: {old} → {new}" for label, old, new in cells[:most])
