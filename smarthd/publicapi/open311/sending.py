"""Reports sent by other programs: the same checks, routing and clocks as everybody's; nothing is fetched that the key does not allow."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.datastructures import MultiValueDict

from smarthd.fieldreports.errors import TooManyFiles
from smarthd.fieldreports.rules import fetching, telling
from smarthd.fieldreports.rules import intake as rules
from smarthd.fieldreports.rules.attachments import LIMIT_MB, MB, Kind, Part
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.selectors import ground
from smarthd.fieldreports.services import bringing, intake, uploads
from smarthd.fieldreports.services.intake import NewReport
from smarthd.fieldreports.values import Caller, Sent
from smarthd.kernel import clock, limits, sealing
from smarthd.places import selectors as places
from smarthd.programs import services as keys
from smarthd.programs.services import Program
from smarthd.publicapi.open311 import describing
from smarthd.publicapi.open311.asking import Asked
from smarthd.publicapi.open311.faults import Fault
from smarthd.publicapi.open311.formats import Answer

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d*\])?")
_NAMED = 5
DEVICE, SENDER = "publicapi.device", "publicapi.sender"
"""What blind indexes of a sending device, and of a repeated sending, are bound to."""


def send(asked: Asked, files: MultiValueDict[str, UploadedFile[Any]]) -> Answer:
    """Take a report in. The same ``Idempotency-Key`` with the same content is the report it was."""
    program = keys.program_of(asked.one("api_key"), now=asked.now)
    code = asked.one("service_code")
    if not code:
        raise Fault("service_code: thiếu mục này.")
    service = describing.service(code)
    pictures = _pictures(files)
    wanted = asked.one("media_url")
    if wanted:
        _fetchable(wanted, program)
    new = _report(asked, service.key, program)
    _count_device(asked, program)
    with transaction.atomic():
        sent = _sent(new, pictures, program, asked)
        if wanted and not sent.again:
            bringing.ask_for_picture(sent.uid, url=wanted, hosts=program.media_hosts)
    return Answer("service_requests", [_told(sent, describing.kind_of(service), asked)], status=201)


def _sent(new: NewReport, pictures: list[bytes], program: Program, asked: Asked) -> Sent:
    """Hand the report and its pictures to intake, all or nothing."""
    caller = Caller(token=_token(new.client_id, program))
    uids = [
        uploads.take_whole(
            raw,
            kind=Kind.PHOTO,
            part=Part.CITIZEN,
            caller=caller,
            now=asked.now,
            uid=uuid5(new.client_id, hashlib.sha256(raw).hexdigest()) if new.client_id else None,
        ).uid
        for raw in dict.fromkeys(pictures)
    ]
    return intake.send_report(replace(new, attachment_uids=uids), caller=caller, address="", now=asked.now)


def _report(asked: Asked, service_code: str, program: Program) -> NewReport:
    lat, lon = _degrees(asked, "lat"), _degrees(asked, "long")
    if (lat is None) != (lon is None):
        raise Fault("lat, long: phải có cả hai.")
    address = asked.one("address_string")
    commune_id = None if lat is not None else _commune(asked.one("address_id"), address, asked.now)
    if lat is None and commune_id is None:
        raise Fault("Thiếu nơi xảy ra: cần lat và long, hoặc address_string, hoặc address_id.")
    return NewReport(
        words=asked.one("description"),
        category_key=service_code,
        lat=lat,
        lon=lon,
        place_source=PlaceSource.PIN if lat is not None else PlaceSource.ADDRESS,
        commune_id=commune_id,
        address=address,
        client_id=uuid5(program.uid, asked.repeat) if asked.repeat else None,
        channel=Channel.OPEN311,
        answers=_answers(asked),
        name=" ".join(part for part in (asked.one("last_name"), asked.one("first_name")) if part),
        phone=asked.one("phone"),
    )


def _degrees(asked: Asked, name: str) -> float | None:
    written = asked.one(name)
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        raise Fault(f"{name}: “{written[:40]}” không phải số độ, ví dụ đúng 20.9373.") from None
    if not math.isfinite(value):
        raise Fault(f"{name}: không phải số độ.")
    return value


def _commune(address_id: str, address: str, now: datetime) -> int | None:
    """Return the commune of an administrative code, else of an address in words; refuse what names none, or several."""
    day = clock.day_of(now)
    if address_id:
        found = next((unit for unit in places.units_on(day, "commune") if unit.code == address_id), None)
        if found is None:
            raise Fault(f"address_id: “{address_id[:40]}” không phải mã xã, phường đang dùng.")
        return found.id
    if not address:
        return None
    named = ground.named(address, now)
    if len(named) > 1:
        known = "; ".join(
            ", ".join(unit.full_name for unit in reversed(places.path(one.id, day))) for one in named[:_NAMED]
        )
        raise Fault(f"address_string: có nhiều nơi cùng tên ({known}). Xin ghi rõ, hoặc gửi lat và long.")
    if not named:
        raise Fault("address_string: không thấy tên xã, phường nào. Ví dụ đúng: số 5 phố Chợ, xã Nam Sách.")
    return named[0].id


def _answers(asked: Asked) -> dict[str, list[str] | str]:
    """Return the answers to a service's questions; ``attribute[code][]`` said several times, or with commas, is a list."""
    found: dict[str, list[str]] = {}
    for name, values in asked.values.items():
        fits = _ATTRIBUTE.fullmatch(name)
        if fits:
            found.setdefault(fits[1], []).extend(values)
    return {code: values if len(values) > 1 else values[0] for code, values in found.items()}


