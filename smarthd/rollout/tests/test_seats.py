"""Rosters as the roll-out keeps them: seats in time, re-read from agencies whenever those say that a roster changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from smarthd.agencies import events as agency_events
from smarthd.agencies import phones
from smarthd.agencies import services as agencies
from smarthd.agencies.models import Staff
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.exemptions import Reason
from smarthd.agencies.tests import make as offices
from smarthd.kernel.ids import uuid7
from smarthd.rollout import handlers, rules, selectors, services
from smarthd.rollout.models import StaffDay, StaffSeat
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SINCE = date(2024, 3, 1)


def roster(agency_id: int, *account_ids: int | None, since: date = SINCE) -> list[Staff]:
    people = [
        agencies.NewStaff(agency_id=agency_id, full_name=f"Vũ Thị {number}", account_id=account)
        for number, account in enumerate(account_ids)
    ]
    return agencies.add_staff(people, valid_from=since)


def confirmed(*agency_ids: int, day: date = SINCE) -> None:
    handlers.on_roster_confirmed(
        agency_events.RosterConfirmed(
            import_uid=uuid7(), agency_id=agency_ids[0], agency_ids=agency_ids, as_of=day, at=make.NOW
        )
    )


def exempt(staff: Staff, *, since: date, until: date | None = None) -> None:
    clerk = offices.officer(staff.agency_id, Role.CLERK)
    request = agencies.request_exemption(
        staff_uid=staff.uid, reason=Reason.LONG_LEAVE, evidence="QĐ 12", valid_from=since, valid_to=until, actor=clerk,
        now=make.NOW,
    )  # fmt: skip
    agencies.approve_exemption(exemption_uid=request.uid, actor=make.SYSTEM, now=make.NOW)
    handlers.on_exemption_decided(
        agency_events.ExemptionDecided(
            staff_id=staff.pk, agency_id=staff.agency_id, status="approved", valid_from=since, at=make.NOW
        )
    )


def on(day: date, agency_id: int) -> StaffDay:
    services.refresh_rollups(now=make.NOW)
    return StaffDay.objects.get(day=day, agency_id=agency_id)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthd.rollout.handlers.clock.now", lambda: make.NOW)


def test_exempt_staff_are_in_the_gross_figure_and_out_of_the_net_one() -> None:
    agency = offices.world().commune_a
    persons = [make.person(11, SINCE) for _ in range(2)]
    staff = roster(agency, *persons, None, None)
    for one in persons:
        make.use(one, SINCE)
    confirmed(agency)
    exempt(staff[0], since=make.TODAY)  # used, and exempt
    exempt(staff[2], since=make.TODAY)  # not linked, and exempt
    figures = _figures(agency)
    assert _parts(figures["staff_used"]) == (2, 4)
    assert _parts(figures["staff_used_net"]) == (1, 2)
    assert _parts(figures["staff_exempt"]) == (2, 4)
    assert rules.Flag.MANY_EXEMPT in figures["staff_exempt"].flags
    assert on(make.TODAY - DAY, agency).exempt == 0


def _figures(agency: int) -> dict[str, selectors.Figure]:
    services.refresh_rollups(now=make.NOW)
    return selectors.staff_ladder(agency, make.TODAY, offices.officer(agency, Role.HEAD)).figures


def _parts(figure: selectors.Figure) -> tuple[float | None, float | None]:
    return figure.numerator, figure.denominator


@pytest.mark.parametrize(("exempted", "flagged"), [(1, False), (2, True)])
def test_more_than_a_twentieth_exempt_is_flagged(exempted: int, flagged: bool) -> None:
    agency = offices.world().commune_a
    staff = roster(agency, *[None] * 20)
    confirmed(agency)
    for one in staff[:exempted]:
        exempt(one, since=make.TODAY)
    assert (rules.Flag.MANY_EXEMPT in _figures(agency)["staff_exempt"].flags) is flagged


def test_an_exemption_decided_late_takes_nobody_from_the_roster_of_the_days_between() -> None:
    agency = offices.world().commune_a
    staff = roster(agency, None)
    confirmed(agency)
    roster(agency, None, None, since=make.TODAY - 5 * DAY)
    confirmed(agency, day=make.TODAY - 5 * DAY)
    exempt(staff[0], since=make.TODAY - 10 * DAY, until=make.TODAY - 2 * DAY)
    counts = {back: on(make.TODAY - back * DAY, agency) for back in (11, 10, 6, 5, 3, 2, 0)}
    assert {back: (row.roster, row.exempt) for back, row in counts.items()} == {
        11: (1, 0), 10: (1, 1), 6: (1, 1), 5: (3, 1), 3: (3, 1), 2: (3, 0), 0: (3, 0),
    }  # fmt: skip


def test_who_leaves_and_who_moves_counts_where_they_were_on_each_day() -> None:
    world = offices.world()
    left, moved = (make.person(11, SINCE) for _ in range(2))
    an, binh = (1, "Vũ Thị An", "", offices.phone(1)), (2, "Vũ Thị Bình", "", offices.phone(2))
    clock = {"now": make.NOW, "as_of": SINCE}
    offices.imported(offices.workbook([offices.HEADINGS, an, binh]), world.commune_a, complete=True, **clock)
    for account, number in ((left, "+84912000001"), (moved, "+84912000002")):
        agencies.link_account(account_id=account, phone_index=phones.index_of(number), now=make.NOW)
    confirmed(world.commune_a)
    later = {"now": make.NOW, "as_of": make.TODAY - 3 * DAY}
    offices.imported(offices.workbook([offices.HEADINGS, binh]), world.commune_b, **later)
    chi = (3, "Vũ Thị Chi", "", offices.phone(3))
    offices.imported(offices.workbook([offices.HEADINGS, chi]), world.commune_a, complete=True, **later)
    confirmed(world.commune_a, world.commune_b, day=make.TODAY - 3 * DAY)
    assert on(make.TODAY - 4 * DAY, world.commune_a).activated == 2
    assert (on(make.TODAY, world.commune_a).roster, on(make.TODAY, world.commune_a).activated) == (1, 0)
    assert (on(make.TODAY, world.commune_b).roster, on(make.TODAY, world.commune_b).activated) == (1, 1)


def test_a_link_found_later_counts_the_accounts_whole_history_and_marks_it() -> None:
    agency = offices.world().commune_a
    (staff,) = roster(agency, None)
    confirmed(agency)
    someone = make.person(11, SINCE + DAY)
    assert on(make.TODAY, agency).activated == 0
    for _ in range(2):
        handlers.on_staff_linked(
            agency_events.StaffLinked(staff_id=staff.pk, account_id=someone, agency_id=agency, at=make.NOW)
        )
    assert (on(SINCE, agency).activated, on(SINCE + DAY, agency).activated) == (0, 1)


def test_a_link_heard_before_its_roster_reads_the_roster() -> None:
    agency = offices.world().commune_a
    someone = make.person(11, SINCE)
    (staff,) = roster(agency, someone)
    services.link_staff(staff.pk, account_id=someone, agency_id=agency, at=make.NOW)
    assert on(make.TODAY, agency).activated == 1


def test_reading_the_same_roster_again_writes_no_other_seat() -> None:
    agency = offices.world().commune_a
    roster(agency, make.person(11, SINCE), None)
    confirmed(agency)
    before = list(StaffSeat.objects.order_by("id").values())
    for day in (SINCE, make.TODAY, make.TODAY - 3 * DAY):
        confirmed(agency, day=day)
    assert list(StaffSeat.objects.order_by("id").values()) == before


def test_offices_that_change_are_read_again_from_the_day_of_the_change() -> None:
    world = offices.world()
    roster(world.commune_a, None, None)
    confirmed(world.commune_a)
    day = make.TODAY - 4 * DAY
    agencies.merge_agencies(
        [world.commune_a], into_id=world.commune_b, effective_on=day, legal_document="NQ 1", actor=make.SYSTEM,
        now=make.NOW,
    )  # fmt: skip
    handlers.on_agency_event_applied(
        agency_events.AgencyEventApplied(
            event_uid=uuid7(),
            kind="merge",
            agency_ids=(world.commune_a, world.commune_b),
            effective_on=day,
            at=make.NOW,
        )
    )
    assert on(day - DAY, world.commune_a).roster == 2
    assert on(day, world.commune_b).roster == 2
    assert not StaffDay.objects.filter(day__gte=day, agency_id=world.commune_a).exists()


def test_who_has_left_is_told_by_an_event_of_its_own() -> None:
    agency = offices.world().commune_a
    staff = roster(agency, None, None)
    confirmed(agency)
    Staff.objects.filter(pk=staff[0].pk).update(valid_to=make.TODAY - DAY, left_reason="left")
    handlers.on_staff_left(
        agency_events.StaffLeft(staff_ids=(staff[0].pk,), agency_id=agency, left_on=make.TODAY - DAY, at=make.NOW)
    )
    assert [on(make.TODAY - back * DAY, agency).roster for back in (2, 1, 0)] == [2, 1, 1]
