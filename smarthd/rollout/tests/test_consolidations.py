"""Consolidations never wait, name who is missing, and are the same to the byte when made again."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from smarthd.rollout import selectors, services
from smarthd.rollout.models import Consolidation
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def consolidated(desk: Desk, **when: object) -> Consolidation:
    return services.consolidate(
        desk.period.uid,
        "tuan",
        agency_id=desk.world.department,
        actor=desk.department,
        now=when.get("now", NOW + timedelta(hours=1)),  # type: ignore[arg-type]
    )


def test_a_consolidation_takes_what_is_there_and_names_who_is_missing(desk: Desk) -> None:
    reporting.submitted(desk)
    made = consolidated(desk)
    assert (made.version, made.content["due"], made.content["handed_in"]) == (1, 3, 1)
    assert made.content["totals"] == {"gatherings": 3, "reached": 1250, "attended": 1100}
    assert [one["name"] for one in made.content["missing"]] == [
        "Ủy ban nhân dân xã Nam Hưng",
        "Ủy ban nhân dân huyện Nam Sách",
    ]


def test_nothing_new_makes_no_new_version_and_a_late_arrival_makes_one_with_its_difference(desk: Desk) -> None:
    reporting.submitted(desk)
    first = consolidated(desk)
    assert consolidated(desk, now=NOW + timedelta(hours=2)).pk == first.pk
    reporting.submitted(desk, agency_id=desk.world.commune_b, now=DUE + timedelta(hours=1))
    second = consolidated(desk, now=DUE + timedelta(hours=2))
    assert second.version == 2
    assert second.diff["came"] == ["Ủy ban nhân dân xã Nam Hưng"]
    assert second.diff["totals"] == {
        "commune_committee": {"gatherings": [3, 6], "reached": [1250, 2500], "attended": [1100, 2200]}
    }


def test_what_a_superior_says_is_never_added_to_what_its_units_say(desk: Desk) -> None:
    for agency_id in (desk.world.commune_a, desk.world.commune_b, desk.world.district):
        reporting.submitted(desk, agency_id=agency_id)
    told = consolidated(desk).content["by_kind"]
    assert {
        kind: (of["due"], of["handed_in"], of["totals"]["reached"], of["answered"]["reached"])
        for kind, of in told.items()
    } == {
        "commune_committee": (2, 2, 2500, 2),
        "district_committee": (1, 1, 1250, 1),
    }


def test_every_version_is_made_again_to_the_byte_after_returns_amendments_and_late_reports(desk: Desk) -> None:
    report = reporting.submitted(desk)
    first = consolidated(desk)
    services.return_report(
        report.uid, reasons={"reached": "Xin xem lại."}, actor=desk.district, now=NOW + timedelta(hours=2)
    )
    second = consolidated(desk, now=NOW + timedelta(hours=3))
    reporting.submitted(desk, reached="2.000", now=NOW + timedelta(hours=4))
    third = consolidated(desk, now=NOW + timedelta(hours=5))
    services.exempt(
        desk.owed_by(desk.world.commune_b), reason="Giải thể", actor=desk.department, now=NOW + timedelta(hours=6)
    )
    fourth = consolidated(desk, now=NOW + timedelta(hours=7))
    assert [one.version for one in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert [services.reproduces(one) for one in (first, second, third, fourth)] == [True] * 4
    assert second.diff["left"] == ["Ủy ban nhân dân xã Hợp Tiến"]


def test_a_missing_unit_stands_with_its_last_value_which_is_not_added(desk: Desk) -> None:
    reporting.submitted(desk)
    later = reporting.open_period(due_at=DUE + timedelta(days=7), title="Tuần 16/2024")
    made = services.consolidate(
        later.uid, "tuan", agency_id=desk.world.department, actor=desk.department, now=DUE + timedelta(days=8)
    )
    last = {one["name"]: one["last"] for one in made.content["missing"]}
    assert last["Ủy ban nhân dân xã Hợp Tiến"]["reached"] == 1250
    assert made.content["totals"]["reached"] == 0


def test_a_district_consolidates_its_communes_only(desk: Desk) -> None:
    reporting.submitted(desk)
    made = services.consolidate(
        desk.period.uid, "tuan", agency_id=desk.world.district, actor=desk.district, now=NOW + timedelta(hours=1)
    )
    assert made.content["due"] == 2


def test_the_sums_of_a_period_are_those_of_its_consolidation(desk: Desk) -> None:
    reporting.submitted(desk)
    reporting.submitted(desk, agency_id=desk.world.commune_b)
    sums = {field: total for field, (total, _answered) in selectors.field_sums(desk.period.pk, "tuan").items()}
    assert sums == consolidated(desk).content["totals"]
