"""Photos: what comes in is refused or made harmless; what is shown says nothing of who took it, where and when."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image, ImageDraw

from smarthd.fieldreports.adapters.console import ConsoleDetector
from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.adapters.opencv import OpenCVDetector
from smarthd.fieldreports.errors import (
    AttachmentUnknown,
    DocumentRefused,
    FieldReportFaulty,
    PhotoRefused,
    SoundRefused,
    UploadIncomplete,
    UploadOffset,
    UploadTooLarge,
    UploadUnknown,
)
from smarthd.fieldreports.models import Attachment, UploadPiece
from smarthd.fieldreports.ports import Detector, Found, Region
from smarthd.fieldreports.rules import attachments
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import handling, moderating, photos, uploads
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW
from smarthd.kernel import files
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.models import AuditEntry

MB = attachments.MB


def jpeg(picture, **how):
    out = io.BytesIO()
    picture.save(out, "JPEG", **how)
    return out.getvalue()


def with_exif():
    """A photo that tells where, when and with what it was taken, lying on its side."""
    picture = Image.new("RGB", (60, 40), "red")
    ImageDraw.Draw(picture).rectangle((0, 0, 10, 39), fill="blue")  # the left edge, once upright the top
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010F] = "Hang-May"
    exif[0x9003] = "2024:04:08 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 56.0, 24.0), 3: "E", 4: (106.0, 19.0, 12.0)})
    return jpeg(picture, exif=exif)


# --- what is taken, what is refused ----------------------------------------------------------------------------------
def test_place_time_and_maker_never_leave(land):
    raw = with_exif()
    assert b"Hang-May" in raw
    uid = make.upload(raw, make.phone())
    assert photos.process(uid, now=NOW)
    row = Attachment.objects.get(uid=uid)
    for name in (row.sha256, row.thumb_sha256):
        kept = files.kept_path(name).read_bytes()
        assert b"Hang-May" not in kept
        assert b"Exif" not in kept
        with Image.open(io.BytesIO(kept)) as shown:
            assert not dict(shown.getexif())


def test_a_photo_stands_upright(land):
    upright = photos.decoded(with_exif())
    assert upright.size == (40, 60)
    assert upright.getpixel((20, 3))[2] > 200


def test_a_heic_photo_is_read(land):
    pillow_heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "green")).save(out, quality=80)
    raw = out.getvalue()
    assert attachments.kind_of_picture(raw[:32]) == "image/heic"
    uid = make.upload(raw, make.phone())
    assert photos.process(uid, now=NOW)
    assert Attachment.objects.get(uid=uid).width == 64


def bomb():
    """A PNG of 900 million pixels in a few kilobytes."""
    import struct
    import zlib

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def as_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hai trong một")
    return out.getvalue()


HOSTILE = {
    "bomb": (bomb, "too_many_pixels"),
    "zip behind a jpeg": (lambda: make.picture() + as_zip(), "two_faced"),
    "page behind a jpeg": (lambda: make.picture() + b"<script>alert(1)</script>", "two_faced"),
    "pdf behind a jpeg": (lambda: make.picture() + b"%PDF-1.7\n", "two_faced"),
    "cut jpeg": (lambda: jpeg(Image.effect_noise((400, 400), 90).convert("RGB"))[:9_000], "not_a_picture"),
    "jpeg by name only": (lambda: b"\xff\xd8\xff" + b"rubbish" * 50, "not_a_picture"),
    "png by name only": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(400), "not_a_picture"),
    "heic by name only": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(400), "not_a_picture"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pictures_are_refused_by_the_worker_and_destroyed(land, name):
    made, why = HOSTILE[name]
    uid = make.upload(made(), make.phone())
    original = Attachment.objects.get(uid=uid).original_sha256
    assert not photos.process(uid, now=NOW)
    row = Attachment.objects.get(uid=uid)
    assert (row.state, row.why, row.sha256) == ("refused", why, "")
    assert row.original_sha256 == ""
    assert original


@pytest.mark.parametrize(
    "raw",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(50), b"II*\x00" + bytes(50), b"MZ" + bytes(99)],
)
def test_what_is_no_photo_is_refused_at_the_door(land, raw):
    with pytest.raises(PhotoRefused):
        make.upload(raw, make.phone())


def test_a_motion_photo_is_taken_without_its_film(land):
    raw = make.picture() + b"\x00\x00\x00\x18ftypmp42" + bytes(5_000)
    uid = make.upload(raw, make.phone())
    assert photos.process(uid, now=NOW)
    assert b"ftyp" not in files.kept_path(Attachment.objects.get(uid=uid).sha256).read_bytes()


def test_transparent_and_grey_pictures_become_plain_ones(land):
    for mode in ("RGBA", "LA", "L", "P", "CMYK"):
        out = io.BytesIO()
        Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
        assert photos.decoded(out.getvalue()).mode == "RGB"


def test_only_pdf_is_a_document_and_only_sound_is_a_recording(land):
    with pytest.raises(DocumentRefused):
        make.upload(as_zip(), land.clerk, kind=Kind.DOCUMENT, part=Part.PROOF)
    with pytest.raises(SoundRefused):
        make.upload(make.picture(), make.phone(), kind=Kind.VOICE)
    assert make.upload(b"%PDF-1.4\n", land.clerk, kind=Kind.DOCUMENT, part=Part.PROOF)
    assert make.upload(b"OggS" + bytes(60), make.phone(), kind=Kind.VOICE)


# --- on the way ------------------------------------------------------------------------------------------------------
def test_an_upload_goes_on_where_it_broke_off(land):
    phone, raw = make.phone(), jpeg(Image.effect_noise((1600, 1500), 90).convert("RGB"), quality=95)
    assert len(raw) > MB
    view = uploads.begin_upload(kind=Kind.PHOTO, size=len(raw), caller=phone, now=NOW)
    uploads.append_piece(view.uid, offset=0, raw=raw[:MB], caller=phone, now=NOW)
    again = uploads.append_piece(view.uid, offset=0, raw=raw[:MB], caller=phone, now=NOW)
    assert again.offset == MB
    with pytest.raises(UploadIncomplete):
        uploads.finish_upload(view.uid, part=Part.CITIZEN, caller=phone, now=NOW)
    with pytest.raises(UploadOffset) as refused:
        uploads.append_piece(view.uid, offset=MB + 7, raw=b"x", caller=phone, now=NOW)
    assert refused.value.facts["offset"] == MB
    assert uploads.upload_state(view.uid, caller=phone).offset == MB
    for offset in range(MB, len(raw), MB):
        uploads.append_piece(view.uid, offset=offset, raw=raw[offset : offset + MB], caller=phone, now=NOW)
    uid = uploads.finish_upload(view.uid, part=Part.CITIZEN, caller=phone, now=NOW)
    assert photos.process(uid, now=NOW)
    assert UploadPiece.objects.count() == 0
    with pytest.raises(UploadUnknown):
        uploads.finish_upload(view.uid, part=Part.CITIZEN, caller=phone, now=NOW)


def test_thirty_megabytes_are_refused_before_a_byte_is_sent(land):
    with pytest.raises(UploadTooLarge) as refused:
        uploads.begin_upload(kind=Kind.PHOTO, size=30 * MB, caller=make.phone(), now=NOW)
    assert refused.value.facts == {"limit_mb": 20, "size_mb": 30.0}


def test_nobody_goes_on_with_anothers_upload(land):
    view = uploads.begin_upload(kind=Kind.PHOTO, size=100, caller=make.phone(), now=NOW)
    with pytest.raises(UploadUnknown):
        uploads.append_piece(view.uid, offset=0, raw=b"x", caller=make.phone(), now=NOW)
    with pytest.raises(NotAllowed):
        uploads.begin_upload(kind=Kind.PHOTO, size=100, caller=make.Caller(), now=NOW)


# --- faces and plates ------------------------------------------------------------------------------------------------
def striped():
    """A picture of fine stripes: any part that was blurred has lost them."""
    picture = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(picture)
    for x in range(0, 400, 4):
        draw.line((x, 0, x, 299), fill="black", width=2)
    return picture


def contrast(picture, box):
    low, high = picture.convert("L").crop(box).getextrema()
    return high - low


def test_what_was_found_cannot_be_read_and_the_rest_can():
    shown = photos.blurred(striped(), [Region(Found.PLATE, 100, 100, 200, 160)])
    assert contrast(shown, (105, 105, 195, 155)) < 90
    assert contrast(shown, (250, 100, 350, 160)) > 200


def test_the_shown_photo_is_blurred_and_the_original_is_sealed(land):
    phone, raw = make.phone(), jpeg(striped(), quality=95)
    uid = make.upload(raw, phone)
    photos.process(uid, now=NOW, using=FakeDetector([Region(Found.FACE, 100, 100, 200, 160)]))
    row = Attachment.objects.get(uid=uid)
    with Image.open(files.kept_path(row.sha256)) as shown:
        assert contrast(shown, (110, 110, 190, 150)) < 90
    assert (row.faces, row.plates) == (1, 0)
    assert raw[:200] not in files.kept_path(row.original_sha256).read_bytes()


def test_the_original_opens_for_handlers_with_a_reason_and_is_written_down(land):
    phone, raw = make.phone(), make.picture()
    uid = make.upload(raw, phone)
    photos.process(uid, now=NOW)
    report = make.sent(land, phone, attachment_uids=[uid])
    opened, kind = moderating.open_original(uid, reason="Cần đọc biển số xe đổ trộm rác", caller=land.clerk, now=NOW)
    assert (opened, kind) == (raw, "image/jpeg")
    entry = AuditEntry.objects.get(act="fieldreports.original_opened")
    assert (entry.account_id, entry.facts["report"]) == (land.clerk.actor.account_id, report.code)
    with pytest.raises(NotAllowed):
        moderating.open_original(uid, reason="muốn xem thử thôi mà", caller=land.auditor, now=NOW)
    for outside in (phone, make.phone(), land.department_clerk):
        with pytest.raises(AttachmentUnknown):
            moderating.open_original(uid, reason="muốn xem thử thôi mà", caller=outside, now=NOW)


def test_people_can_blur_what_the_machine_missed(land):
    phone = make.phone()
    uid = make.upload(jpeg(striped(), quality=95), phone)
    photos.process(uid, now=NOW)
    make.sent(land, phone, attachment_uids=[uid])
    before = Attachment.objects.get(uid=uid).sha256
    moderating.blur_more(uid, regions=[(0.5, 0.5, 0.8, 0.9)], caller=land.chief, now=NOW)
    row = Attachment.objects.get(uid=uid)
    assert row.sha256 != before
    with Image.open(files.kept_path(row.sha256)) as shown:
        assert contrast(shown, (215, 165, 305, 255)) < 90
    with pytest.raises(FieldReportFaulty):
        moderating.blur_more(uid, regions=[(0.9, 0.5, 0.8, 0.9)], caller=land.chief, now=NOW)


def test_a_photo_is_everybodys_only_once_an_official_has_looked(land):
    phone = make.phone()
    uid = make.upload(make.picture(), phone)
    photos.process(uid, now=NOW)
    report = make.sent(land, phone, attachment_uids=[uid])
    stranger = make.phone()
    for allowed in (phone, land.clerk):
        path, kind = gate.attachment_for(allowed, uid, thumb=True)
        assert path.exists()
        assert kind == "image/jpeg"
    with pytest.raises(AttachmentUnknown):
        gate.attachment_for(stranger, uid)
    handling.accept(report.code, caller=land.clerk, now=NOW)
    assert gate.attachment_for(stranger, uid)[0].exists()
    moderating.hide_photo(uid, words="Có mặt trẻ em trong ảnh.", caller=land.chief, now=NOW)
    with pytest.raises(AttachmentUnknown):
        gate.attachment_for(stranger, uid)
    assert gate.attachment_for(land.clerk, uid)[0].exists()
    assert gate.report_for(stranger, report.code, now=NOW).files == ()


def test_a_recording_is_never_everybodys(land):
    phone = make.phone()
    uid = make.upload(b"OggS" + bytes(60), phone, kind=Kind.VOICE)
    photos.process(uid, now=NOW)
    report = make.sent(land, phone, attachment_uids=[uid])
    handling.accept(report.code, caller=land.clerk, now=NOW)
    with pytest.raises(AttachmentUnknown):
        gate.attachment_for(make.phone(), uid)
    assert gate.attachment_for(land.clerk, uid)[1] == "audio/ogg"


# --- the detectors keep one contract ---------------------------------------------------------------------------------
DETECTORS = {
    "opencv": OpenCVDetector,
    "console": ConsoleDetector,
    "fake": lambda: FakeDetector([Region(Found.FACE, 10, 10, 5_000, 5_000)]),
}


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("size", [(1, 1), (40, 700), (1920, 1440)])
def test_a_detector_answers_within_the_picture(name, size):
    detector: Detector = DETECTORS[name]()
    for region in detector.find(Image.effect_noise(size, 60).convert("RGB")):
        assert 0 <= region.left <= region.right <= size[0]
        assert 0 <= region.top <= region.bottom <= size[1]


def plate(words=("34-B1", "123.45")):
    """A motorbike plate as drawn by us: white, two lines of black letters."""
    from PIL import ImageFont

    drawn = Image.new("RGB", (190, 140), "white")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((1, 1, 188, 138), outline="black", width=3)
    for row, line in enumerate(words):
        pen.text((18, 12 + row * 62), line, fill="black", font=ImageFont.load_default(46))
    return drawn


def test_a_drawn_two_line_plate_is_found():
    scene = Image.new("RGB", (1280, 960), (90, 100, 95))
    scene.paste(plate(), (500, 600))
    found = [region for region in OpenCVDetector().find(scene) if region.what is Found.PLATE]
    assert any(
        region.left <= 505 and region.right >= 685 and region.top <= 605 and region.bottom >= 735 for region in found
    )
