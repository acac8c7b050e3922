"""The order's campaign of 26/3–20/4/2024 on the units of that time: rosters, persons, their use, what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from config.seeding import adoption, cohorts, names, persons, phones, populations, rosters, story, usage
from config.seeding.adoption import Ints
from config.seeding.bodies import DEPARTMENTS_2024, MASS_ORGANISATIONS_2024
from config.seeding.chapters import units
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.selectors import AgencyView
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

STAFF_OF = {"province_committee": 12, "district_committee": 13, "commune_committee": 8, "sub_unit": 5}
LAGGARD_AGENCIES, LAGGARD_COMMUNES = 0.05, 0.12
REACH = 0.6
CITY_CODE = "288"  # thành phố Hải Dương, where provincial bodies sit


@dataclass(frozen=True)
class Spring:
    """The made-up spring, before any row is written. Arrays run along ``communes`` or ``agencies``."""

    communes: list[UnitView]
    people: populations.Populations
    agencies: list[AgencyView]
    sizes: Ints
    roster: Ints  # each employed person's agency
    staff_home: Ints  # and commune
    came: npt.NDArray[np.bool_]  # who of them installed by the end
    citizens: cohorts.Cohort
    staff: cohorts.Cohort


def imagine(rng: np.random.Generator) -> Spring:
    """Draw the spring of 2024: who lives where, who works where, who installed and used the app when."""
    communes = places.units_on(story.SPRING_FIRST, "commune")
    drawn = populations.draw(rng, [unit.kind for unit in communes], people=story.PEOPLE_THEN)
    bodies = agencies.agencies_on(story.SPRING_FIRST)
    sizes = _sizes(rng, bodies)
    spans = [(story.SPRING_FIRST, story.SPRING_AFTERGLOW_LAST)]
    late = rng.random(len(bodies)) < LAGGARD_AGENCIES
    employed = cohorts.staff(rng, story.SPRING_FIRST, story.SPRING_LAST, sizes, laggards=late)
    homes = _homes(bodies, communes)
    home = np.array([int(rng.choice(homes[agency])) for agency in employed.unit], dtype=np.int64)
    came = employed.installed_on <= story.SPRING_LAST.toordinal()
    taken = np.bincount(home[came], minlength=len(communes))
    wave = adoption.pull(
        rng, story.SPRING_FIRST, story.SPRING_LAST, len(communes), reach=REACH, laggards=LAGGARD_COMMUNES
    )
    public = cohorts.citizens(rng, wave, drawn.smartphone_owners, taken)
    return Spring(
        communes,
        drawn,
        bodies,
        sizes,
        employed.unit,
        home,
        came,
        cohorts.with_use(rng, public, spans),
        cohorts.with_use(rng, cohorts.until(employed, story.SPRING_LAST), spans),
    )


def _sizes(rng: np.random.Generator, bodies: list[AgencyView]) -> Ints:
    stated = {item.code: item.staff for item in (*DEPARTMENTS_2024, *MASS_ORGANISATIONS_2024)}
    middle = np.array([stated.get(body.code, STAFF_OF.get(body.kind, 8)) for body in bodies])
    return np.maximum(3, middle + rng.integers(-2, 3, len(bodies)))


def _homes(bodies: list[AgencyView], communes: list[UnitView]) -> list[list[int]]:
    """Return, for each agency, the places (in ``communes``) its people may live in: the commune, the district's, or the city's."""
    by_id = {unit.id: number for number, unit in enumerate(communes)}
    by_district: dict[int | None, list[int]] = {}
    for number, unit in enumerate(communes):
        by_district.setdefault(unit.parent_id, []).append(number)
    city = next(unit.id for unit in places.units_on(story.SPRING_FIRST, "district") if unit.code == CITY_CODE)
    return [
        [by_id[body.place_id]] if body.place_id in by_id else by_district.get(body.place_id, by_district[city])
        for body in bodies
    ]


def plant(stage: Stage) -> str:
    """Write the rosters, persons and use of the spring."""
    spring = imagine(stage.rng)
    public = persons.plant_persons(
        stage.rng,
        spring.citizens.who,
        units.homes(stage.rng, spring.communes, spring.citizens.who.unit, story.SPRING_FIRST),
        telephones=phones.scattered_phones(story.CITIZENS_FIRST, len(spring.citizens.who)),
        last_use=spring.citizens.last_use,
        team_codes=[f"TO{unit.code}" for unit in spring.communes],
    )
    usage.plant_usage(stage.rng, public, spring.citizens.use)
    _plant_staff(stage, spring)
    return f"{len(spring.roster)} cán bộ, {len(public.install_id)} máy của người dân"


def _plant_staff(stage: Stage, spring: Spring) -> None:
    """Write the rosters of everyone employed, and the persons and use of those who came."""
    called = names.full_names(stage.rng, len(spring.roster))
    came = np.flatnonzero(spring.came)
    rows = persons.plant_persons(
        stage.rng,
        spring.staff.who,
        units.homes(stage.rng, spring.communes, spring.staff_home[came], story.SPRING_FIRST),
        telephones=[phones.scattered_phone(story.STAFF_FIRST + int(number)) for number in came],
        names=[called[number] for number in came],
        last_use=spring.staff.last_use,
        all_counted=True,
    )
    usage.plant_usage(stage.rng, rows, spring.staff.use)
    account = np.full(len(spring.roster), -1, dtype=np.int64)
    account[came] = rows.account_id
    rosters.enter(
        stage.rng,
        spring.agencies,
        spring.roster,
        called=called,
        telephones=phones.scattered_phones(story.STAFF_FIRST, len(spring.roster)),
        account=account,
        since=story.ROSTERS_FROM,
    )
