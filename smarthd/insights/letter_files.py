"""The files of an urging letter: made from its material; a signed letter's material is kept and never gathered again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.insights import letters
from smarthd.insights.models import LetterDocument
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors as rollout


@dataclass(frozen=True, slots=True)
class LetterFiles:
    """A letter as a Word file, its list as an Excel file, and the name both are handed out under."""

    docx: bytes
    xlsx: bytes
    name: str
    signed: bool


@transaction.atomic
def letter_files(uid: UUID, *, actor: Actor, now: datetime) -> LetterFiles:
    """Make the files of a letter the actor may see: from what was kept if it is signed, else as a draft of this moment.

    Raises LetterUnknown.
    """
    letter = rollout.letter_for(actor, uid)
    material = letters.gather(letter)
    kept = None
    if letter.signed_at is not None:
        kept = LetterDocument.objects.select_for_update().filter(letter_id=letter.id).first()
        if kept is not None:
            material = letters.from_json(kept.material)
    docx, xlsx = _written(material)
    if letter.signed_at is not None and kept is None:
        kept = LetterDocument.objects.create(
            letter_id=letter.id,
            material=letters.to_json(material),
            content_hash=hashlib.sha256(docx).hexdigest(),
            list_hash=hashlib.sha256(xlsx).hexdigest(),
            made_at=now,
        )
        audit.record(actor, "insights.letter_made", kept, at=now, content_hash=kept.content_hash)
    name = f"cong-van-don-doc_{letter.campaign_key}_{letter.as_of:%Y-%m-%d}" + ("" if kept else "_du-thao")
    return LetterFiles(docx, xlsx, name, signed=letter.signed_at is not None)


def letter_is_reproduced(uid: UUID, *, actor: Actor) -> bool:
    """Say whether a signed letter's files come out with the hashes written down when they were first made."""
    letter = rollout.letter_for(actor, uid)
    kept = LetterDocument.objects.filter(letter_id=letter.id).first()
    if kept is None:
        return False
    material = letters.from_json(kept.material)
    hashes = [hashlib.sha256(content).hexdigest() for content in _written(material)]
    return hashes == [kept.content_hash, kept.list_hash]


def _written(material: letters.LetterMaterial) -> tuple[bytes, bytes]:
    """Write the letter and its list. Their libraries are loaded where a document is made, not in every web process."""
    from smarthd.insights.documents import cong_van, late_list

    return cong_van.write(material), late_list.write(material)
