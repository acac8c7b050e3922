"""From the end of the spring's telling to today: who of 2024 stayed, and the campaign that runs now on the present units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from django.db import connection

from config.seeding import adoption, cohorts, names, persons, phones, populations, rosters, story, usage
from config.seeding.adoption import DaysOfUse, Ints, Persons
from config.seeding.chapters import spring, units
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

STAY_CITIZENS, STAY_STAFF = 0.4, 0.88
REACH_WEST, REACH_EAST = 0.2, 0.42
EAST_STAFF_EACH = 10
MORE_OWNERS = 1.15  # people own more smartphones than in 2024


def plant_stayers(stage: Stage) -> str:
    """Go on with the days of use of those who stayed; the others lapse."""
    account, activated, atom, staff = _of_2024()
    stays = stage.rng.random(len(account)) < np.where(staff, STAY_STAFF, STAY_CITIZENS)
    habit = stage.rng.beta(1.1, 1.1 * (1 - cohorts.CITIZEN_HABIT) / cohorts.CITIZEN_HABIT, len(account))
    who = Persons(np.arange(len(account)), activated, np.where(stays, activated, adoption.NEVER), habit)
    first = story.SPRING_AFTERGLOW_LAST + timedelta(days=1)
    use = cohorts.with_use(stage.rng, who, [(first, stage.today)]).use
    usage.plant_days(stage.rng, account, atom, use)
    _touch_installs(stage, account, use)
    return f"{int(stays.sum())} người dùng tiếp, {len(use.person)} ngày sử dụng"


def _of_2024() -> tuple[Ints, Ints, Ints, npt.NDArray[np.bool_]]:
    """Return account, day of account (ordinal), home and whether staff, of everyone who agreed to be counted by then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.account_id, p.activated_on - DATE '0001-01-01' + 1, p.home_id,
              EXISTS (SELECT 1 FROM rollout_staff_seat s WHERE s.account_id = p.account_id)
            FROM rollout_participant p JOIN people_consent c USING (account_id) WHERE c.purpose = 'usage' ORDER BY 1"""
        )
        rows = cursor.fetchall()
    account, activated, atom, staff = (np.array(column) for column in zip(*rows, strict=True))
    return account.astype(np.int64), activated.astype(np.int64), atom.astype(np.int64), staff.astype(bool)


def _touch_installs(stage: Stage, account: Ints, use: DaysOfUse) -> None:
    """Let the installs of those who stayed say when they were last seen."""
    last = np.zeros(len(account), dtype=np.int64)
    np.maximum.at(last, use.person, use.day)
    seen = last > 0
    moments = np.minimum(persons.moments(stage.rng, last[seen]), round(stage.now.timestamp() * 1_000_000))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE people_install i SET last_seen_at = GREATEST(i.last_seen_at, to_timestamp(t.seen / 1e6))
            FROM unnest(%s::bigint[], %s::bigint[]) t(account, seen)
            JOIN people_binding b ON b.account_id = t.account WHERE b.install_id = i.id""",
            [account[seen].tolist(), moments.tolist()],
        )


@dataclass(frozen=True)
class Present:
    """The present communes, which of them stand on the soil of the former province, and who lives there."""

    units: list[UnitView]
    west: npt.NDArray[np.bool_]
    people: populations.Populations


def imagine(rng: np.random.Generator, today: date) -> Present:
    """Draw who lives in the present communes: in the west who lived there in 2024, the east is drawn anew."""
    present = places.units_on(today, "commune")
    west = np.array([bool(places.predecessors(unit.id, story.JULY)) for unit in present])
    then = spring.imagine(Stage.rng_of("spring-2024"))
    weights = _weights(then.communes, present, today)
    drawn = populations.draw(
        rng, [unit.kind for unit, here in zip(present, west, strict=True) if not here], people=story.PEOPLE_EAST
    )
    people = populations.Populations(
        people=_both(then.people.people @ weights, west, drawn.people),
        adults=_both(then.people.adults @ weights, west, drawn.adults),
        smartphone_owners=_both(then.people.smartphone_owners @ weights * MORE_OWNERS, west, drawn.smartphone_owners),
        households=_both(then.people.households @ weights, west, drawn.households),
    )
    return Present(present, west, people)


