"""Proof that an outlet carried a bulletin: added by officials, never changed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from smarthd.channels import policies
from smarthd.channels.errors import DispatchUnknown, NotAProof, ProofFaulty, TooManyProofs
from smarthd.channels.models import Dispatch, DispatchProof
from smarthd.channels.rules import dispatches as rules
from smarthd.channels.rules.dispatches import State
from smarthd.kernel import audit, files, pictures, sounds, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

MOST, FILE_MB = 6, 20


@transaction.atomic
def prove_by_link(uid: UUID, *, url: str, note: str, actor: Actor, now: datetime) -> DispatchProof:
    """Prove by where it can be seen: a full http or https address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or len(url) > 500:
        raise ProofFaulty(fields={"url": "Dán cả đường dẫn, bắt đầu bằng https://"})
    return _prove(uid, DispatchProof(kind="link", url=url.strip(), note=text.nfc(note)[:300]), actor=actor, now=now)


@transaction.atomic
def prove_by_file(uid: UUID, *, stream: BinaryIO, note: str, actor: Actor, now: datetime) -> DispatchProof:
    """Prove by a photo (encoded anew: no place stays in it), a recording or a PDF, known by their first bytes."""
    head = stream.read(64)
    stream.seek(0)
    sound = sounds.sound_of(head)
    if sound is not None:
        kept, kind, content_type = files.keep(stream, limit_mb=FILE_MB), "audio", sound[0]
    elif head.startswith(b"%PDF-"):
        kept, kind, content_type = files.keep(stream, limit_mb=FILE_MB), "paper", "application/pdf"
    else:
        try:
            encoded, suffix = pictures.reencode(stream)
        except pictures.NotAPicture:
            raise NotAProof from None
        kept, kind = files.keep(io.BytesIO(encoded), limit_mb=FILE_MB * 2), "photo"
        content_type = "image/png" if suffix == ".png" else "image/jpeg"
    proof = DispatchProof(
        kind=kind, sha256=kept.sha256, size=kept.size, content_type=content_type, note=text.nfc(note)[:300]
    )
    return _prove(uid, proof, actor=actor, now=now)


def _prove(uid: UUID, proof: DispatchProof, *, actor: Actor, now: datetime) -> DispatchProof:
    row = Dispatch.objects.select_for_update(of=("self",)).select_related("outlet", "bulletin").filter(uid=uid).first()
    if row is None or not policies.can_see_dispatch(actor, row):
        raise DispatchUnknown
    require(policies.can_work(actor, row))
    there = DispatchProof.objects.filter(dispatch=row)
    if proof.sha256 and (known := there.filter(sha256=proof.sha256).first()) is not None:
        return known
    if there.count() >= MOST:
        raise TooManyProofs
    row.state = rules.PROVE.apply(State(row.state))
    row.save(update_fields=["state"])
    proof.dispatch, proof.added_by, proof.added_at = row, actor.account_id, now
    proof.save()
    audit.record(actor, "channels.dispatch_proven", row, at=now, kind=proof.kind)
    return proof
