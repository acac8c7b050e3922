"""The agencies of 2024: committees of three levels, departments, mass organisations, their parts; who reports to whom.

The chain of the order: commune → district → coordinating department → People's Committee of the province; provincial bodies → the
coordinating department. So the department's administrator reaches all of them.
"""

from __future__ import annotations

from datetime import date

from config.seeding import story
from config.seeding.bodies import DEPARTMENTS_2024, MASS_ORGANISATIONS_2024, Body
from config.seeding.demo import Stage
from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

SINCE = date(2024, 1, 1)
TOP, COORDINATOR = "ubnd-tinh", "stttt"
DOCUMENT = "Dữ liệu dùng thử"


def committee(unit: UnitView, code: str, kind: Kind, parent_id: int | None) -> agencies.NewAgency:
    """Return the People's Committee of a unit, to be founded."""
    # "Ủy ban nhân dân xã Hồng Hưng": the kind is written small inside a name
    name = f"Ủy ban nhân dân {unit.kind[:1].lower()}{unit.kind[1:]} {unit.name}"
    return agencies.NewAgency(
        kind=kind,
        name=name,
        short_name=f"UBND {unit.kind.lower()} {unit.name}",
        code=code,
        place_id=unit.id,
        parent_id=parent_id,
        legal_document=DOCUMENT,
    )


def body(item: Body, parent_id: int | None, place_id: int | None) -> agencies.NewAgency:
    """Return a provincial body, to be founded."""
    return agencies.NewAgency(
        kind=Kind(item.kind),
        name=item.name,
        short_name=item.short_name,
        code=item.code,
        place_id=place_id,
        parent_id=parent_id,
        legal_document=DOCUMENT,
    )


def parts(item: Body, parent_id: int, place_id: int | None) -> list[agencies.NewAgency]:
    """Return the parts of a body, to be founded."""
    return [
        agencies.NewAgency(
            kind=Kind.SUB_UNIT,
            name=f"{part} - {item.short_name}",
            code=f"{item.code}.{number}",
            place_id=place_id,
            parent_id=parent_id,
            legal_document=DOCUMENT,
        )
        for number, part in enumerate(item.parts, start=1)
    ]


def plant(stage: Stage) -> str:
    """Found all agencies of the order's time."""
    [province] = places.units_on(story.SPRING_FIRST, "province")
    districts = places.units_on(story.SPRING_FIRST, "district")
    communes = places.units_on(story.SPRING_FIRST, "commune")
    bodies = (*DEPARTMENTS_2024, *MASS_ORGANISATIONS_2024)
    coordinating = next(item for item in bodies if item.code == COORDINATOR)

    top = agencies.found_agency(committee(province, TOP, Kind.PROVINCE_COMMITTEE, None), valid_from=SINCE)
    coordinator = agencies.found_agency(body(coordinating, top.pk, province.id), valid_from=SINCE)
    others = [item for item in bodies if item is not coordinating]
    founded = agencies.found_agencies([body(item, coordinator.pk, province.id) for item in others], valid_from=SINCE)
    ids = {coordinating.code: coordinator.pk} | {item.code: made.pk for item, made in zip(others, founded, strict=True)}
    agencies.found_agencies(
        [part for item in bodies for part in parts(item, ids[item.code], province.id)], valid_from=SINCE
    )
    districts_made = agencies.found_agencies(
        [committee(unit, f"ubnd-{unit.code}", Kind.DISTRICT_COMMITTEE, coordinator.pk) for unit in districts],
        valid_from=SINCE,
    )
    above = {unit.id: made.pk for unit, made in zip(districts, districts_made, strict=True)}
    agencies.found_agencies(
        [committee(unit, f"ubnd-{unit.code}", Kind.COMMUNE_COMMITTEE, above[unit.parent_id or 0]) for unit in communes],
        valid_from=SINCE,
    )
    return f"{1 + len(districts) + len(communes)} Ủy ban nhân dân, {len(bodies)} sở, ban, ngành, đoàn thể"