def _weights(then: list[UnitView], present: list[UnitView], today: date) -> npt.NDArray[np.float64]:
    """Return the part of each commune of 2024 (rows) that went to each present one (columns)."""
    row = {unit.id: number for number, unit in enumerate(then)}
    column = {unit.id: number for number, unit in enumerate(present)}
    weights = np.zeros((len(then), len(present)))
    for part in places.closure(places.boundary_set(on=today).id, "population", "commune"):
        if part.atom_id in row and part.ancestor_id in column:
            weights[row[part.atom_id], column[part.ancestor_id]] = part.weight
    return weights


def _both(west_part: npt.NDArray[np.float64], west: npt.NDArray[np.bool_], east_part: Ints) -> Ints:
    whole = np.rint(west_part).astype(np.int64)
    whole[~west] = east_part
    return whole


def plant_running(stage: Stage) -> str:
    """The running campaign: newcomers on all present units, staff of the east on their rosters."""
    first, last = story.running_campaign(stage.today)
    present = imagine(stage.rng, stage.today)
    wave = adoption.pull(stage.rng, first, last, len(present.units), reach=1.0, laggards=0.12)
    wave = adoption.Wave(first, last, wave.reach * np.where(present.west, REACH_WEST, REACH_EAST), wave.middle)
    everyone = adoption.persons(stage.rng, wave, present.people.smartphone_owners, habit=cohorts.CITIZEN_HABIT)
    cohort = cohorts.with_use(stage.rng, cohorts.until(everyone, stage.today), [(first, stage.today)])
    rows = persons.plant_persons(
        stage.rng,
        cohort.who,
        units.homes(stage.rng, present.units, cohort.who.unit, stage.today),
        telephones=phones.scattered_phones(story.NEWCOMERS_FIRST, len(cohort.who)),
        last_use=cohort.last_use,
        team_codes=[f"TO{unit.code}" for unit in present.units],
        no_later_than=stage.now,
    )
    usage.plant_usage(stage.rng, rows, cohort.use)
    employed = _plant_eastern_staff(stage, present)
    return f"{len(rows.install_id)} máy mới của người dân, {employed} cán bộ phía đông"


def _plant_eastern_staff(stage: Stage, present: Present) -> int:
    """Rosters for the committees of the east: most have installed since the running campaign began."""
    first, last = story.running_campaign(stage.today)
    eastern = {unit.id for unit, here in zip(present.units, present.west, strict=True) if not here}
    bodies = [
        body for body in agencies.agencies_on(stage.today, kinds=[Kind.COMMUNE_COMMITTEE]) if body.place_id in eastern
    ]
    sizes = np.maximum(4, EAST_STAFF_EACH + stage.rng.integers(-3, 4, len(bodies)))
    late = stage.rng.random(len(bodies)) < 0.1
    employed = cohorts.staff(stage.rng, first, last, sizes, laggards=late)
    came = np.flatnonzero(employed.installed_on <= stage.today.toordinal())
    called = names.full_names(stage.rng, len(employed))
    numbers = phones.scattered_phones(story.EASTERN_STAFF_FIRST, len(employed))
    cohort = cohorts.with_use(stage.rng, cohorts.until(employed, stage.today), [(first, stage.today)])
    place = np.array([body.place_id for body in bodies], dtype=np.int64)
    rows = persons.plant_persons(
        stage.rng,
        cohort.who,
        place[cohort.who.unit],
        telephones=[numbers[number] for number in came],
        names=[called[number] for number in came],
        last_use=cohort.last_use,
        all_counted=True,
        no_later_than=stage.now,
    )
    usage.plant_usage(stage.rng, rows, cohort.use)
    account = np.full(len(employed), -1, dtype=np.int64)
    account[came] = rows.account_id
    rosters.enter(
        stage.rng, bodies, employed.unit, called=called, telephones=numbers, account=account, since=story.JULY
    )
    return len(employed)
