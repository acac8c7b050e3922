"""How units reported, as of an instant: what came later changes nothing that was said before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from smarthd.kernel import clock
from smarthd.rollout import selectors, services
from smarthd.rollout.rules import forms
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, SYSTEM, Desk

pytestmark = pytest.mark.django_db
AFTER = clock.start_of(date(2024, 4, 14))


@pytest.fixture
def desk() -> Desk:
    return reporting.desk()


def stands(desk: Desk, at: datetime = AFTER, agency_ids: list[int] | None = None) -> selectors.Discipline:
    return selectors.discipline(desk.period.campaign_id, at=at, agency_ids=agency_ids)


def accepted(desk: Desk, *, now: datetime = NOW) -> None:
    report = reporting.endorsed(desk, now=now)
    services.accept_report(report.uid, seen_hash=report.content_hash, actor=desk.department, now=now)


def test_nothing_is_due_before_the_term(desk: Desk) -> None:
    reporting.submitted(desk)
    assert stands(desk, at=DUE).sum("due") == 0


def test_reports_count_as_handed_in_on_time_and_accepted(desk: Desk) -> None:
    accepted(desk)
    reporting.submitted(desk, agency_id=desk.world.commune_b, now=DUE + timedelta(hours=1))
    found = stands(desk)
    counts = {name: found.sum(name) for name in ("due", "handed_in", "on_time", "accepted_on_time")}
    assert counts == {"due": 3, "handed_in": 2, "on_time": 1, "accepted_on_time": 1}
    assert found.periods == 1
    assert {unit.agency_id for unit in found.units if unit.handed_in < unit.due} == {desk.world.district}


def test_what_comes_in_later_does_not_change_what_was_said(desk: Desk) -> None:
    accepted(desk)
    before = stands(desk)
    reporting.submitted(desk, agency_id=desk.world.commune_b, now=AFTER + timedelta(hours=1))
    report = desk.report_of(desk.world.commune_a)
    services.amend_report(
        desk.owed_by(desk.world.commune_a), typed={**reporting.TYPED, "reached": "1.300"}, disputes={},
        reason="Đếm sót một buổi tuyên truyền.", actor=desk.clerk, now=AFTER + timedelta(hours=2),
    )  # fmt: skip
    report.refresh_from_db()
    assert stands(desk) == before
    assert stands(desk, at=AFTER + timedelta(days=1)).sum("handed_in") == 2


def test_returns_silence_and_exemptions_are_counted_apart(desk: Desk) -> None:
    report = reporting.submitted(desk)
    services.return_report(report.uid, reasons={"reached": "Xin xem lại."}, actor=desk.district, now=NOW)
    reporting.submitted(desk, agency_id=desk.world.commune_b, now=NOW)
    services.exempt(desk.owed_by(desk.world.district), reason="Giải thể", actor=desk.department, now=NOW)
    services.pass_silent(actor=SYSTEM, now=NOW + timedelta(days=3, hours=1))
    found = stands(desk)
    counts = {
        name: found.sum(name) for name in ("due", "exempt", "handed_in", "returned", "not_reviewed", "ever_handed_in")
    }
    assert counts == {"due": 2, "exempt": 1, "handed_in": 1, "returned": 1, "not_reviewed": 1, "ever_handed_in": 2}


def test_more_time_granted_in_time_is_not_lateness(desk: Desk) -> None:
    services.extend(
        [desk.owed_by(desk.world.commune_a)],
        due_at=AFTER + timedelta(days=3),
        reason="Lụt",
        actor=desk.department,
        now=NOW,
    )
    assert desk.world.commune_a not in {unit.agency_id for unit in stands(desk).units}


def test_some_agencies_only_when_they_are_named(desk: Desk) -> None:
    assert stands(desk, agency_ids=[desk.world.commune_a]).sum("due") == 1


def test_reported_numbers_are_compared_only_where_something_was_measured(desk: Desk) -> None:
    reporting.submitted(desk)
    assert selectors.compared(desk.period.campaign_id, at=AFTER, on=date(2024, 4, 13)) is None


def test_reported_numbers_stand_beside_measured_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthd.rollout.selectors import measures

    plan = forms.FormPlan(
        (
            forms.Field(key="gatherings", label="Buổi", kind=forms.FieldKind.COUNT),
            forms.Field(key="reached", label="Người", kind=forms.FieldKind.COUNT, verified_by="citizen.activated"),
            forms.Field(key="attended", label="Mặt", kind=forms.FieldKind.COUNT),
        )
    )
    desk = reporting.desk(plan=plan)
    reporting.submitted(desk)
    reporting.submitted(desk, agency_id=desk.world.commune_b)
    measured = {desk.world.commune_a: {"citizen.activated": 1200}, desk.world.commune_b: {"citizen.activated": 500}}
    monkeypatch.setattr(measures, "for_agencies", lambda names, ids, on: measured)
    found = selectors.compared(desk.period.campaign_id, at=AFTER, on=date(2024, 4, 13))
    assert found is not None
    assert found.verdicts == {"accepted": 1, "explain": 0, "return": 1}
    assert found.factor == pytest.approx((1200 / 1250 + 500 / 1250) / 2)
    assert found.units == 2
