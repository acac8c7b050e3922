"""What is refused about warnings. Names are stable; words for people are in ``rules.refusals``."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from smarthd.kernel.limits import TooManyAttempts


class AlertUnknown(NotFound):
    """There is no such warning, or none this person may see."""


class AlertFaulty(Invalid):
    """The warning is not right yet; facts: fields (name → what is wrong, in words)."""


class OwnAlertApproval(NotAllowed):
    """Who wrote or changed a warning does not approve it."""


class FreshFactorNeeded(NotAllowed):
    """A warning on which lives hang is approved with a code or passkey given for this very approval."""


class ContentMoved(Conflict):
    """The warning is not what the approver read; facts: none."""


class AlertMovedOn(Conflict):
    """The warning this one updates or cancels is no longer in force."""


class StaleAlert(Conflict):
    """A colleague saved another version since the page was opened."""


class BeyondArea(NotAllowed):
    """Communes outside what this agency answers for; facts: names."""


class SecondPersonNeeded(NotAllowed):
    """Break-glass needs another official who may approve warnings here, with a code of theirs."""


class ReviewNotOwed(Conflict):
    """Nothing is left to review, or the reviewer was one of the two."""


class ReturnReasonMissing(Invalid):
    """Sent back without a word about any field."""


class AnswerFaulty(Invalid):
    """A citizen's answer says too little; facts: fields."""


class AlertOver(Conflict):
    """The warning is no longer in force: nothing is answered to it."""


class TooManyAnswers(TooManyAttempts):
    """One phone answers too often."""


class HelpUnknown(NotFound):
    """There is no such call for help, or none this official may see."""


class CapUnreadable(Invalid):
    """It is no CAP 1.2 message we accept; facts: why."""


class CapTooLarge(Invalid):
    """More bytes than a CAP message or feed may have; facts: limit_kb."""


class CapUnsigned(NotAllowed):
    """The message bears no signature of the certificate pinned for its sender."""


class SourceUnknown(NotFound):
    """No trusted source bears this key."""


class SourceFaulty(Invalid):
    """A source's certificate, sender or address is not right; facts: fields."""


class PresetFaulty(Invalid):
    """A preset needs a name and communes; facts: fields."""


class ShelterUnknown(NotFound):
    """There is no such shelter, or none this official keeps."""


class ShelterFaulty(Invalid):
    """A shelter is not told right; facts: fields."""


class ShelterTableFaulty(Invalid):
    """A table of shelters has faults, and nothing of it was taken in; facts: lines (number, words), more."""
