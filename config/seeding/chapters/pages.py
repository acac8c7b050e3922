"""Pages agencies keep, tiles of the home page, people to ask: written for the demonstration and labelled so."""

from __future__ import annotations

from config.seeding import article_demo
from config.seeding.demo import Stage


def plant(stage: Stage) -> str:
    """Publish pages, lay out the home page, name people to ask."""
    return article_demo.plant(today=stage.today, now=stage.now)
