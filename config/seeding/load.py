"""The large world for measuring: ROLLOUT.md's M (and S, L) by COPY, from the same generators as the demonstration.

Its days are fixed (``world.LAST_DAY``), so that figures measured on different days can be compared. Every day of use stands as a row,
written in the order of days, as the rows of a real installation would. Roll-ups are not made here: ``smarthd rollout rebuild`` makes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from config.seeding import (
    adoption,
    cohorts,
    content_demo,
    copying,
    names,
    persons,
    phones,
    populations,
    record,
    usage,
    world,
)
from config.seeding.adoption import Ints
from config.seeding.bodies import post
from config.seeding.chapters import agencies_then
from config.seeding.demo import Stage
from config.seeding.planting import plant as plant_rows
from smarthd.agencies import phones as staff_phones
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind
from smarthd.agencies.selectors import AgencyView
from smarthd.content import selectors as content
from smarthd.kernel import clock, text
from smarthd.kernel.actor import system
from smarthd.kernel.models import SystemRecord
from smarthd.places import selectors as places
from smarthd.places import services as place_services
from smarthd.places.services.villages import NewVillage
from smarthd.places.values import UnitView
from smarthd.rollout import rules
from smarthd.rollout import services as rollout

SEED = 4_660_000
CITIZENS_FIRST = 100_000  # telephone numbers below are staff's
PART_DAYS = 30  # days of use drawn at once: at M about 200 MB
SOURCE = "Số liệu đo tốc độ, không phải số thật"
ACTOR = system("seed-load")


@dataclass(frozen=True)
class Scale:
    """How large: persons, smartphones, accounts, daily users at the end, staff, units that report, villages a commune, days."""

    people: int
    accounts: int
    daily_users: int
    staff: int
    reporting_units: int
    villages_each: int
    days: int

    @property
    def first_day(self) -> date:
        """The first day with data."""
        return world.LAST_DAY - timedelta(days=self.days - 1)


SCALES = {
    "S": Scale(people=20_000, accounts=7_000, daily_users=950, staff=2_000, reporting_units=500, villages_each=2, days=60),
    "M": Scale(people=2_000_000, accounts=700_000, daily_users=95_000, staff=45_000, reporting_units=3_700, villages_each=10, days=450),
    "L": Scale(people=4_660_000, accounts=1_600_000, daily_users=217_000, staff=90_000, reporting_units=7_500, villages_each=20, days=450),
}  # fmt: skip


class CannotLoad(Exception):
    """The world is not loaded; the message is a Vietnamese sentence."""


@dataclass
class Telling:
    """Turns steps into lines with their rows, seconds and rows a second."""

    total: int = 0

    def step(self, words: str, act: Callable[[], int]) -> str:
        """Do one step and return its line."""
        started = time.perf_counter()
        rows = act()
        seconds = time.perf_counter() - started
        self.total += rows
        return (
            f"✓ {words}: {rows:,} dòng trong {seconds:.1f} giây ({rows / max(seconds, 1e-9):,.0f} dòng/giây)".replace(
                ",", "."
            )
        )


def plant(scale_key: str, *, typed_name: str = "") -> Iterator[str]:
    """Load the world of one scale in one transaction a step, telling each step."""
    _refuse_unless_ours(typed_name)
    scale, rng, telling = SCALES[scale_key], np.random.default_rng(SEED), Telling()
    started = time.perf_counter()
    yield telling.step("Bản đồ, thôn", lambda: _plant_map(scale))
    yield telling.step("Cơ quan, đơn vị", lambda: _plant_agencies(rng, scale))
    yield from _plant_people(rng, scale, telling)
    yield telling.step("Thông báo, danh bạ", _plant_content)
    _analyse()
    _write_down(scale_key)
    seconds = time.perf_counter() - started
    yield f"Xong cỡ {scale_key}: {telling.total:,} dòng trong {seconds:.0f} giây".replace(",", ".")


def _refuse_unless_ours(typed_name: str) -> None:
    """Refuse a production installation, and one that holds data unless its database's name was typed."""
    if settings.PRODUCTION:
        msg = "Bản chính thức không bao giờ nạp dữ liệu đo tốc độ."
        raise CannotLoad(msg)
    name = str(connection.settings_dict["NAME"])
    if typed_name and typed_name != name:
        msg = f"Tên gõ vào là “{typed_name}”, cơ sở dữ liệu này tên là “{name}”. Không nạp gì."
        raise CannotLoad(msg)
    if not typed_name and _holds_data():
        msg = f"Cơ sở dữ liệu “{name}” đã có dữ liệu. Hãy chọn DATA_DIR khác, hoặc gõ --force {name} nếu thật sự muốn nạp thêm."
        raise CannotLoad(msg)


