"""Datasets every province has, ready to fill: their columns, their key, how they are shown."""

from __future__ import annotations

from smarthd.connectors.rules.templates import daily, health, land, safety, work
from smarthd.connectors.rules.templates.making import Template

__all__ = ["TEMPLATES", "Template"]

TEMPLATES: dict[str, Template] = {one.key: one for one in (*health.ALL, *daily.ALL, *work.ALL, *land.ALL, *safety.ALL)}
