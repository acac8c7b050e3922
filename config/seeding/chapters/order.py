"""What was ordered, and what figures are measured against: campaigns, targets, bases, each base with source, day and method.

Two oddities are planted on purpose, then and now: one commune whose counted owners are too few for its installs (over 100%, which
must be flagged and never capped), and a few communes whose owners nobody has counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from config.seeding import story
from config.seeding.adoption import Ints
from config.seeding.chapters import agencies_then, reorganisations, since, spring
from config.seeding.demo import Stage
from config.seeding.populations import Populations
from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import system
from smarthd.places.values import UnitView
from smarthd.rollout import rules
from smarthd.rollout import selectors as figures
from smarthd.rollout import services as rollout

ACTOR = system("seed-demo")
THEN, NOW = "lenh-2024", "dang-chay"
METHOD = "Thôn, khu dân cư rà soát từng hộ (số dùng thử)"
COUNTED_THEN = date(2024, 3, 15)


@dataclass(frozen=True)
class Asked:
    """One campaign's words and days."""

    key: str
    title: str
    opens_on: date
    last_on: date
    status: rules.CampaignStatus
    cut_offs: tuple[date, ...]
    document_number: str
    document_title: str
    issued_by: str
    coordinator: str


def plant_then(stage: Stage) -> str:
    """The order of 2024: closed long since, its bases on the 235 communes of that time."""
    _open(
        stage,
        Asked(
            THEN,
            "Chiến dịch cài đặt và sử dụng Smart-HaiDuong từ 26/3 đến 20/4/2024 (dữ liệu dùng thử)",
            story.SPRING_FIRST,
            story.SPRING_DEADLINE,
            rules.CampaignStatus.CLOSED,
            (date(2024, 4, 5), date(2024, 4, 12), story.SPRING_DEADLINE, story.SPRING_LAST),
            "01/UBND-DUNGTHU",
            "về việc cài đặt và sử dụng ứng dụng Smart-HaiDuong",
            "Ủy ban nhân dân tỉnh Hải Dương (dữ liệu dùng thử)",
            agencies_then.COORDINATOR,
        ),
    )
    told = spring.imagine(stage.rng_of("spring-2024"))
    odd = stage.rng.permutation(len(told.communes))
    written = _set_bases(stage, told.communes, told.people, COUNTED_THEN, shown_on=story.SPRING_LAST, odd=odd)
    return f"chiến dịch đã kết thúc, {written} mẫu số"


def plant_now(stage: Stage) -> str:
    """The running campaign round today, its bases on the present communes."""
    first, last = story.running_campaign(stage.today)
    mondays = [first + timedelta(days=days) for days in range(6, (last - first).days, 7)]
    _open(
        stage,
        Asked(
            NOW,
            "Chiến dịch đang chạy: người dân cùng dùng Smart-HaiDuong (dữ liệu dùng thử)",
            first,
            last,
            rules.CampaignStatus.RUNNING,
            tuple(mondays),
            "02/UBND-DUNGTHU",
            "về việc tiếp tục phổ cập ứng dụng Smart-HaiDuong",
            "Ủy ban nhân dân thành phố Hải Phòng (dữ liệu dùng thử)",
            reorganisations.COORDINATOR,
        ),
    )
    told = since.imagine(stage.rng_of("running"), stage.today)
    eastern = np.flatnonzero(~told.west)  # no older base lies under these
    written = _set_bases(
        stage,
        told.units,
        told.people,
        first - timedelta(days=30),
        shown_on=stage.today,
        odd=stage.rng.permutation(eastern),
    )
    return f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}, {written} mẫu số"


def _open(stage: Stage, asked: Asked) -> None:
    """Open a campaign with its targets and bring it to its status."""
    rollout.open_campaign(
        asked.key,
        title=asked.title,
        opens_on=asked.opens_on,
        deadline_at=clock.at_local(asked.last_on, 17),
        document_number=asked.document_number,
        document_on=asked.opens_on - timedelta(days=6),
        document_title=asked.document_title,
        issued_by=asked.issued_by,
        cut_offs=asked.cut_offs,
        coordinator_id=agencies.agency_by_code(asked.coordinator, asked.opens_on).id,
        actor=ACTOR,
        now=stage.now,
    )
    for scope, indicator, value in (
        (rules.Scope.AGENCY, "staff_used", 1.0),
        (rules.Scope.UNIT, "activated", 0.5),
        (rules.Scope.UNIT, "use_rate", 0.7),
    ):
        rollout.set_target(asked.key, scope=scope, indicator=indicator, value=value, actor=ACTOR, now=stage.now)
    rollout.change_campaign_status(asked.key, to=rules.CampaignStatus.RUNNING, actor=ACTOR, now=stage.now)
    if asked.status is rules.CampaignStatus.CLOSED:
        rollout.change_campaign_status(asked.key, to=asked.status, actor=ACTOR, now=stage.now)


def _set_bases(
    stage: Stage, units: list[UnitView], people: Populations, counted_on: date, *, shown_on: date, odd: Ints
) -> int:
    """Enter the bases of all units; the first of ``odd`` (places in ``units``) is overcounted, the next few are uncounted."""
    overcounted, uncounted = int(odd[0]), {int(number) for number in odd[1 : story.COMMUNES_WITHOUT_BASE + 1]}
    rows = []
    for number, unit in enumerate(units):
        values = {
            rules.Measure.POPULATION: people.people[number],
            rules.Measure.ADULTS: people.adults[number],
            rules.Measure.HOUSEHOLDS: people.households[number],
            rules.Measure.SMARTPHONE_OWNERS: people.smartphone_owners[number],
        }
        if number == overcounted:
            values[rules.Measure.SMARTPHONE_OWNERS] = _too_few(unit, shown_on)
        if number in uncounted:
            del values[rules.Measure.SMARTPHONE_OWNERS]
        rows += [
            rollout.NewDenominator(unit.id, measure, int(value), story.SOURCE, counted_on, METHOD)
            for measure, value in values.items()
        ]
    return rollout.set_denominators(rows, actor=ACTOR, now=stage.now)


def _too_few(unit: UnitView, on: date) -> int:
    """Return a count of owners that the unit's installs exceed by story.OVERCOUNTED."""
    [row] = [row for row in figures.table("commune", on, on, actor=ACTOR).rows if row.unit_id == unit.id]
    return max(1, round((row.values["installed"].numerator or 0) / story.OVERCOUNTED))


def plant_figures(stage: Stage) -> str:
    """Let rollout make its roll-ups of everything planted."""
    made = rollout.rebuild_rollups(now=stage.now)
    return f"{made.days} ngày"
