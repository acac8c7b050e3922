"""Shelters kept by communes: added, changed, opened and filled, read whole from a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import encodings
from smarthd.alerts import policies
from smarthd.alerts.errors import ShelterFaulty, ShelterTableFaulty, ShelterUnknown
from smarthd.alerts.models import Shelter
from smarthd.alerts.rules import shelters as rules
from smarthd.alerts.rules.shelters import Line, Stand, Told
from smarthd.alerts.selectors import ground
from smarthd.alerts.selectors import shelters as selectors
from smarthd.kernel import audit, clock, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

_TWICE = "Xã, phường này đã có nơi tránh trú mang tên ấy. Sửa nơi đã có, hoặc đặt tên khác."
MOST_TOLD = 40


@transaction.atomic
def add_shelter(told: Told, *, commune_id: int, actor: Actor, now: datetime) -> Shelter:
    """Add a shelter of a commune the actor keeps. Raises ShelterFaulty with what is wrong beside each field."""
    require(_keeps(actor, commune_id, now))
    row = Shelter(commune_id=commune_id, stand=Stand.READY, stand_at=now)
    _write(row, told, now)
    audit.record(actor, "alerts.shelter_added", row, at=now)
    return row


@transaction.atomic
def change_shelter(uid: UUID, told: Told, *, actor: Actor, now: datetime) -> Shelter:
    """Change what is said of a shelter; its commune stays."""
    row = _locked(uid, actor, now)
    _write(row, told, now)
    audit.record(actor, "alerts.shelter_changed", row, at=now)
    return row


@transaction.atomic
def set_stand(uid: UUID, stand: Stand, *, actor: Actor, now: datetime) -> Shelter:
    """Say that a shelter is open, full, not yet open or of no use; said twice it is said once."""
    row = _locked(uid, actor, now)
    if row.stand != stand:
        row.stand, row.stand_at = stand, now
        row.save(update_fields=["stand", "stand_at"])
        audit.record(actor, "alerts.shelter_stands", row, at=now, stand=str(stand))
    return row


@transaction.atomic
def withdraw_shelter(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a shelter off the list for good."""
    row = _locked(uid, actor, now)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    audit.record(actor, "alerts.shelter_withdrawn", row, at=now)


@transaction.atomic
def import_shelters(
    raw: bytes, *, file_name: str, encoding: encodings.Encoding | None, actor: Actor, now: datetime
) -> tuple[int, int]:
    """Take a table in, all lines or none; return how many shelters are new and how many changed.

    A shelter of the same commune and name is changed, its stand kept; who keeps one commune need not name it. Raises ShelterTableFaulty
    with ``lines`` (number and what is wrong, in words), and what agencies' ``read_uploaded_table`` raises.
    """
    day = clock.day_of(now)
    mine = selectors.kept_by(actor, day)
    require(bool(mine))
    sheets = agencies.read_uploaded_table(raw, file_name=file_name, encoding=encoding, fits=rules.fitness)
    lines = [line for sheet in sheets for line in rules.lines_of(sheet.rows)]
    if not lines or len(lines) > rules.MOST_LINES:
        words = f"cần hàng đầu bảng có “Tên nơi tránh trú” và “Địa chỉ”, dưới đó từ 1 đến {rules.MOST_LINES} dòng"
        raise ShelterTableFaulty(lines=[(0, words)])
    communes = {line.number: _commune(line, mine, day) for line in lines}
    _refuse_faulty(lines, communes)
    return _import(lines, communes, actor, now)


def _import(lines: Sequence[Line], communes: dict[int, UnitView | str], actor: Actor, now: datetime) -> tuple[int, int]:
    wanted = {unit.id for unit in communes.values() if not isinstance(unit, str)}
    known = {
        (row.commune_id, row.folded): row
        for row in Shelter.objects.select_for_update().filter(commune__in=wanted, withdrawn_at=None)
    }
    added = changed = 0
    for line in lines:
        unit = communes[line.number]
        assert not isinstance(unit, str)  # noqa: S101 - refused before
        row = known.get((unit.id, text.fold(line.told.name)))
        if row is None:
            row, act, added = Shelter(commune_id=unit.id, stand=Stand.READY, stand_at=now), "added", added + 1
        elif selectors.told_of(row) == line.told:
            continue
        else:
            act, changed = "changed", changed + 1
        _write(row, line.told, now)
        audit.record(actor, f"alerts.shelter_{act}", row, at=now, line=line.number)
    return added, changed


def _refuse_faulty(lines: Sequence[Line], communes: dict[int, UnitView | str]) -> None:
    seen: dict[tuple[int, str], int] = {}
    faults: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        faults[line.number] += line.faults
        unit = communes[line.number]
        if isinstance(unit, str):
            faults[line.number].append(unit)
            continue
        first = seen.setdefault((unit.id, text.fold(line.told.name)), line.number)
        if first != line.number:
            faults[line.number].append(f"trùng tên với dòng {first}")
    told = [(number, " ".join(words)) for number, words in sorted(faults.items()) if words]
    if told:
        raise ShelterTableFaulty(lines=told[:MOST_TOLD], more=max(0, len(told) - MOST_TOLD))


def _commune(line: Line, mine: Sequence[UnitView], day: date) -> UnitView | str:
    """Return the commune a line means, or what is wrong with it."""
    if not line.commune:
        return mine[0] if len(mine) == 1 else "Chưa ghi xã, phường. Thêm cột “Xã, phường”."
    found = [unit for unit in places.resolve_name(line.commune, day) if unit.level == "commune" and unit.standing]
    kept = {unit.id for unit in mine}
    if len(found) != 1:
        return f"Không rõ xã, phường “{line.commune[:40]}”. Ghi đúng tên đang dùng, ví dụ {mine[0].full_name}."
    return found[0] if found[0].id in kept else f"{found[0].full_name} không thuộc địa bàn của cơ quan này."


def _write(row: Shelter, told: Told, now: datetime) -> None:
    if faults := rules.faults_of(told):
        raise ShelterFaulty(fields=faults)
    row.name, row.folded, row.address = told.name, text.fold(told.name), told.address
    row.lat, row.lon, row.capacity, row.accessible = told.lat, told.lon, told.capacity, told.accessible
    row.contact, row.note, row.updated_at = told.contact, told.note, now
    row.hazards = [one.value for one in told.hazards]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ShelterFaulty(fields={"name": _TWICE}) from None


def _locked(uid: UUID, actor: Actor, now: datetime) -> Shelter:
    row = Shelter.objects.select_for_update().filter(uid=uid, withdrawn_at=None).first()
    if row is None or not _keeps(actor, row.commune_id, now):
        raise ShelterUnknown
    return row


def _keeps(actor: Actor, commune_id: int, now: datetime) -> bool:
    if actor.system:
        return True
    held = ground.committees_places({grant.agency_id for grant in actor.grants}, clock.day_of(now))
    return commune_id in policies.shelters_in(actor, [commune_id], held)
