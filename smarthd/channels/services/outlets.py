"""Outlets added, changed, switched on and off."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from smarthd.agencies import selectors as agencies
from smarthd.channels import policies
from smarthd.channels.errors import OutletFaulty, OutletUnknown
from smarthd.channels.models import Outlet
from smarthd.channels.rules import outlets as rules
from smarthd.channels.rules.outlets import Kind
from smarthd.kernel import audit, clock, sealing, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places

SECRET = "channels.outlet.secret"  # noqa: S105 - the purpose a secret is sealed for
LONGEST_SECRET = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletWishes:
    """What an outlet is to be. ``secret`` empty keeps the one there is."""

    kind: Kind
    name: str
    address: str
    agency_id: int
    commune_id: int | None = None
    secret: str = ""
    drills: bool = True
    enabled: bool = True


@transaction.atomic
def add_outlet(wishes: OutletWishes, *, actor: Actor, now: datetime) -> Outlet:
    """Add an outlet. Raises OutletFaulty with what is wrong beside each field."""
    require(policies.can_keep_outlet(actor, wishes.agency_id))
    kept = _checked(wishes, now=now, has_secret=False)
    row = Outlet(kind=wishes.kind, agency_id=wishes.agency_id, embed_key=secrets.token_hex(12), made_at=now)
    _write(row, wishes, kept)
    audit.record(actor, "channels.outlet_added", row, at=now, kind=str(wishes.kind))
    return row


@transaction.atomic
def change_outlet(uid: UUID, wishes: OutletWishes, *, actor: Actor, now: datetime) -> Outlet:
    """Change an outlet; its kind and agency stay. What is waiting for it goes to the new address."""
    row = Outlet.objects.select_for_update().filter(uid=uid).first()
    if row is None or not (actor.system or row.agency_id in policies.sees_at(actor)):
        raise OutletUnknown
    require(policies.can_keep_outlet(actor, row.agency_id))
    kept = _checked(wishes, now=now, has_secret=row.secret_sealed is not None)
    row.failing, row.rests_until = 0, None
    _write(row, wishes, kept)
    audit.record(actor, "channels.outlet_changed", row, at=now, enabled=wishes.enabled, new_secret=bool(wishes.secret))
    return row


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    address: str


def _checked(wishes: OutletWishes, *, now: datetime, has_secret: bool) -> _Kept:
    faults: dict[str, str] = {}
    name = text.nfc(wishes.name)
    if not name or len(name) > 160:
        faults["name"] = "Ghi tên nơi nhận, nhiều nhất 160 chữ."
    address = ""
    try:
        address = rules.address_of(wishes.kind, wishes.address, loopback=not settings.PRODUCTION)
    except OutletFaulty as refusal:
        faults["address"] = str(refusal)
    real = not address.startswith("console:")
    if wishes.kind in rules.NEEDS_SECRET and real and not (wishes.secret or has_secret):
        faults["secret"] = "Nơi nhận này cần mã truy cập (access token) do mạng xã hội cấp."  # noqa: S105 - words
    if len(wishes.secret) > LONGEST_SECRET or any(letter.isspace() for letter in wishes.secret.strip()):
        faults["secret"] = "Mã truy cập không có khoảng trắng và không dài quá 2.000 chữ."  # noqa: S105 - words
    if wishes.kind is Kind.LOUDSPEAKER and wishes.commune_id is None:
        faults["commune"] = "Chọn xã, phường của cụm loa."
    if wishes.commune_id is not None and wishes.commune_id not in {
        u.id for u in places.units_on(clock.day_of(now), "commune")
    }:
        faults["commune"] = "Không có xã, phường này."
    if faults:
        raise OutletFaulty(fields=faults)
    agencies.agency_view(wishes.agency_id, clock.day_of(now))
    return _Kept(name, address)


def _write(row: Outlet, wishes: OutletWishes, kept: _Kept) -> None:
    row.name, row.address, row.commune_id = kept.name, kept.address, wishes.commune_id
    row.drills, row.enabled = wishes.drills, wishes.enabled
    if wishes.secret:
        row.secret_sealed = sealing.seal(wishes.secret.strip(), purpose=SECRET)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise OutletFaulty(fields={"address": "Nơi nhận này đã có trong danh sách."}) from None
