"""A picture another program only named: fetched by a worker from a host its key allows, and then a photo like every other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from smarthd.fieldreports.errors import PhotoRefused, UploadTooLarge
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.ports import Fetcher, FetchRefused, FetchUnavailable
from smarthd.fieldreports.rules import attachments, intake
from smarthd.fieldreports.rules.attachments import Kind, Part
from smarthd.fieldreports.services import steps, uploads
from smarthd.fieldreports.values import Caller
from smarthd.kernel.actor import system

_MOST = attachments.LIMIT_MB[Kind.PHOTO] * attachments.MB


def ask_for_picture(report_uid: UUID, *, url: str, hosts: Sequence[str]) -> None:
    """Ask a worker, in this transaction, to fetch a report's picture."""
    from smarthd.fieldreports.tasks import bring_picture  # tasks import services

    bring_picture.defer(report_uid=str(report_uid), url=url, hosts=list(hosts))


def bring(
    report_uid: UUID, *, url: str, hosts: Sequence[str], now: datetime, last: bool = True, using: Fetcher | None = None
) -> bool:
    """Fetch the picture and bind it to its report; return whether it is there. The network is used outside any transaction.

    What cannot be had is noted on the report for who handles it. FetchUnavailable rises while there is a ``last`` try to come.
    """
    # The library is loaded where it fetches, not in every web process.
    from smarthd.fieldreports.adapters.web import WebFetcher

    try:
        raw = (using or WebFetcher(hosts)).fetch(url, most=_MOST)
        return _bind(report_uid, raw, url, now)
    except FetchUnavailable as why:
        if not last:
            raise
        return _note(report_uid, str(why), now)
    except FetchRefused as why:
        return _note(report_uid, str(why), now)
    except (PhotoRefused, UploadTooLarge):
        return _note(report_uid, "tệp không phải ảnh, hoặc lớn quá", now)


@transaction.atomic
def _bind(report_uid: UUID, raw: bytes, url: str, now: datetime) -> bool:
    report = Report.objects.select_for_update(of=("self",)).get(uid=report_uid)
    uid = uuid5(report_uid, url)
    if Attachment.objects.filter(uid=uid, report=report).exists():
        return True  # brought by a worker that died before it could say so
    if report.photos >= intake.PHOTOS:
        return _note(report_uid, "phản ánh đã đủ ảnh", now)
    caller = Caller(system("fieldreports"))
    made = uploads.take_whole(raw, kind=Kind.PHOTO, part=Part.CITIZEN, caller=caller, now=now, uid=uid)
    Attachment.objects.filter(pk=made.pk).update(report=report)
    Report.objects.filter(pk=report.pk).update(photos=F("photos") + 1)
    return True


@transaction.atomic
def _note(report_uid: UUID, why: str, now: datetime) -> bool:
    """Leave a note for who handles the report: the words speak of a picture that is not there. Return False."""
    report = Report.objects.select_for_update(of=("self",)).get(uid=report_uid)
    held = steps.hold_for(report, caller=Caller(system("fieldreports")), now=now)
    said = f"Không lấy được ảnh do phần mềm gửi nêu địa chỉ: {why}."
    steps.write(held, "noted", said, public=False)
    return False
