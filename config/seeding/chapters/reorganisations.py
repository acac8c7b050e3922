"""The two reorganisations after the order: committees follow their units, provincial bodies merge, staff go along.

All through agencies' own services; what they do not know is the chain of the order, in which communes (and districts while there were
any) report to the coordinating department. Districts' staff leave the rosters on 1/7/2025: where each went is nobody's to invent.
"""

from __future__ import annotations

from datetime import date

from config.seeding import story
from config.seeding.bodies import BODIES_NOW, CAME_FROM
from config.seeding.chapters import agencies_then
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind
from smarthd.agencies.services import reorganise
from smarthd.kernel import events
from smarthd.kernel.actor import system
from smarthd.places import selectors as places

ACTOR = system("seed-demo")
CITY, COORDINATOR = "ubnd-tp", "hp-skhcn"
RESOLUTION_1250 = "Nghị quyết 1250/NQ-UBTVQH15"
RESOLUTION_1669 = "Nghị quyết 1669/NQ-UBTVQH15"


def plant_december(stage: Stage) -> str:
    """1/12/2024: 28 new communes stand where 56 stood; their committees follow."""
    day = story.DECEMBER
    agency_services.follow_places(on=day, actor=ACTOR, now=stage.now, legal_document=RESOLUTION_1250)
    districts = agencies.agencies_on(day, kinds=[Kind.DISTRICT_COMMITTEE])
    _report_to(agencies_then.COORDINATOR, [district.id for district in districts], day, RESOLUTION_1250)
    events.deliver_owed()
    return f"còn {len(agencies.agencies_on(day, kinds=[Kind.COMMUNE_COMMITTEE]))} Ủy ban nhân dân cấp xã"


def plant_july(stage: Stage) -> str:
    """1/7/2025: districts end, the province becomes part of Hải Phòng, its bodies merge."""
    day = story.JULY
    agency_services.follow_places(on=day, actor=ACTOR, now=stage.now, legal_document=RESOLUTION_1669)
    founded = _found_bodies(day)
    passages = _passages(day, founded)
    reorganise.end_agencies([passage.from_id for passage in passages], on=day)
    reorganise.pass_on("merge", passages, reorganise.Order(day, RESOLUTION_1669, ACTOR, stage.now))
    communes = agencies.agencies_on(day, kinds=[Kind.COMMUNE_COMMITTEE])
    _report_to(COORDINATOR, [commune.id for commune in communes], day, RESOLUTION_1669)
    events.deliver_owed()
    return f"{len(communes)} Ủy ban nhân dân xã, phường, đặc khu; {len(passages)} sở, ban, ngành, phòng hợp nhất"


def _report_to(coordinator: str, agency_ids: list[int], day: date, document: str) -> None:
    """Put committees under the coordinating department from a day on."""
    above = agencies.agency_by_code(coordinator, day).id
    reorganise.rehang(dict.fromkeys(agency_ids, above), on=day, legal_document=document)


def _found_bodies(day: date) -> dict[str, int]:
    """Found the merged city's bodies and their parts; ids by code."""
    [city] = places.units_on(day, "province")
    top = agencies.agency_by_code(CITY, day).id
    coordinating = next(item for item in BODIES_NOW if item.code == COORDINATOR)
    others = [item for item in BODIES_NOW if item is not coordinating]
    coordinator = agency_services.found_agency(agencies_then.body(coordinating, top, city.id), valid_from=day)
    made = agency_services.found_agencies(
        [agencies_then.body(item, coordinator.pk, city.id) for item in others], valid_from=day
    )
    ids = {COORDINATOR: coordinator.pk} | {item.code: agency.pk for item, agency in zip(others, made, strict=True)}
    parts = [part for item in BODIES_NOW for part in agencies_then.parts(item, ids[item.code], city.id)]
    for part, agency in zip(parts, agency_services.found_agencies(parts, valid_from=day), strict=True):
        ids[part.code] = agency.pk
    return ids


def _passages(day: date, founded: dict[str, int]) -> list[reorganise.Passage]:
    """Return where each body of the province, and each of its parts, went: to the part of the same place, or the body itself."""
    went_to = {old: new for new, olds in CAME_FROM.items() for old in olds}
    passages = []
    for body in agencies.agencies_on(day):
        code, _, part = body.code.partition(".")
        if code in went_to:
            new = went_to[code]
            passages.append(reorganise.Passage(body.id, founded.get(f"{new}.{part}", founded[new]), 1.0))
    return passages
