"""Outlets: who carries our words on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.channels.rules.outlets import Kind
from smarthd.kernel.ids import uuid7


class Outlet(models.Model):
    """A press mailbox, a station, a portal, an account on a social network, a cluster of loudspeakers.

    ``secret_sealed`` (an access token, a password) is sealed and never shown again; ``embed_key`` is in the address of a portal's frame.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=300)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    commune = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    secret_sealed = models.BinaryField(null=True, editable=False)
    embed_key = models.CharField(max_length=24, unique=True)
    enabled = models.BooleanField(default=True)
    drills = models.BooleanField(default=True)
    failing = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    personal_data = ("address",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="outlet_kind_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="outlet_named"),
            models.CheckConstraint(
                condition=~Q(kind="loudspeaker") | Q(commune__isnull=False), name="loudspeaker_has_commune"
            ),
            models.UniqueConstraint(fields=["kind", "address"], name="outlet_address_once"),
        ]
