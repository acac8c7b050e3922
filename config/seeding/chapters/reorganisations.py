"""The two reorganisations after the order: committees follow their units, departments their merger, staff go along.

Each old agency has one heir here, the committee of the unit that took most of its people; districts' staff are spread over the
communes of their district. Shares are whole because a person goes to one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import connection

from config.seeding import story
from config.seeding.bodies import BODIES_NOW, CAME_FROM
from config.seeding.chapters import agencies_then
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.models import Agency, AgencyEdge, AgencyEvent, AgencyLineage, AgencyVersion
from smarthd.agencies.rules import Kind
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import services as rollout

CITY, COORDINATOR = "ubnd-tp", "hp-skhcn"

_MOVE_STAFF = """
WITH heir(old, new) AS (SELECT * FROM unnest(%(old)s::bigint[], %(new)s::bigint[])),
gone AS (
  UPDATE agencies_staff s SET valid_to = %(day)s, left_reason = 'merged' FROM heir
  WHERE s.agency_id = heir.old AND s.valid_to IS NULL
  RETURNING s.id, heir.new, s.full_name, s.name_key, s.position, s.phone_sealed, s.phone_index, s.account_id
)
INSERT INTO agencies_staff (uid, agency_id, full_name, name_key, position, phone_sealed, phone_index, account_id, valid_from,
  left_reason, previous_id)
SELECT gen_random_uuid(), new, full_name, name_key, position, phone_sealed, phone_index, account_id, %(day)s, '', id FROM gone ORDER BY id"""

_SPREAD_STAFF = """
WITH heir(old, place, new) AS (SELECT * FROM unnest(%(old)s::bigint[], %(place)s::int[], %(new)s::bigint[])),
size AS (SELECT old, max(place) + 1 AS n FROM heir GROUP BY old),
ranked AS (
  SELECT s.id, s.agency_id AS old, (row_number() OVER (PARTITION BY s.agency_id ORDER BY s.id) - 1) %% size.n AS place
  FROM agencies_staff s JOIN size ON size.old = s.agency_id WHERE s.valid_to IS NULL
),
gone AS (
  UPDATE agencies_staff s SET valid_to = %(day)s, left_reason = 'abolished' FROM ranked JOIN heir USING (old, place)
  WHERE s.id = ranked.id
  RETURNING s.id, heir.new, s.full_name, s.name_key, s.phone_sealed, s.phone_index, s.account_id
)
INSERT INTO agencies_staff (uid, agency_id, full_name, name_key, position, phone_sealed, phone_index, account_id, valid_from,
  left_reason, previous_id)
SELECT gen_random_uuid(), new, full_name, name_key, 'Chuyên viên', phone_sealed, phone_index, account_id, %(day)s, '', id FROM gone
ORDER BY id"""


def main_heir(unit: UnitView, day: date) -> int:
    """Return the unit that took most of a unit's people on a day; itself where it stands on."""
    heirs = places.successors(unit.id, day)
    return max(heirs, key=lambda heir: (heir.share, -heir.unit.id)).unit.id if heirs else unit.id


def plant_december(stage: Stage) -> str:
    """1/12/2024: 28 new communes stand where 56 stood; their committees follow."""
    day = story.DECEMBER
    before = {body.place_id: body for body in agencies.agencies_on(story.SPRING_FIRST, kinds=[Kind.COMMUNE_COMMITTEE])}
    districts = {
        body.place_id: body for body in agencies.agencies_on(story.SPRING_FIRST, kinds=[Kind.DISTRICT_COMMITTEE])
    }
    after = places.units_on(day, "commune")
    new = [unit for unit in after if unit.id not in before]
    standing = {unit.id for unit in after}
    ending = {body.id: main_heir(places.unit_view(place, story.SPRING_FIRST), day)
              for place, body in before.items() if place is not None and place not in standing}  # fmt: skip
    end_agencies(list(ending), day)
    founded = agency_services.found_agencies(
        [
            agencies_then.committee(unit, f"ubnd-{unit.code}", Kind.COMMUNE_COMMITTEE, districts[unit.parent_id].id)
            for unit in new
        ],
        valid_from=day,
    )
    by_place = {made.place_id: made.pk for made in founded} | {place: body.id for place, body in before.items()}
    heirs = {old: by_place[place] for old, place in ending.items()}
    record(stage, heirs, day, "Nghị quyết 1250/NQ-UBTVQH15")
    moved = move_staff(heirs, day)
    rollout.sync_seats({*heirs, *heirs.values()}, day=day, now=stage.now)
    return f"{len(before)} xã còn {len(after)}; {moved} cán bộ về đơn vị mới"


