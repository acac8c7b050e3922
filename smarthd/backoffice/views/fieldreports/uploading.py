"""Files an official sends with a form, handed to the same uploads a phone uses: sealed, made anew by a worker, refused by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from smarthd.fieldreports.rules.attachments import PIECE, Kind, Part
from smarthd.fieldreports.services import uploads
from smarthd.fieldreports.values import Caller

MOST = 6


def taken_in(
    sent: Any,
    part: Part,
    *,
    caller: Caller,
    agency_id: int | None,
    now: datetime,
    point: tuple[float, float] | None = None,
    taken_at: datetime | None = None,
) -> UUID:
    """Take one file in and return its uid; ``point`` and ``taken_at`` are what the official says of it."""
    kind = Kind.DOCUMENT if part is Part.PROOF else Kind.PHOTO
    begun = uploads.begin_upload(kind=kind, size=sent.size, caller=caller, now=now)
    offset = 0
    for piece in sent.chunks(PIECE):
        uploads.append_piece(begun.uid, offset=offset, raw=piece, caller=caller, now=now)
        offset += len(piece)
    return uploads.finish_upload(
        begun.uid,
        part=part,
        caller=caller,
        now=now,
        agency_id=agency_id,
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        taken_at=taken_at,
    )


def uids_of(written: list[str]) -> list[UUID]:
    """Return the identifiers that are any, each once."""
    found = []
    for one in written[: 4 * MOST]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
