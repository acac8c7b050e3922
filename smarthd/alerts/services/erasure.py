"""What an erased person leaves here: that somebody was safe or was helped, in which commune; and official acts, which the law keeps."""

from __future__ import annotations

import os
from datetime import datetime

from django.db import transaction

from smarthd.alerts.models import Answer, Opening

_EMPTY = {"account_id": None, "lat": None, "lon": None, "place": "", "phone_sealed": None, "words": ""}


@transaction.atomic
def erase_traces(account_id: int) -> int:
    """Destroy what leads to a person. Returns how many answers there were."""
    rows = list(Answer.objects.filter(account_id=account_id).only("id", "who"))
    Opening.objects.filter(who__in=[bytes(row.who) for row in rows]).delete()
    for row in rows:
        Answer.objects.filter(pk=row.pk).update(who=os.urandom(32), **_EMPTY)
    return len(rows)


@transaction.atomic
def forget_contacts(*, before: datetime) -> int:
    """Destroy place, telephone and words of answers given before an instant; the counts stay. Returns how many."""
    old = Answer.objects.filter(received_at__lt=before).exclude(
        account_id=None, lat=None, place="", phone_sealed=None, words=""
    )
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        count += Answer.objects.filter(pk=pk).update(who=os.urandom(32), **_EMPTY)
    Opening.objects.filter(at__lt=before).delete()
    return count
