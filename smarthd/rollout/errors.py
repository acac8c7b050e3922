"""Refusals of the roll-out."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class CampaignUnknown(NotFound):
    """There is no campaign of this key."""


class BatchTooLarge(Invalid):
    """More events in one batch than a phone can honestly have."""


class BadDenominator(Invalid):
    """A base without source, below zero, dated in the future, or of something that is neither commune nor village."""


class MixedBase(Conflict):
    """A commune's base stands already as a whole and its villages' apart would count it twice, or the other way round."""


class BaseUnknown(NotFound):
    """There is no such base in force."""


class BaseImportUnknown(NotFound):
    """There is no such upload of bases, or not for this actor."""


class BaseImportClosed(Conflict):
    """The upload was confirmed or given up already, or what it leans on has changed since it was shown."""


class NoBaseTable(Invalid):
    """The file holds no table of bases: no column names a unit beside one that names what is counted."""


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


class DifficultyUnknown(NotFound):
    """There is no such difficulty, or none this actor may see."""


class DifficultyFaulty(Invalid):
    """What was typed cannot be taken; ``facts["fields"]`` by field."""


class NoSuperior(Conflict):
    """Nobody stands above who holds it: there is nowhere to pass it on to."""


class BadMerge(Conflict):
    """A difficulty into itself, into one that is closed, or of another campaign."""


class DecisionUnknown(NotFound):
    """There is no such decision, or none this actor may see."""


class DecisionFaulty(Invalid):
    """The decision lacks words, difficulties, number or date; ``facts["fields"]`` by field."""


class OwnDecision(NotAllowed):
    """Whoever drafted a decision does not approve it."""


class NothingToDecide(Conflict):
    """Every difficulty of this decision has been settled otherwise meanwhile."""


class NotADocument(Invalid):
    """The attached file is no PDF."""


class AiringUnknown(NotFound):
    """There is no such airing, or none this actor may see."""


class AiringFaulty(Invalid):
    """What was typed cannot be taken; ``facts["fields"]`` by field."""


class NotYetTime(Conflict):
    """An airing is not marked as aired or missed before its time has come."""


class TimeOver(Conflict):
    """An airing is cancelled or moved before its time only; afterwards it was aired or missed."""


class NotASound(Invalid):
    """The file is no recording we know by its first bytes."""


class EnoughProof(Conflict):
    """The airing has as much proof as anybody will look at."""


class TeamUnknown(NotFound):
    """There is no such team, or none this actor may see."""


class MemberUnknown(NotFound):
    """There is no such member in this team."""


class BadTeam(Invalid):
    """A team without a name, decision or commune; ``facts["fields"]`` by field."""


class TeamNameTaken(Conflict):
    """A team of this name stands already in the commune."""


class VillageTaken(Conflict):
    """Another team covers this village; facts: ``village``."""


class VillageElsewhere(Invalid):
    """The place is no village of the team's commune."""


class AlreadyInTeam(Conflict):
    """Whoever bears this telephone number is in a team already."""


class TeamFull(Conflict):
    """A team's members are numbered up to 63, over all its time."""


class CodeUnknown(NotFound):
    """There is no such code in this team."""


class BadCodeLife(Invalid):
    """A code is valid from today on for a year at most."""


class BadTeamEvent(Invalid):
    """An event is declared before it begins, and lasts no longer than a day."""


class TeamEventUnknown(NotFound):
    """There is no such event of this team."""


class NotInTeam(NotAllowed):
    """The account is in no team, so it has no visits to send."""


class TooManyVisits(Invalid):
    """More visits in one batch than may be sent at once; facts: ``most``."""


class VisitUnknown(NotFound):
    """There is no such visit of this team."""


class NothingToSettle(Conflict):
    """The visits do not contradict one another any more."""


class BadLesson(Invalid):
    """A lesson without title or time."""


class NotAMaterial(Invalid):
    """A file of a lesson that is neither a PDF nor a picture."""


class BadHouseholds(Invalid):
    """A count of households without source, of the future, or of a village the team does not cover."""


class MaterialUnknown(NotFound):
    """There is no such file of a lesson for this actor."""


class BadExpense(Invalid):
    """An expense without amount, of the future, or of nobody in the team."""


class ExpenseUnknown(NotFound):
    """There is no such expense waiting for a decision."""


class OwnExpense(NotAllowed):
    """Whoever noted an expense does not approve it."""


class BadDocument(Invalid):
    """An order's document that is neither a PDF nor a Word file; ``facts["words"]`` says what to send."""


class KeyTaken(Conflict):
    """There is a campaign of this key already."""


class OutageKnown(Conflict):
    """An outage of this time was written down before; it moves terms once."""


class SealedBeforeReturn(Conflict):
    """The report was sent back after it was sealed: whoever sealed it had not read why."""


class SampleDrawn(Conflict):
    """A sample of this period and form was drawn before; drawing again until it pleases is no sample."""


class NothingToSample(Conflict):
    """Nothing has been handed in that could be looked at."""


class SampleUnknown(NotFound):
    """There is no such sample, or the unit was not drawn."""


class FindingWithoutWords(Invalid):
    """A report found wrong is described in words."""


class SuspicionUnknown(NotFound):
    """There is no such suspicion, or none this actor may see."""


class ReasonMissing(Invalid):
    """A decision, or an objection to one, without a reason in words; ``facts["fields"]`` says where."""


class OwnSuspicion(NotAllowed):
    """Nobody decides about their own account, nor about an objection to their own decision."""
