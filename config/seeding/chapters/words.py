"""What citizens read: notices and the directory, written for the demonstration and labelled so (config/seeding/content_demo.py)."""

from __future__ import annotations

from config.seeding import content_demo
from config.seeding.demo import Stage


def plant(stage: Stage) -> str:
    """Publish notices and keep the directory."""
    return content_demo.plant(today=stage.today, now=stage.now)
