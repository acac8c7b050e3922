"""The chapters of the demonstration, in the order they happened."""

from __future__ import annotations

from config.seeding.demo import Chapter

CHAPTERS: tuple[Chapter, ...] = ()
