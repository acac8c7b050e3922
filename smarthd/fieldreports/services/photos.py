"""From a file nobody looked at to a picture everybody may see: refused by name, or turned upright, blurred, encoded anew.

What is shown is our own encoding of the pixels: no place, no time, no telephone's name, no second file behind the first. The original
stays sealed for those who handle the report; each look at it is written down (services/moderating.py).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from smarthd.fieldreports.errors import PhotoRefused
from smarthd.fieldreports.events import AttachmentProcessed
from smarthd.fieldreports.models import Attachment
from smarthd.fieldreports.ports import Detector, Found, Region
from smarthd.fieldreports.rules import attachments
from smarthd.fieldreports.rules.attachments import Kind, State
from smarthd.kernel import events, files, sealing

ORIGINAL = "fieldreports.original"
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def put_to_work(row: Attachment) -> None:
    """Ask a worker, in this transaction, to make what is shown."""
    from smarthd.fieldreports.tasks import process_attachment  # tasks import services

    process_attachment.defer(attachment_uid=str(row.uid))


@cache
def detector() -> Detector:
    """Return the detector this installation uses (setting FIELDREPORTS_DETECTOR: opencv, console)."""
    if getattr(settings, "FIELDREPORTS_DETECTOR", "opencv") == "console":
        from smarthd.fieldreports.adapters.console import ConsoleDetector

        return ConsoleDetector()
    from smarthd.fieldreports.adapters.opencv import OpenCVDetector

    return OpenCVDetector()


def process(uid: UUID, *, now: datetime, using: Detector | None = None) -> bool:
    """Make what is shown of one attachment; again changes nothing. Return whether it is ready.

    Decoding and searching happen before the row is locked, so that a slow picture holds nobody up.
    """
    row = Attachment.objects.filter(uid=uid).first()
    if row is None or row.state != State.WAITING:
        return row is not None and row.state == State.READY
    raw = sealing.unseal_bytes(files.kept_path(row.original_sha256).read_bytes(), purpose=ORIGINAL)
    if row.kind != Kind.PHOTO:
        return _keep_as_it_is(row, raw, now)
    try:
        upright = decoded(raw)
    except PhotoRefused as refused:
        return _refuse(row, str(refused.facts["why"]), now)
    regions = (using or detector()).find(upright)
    return _keep_pictures(row, upright, regions, now)


def decoded(raw: bytes) -> Image.Image:
    """Return the picture upright, RGB, at most ``attachments.EDGE`` pixels wide or high, and bare of everything but pixels.

    Raises PhotoRefused: too_many_pixels before anything is unpacked, two_faced for a picture that is a second thing, not_a_picture for
    every other file, broken and cut ones among them.
    """
    _open_heif()
    if attachments.kind_of_picture(raw[:32]) is None:
        raise PhotoRefused(why="not_a_picture")
    if attachments.has_second_face(raw):
        raise PhotoRefused(why="two_faced")
    try:
        picture: Image.Image = Image.open(io.BytesIO(raw), formats=FORMATS)
        if picture.width * picture.height > attachments.MAX_PIXELS:
            raise PhotoRefused(why="too_many_pixels")
        if picture.format == "JPEG":
            # Decoded at half or a quarter where that is enough: Pillow asks how often the wanted size goes into each side.
            share = min(1.0, attachments.EDGE / max(picture.size))
            picture.draft("RGB", (math.ceil(picture.width * share), math.ceil(picture.height * share)))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        flat = _on_white(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoRefused(why="too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise PhotoRefused(why="not_a_picture") from None
    flat.thumbnail((attachments.EDGE, attachments.EDGE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return Image.frombytes("RGB", flat.size, flat.tobytes())


@cache
def _open_heif() -> None:
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        see_through = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(see_through, mask=see_through.getchannel("A"))
        return ground
    return picture.convert("RGB")


def blurred(picture: Image.Image, regions: Iterable[Region]) -> Image.Image:
    """Return the picture with its regions made unreadable: to a few large blocks first, so that no sharpening brings them back."""
    shown = picture.copy()
    for region in regions:
        box = (region.left, region.top, region.right, region.bottom)
        cut = shown.crop(box)
        if not (cut.width and cut.height):
            continue
        blocks = (max(1, min(6, cut.width // 4)), max(1, min(6, cut.height // 4)))
        coarse = cut.resize(blocks, Image.Resampling.BOX).resize(cut.size, Image.Resampling.BILINEAR)
        shown.paste(coarse.filter(ImageFilter.GaussianBlur(max(2, cut.width // 12))), box)
    return shown


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)  # progressive: a twentieth smaller, thrice the time
    return out.getvalue()


def _pictures(upright: Image.Image, regions: Sequence[Region]) -> tuple[str, str]:
    """Keep the shown picture and its thumbnail; return their hashes."""
    shown = blurred(upright, regions)
    thumb = shown.copy()
    thumb.thumbnail((attachments.THUMB, attachments.THUMB), Image.Resampling.BOX)
    whole = files.keep(io.BytesIO(_encoded(shown, 82)), limit_mb=attachments.LIMIT_MB[Kind.PHOTO])
    small = files.keep(io.BytesIO(_encoded(thumb, 74)), limit_mb=attachments.LIMIT_MB[Kind.PHOTO])
    return whole.sha256, small.sha256


@transaction.atomic
def _keep_pictures(row: Attachment, upright: Image.Image, regions: Sequence[Region], now: datetime) -> bool:
    row = Attachment.objects.select_for_update().get(pk=row.pk)
    if row.state != State.WAITING:
        return row.state == State.READY
    row.sha256, row.thumb_sha256 = _pictures(upright, regions)
    row.width, row.height = upright.size
    row.faces = sum(region.what is Found.FACE for region in regions)
    row.plates = sum(region.what is Found.PLATE for region in regions)
    row.state = State.READY
    row.save()
    _tell(row, now)
    return True


@transaction.atomic
def _keep_as_it_is(row: Attachment, raw: bytes, now: datetime) -> bool:
    """Keep a recording or a document as it came: it is shown to the handlers, a proof to everybody."""
    row = Attachment.objects.select_for_update().get(pk=row.pk)
    if row.state != State.WAITING:
        return row.state == State.READY
    row.sha256 = files.keep(io.BytesIO(raw), limit_mb=attachments.LIMIT_MB[Kind(row.kind)]).sha256
    row.state = State.READY
    row.save()
    _tell(row, now)
    return True


@transaction.atomic
def _refuse(row: Attachment, why: str, now: datetime) -> bool:
    """Say why it is not taken; what came in is destroyed."""
    row = Attachment.objects.select_for_update().get(pk=row.pk)
    if row.state != State.WAITING:
        return row.state == State.READY
    gone, row.original_sha256 = row.original_sha256, ""
    row.state, row.why = State.REFUSED, why
    row.save()
    transaction.on_commit(lambda: files.forget(gone))
    _tell(row, now)
    return False


def _tell(row: Attachment, now: datetime) -> None:
    report_uid = row.report.uid if row.report else None
    ready = row.state == State.READY
    events.announce(
        AttachmentProcessed(attachment_uid=row.uid, report_uid=report_uid, ready=ready, why=row.why, at=now)
    )


def blur_again(row: Attachment, asked: Sequence[Sequence[float]]) -> None:
    """Blur further regions (shares of width and height) of the shown picture; the caller has locked the row."""
    with Image.open(files.kept_path(row.sha256)) as kept:
        picture = kept.convert("RGB")
    width, height = picture.size
    regions = [
        Region(Found.FACE, int(left * width), int(top * height), int(right * width) + 1, int(bottom * height) + 1)
        for left, top, right, bottom in asked
    ]
    gone = [row.sha256, row.thumb_sha256]
    row.sha256, row.thumb_sha256 = _pictures(picture, regions)
    row.regions = [*row.regions, *(list(region) for region in asked)]
    row.save(update_fields=["sha256", "thumb_sha256", "regions"])
    transaction.on_commit(lambda: forget_files(gone))


def forget_files(hashes: Iterable[str]) -> int:
    """Destroy files that no attachment refers to any more; return how many. The same picture sent twice is one file."""
    count = 0
    for name in {one for one in hashes if one}:
        columns: tuple[dict[str, Any], ...] = ({"sha256": name}, {"thumb_sha256": name}, {"original_sha256": name})
        if not any(Attachment.objects.filter(**column).exists() for column in columns):
            count += files.forget(name)
    return count
