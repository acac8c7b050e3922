"""Files that came with a plain form: put through the same small pieces a weak line sends, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from smarthd.fieldreports.rules import attachments
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.services import uploads
from smarthd.fieldreports.values import Caller
from smarthd.kernel import errors
from smarthd.ui import refusals


@dataclass
class Received:
    """What came of the files: those taken in, and what is wrong with the others, in words."""

    uids: list[UUID] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def take_files(
    files: Sequence[UploadedFile[Any]], kind: Kind, *, caller: Caller, address: str, now: datetime, into: Received
) -> None:
    """Take files in one by one; one that is refused says so by its name and holds none of the others up."""
    for file in files:
        try:
            into.uids.append(_take(file, kind, caller, address, now))
        except errors.Refusal as refusal:
            words = refusals.words_of(refusal)
            into.problems.append(_("%(name)s: %(words)s") % {"name": file.name, "words": words.body})


def _take(file: UploadedFile[Any], kind: Kind, caller: Caller, address: str, now: datetime) -> UUID:
    view = uploads.begin_upload(kind=kind, size=file.size or 0, caller=caller, now=now, address=address)
    offset = 0
    while piece := file.read(attachments.PIECE):
        uploads.append_piece(view.uid, offset=offset, raw=piece, caller=caller, now=now)
        offset += len(piece)
    return uploads.finish_upload(view.uid, part=Part.CITIZEN, caller=caller, now=now)
