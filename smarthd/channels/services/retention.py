"""What is forgotten in time: each try, and who said that a bulletin was aired. That it was, and its proof, stay."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import StrIndex, Substr

from smarthd.channels.models import Attempt, Dispatch
from smarthd.channels.services.receipts import SIGNED


def forget_old(*, before: datetime) -> tuple[int, int]:
    """Delete tries made before an instant, and names in receipts given before it. Return how many of each."""
    tries = Attempt.objects.filter(at__lt=before).delete()[0]
    named = Dispatch.objects.filter(received_at__lt=before, receipt__contains=SIGNED)
    return tries, named.update(receipt=Substr("receipt", 1, StrIndex(F("receipt"), Value(SIGNED)) - 1))
