"""A file on its way from a weak line: begun, sent piece by piece, taken up again where it broke off, finished once."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.fieldreports.errors import (
    DocumentRefused,
    PhotoRefused,
    SoundRefused,
    UploadIncomplete,
    UploadOffset,
    UploadTooLarge,
    UploadUnknown,
)
from smarthd.fieldreports.models import Attachment, Upload, UploadPiece
from smarthd.fieldreports.rules import attachments, intake
from smarthd.fieldreports.rules.attachments import Kind, Part, State
from smarthd.fieldreports.services import floods, photos
from smarthd.fieldreports.values import Caller, UploadView
from smarthd.kernel import files, sealing, sounds
from smarthd.kernel.policies import require

PER_OWNER: tuple[tuple[int, timedelta], ...] = ((40, timedelta(hours=1)), (120, timedelta(days=1)))
PER_ADDRESS = tuple((limit * 10, window) for limit, window in PER_OWNER)


@transaction.atomic
def begin_upload(*, kind: Kind, size: int, caller: Caller, now: datetime, address: str = "") -> UploadView:
    """Open an upload of so many bytes. Too large is said before a byte is sent; floods are refused as reports are."""
    require(bool(caller.mark) or bool(caller.actor.system), act="upload")
    if not 0 < size <= attachments.LIMIT_MB[kind] * attachments.MB:
        raise UploadTooLarge(limit_mb=attachments.LIMIT_MB[kind], size_mb=round(size / attachments.MB, 1))
    keys = [("device", caller.mark.hex()[:40], PER_OWNER)]
    if address:
        keys.append(("address", sealing.blind_index(address, purpose=intake.ADDRESS).hex()[:40], PER_ADDRESS))
    floods.count_sendings("fr.up", keys, now=now)
    row = Upload.objects.create(owner=_mark(caller), kind=kind, size=size, begun_at=now)
    return UploadView(row.uid, 0, size)


def _mark(caller: Caller) -> bytes:
    return caller.mark or hashlib.sha256(f"system:{caller.actor.system}".encode()).digest()


def upload_state(uid: UUID, *, caller: Caller) -> UploadView:
    """Say from where a broken upload goes on."""
    row = _own(Upload.objects.filter(uid=uid).first(), caller)
    return UploadView(row.uid, row.received, row.size)


@transaction.atomic
def append_piece(uid: UUID, *, offset: int, raw: bytes, caller: Caller, now: datetime) -> UploadView:
    """Add the next piece (≤ 1 MB). A piece sent again is taken once; one from elsewhere is refused with where to go on from."""
    row = _own(Upload.objects.select_for_update().filter(uid=uid).first(), caller)
    if not 0 < len(raw) <= attachments.PIECE:
        raise UploadTooLarge(limit_mb=attachments.PIECE // attachments.MB, size_mb=round(len(raw) / attachments.MB, 1))
    if offset + len(raw) <= row.received and UploadPiece.objects.filter(upload=row, offset=offset).exists():
        return UploadView(row.uid, row.received, row.size)
    if offset != row.received or offset + len(raw) > row.size:
        raise UploadOffset(offset=row.received, size=row.size)
    UploadPiece.objects.create(upload=row, offset=offset, raw=raw)
    row.received = offset + len(raw)
    row.save(update_fields=["received"])
    return UploadView(row.uid, row.received, row.size)


@transaction.atomic
def finish_upload(
    uid: UUID,
    *,
    part: Part,
    caller: Caller,
    now: datetime,
    agency_id: int | None = None,
    lat: float | None = None,
    lon: float | None = None,
    taken_at: datetime | None = None,
) -> UUID:
    """Put the pieces together, keep the original sealed, and let a worker make what is shown. Return the attachment's uid.

    ``lat``, ``lon``, ``taken_at`` are what an official's proof says of itself; nothing is read from the file.
    """
    row = _own(Upload.objects.select_for_update().filter(uid=uid).first(), caller)
    if row.received != row.size:
        raise UploadIncomplete(offset=row.received, size=row.size)
    raw = b"".join(bytes(piece) for piece in row.pieces.order_by("offset").values_list("raw", flat=True))
    made = _keep(
        raw,
        kind=Kind(row.kind),
        part=part,
        owner=bytes(row.owner),
        now=now,
        by=caller.actor.account_id if agency_id is not None else None,
        by_agency_id=agency_id,
        lat=lat,
        lon=lon,
        taken_at=taken_at,
    )
    row.delete()
    return made.uid


@transaction.atomic
def take_whole(
    raw: bytes, *, kind: Kind, part: Part, caller: Caller, now: datetime, uid: UUID | None = None
) -> Attachment:
    """Take a file that came in one piece, by another program or by mail; who hands it over has counted whoever sent it.

    ``uid`` names a file that may be handed over again: it is then the one it was.
    """
    if not 0 < len(raw) <= attachments.LIMIT_MB[kind] * attachments.MB:
        raise UploadTooLarge(limit_mb=attachments.LIMIT_MB[kind], size_mb=round(len(raw) / attachments.MB, 1))
    owner = _mark(caller)
    if uid is None:
        return _keep(raw, kind=kind, part=part, owner=owner, now=now)
    known = Attachment.objects.filter(uid=uid, owner=owner)
    try:
        with transaction.atomic():
            return known.first() or _keep(raw, kind=kind, part=part, owner=owner, now=now, uid=uid)
    except IntegrityError:
        return known.get()  # handed over twice at once: the other was first


def _keep(raw: bytes, *, kind: Kind, part: Part, owner: bytes, now: datetime, **more: Any) -> Attachment:
    """Keep the original sealed and let a worker make what is shown."""
    content_type = _type_of(kind, raw)
    sealed = sealing.seal_bytes(raw, purpose=photos.ORIGINAL)
    kept = files.keep(io.BytesIO(sealed), limit_mb=attachments.LIMIT_MB[kind] + 1)
    made = Attachment.objects.create(
        owner=owner,
        kind=kind,
        part=part,
        state=State.WAITING,
        made_at=now,
        original_sha256=kept.sha256,
        original_mark=hashlib.sha256(raw).hexdigest(),
        original_size=len(raw),
        content_type=content_type,
        **more,
    )
    photos.put_to_work(made)
    return made


def _type_of(kind: Kind, raw: bytes) -> str:
    """Return the type by the first bytes, or refuse what is plainly something else; a photo is looked at whole by the worker."""
    if kind is Kind.VOICE:
        found = sounds.sound_of(raw[:64])
        if found is None:
            raise SoundRefused(why="not_a_sound")
        return found[0]
    if kind is Kind.DOCUMENT:
        document = attachments.kind_of_document(raw[:16])
        if document is None:
            raise DocumentRefused(why="not_a_document")
        return document
    picture = attachments.kind_of_picture(raw[:32])
    if picture is None:
        raise PhotoRefused(why="not_a_picture")
    return picture


def _own(row: Upload | None, caller: Caller) -> Upload:
    if row is None or bytes(row.owner) not in {*caller.marks, *([_mark(caller)] if caller.actor.system else [])}:
        raise UploadUnknown
    return row
