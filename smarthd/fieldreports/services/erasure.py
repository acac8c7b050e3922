"""What an erased person leaves here: numbers that stay true, and what was published about public matters, by nobody."""

from __future__ import annotations

import os
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from smarthd.fieldreports.models import Attachment, Follow, Rating, Report, ReportStep, Sender, Verdict
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.rules.states import Visibility
from smarthd.fieldreports.services import photos, retention
from smarthd.fieldreports.values import mark_of_account

TAKEN_OUT = "(Nội dung đã xóa theo yêu cầu của người gửi)"
_OWN_WORDS = ("replied", "added", "contested", "withdrawn")


@transaction.atomic
def erase_traces(account_id: int, *, at: datetime) -> int:
    """Destroy what leads to a person; return how many reports they had sent.

    Contacts, recordings, originals, private words go; a report that was public keeps its words and blurred photos, without a sender. What
    was not public loses its words, place and photos; its row stays, so that every count stays true.
    """
    mark = mark_of_account(account_id)
    ids = list(Sender.objects.filter(account_id=account_id).values_list("report_id", flat=True))
    Sender.objects.filter(report_id__in=ids).update(
        account_id=None, token_hash=None, name_sealed=None, phone_sealed=None, phone_index=None
    )
    Sender.objects.filter(taken_by=account_id).update(taken_by=None)
    ReportStep.objects.filter(report_id__in=ids, act__in=_OWN_WORDS).update(text="", by=None)
    ReportStep.objects.filter(report_id__in=ids, by=account_id).update(by=None)
    Report.objects.filter(worker=account_id).update(worker=None)
    _files(ids, mark)
    _private(ids)
    _following(account_id, mark)
    Rating.objects.filter(report_id__in=ids).update(words="")
    for verdict in Verdict.objects.filter(who=mark):
        verdict.who, verdict.words = os.urandom(32), ""
        verdict.save(update_fields=["who", "words"])
    return len(ids)


def _files(ids: list[int], mark: bytes) -> None:
    rows = list(
        Attachment.objects.select_for_update(of=("self",)).filter(
            Q(report_id__in=ids, part=Part.CITIZEN) | Q(owner=mark, report=None)
        )
    )
    retention.destroy_originals(rows)
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).update(owner=bytes(32))


def _private(ids: list[int]) -> None:
    unseen = Report.objects.filter(pk__in=ids).filter(~Q(visibility=Visibility.PUBLIC) | Q(published_at=None))
    pks = list(unseen.values_list("pk", flat=True))
    rows = list(Attachment.objects.filter(report_id__in=pks, part=Part.CITIZEN))
    hashes = [name for row in rows for name in (row.sha256, row.thumb_sha256)]
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).update(
        sha256="", thumb_sha256="", state="refused", why="gone"
    )
    transaction.on_commit(lambda: photos.forget_files(hashes))
    Report.objects.filter(pk__in=pks).update(
        text=TAKEN_OUT,
        public_text=None,
        folded="",
        address="",
        answers_given={},
        lat=None,
        lon=None,
        mx=None,
        my=None,
        accuracy_m=None,
        photos=0,
    )


def _following(account_id: int, mark: bytes) -> None:
    own = Follow.objects.filter(Q(account_id=account_id) | Q(who=mark))
    followed = list(own.filter(report__isnull=False).values_list("report_id", flat=True))
    own.delete()
    Report.objects.filter(pk__in=followed).update(followers=F("followers") - 1)
