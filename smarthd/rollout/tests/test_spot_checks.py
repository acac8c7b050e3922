"""A sample is drawn once, by a seed anybody can draw with again; a queue compares many reports as one page compares one."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from smarthd.kernel.errors import NotAllowed
from smarthd.rollout import errors, selectors, services
from smarthd.rollout.rules import forms, sampling
from smarthd.rollout.selectors import measures
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import NOW, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_desk = planted_once(lambda _folder: reporting.desk())


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


def test_a_sample_is_drawn_once_from_what_was_handed_in(desk: Desk) -> None:
    with pytest.raises(errors.NothingToSample):
        services.draw_sample(desk.period.uid, "tuan", seed=7, actor=desk.department, now=NOW)
    reporting.submitted(desk)
    reporting.submitted(desk, agency_id=desk.world.commune_b)
    check = services.draw_sample(desk.period.uid, "tuan", seed=7, actor=desk.department, now=NOW)
    assert (check.size, check.allowed, len(check.lot)) == (2, 0, 2)
    with pytest.raises(errors.SampleDrawn):
        services.draw_sample(desk.period.uid, "tuan", seed=8, actor=desk.department, now=NOW)
    shown = selectors.sample_of(desk.period, "tuan")
    assert shown is not None
    assert shown.reproduces


def test_the_verdict_follows_from_what_was_found_and_a_wrong_one_is_described(desk: Desk) -> None:
    reporting.submitted(desk)
    check = services.draw_sample(desk.period.uid, "tuan", seed=7, actor=desk.department, now=NOW)
    uid = desk.owed_by(desk.world.commune_a)
    sample = selectors.sample_of(desk.period, "tuan")
    assert sample is not None
    assert sample.passes is None
    with pytest.raises(errors.FindingWithoutWords):
        services.enter_finding(check.uid, uid, wrong=True, note=" ", actor=desk.department, now=NOW)
    services.enter_finding(check.uid, uid, wrong=True, note="Sổ chỉ có 2 buổi", actor=desk.department, now=NOW)
    wrong = selectors.sample_of(desk.period, "tuan")
    assert wrong is not None
    assert wrong.passes is False
    services.enter_finding(check.uid, uid, wrong=False, note="", actor=desk.department, now=NOW)
    right = selectors.sample_of(desk.period, "tuan")
    assert right is not None
    assert right.passes is True


def test_only_the_department_draws_and_enters(desk: Desk) -> None:
    reporting.submitted(desk)
    with pytest.raises(NotAllowed):
        services.draw_sample(desk.period.uid, "tuan", seed=7, actor=desk.district, now=NOW)
    check = services.draw_sample(desk.period.uid, "tuan", seed=7, actor=desk.department, now=NOW)
    with pytest.raises(NotAllowed):
        services.enter_finding(
            check.uid, desk.owed_by(desk.world.commune_a), wrong=False, note="", actor=desk.district, now=NOW
        )
    with pytest.raises(errors.SampleUnknown):
        services.enter_finding(
            check.uid, desk.owed_by(desk.world.commune_b), wrong=False, note="", actor=desk.department, now=NOW
        )


def test_a_small_lot_is_looked_at_whole() -> None:
    whole = sampling.plan()
    assert sampling.for_lot(whole, whole.size + 1) == whole
    assert sampling.for_lot(whole, 10) == sampling.LotPlan(10, 0)
    assert sampling.for_lot(whole, 20) == sampling.LotPlan(20, 1)


def test_many_are_endorsed_and_taken_in_each_by_itself(desk: Desk) -> None:
    one, other = reporting.submitted(desk), reporting.submitted(desk, agency_id=desk.world.commune_b)
    outcomes = services.endorse_many(
        [(one.uid, one.content_hash), (other.uid, "khac")], actor=desk.district, now=NOW + timedelta(minutes=1)
    )
    assert [row.refusal for row in outcomes] == ["", "ContentChanged"]
    taken = services.accept_many([(one.uid, one.content_hash)], actor=desk.department, now=NOW + timedelta(minutes=2))
    assert [row.refusal for row in taken] == [""]


def test_the_queue_shows_what_waits_and_leaves_ones_own_out_of_the_clean(desk: Desk) -> None:
    reporting.submitted(desk)
    [row] = selectors.review_queue(desk.district, now=NOW)
    assert (row.owed.agency_id, row.clean, row.own) == (desk.world.commune_a, True, False)
    assert selectors.review_queue(desk.clerk, now=NOW) == []
    assert selectors.waiting_counts(desk.district) == (1, 0)
    reporting.submitted(desk, agency_id=desk.world.commune_b, actor=reporting.SYSTEM)
    assert len(selectors.review_queue(desk.district, now=NOW)) == 2


def test_counts_for_many_agencies_are_those_of_each(desk: Desk, django_assert_max_num_queries) -> None:
    from smarthd.places import services as places
    from smarthd.rollout.tests import make

    places.import_all(actor=reporting.SYSTEM, now=NOW)
    make.person(None, desk.period.cut_off)
    services.rebuild_rollups(now=NOW + timedelta(days=30))
    names = {"staff.roster", "staff.used"}
    plan = forms.FormPlan(
        tuple(
            forms.Field(key=name.replace(".", "_"), label=name, kind=forms.FieldKind.COUNT, measured=name)
            for name in sorted(names)
        )
    )
    ids = [desk.world.commune_a, desk.world.district]
    with django_assert_max_num_queries(6):
        many = measures.for_agencies(names, ids, desk.period.cut_off)
    for agency_id in ids:
        each = measures.of(plan, agency_id, desk.period.cut_off)
        assert {name: many[agency_id][name] for name in names} == {name: each[name.replace(".", "_")] for name in names}
