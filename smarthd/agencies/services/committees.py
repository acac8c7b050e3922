"""The People's Committees follow the map: one for every unit that stands, carried through each reorganisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from smarthd.agencies import policies
from smarthd.agencies.errors import PlacesUnknown
from smarthd.agencies.models import AgencyEvent
from smarthd.agencies.rules.kinds import COMMITTEE_OF, Kind
from smarthd.agencies.selectors import AgencyView, agencies_on
from smarthd.agencies.services.agencies import NewAgency, found_agencies
from smarthd.agencies.services.reorganise import Name, Order, Passage, end_agencies, give_names, pass_on, rehang
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

_COMMITTEES = tuple(kind.value for kind in COMMITTEE_OF.values())
# What every commune has; the pattern of the names is a fact, the single institutions are the demonstration's.
_SUB_UNITS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.CLINIC, "tyt", "Trạm Y tế {place}"),
    (Kind.SCHOOL, "mn", "Trường Mầm non {name}"),
    (Kind.SCHOOL, "th", "Trường Tiểu học {name}"),
    (Kind.SCHOOL, "thcs", "Trường Trung học cơ sở {name}"),
)


@transaction.atomic
def establish_committees(
    *, on: date, actor: Actor, now: datetime, legal_document: str = "", with_sub_units: bool = False
) -> int:
    """Found the committee of every province, district and commune that stands on the day and has none; returns how many.

    ``with_sub_units`` also founds a health station and three schools a commune, for demonstrations. Committees report to that of the
    unit above. Raises NotAllowed (commands only) and PlacesUnknown when the map of that day is empty.
    """
    policies.require(policies.can_follow_places(actor), act="establish_committees")
    order = Order(on, legal_document, actor, now)
    levels = _units_by_level(on)
    if not any(levels.values()):
        raise PlacesUnknown(on=on.isoformat())
    standing = {place: view.id for place, view in _committees(on).items()}
    founded = _found_missing(levels, standing, order)
    if with_sub_units:
        _found_sub_units([unit for unit in levels["commune"] if unit.id in founded], founded, order)
    return len(founded)


@transaction.atomic
def follow_places(*, on: date, actor: Actor, now: datetime, legal_document: str = "") -> AgencyEvent | None:
    """Carry the committees through the reorganisation of the map on a day; None when nothing ended that day.

    A committee ends with its unit; what followed the unit by share of people inherits its staff, subordinates and lineage. Units
    without a successor (the districts on 1/7/2025) end without an heir: their staff leave the roster, and no roster is invented for
    where they went. Units that go on under another name or another unit take their committee along.
    """
    policies.require(policies.can_follow_places(actor), act="follow_places")
    order = Order(on, legal_document, actor, now)
    levels = _units_by_level(on)
    units = {unit.id for level in levels.values() for unit in level}
    before = _committees(on - timedelta(days=1))
    ending = {place: view for place, view in before.items() if place not in units}
    end_agencies([view.id for view in ending.values()], on=on)
    staying = {place: view for place, view in before.items() if place in units}
    _rename_staying(levels, staying, order)
    standing = {place: view.id for place, view in staying.items()}
    now_there = standing | _found_missing(levels, standing, order)
    _rehang_staying(levels, staying, now_there, order)
    passages = [passage for place, view in ending.items() for passage in _passages(place, view, now_there, on)]
    return pass_on("merge", passages, order) if passages else None


def _units_by_level(on: date) -> dict[str, list[UnitView]]:
    return {level: places.units_on(on, level) for level in COMMITTEE_OF}


def _committees(on: date) -> dict[int, AgencyView]:
    return {view.place_id: view for view in agencies_on(on, kinds=_COMMITTEES) if view.place_id is not None}


def _found_missing(levels: dict[str, list[UnitView]], standing: dict[int, int], order: Order) -> dict[int, int]:
    """Found missing committees level by level, so that each finds its superior; returns agency ids by unit."""
    known = dict(standing)
    founded: dict[int, int] = {}
    for level, units in levels.items():
        missing = [unit for unit in units if unit.id not in known]
        new = [_committee(unit, level, known.get(unit.parent_id or 0), order.legal_document) for unit in missing]
        for unit, agency in zip(missing, found_agencies(new, valid_from=order.on), strict=True):
            known[unit.id] = founded[unit.id] = agency.pk
    return founded


def _called(unit: UnitView, level: str) -> Name:
    place = _in_sentence(unit.full_name)
    top = {"Tỉnh": "ubnd-tinh"}.get(unit.kind, "ubnd-tp") if level == "province" else ""
    return Name(f"Ủy ban nhân dân {place}", f"UBND {place}", top or f"ubnd-{unit.code}")


def _committee(unit: UnitView, level: str, parent_id: int | None, document: str) -> NewAgency:
    called = _called(unit, level)
    return NewAgency(
        kind=COMMITTEE_OF[level],
        name=called.name,
        short_name=called.short_name,
        code=called.code,
        place_id=unit.id,
        parent_id=parent_id,
        legal_document=document,
    )


def _in_sentence(full_name: str) -> str:
    return full_name[:1].lower() + full_name[1:]


def _found_sub_units(communes: Iterable[UnitView], committees: dict[int, int], order: Order) -> None:
    found_agencies(
        [
            NewAgency(
                kind=kind,
                name=pattern.format(place=_in_sentence(unit.full_name), name=unit.name),
                code=f"{key}-{unit.code}",
                place_id=unit.id,
                parent_id=committees[unit.id],
                legal_document=order.legal_document,
            )
            for unit in communes
            for kind, key, pattern in _SUB_UNITS
        ],
        valid_from=order.on,
    )


def _rename_staying(levels: dict[str, list[UnitView]], staying: dict[int, AgencyView], order: Order) -> None:
    names = {
        staying[unit.id].id: called
        for level, units in levels.items()
        for unit in units
        if unit.id in staying
        and (called := _called(unit, level))
        and (called.name, called.code) != (staying[unit.id].name, staying[unit.id].code)
    }
    give_names(names, on=order.on, legal_document=order.legal_document)


def _rehang_staying(
    levels: dict[str, list[UnitView]], staying: dict[int, AgencyView], now_there: dict[int, int], order: Order
) -> None:
    """A committee whose unit came under another unit reports there from that day on."""
    moved = {
        staying[unit.id].id: now_there[unit.parent_id]
        for units in levels.values()
        for unit in units
        if unit.id in staying
        and unit.parent_id in now_there
        and staying[unit.id].parent_id != now_there[unit.parent_id]
    }
    rehang(moved, on=order.on, legal_document=order.legal_document)


def _passages(place: int, view: AgencyView, now_there: dict[int, int], on: date) -> list[Passage]:
    heirs = [
        (now_there[heir.unit.id], heir.share)
        for heir in places.successors(place, on)
        if heir.share > 0 and heir.unit.id in now_there
    ]
    total = sum(share for _, share in heirs)
    if not total:
        return [Passage(view.id, None, 0.0)]
    return [Passage(view.id, agency_id, share / total) for agency_id, share in heirs]