def plant_july(stage: Stage) -> str:
    """1/7/2025: districts end, the province becomes part of Hải Phòng, its bodies merge."""
    day, eve = story.JULY, date.fromordinal(story.JULY.toordinal() - 1)
    before = agencies.agencies_on(eve)
    communes = {body.place_id: body for body in before if body.kind == Kind.COMMUNE_COMMITTEE}
    end_agencies([body.id for body in before], day)
    founded = _found_city(day)
    heirs = _heirs_of_bodies(before, founded)
    by_place = {made.place_id: made.pk for made in founded.values() if made.kind == Kind.COMMUNE_COMMITTEE}
    for place, body in communes.items():
        heirs[body.id] = by_place[main_heir(places.unit_view(place or 0, eve), day)]
    record(stage, heirs, day, "Nghị quyết 1669/NQ-UBTVQH15")
    moved = move_staff(heirs, day) + _spread_districts(before, heirs, day)
    rollout.sync_seats([*(body.id for body in before), *(made.pk for made in founded.values())], day=day, now=stage.now)
    return f"{len(by_place)} xã, phường, đặc khu; {moved} cán bộ về đơn vị mới"


def end_agencies(agency_ids: list[int], day: date) -> None:
    """Let agencies end on a day: their names, and all edges at or under them."""
    AgencyVersion.objects.filter(agency_id__in=agency_ids, valid_to=None).update(valid_to=day)
    for side in ("child_id__in", "parent_id__in"):
        AgencyEdge.objects.filter(**{side: agency_ids}, valid_to=None).update(valid_to=day)


def record(stage: Stage, heirs: Mapping[int, int], day: date, document: str) -> None:
    """Write down which agency went into which."""
    event = AgencyEvent.objects.create(kind="merge", effective_on=day, legal_document=document, recorded_at=stage.now)
    AgencyLineage.objects.bulk_create(
        AgencyLineage(event=event, from_agency_id=old, to_agency_id=new, staff_share=1.0) for old, new in heirs.items()
    )


def move_staff(heirs: Mapping[int, int], day: date) -> int:
    """Move everyone on the old rosters to the heirs' rosters; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_STAFF, {"old": list(heirs), "new": list(heirs.values()), "day": day})
        return int(cursor.rowcount)


def _found_city(day: date) -> dict[str, Agency]:
    """Found the merged city's committee, bodies, their parts and the committees of all communes; by code."""
    [city] = places.units_on(day, "province")
    top = agency_services.found_agency(
        agencies_then.committee(city, CITY, Kind.PROVINCE_COMMITTEE, None), valid_from=day
    )
    coordinating = next(item for item in BODIES_NOW if item.code == COORDINATOR)
    coordinator = agency_services.found_agency(agencies_then.body(coordinating, top.pk, city.id), valid_from=day)
    others = [item for item in BODIES_NOW if item is not coordinating]
    made = agency_services.found_agencies(
        [agencies_then.body(item, coordinator.pk, city.id) for item in others], valid_from=day
    )
    found = {CITY: top, COORDINATOR: coordinator} | {
        item.code: agency for item, agency in zip(others, made, strict=True)
    }
    parts = [part for item in BODIES_NOW for part in agencies_then.parts(item, found[item.code].pk, city.id)]
    communes = [
        agencies_then.committee(unit, f"ubnd-{unit.code}", Kind.COMMUNE_COMMITTEE, coordinator.pk)
        for unit in places.units_on(day, "commune")
    ]
    new = [*parts, *communes]
    founded = agency_services.found_agencies(new, valid_from=day)
    return found | {item.code: agency for item, agency in zip(new, founded, strict=True)}


def _heirs_of_bodies(before: list[agencies.AgencyView], founded: Mapping[str, Agency]) -> dict[int, int]:
    """Return the heir of each body and part of the province, and of its committee."""
    went_to = {old: new for new, olds in CAME_FROM.items() for old in olds} | {agencies_then.TOP: CITY}
    heirs = {}
    for body in before:
        code, _, part = body.code.partition(".")
        if code in went_to:
            new = went_to[code]
            heirs[body.id] = founded.get(f"{new}.{part}", founded[new]).pk if part else founded[new].pk
    return heirs


def _spread_districts(before: list[agencies.AgencyView], heirs: Mapping[int, int], day: date) -> int:
    """Spread each district's staff over the heirs of its communes' committees."""
    targets: dict[int, list[int]] = defaultdict(list)
    districts = {body.id for body in before if body.kind == Kind.DISTRICT_COMMITTEE}
    for body in before:
        if body.kind == Kind.COMMUNE_COMMITTEE and body.parent_id in districts:
            heir = heirs[body.id]
            if heir not in targets[body.parent_id]:
                targets[body.parent_id].append(heir)
    rows = [(old, place, new) for old, news in targets.items() for place, new in enumerate(sorted(news))]
    old, place, new = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD_STAFF, {"old": old, "place": place, "new": new, "day": day})
        return int(cursor.rowcount)
