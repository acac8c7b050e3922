"""What is refused about reports. Names are stable; words for people are in ``rules.refusals``."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound
from smarthd.kernel.limits import TooManyAttempts


class ReportUnknown(NotFound):
    """There is no such report, or none this person may see."""


class AttachmentUnknown(NotFound):
    """There is no such photo, recording or document, or none this person may see."""


class UploadUnknown(NotFound):
    """There is no such upload of this phone, or it is over."""


class RuleUnknown(NotFound):
    """There is no such routing rule."""


class CategoryUnknown(NotFound):
    """There is no such category, or it is no longer in use."""


class TemplateUnknown(NotFound):
    """There is no such template of this agency."""


class NoModelYet(NotFound):
    """Nothing was learned yet: run ``smarthd fieldreports train``."""


class FieldReportFaulty(Invalid):
    """What was sent is not right; facts: fields (name → what is wrong, in words)."""


class OutsideProvince(Invalid):
    """The point lies outside the ground of this province and not near it; facts: distance_m, or None far away."""


class NoPlace(Invalid):
    """Neither a point nor a commune was given."""


class SameIdOtherContent(Conflict):
    """A client id was used again for other words, another place or other photos; facts: code of the report it stands for."""


class TooManyReports(TooManyAttempts):
    """The limit of one telephone, address or device is used up; facts: who (phone, address, device), retry_at."""


class NotEnoughProof(Invalid):
    """Something "fixed" needs a photo from after, or a document; other answers need their reason."""


class TemplateUnedited(Invalid):
    """The words are a template as it stands, or a gap in it was left unfilled; facts: gaps."""


class ChildrenOpen(Conflict):
    """Parts of a split report are still open; facts: codes."""


class NothingToJoin(Conflict):
    """Nothing to merge, or into itself, or into one that is over."""


class BadSplit(Invalid):
    """A report is split into two parts at least, each with words of its own."""


class NobodyAbove(Conflict):
    """There is nobody above to decide."""


class TooLate(Conflict):
    """The time for this is over; facts: until."""


class AlreadyExtended(Conflict):
    """The deadline was extended as often as allowed."""


class NotLonger(Invalid):
    """The new deadline is not later than the one in force, or lies in the past."""


class AlreadySaid(Conflict):
    """This person has said so already."""


class NotOverYet(Conflict):
    """A report is rated when it has come to its end."""


class CompetentBodyMissing(Invalid):
    """A refusal for want of competence names who is competent."""


class PhotoRefused(Invalid):
    """The picture is not taken in; facts: why (too_large, not_a_picture, two_faced, too_many_pixels)."""


class SoundRefused(Invalid):
    """The recording is of no kind we know; facts: why."""


class DocumentRefused(Invalid):
    """The document is no PDF."""


class TooManyFiles(Conflict):
    """A report takes six photos and one recording."""


class UploadOffset(Conflict):
    """The piece does not continue where the upload stands; facts: offset (send from here)."""


class UploadTooLarge(Invalid):
    """The file is larger than allowed; facts: limit_mb."""


class UploadIncomplete(Conflict):
    """Pieces are missing; facts: offset, size."""


class OriginalGone(NotFound):
    """The original was destroyed: its time was over, or its sender asked for it."""


class LinkForged(NotFound):
    """The link in a letter was not made here, or was changed."""


class LinkUsed(Conflict):
    """The link in a letter was used already; facts: code, at."""


class LinkExpired(Conflict):
    """The link in a letter is too old; facts: code, at."""


class LinkOver(Conflict):
    """The report has moved on: another agency holds it, or it was answered; facts: code."""


class RuleClash(Conflict):
    """Another rule of the same place, category and hours is in force in this time; facts: name, uid."""


class RuleFaulty(Invalid):
    """A rule names who answers, and a time that runs forward; facts: fields."""


class CategoryFaulty(Invalid):
    """The category's name, hours or place in the tree is not right; facts: fields."""


class FileUnreadable(Invalid):
    """The file of another system cannot be read; facts: line, words."""


class SourceUnreachable(Conflict):
    """Another system's server cannot be asked, or fails; facts: words."""


class TooLittleHistory(Invalid):
    """There are too few reports with a settled category to learn from; facts: have, need."""
