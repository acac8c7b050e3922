"""Reports for the pages' tests: what somebody types, pictures with a place in them, officials who act."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Role
from smarthd.citizen.tests.conftest import NOW, SYSTEM, Words
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.rules.states import DeclineReason, Outcome
from smarthd.fieldreports.services import answering, closing, handling, photos, uploads
from smarthd.fieldreports.values import Caller
from smarthd.people import services as people

SEND = "/phan-anh/gui/"
SAID = "Đèn đường trước cổng chợ tắt đã một tuần, tối đến không nhìn thấy đường"
ANSWER = "Đã thay bóng đèn và kiểm tra cả tuyến, tối qua đèn đã sáng trở lại."


def picture(colour: str = "grey", size: tuple[int, int] = (320, 240)) -> bytes:
    """Return a JPEG that says where and with what it was taken."""
    out = io.BytesIO()
    marks = Image.Exif()
    marks[0x0110] = "MayChupCuaToi"
    place = marks.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (20.0, 56.0, 0.0), "E", (106.0, 19.0, 0.0)
    Image.new("RGB", size, colour).save(out, "JPEG", exif=marks)
    return out.getvalue()


def photo_file(name: str = "anh.jpg", raw: bytes | None = None) -> SimpleUploadedFile:
    """Return a photo as a form sends it."""
    return SimpleUploadedFile(name, raw or picture(), content_type="image/jpeg")


def typed(words: Words, /, **changes: Any) -> dict[str, Any]:
    """Return what somebody types into the page, of the first ward."""
    return {
        "words": SAID,
        "category": "den-duong",
        "lat": f"{words.ward.lat:.6f}",
        "lon": f"{words.ward.lon:.6f}",
        "place_source": "gps",
        "accuracy_m": "12",
        "client_id": str(uuid4()),
        "seen": "1",
        **changes,
    }


def sent(client: Client, words: Words, /, **changes: Any) -> Report:
    """Send a report by the page and return its row."""
    answer = client.post(SEND, typed(words, **changes))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Report.objects.get(code=answer["Location"].split("/")[2])


def uploaded(caller: Caller, raw: bytes, *, part: Part, kind: Kind = Kind.PHOTO) -> Any:
    """Upload and process one file."""
    view = uploads.begin_upload(kind=kind, size=len(raw), caller=caller, now=NOW)
    uploads.append_piece(view.uid, offset=0, raw=raw, caller=caller, now=NOW)
    uid = uploads.finish_upload(view.uid, part=part, caller=caller, now=NOW)
    photos.process(uid, now=NOW)
    return uid


def process_photos() -> None:
    """Let the worker do what waits."""
    for uid in Attachment.objects.filter(state="waiting").values_list("uid", flat=True):
        photos.process(uid, now=NOW)


@dataclass(frozen=True)
class Office:
    """The ward's committee at work on reports."""

    chief: Caller
    agency: int
    above: int

    def accept(self, report: Report) -> None:
        handling.accept(report.code, caller=self.chief, now=NOW + timedelta(minutes=5))

    def decline(self, report: Report) -> None:
        handling.decline(
            report.code,
            reason=DeclineReason.NOT_COMPETENT,
            words="Tuyến đường này do cơ quan cấp trên quản lý.",
            competent_id=self.above,
            caller=self.chief,
            now=NOW + timedelta(minutes=5),
        )

    def ask(self, report: Report) -> None:
        self.start(report)
        handling.ask(report.code, words="Cột đèn số mấy, gần nhà ai?", caller=self.chief, now=NOW + timedelta(hours=1))

    def start(self, report: Report) -> None:
        self.accept(report)
        handling.start(report.code, caller=self.chief, now=NOW + timedelta(minutes=20))

    def answer(self, report: Report) -> None:
        self.start(report)
        proof = uploaded(self.chief, picture("green"), part=Part.AFTER)
        answering.answer(
            report.code,
            words=ANSWER,
            outcome=Outcome.FIXED,
            caller=self.chief,
            now=NOW + timedelta(hours=2),
            attachment_uids=[proof],
        )

    def close_by_silence(self) -> None:
        closing.close_due(actor=SYSTEM, now=NOW + timedelta(days=20))


def office(words: Words) -> Office:
    """Give the ward's committee a chief."""
    account = people_account()
    agency_services.grant_role(
        account_id=account, agency_id=words.ward_office, role=Role.HEAD, actor=SYSTEM, now=NOW - timedelta(days=90)
    )
    return Office(Caller(agencies.actor_for(account, NOW, second_factor=True)), words.ward_office, words.office)


def people_account() -> int:
    """Return the id of a new account."""
    from django.contrib.auth import get_user_model

    return int(get_user_model().objects.create(created_at=NOW - timedelta(days=100)).pk)


def live_in(account_id: int, unit_id: int) -> None:
    """Let an account live in a unit."""
    people.set_home(account_id, home_id=unit_id, now=NOW)
