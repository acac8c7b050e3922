"""The outbox: one row a bulletin and outlet, its tries and its proof."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.channels.rules.dispatches import State
from smarthd.kernel.ids import uuid7


class Dispatch(models.Model):
    """One bulletin on its way to one outlet. ``next_try_at`` is also a lease: whoever tries moves it on first.

    ``token`` opens the receiver's page to whoever was sent its link; ``reference`` is what the outlet calls it.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    bulletin = models.ForeignKey("channels.Bulletin", on_delete=models.PROTECT, related_name="dispatches")
    outlet = models.ForeignKey("channels.Outlet", on_delete=models.PROTECT, related_name="dispatches")
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField(max_length=10, default=State.WAITING)
    rank = models.PositiveSmallIntegerField(default=2)
    round = models.PositiveSmallIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    personal_data = ("receipt",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "outlet"], name="dispatch_once"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="dispatch_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "received", "proven"]) | Q(sent_at__isnull=False),
                name="dispatch_sent_when",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(fault=""), name="dispatch_failed_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["rank", "next_try_at"], name="dispatch_due", condition=Q(state="waiting")),
            models.Index(fields=["outlet", "-id"], name="dispatch_of_outlet"),
            models.Index(fields=["sent_at"], name="dispatch_awaits_word", condition=Q(state="sent")),
        ]


class Attempt(models.Model):
    """One try, or one word from the other side; only ever added."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    said = models.CharField(max_length=300, blank=True)

    personal_data = ("said",)


class DispatchProof(models.Model):
    """What shows that an outlet carried a bulletin: a photo encoded anew, a recording, a paper, a link."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=6)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    url = models.URLField(max_length=500, blank=True)
    note = models.CharField(max_length=300, blank=True)
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    personal_data = ("added_by", "sha256")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="link", sha256="") & ~Q(url=""))
                | (Q(kind__in=["photo", "audio", "paper"], url="") & ~Q(sha256="")),
                name="dispatch_proof_whole",
            ),
            models.UniqueConstraint(
                fields=["dispatch", "sha256"], condition=~Q(sha256=""), name="dispatch_proof_file_once"
            ),
        ]