def _holds_data() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM people_account) OR EXISTS (SELECT 1 FROM agencies_agency)")
        row = cursor.fetchone()
    return bool(row and row[0])


@transaction.atomic
def _plant_map(scale: Scale) -> int:
    now = clock.now()
    place_services.import_all(actor=ACTOR, now=now)
    communes = places.units_on(scale.first_day, "commune")
    villages = [
        NewVillage(unit.id, f"Thôn {number + 1}", scale.first_day)
        for unit in communes
        for number in range(scale.villages_each)
    ]
    place_services.add_villages_bulk(villages, actor=ACTOR, now=now)
    return len(villages) + len(communes)


@transaction.atomic
def _plant_agencies(rng: np.random.Generator, scale: Scale) -> int:
    """Found the agencies of 2024, and schools and clinics until as many units report as the scale says."""
    agencies_then.plant(Stage(rng, clock.now(), world.LAST_DAY))
    there = agencies.agencies_on(scale.first_day)
    committees = [body for body in there if body.kind == Kind.COMMUNE_COMMITTEE]
    more = max(0, scale.reporting_units - len(there))
    kinds = (
        (Kind.SCHOOL, "Trường Tiểu học"),
        (Kind.SCHOOL, "Trường Trung học cơ sở"),
        (Kind.SCHOOL, "Trường Mầm non"),
        (Kind.CLINIC, "Trạm Y tế"),
    )
    new = []
    for number in range(more):
        above, (kind, word) = committees[number % len(committees)], kinds[number // len(committees) % len(kinds)]
        rank = number // len(committees) // len(kinds) + 1
        new.append(
            agency_services.NewAgency(
                kind=kind,
                name=f"{word} số {rank}, {above.name.removeprefix('Ủy ban nhân dân ')}",
                code=f"{above.code}.{number}",
                place_id=above.place_id,
                parent_id=above.id,
            )
        )
    agency_services.found_agencies(new, valid_from=agencies_then.SINCE)
    return len(there) + more


@transaction.atomic
def _plant_content() -> int:
    """Publish the demonstration's notices, so that the pages measured are the pages read."""
    content_demo.plant(today=world.LAST_DAY, now=world.NOW)
    return len(content.notices_for(None, world.LAST_DAY, limit=100))


def _plant_people(rng: np.random.Generator, scale: Scale, telling: Telling) -> Iterator[str]:
    """Citizens, then staff, each with rows of people, then of rollout."""
    communes = places.units_on(scale.first_day, "commune")
    villages = _villages_of(communes, scale)
    drawn = populations.draw(rng, [unit.kind for unit in communes], people=scale.people)
    reach = scale.accounts / adoption.ACTIVATES / drawn.smartphone_owners.sum()
    wave = adoption.pull(rng, scale.first_day, world.LAST_DAY, len(communes), reach=reach, laggards=0.1)
    habit = scale.daily_users / scale.accounts / adoption.CORE_SHARE
    who = cohorts.until(adoption.persons(rng, wave, drawn.smartphone_owners, habit=habit), world.LAST_DAY)
    atom = villages[who.unit, rng.integers(0, scale.villages_each, len(who))]
    planted: list[persons.Rows] = []
    yield telling.step("Mẫu số", lambda: _plant_bases(communes, drawn, scale))
    yield telling.step("Người dân: máy, tài khoản, sự đồng ý", lambda: _plant_citizens(rng, who, atom, planted))
    yield telling.step("Người dân: ngày sử dụng", lambda: _plant_use(rng, planted[0], scale))
    yield telling.step(
        "Cán bộ: danh sách, máy, tài khoản, ngày sử dụng", lambda: _plant_staff(rng, scale, villages.ravel())
    )


def _villages_of(communes: list[UnitView], scale: Scale) -> Ints:
    """Return the villages' ids, one row a commune."""
    by_commune: dict[int | None, list[int]] = {}
    for village in places.units_on(scale.first_day, "village"):
        by_commune.setdefault(village.parent_id, []).append(village.id)
    return np.array([by_commune[unit.id][: scale.villages_each] for unit in communes], dtype=np.int64)


@transaction.atomic
def _plant_bases(communes: list[UnitView], drawn: populations.Populations, scale: Scale) -> int:
    """Enter what every commune's shares are measured against, as of the first day."""
    measures = (
        (rules.Measure.POPULATION, drawn.people),
        (rules.Measure.ADULTS, drawn.adults),
        (rules.Measure.SMARTPHONE_OWNERS, drawn.smartphone_owners),
        (rules.Measure.HOUSEHOLDS, drawn.households),
    )
    rows = [
        rollout.NewDenominator(unit.id, measure, int(values[place]), SOURCE, scale.first_day)
        for place, unit in enumerate(communes)
        for measure, values in measures
    ]
    return rollout.set_denominators(rows, actor=ACTOR, now=clock.now())


@transaction.atomic
def _plant_citizens(rng: np.random.Generator, who: adoption.Persons, atom: Ints, planted: list[persons.Rows]) -> int:
    rows = persons.plant_persons(rng, who, atom, telephones=phones.scattered_phones(CITIZENS_FIRST, len(who)))
    planted.append(rows)
    return len(rows.install_id) + 2 * int((rows.account_id >= 0).sum()) + int(rows.counted.sum())


@transaction.atomic
def _plant_use(rng: np.random.Generator, rows: persons.Rows, scale: Scale) -> int:
    return usage.plant_usage_in_parts(rng, rows, _days_of_use(rng, rows.who, scale))


def _days_of_use(rng: np.random.Generator, who: adoption.Persons, scale: Scale) -> Iterator[adoption.DaysOfUse]:
    """Yield the days of use of all persons, month after month, each in the order of days."""
    for start in range(0, scale.days, PART_DAYS):
        first = scale.first_day + timedelta(days=start)
        last = min(first + timedelta(days=PART_DAYS - 1), world.LAST_DAY)
        activated = np.where(who.activated_on <= last.toordinal(), who.activated_on, adoption.NEVER)
        use = cohorts.with_use(rng, replace(who, activated_on=activated), [(first, last)]).use
        order = np.argsort(use.day, kind="stable")
        yield adoption.DaysOfUse(use.person[order], use.day[order], use.actions[order])


@transaction.atomic
def _plant_staff(rng: np.random.Generator, scale: Scale, homes: Ints) -> int:
    """Everyone employed on a roster, nearly all with the app, at homes drawn from all villages."""
    bodies = agencies.agencies_on(scale.first_day)
    sizes = populations.split_total(scale.staff, rng.lognormal(0, 0.35, len(bodies)))
    late = rng.random(len(bodies)) < 0.06
    last = scale.first_day + timedelta(days=25)
    employed = cohorts.staff(rng, scale.first_day, last, sizes, laggards=late)
    came = employed.installed_on <= last.toordinal()
    who = cohorts.until(employed, last)
    called = names.full_names(rng, len(employed))
    rows = persons.plant_persons(
        rng,
        who,
        rng.choice(homes, len(who)),
        telephones=[phones.scattered_phone(int(number)) for number in np.flatnonzero(came)],
        names=[called[number] for number in np.flatnonzero(came)],
        all_counted=True,
    )
    usage_rows = usage.plant_usage_in_parts(rng, rows, _days_of_use(rng, who, scale))
    account = np.full(len(employed), -1, dtype=np.int64)
    account[came] = rows.account_id
    agency = np.array([body.id for body in bodies], dtype=np.int64)[employed.unit]
    staff_id = _plant_rosters(rng, bodies, employed.unit, called, account)
    usage.plant_seats(rng, staff_id, agency, account, agencies_then.SINCE)
    return 2 * len(employed) + 4 * len(who) + usage_rows


def _plant_rosters(
    rng: np.random.Generator, bodies: list[AgencyView], unit: Ints, called: list[str], account: Ints
) -> Ints:
    """Write the rosters; the number of a person is that of their place in the arrays."""
    rank = np.arange(len(unit)) - np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=len(bodies)))])[unit]
    numbers = [phones.scattered_phone(number) for number in range(len(unit))]
    return plant_rows(
        "agencies.Staff",
        len(unit),
        rng,
        agency_id=np.array([body.id for body in bodies], dtype=np.int64)[unit],
        full_name=called,
        name_key=[text.tone_free_key(name) for name in called],
        position=[post(bodies[place].kind, int(row)) for place, row in zip(unit, rank, strict=True)],
        phone_sealed=copying.octets([staff_phones.sealed(number) for number in numbers]),
        phone_index=copying.octets([staff_phones.index_of(number) for number in numbers]),
        account_id=copying.bigint(account, account < 0),
        valid_from=agencies_then.SINCE,
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_down(scale_key: str) -> None:
    SystemRecord.objects.update_or_create(
        key=record.LOAD, defaults={"value": {"scale": scale_key, "seed": SEED}, "updated_at": clock.now()}
    )
