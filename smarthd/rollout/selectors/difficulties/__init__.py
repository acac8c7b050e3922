"""Difficulties for reading: lists by who may see them, one with its whole life, likely duplicates, patterns, indicators."""

from smarthd.rollout.selectors.difficulties.duplicates import Likely, likely_duplicates
from smarthd.rollout.selectors.difficulties.listing import EXPORTED, SHOWN, STANDS, Listing, Query, listing
from smarthd.rollout.selectors.difficulties.one import Seen, Step, difficulty_for
from smarthd.rollout.selectors.difficulties.patterns import Pattern, Patterns, patterns
from smarthd.rollout.selectors.difficulties.rows import Row, at_the_top, of_ids, raisers_of, rows_of, visible
from smarthd.rollout.selectors.difficulties.waits import Held, waiting

__all__ = [
    "EXPORTED", "SHOWN", "STANDS", "Held", "Likely", "Listing", "Pattern", "Patterns", "Query", "Row", "Seen", "Step", "at_the_top",
    "difficulty_for", "likely_duplicates", "listing", "of_ids", "patterns", "raisers_of", "rows_of", "visible", "waiting",
]  # fmt: skip