def _pictures(files: MultiValueDict[str, UploadedFile[Any]]) -> list[bytes]:
    """Return the pictures that came along in a multipart body, under ``media`` or ``media[]``."""
    found = [one for name in ("media", "media[]") for one in files.getlist(name)]
    if len(found) > rules.PHOTOS:
        raise TooManyFiles(most=rules.PHOTOS)
    if any((one.size or 0) > LIMIT_MB[Kind.PHOTO] * MB for one in found):
        raise Fault(f"media: mỗi ảnh nhiều nhất {LIMIT_MB[Kind.PHOTO]} MB.")
    return [one.read() for one in found]


def _fetchable(url: str, program: Program) -> None:
    """Refuse a picture that may not be fetched: the report would come in without what it speaks of, and nobody would know."""
    try:
        fetching.checked(url, hosts=program.media_hosts)
    except fetching.Forbidden:
        allowed = (
            f"chỉ lấy ảnh từ {', '.join(program.media_hosts)}" if program.media_hosts else "khóa này không kèm ảnh"
        )
        raise Fault(
            f"media_url: {allowed}. Chưa có gì được lưu; xin bỏ media_url, hoặc gửi ảnh trong mục media (multipart/form-data)."
        ) from None


def _count_device(asked: Asked, program: Program) -> None:
    """Count one report of the device a program names, so that one telephone cannot use up a whole program's hour."""
    device = asked.one("device_id")
    if not device:
        return
    mark = sealing.blind_index(f"{program.uid} {device}", purpose=DEVICE).hex()[:40]
    limits.count_attempts(
        [(f"api.device.{number}.{mark}", limit, window) for number, (limit, window) in enumerate(rules.PER_DEVICE)],
        now=asked.now,
    )


def _token(client_id: UUID | None, program: Program) -> str:
    """Return the secret a report is sent under: nobody is given it, so that no program can speak as its sender afterwards.

    A sending that may be repeated gets the same one again, made with this installation's own key.
    """
    if client_id is None:
        return intake.new_token()
    return sealing.blind_index(f"{program.uid} {client_id}", purpose=SENDER).hex()


def _told(sent: Sent, kind: str, asked: Asked) -> dict[str, Any]:
    number = {"token": sent.uid.hex} if kind == "batch" else {"service_request_id": sent.code}
    notice = f"{sent.holder_name} xem trước {telling.instant(sent.intake_due_at)}."
    if sent.snapped_m:
        notice += f" Vị trí nằm ngoài ranh giới chừng {sent.snapped_m} m, tính cho {sent.commune_name}."
    if asked.one("email"):
        notice += " Địa chỉ thư điện tử không được lưu; xin theo dõi bằng mã."
    return {**number, "service_notice": notice, "account_id": None}
