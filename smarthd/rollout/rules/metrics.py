"""The columns of the roll-ups, in the order in which SQL writes them. Words for them: ``selectors.indicators``."""

from __future__ import annotations

CITIZEN = (
    "installed",
    "activated",
    "assisted",
    "used",
    "reached_3",
    "reached_4",
    "retained",
    "aged_7",
    "used_aged",
    "aged_8",
    "returned_aged",
    "aged_31",
    "retained_aged",
    "active_1",
    "active_7",
    "active_28",
    "active_30",
    "devices",
    "browsers",
    "test",
    "quarantined",
)
"""Of a day and an atom. ``used`` is L3 by its letter; ``reached_3`` and ``reached_4`` are persons whose level is at least that."""

STAFF = (
    "roster",
    "exempt",
    "installed",
    "activated",
    "used",
    "reached_3",
    "reached_4",
    "retained",
    "active_28",
    "lapsed",
    "activated_net",
    "used_net",
    "active_28_net",
)
"""Of a day and an agency. ``used`` is a level of at least 3 and not lapsed; ``_net`` leaves out approved exemptions."""
