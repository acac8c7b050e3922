"""Tables of citizens' reports, by use: reports and their life, files, and the data administrators edit."""

from __future__ import annotations

from smarthd.fieldreports.models.files import Attachment, Upload, UploadPiece
from smarthd.fieldreports.models.mail import MailLink
from smarthd.fieldreports.models.reports import (
    Answer,
    Follow,
    Rating,
    Report,
    ReportStep,
    Sender,
    Support,
    Verdict,
)
from smarthd.fieldreports.models.routing import (
    AnswerTemplate,
    Category,
    CategoryAttribute,
    ImportRun,
    MapCell,
    MapChange,
    RoutingRule,
)

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Attachment",
    "Category",
    "CategoryAttribute",
    "Follow",
    "ImportRun",
    "MailLink",
    "MapCell",
    "MapChange",
    "Rating",
    "Report",
    "ReportStep",
    "RoutingRule",
    "Sender",
    "Support",
    "Upload",
    "UploadPiece",
    "Verdict",
]
