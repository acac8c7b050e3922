"""The board of ideas: written for the demonstration and labelled so."""

from __future__ import annotations

from config.seeding import idea_demo
from config.seeding.demo import Stage


def plant(stage: Stage) -> str:
    """Open rounds, publish ideas, let people support them, answer some."""
    return idea_demo.plant(today=stage.today, now=stage.now)
