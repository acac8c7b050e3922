"""Builders: a small land with outlets of every kind, bulletins on their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind as AgencyKind
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.channels.models import Bulletin, Dispatch
from smarthd.channels.ports import Taken
from smarthd.channels.rules.bulletins import Priority, Source
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import bulletins, outlets
from smarthd.channels.services.outlets import OutletWishes
from smarthd.channels.services.roads import Parcel
from smarthd.channels.values import NewBulletin
from smarthd.kernel.actor import Actor, system
from smarthd.places.tests import make as places_make
from smarthd.places.values import UnitView

NOW = datetime(2024, 4, 8, 3, tzinfo=UTC)  # Monday 8/4/2024, 10:00 in Hải Dương
SYSTEM = system("test")
ADDRESSES = {
    Kind.PRESS: "toasoan@bao.example.vn",
    Kind.RADIO: "thoisu@dai.example.vn",
    Kind.PORTAL: "https://portal.example.vn",
    Kind.ZALO: "579745863508352884",
    Kind.FACEBOOK: "104837465",
    Kind.LOUDSPEAKER: "https://loa.example.vn/cum-c0",
}


@dataclass(frozen=True)
class Land:
    """A province, two communes with their committees, officials, an outlet of every kind; the loudspeakers stand in c0 and c1."""

    units: dict[str, UnitView]
    province: int
    commune: int
    other: int
    outlets: dict[str, int]
    administrator: Actor
    editor: Actor
    clerk: Actor
    other_clerk: Actor
    auditor: Actor


def land(tmp_path: Path) -> Land:
    """Make the land."""
    units = places_make.small_land(tmp_path)

    def found(kind: AgencyKind, name: str, code: str, parent: int | None, place: str) -> int:
        new = agency_services.NewAgency(kind=kind, name=name, code=code, parent_id=parent, place_id=units[place].id)
        return agency_services.found_agency(new, valid_from=date(2024, 1, 1)).pk

    province = found(AgencyKind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Nhà", "ubnd-1", None, "p")
    commune = found(AgencyKind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c0", "ubnd-100", province, "c0")
    other = found(AgencyKind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c1", "ubnd-101", province, "c1")
    made = {
        str(kind): outlet(
            kind,
            agency_id=province if kind is not Kind.LOUDSPEAKER else commune,
            commune_id=units["c0"].id if kind is Kind.LOUDSPEAKER else None,
        )
        for kind in Kind
    }
    made["loudspeaker_c1"] = outlet(
        Kind.LOUDSPEAKER, agency_id=other, commune_id=units["c1"].id, address="mqtts://loa.example.vn:8883/cum-c1"
    )
    officer = agencies_make.officer
    return Land(
        units,
        province,
        commune,
        other,
        made,
        administrator=officer(province, Role.ADMINISTRATOR),
        editor=officer(province, Role.EDITOR),
        clerk=officer(commune, Role.CLERK),
        other_clerk=officer(other, Role.CLERK),
        auditor=officer(province, Role.AUDITOR),
    )


def wishes(kind: Kind, *, agency_id: int, **more: object) -> OutletWishes:
    given: dict[str, object] = {
        "name": f"Nơi nhận {kind}",
        "address": ADDRESSES[kind],
        "secret": "bi-mat-123" if kind in {Kind.ZALO, Kind.FACEBOOK} else "",
    }
    return OutletWishes(kind=kind, agency_id=agency_id, **(given | more))  # type: ignore[arg-type]


def outlet(kind: Kind, *, agency_id: int, **more: object) -> int:
    return outlets.add_outlet(wishes(kind, agency_id=agency_id, **more), actor=SYSTEM, now=NOW).pk


def new(**more: object) -> NewBulletin:
    given: dict[str, object] = {
        "source": Source.NOTICE,
        "key": uuid4().hex,
        "title": "Bão số 3 vào đất liền đêm nay",
        "body": "Gió cấp 8–9, giật cấp 11. Mưa 100–200 mm.",
        "instruction": "Không ra khỏi nhà từ 20h. Gọi 112 khi cần cứu.",
        "sender": "Ban Chỉ huy PCTT&TKCN tỉnh",
        "contact": "0220 3853 333",
        "priority": Priority.URGENT,
        "valid_from": NOW,
        "valid_until": NOW + timedelta(hours=12),
    }
    return NewBulletin(**(given | more))  # type: ignore[arg-type]


def taken(now: datetime = NOW, **more: object) -> Bulletin:
    return bulletins.take_bulletin(new(**more), actor=SYSTEM, now=now)


def dispatch(bulletin: Bulletin, kind: Kind) -> Dispatch:
    return Dispatch.objects.filter(bulletin=bulletin, outlet__kind=kind).order_by("id")[0]


@dataclass
class FakeRoads:
    """Carries for tests: keeps every parcel, and fails at outlets as told."""

    carried: list[Parcel] = field(default_factory=list)
    faults: dict[Kind, Exception] = field(default_factory=dict)
    hook: Callable[[Parcel], None] | None = None

    def __call__(self, parcel: Parcel) -> Taken:
        if self.hook is not None:
            self.hook(parcel)
        if parcel.kind in self.faults:
            raise self.faults[parcel.kind]
        self.carried.append(parcel)
        return Taken(f"ref-{parcel.key}-{parcel.round}")
