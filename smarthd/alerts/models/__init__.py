"""Tables of warnings: the messages and their life, what citizens answer, what comes from other senders."""

from __future__ import annotations

from smarthd.alerts.models.answers import Answer, Echo, HelpStep, Opening
from smarthd.alerts.models.exchange import QuarantinedMessage, RelayPosition, RelayPost
from smarthd.alerts.models.messages import Alert, AlertStep, AreaPreset
from smarthd.alerts.models.rehearsals import Rehearsal
from smarthd.alerts.models.shelters import Shelter
from smarthd.alerts.models.sources import ImportedMessage, TrustedSource

__all__ = [
    "Alert",
    "AlertStep",
    "Answer",
    "AreaPreset",
    "Echo",
    "HelpStep",
    "ImportedMessage",
    "Opening",
    "QuarantinedMessage",
    "Rehearsal",
    "RelayPosition",
    "RelayPost",
    "Shelter",
    "TrustedSource",
]
