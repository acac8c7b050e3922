"""Written Vietnamese as it is spoken: numbers, dates, hours, units, levels, abbreviations in full words, for a voice or a newsreader."""

from __future__ import annotations

from smarthd.channels.rules.spoken.reading import read

__all__ = ["read"]
