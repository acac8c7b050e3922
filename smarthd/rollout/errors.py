"""Refusals of the roll-out."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound


class CampaignUnknown(NotFound):
    """There is no campaign of this key."""


class BatchTooLarge(Invalid):
    """More events in one batch than a phone can honestly have."""


class BadDenominator(Invalid):
    """A base without source, below zero, dated in the future, or of something that is neither commune nor village."""


class MixedBase(Conflict):
    """A commune's base stands already as a whole and its villages' apart would count it twice, or the other way round."""


class BadTarget(Invalid):
    """A target for an indicator that is not measured, or without a positive share."""


class NothingMeasured(NotFound):
    """No roll-up covers this day yet."""


class FigureUnknown(NotFound):
    """There is no indicator of this key."""
