"""Refusals of the roll-out."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class CampaignUnknown(NotFound):
    """There is no campaign of this key."""


class BatchTooLarge(Invalid):
    """More events in one batch than a phone can honestly have."""


class BadDenominator(Invalid):
    """A base without source, below zero or dated in the future."""


class MixedBase(Conflict):
    """A commune's base stands already as a whole and its villages' apart would count it twice, or the other way round."""


class BadTarget(Invalid):
    """A target for an indicator that is not measured, or without a positive share."""


class NothingMeasured(NotFound):
    """No roll-up covers this day yet."""


class FigureUnknown(NotFound):
    """There is no indicator of this key."""


class FormUnknown(NotFound):
    """There is no such form, or no published version of it."""


class BadForm(Invalid):
    """The form as drawn up cannot be used; ``facts["fields"]`` says what is wrong, by field."""


class PeriodUnknown(NotFound):
    """There is no such period."""


class BadPeriod(Invalid):
    """A period that ends before it begins, or whose data end after it is due."""


class PeriodFrozen(Conflict):
    """The obligations of this period stand already."""


class ObligationUnknown(NotFound):
    """There is no such obligation, or none this actor may see."""


class NothingOwed(Conflict):
    """The agency was exempted from this report."""


class StaleDraft(Conflict):
    """Somebody else saved this draft since it was read; facts: ``edits`` as it stands now."""


class ReportFaulty(Invalid):
    """Values are missing, unreadable or contradict one another; ``facts["fields"]`` by field."""


class ContentChanged(Conflict):
    """What was looked at is not what stands there now: read again before endorsing."""


class OwnReport(NotAllowed):
    """Whoever submitted a report does not endorse it, and whoever endorsed it does not accept it."""


class ReasonsMissing(Invalid):
    """A report is returned with a reason at a field of its form, in words."""


class TermOver(Conflict):
    """More time, or an exemption, counts only if it was granted before the term."""


class BadOutage(Invalid):
    """An outage that ends before it begins, or lies in the future."""


class LetterUnknown(NotFound):
    """There is no such letter waiting to be signed."""


class NobodyLate(Conflict):
    """Everybody has reported since the letter was drafted; there is nothing to urge."""


class SuspicionUnknown(NotFound):
    """There is no such suspicion, or none this actor may see."""


class ReasonMissing(Invalid):
    """A decision, or an objection to one, without a reason in words; ``facts["fields"]`` says where."""


class OwnDecision(NotAllowed):
    """Nobody decides about their own account, nor about an objection to their own decision."""
