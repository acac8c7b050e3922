"""What becomes of what phones tell: recorded, counted on another day, or dropped by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from smarthd.agencies import services as services_of_agencies
from smarthd.agencies.tests import make as staff_make
from smarthd.kernel.ids import uuid7
from smarthd.people import events
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.rollout import errors, handlers, selectors, services
from smarthd.rollout.models import (
    ActivityDay,
    Campaign,
    CitizenDay,
    InstallState,
    Participant,
    StaffDay,
    StaffSeat,
    Target,
)
from smarthd.rollout.rules import Activity, CampaignStatus, Reason, ValueAction
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
ATOM, AGENCY = 11, 21
READ = ValueAction.READ_NOTICE
START = make.TODAY - timedelta(days=40)


@pytest.fixture(autouse=True)
def _an_order_runs(db: None) -> None:
    make.order()


def seat(account_id: int, *, since: date = START, until: date | None = None) -> StaffSeat:
    return StaffSeat.objects.create(
        staff_id=account_id, agency_id=AGENCY, account_id=account_id, exempt=False, valid_from=since, valid_to=until
    )


def told(account_id: int, *at: datetime, now: datetime = make.NOW, install: UUID | None = None) -> services.Recorded:
    batch = [Activity(one, READ) for one in at]
    return services.record_activity(batch, now=now, account_id=account_id, install_uid=install)


def counted(day: date = make.TODAY, atom: int = ATOM) -> CitizenDay:
    services.refresh_rollups(now=make.NOW)
    return CitizenDay.objects.get(day=day, atom_id=atom)


def staff_counted(day: date) -> StaffDay:
    services.refresh_rollups(now=make.NOW)
    return StaffDay.objects.get(day=day, agency_id=AGENCY)


def test_without_consent_nothing_of_a_citizen_is_kept_and_each_event_is_named() -> None:
    someone = make.person(ATOM, START, consent=False)
    done = told(someone, make.NOW, make.NOW - timedelta(days=1))
    assert (done.accepted, {one.reason for one in done.dropped}) == (0, {Reason.NO_CONSENT})
    assert not ActivityDay.objects.exists()
    assert Participant.objects.get(pk=someone).last_launch_on is None


def test_a_mixed_batch_is_answered_event_by_event() -> None:
    someone = make.person(ATOM, START)
    done = told(
        someone,
        make.NOW,
        make.NOW + timedelta(hours=2),
        make.NOW + timedelta(hours=3),
        make.NOW - timedelta(days=9),
    )
    assert (done.accepted, done.clamped) == (2, 1)
    assert [one.reason for one in done.dropped] == [Reason.IN_FUTURE, Reason.TOO_OLD]
    assert list(ActivityDay.objects.values_list("day", "atom_id")) == [(make.TODAY, ATOM)]


def test_the_day_is_the_local_one_whatever_utc_says() -> None:
    someone = make.person(ATOM, START)
    told(
        someone, make.noon(date(2024, 4, 18)).replace(hour=16, minute=59), make.noon(date(2024, 4, 18)).replace(hour=17)
    )
    assert list(ActivityDay.objects.order_by("day").values_list("day", flat=True)) == [
        date(2024, 4, 18),
        date(2024, 4, 19),
    ]


def test_a_batch_no_honest_phone_can_have_is_refused_whole() -> None:
    someone = make.person(ATOM, START)
    told(someone, *[make.NOW] * services.MOST_EVENTS)
    with pytest.raises(errors.BatchTooLarge):
        told(someone, *[make.NOW] * (services.MOST_EVENTS + 1))


@pytest.mark.parametrize("action", list(ValueAction))
def test_an_act_just_served_is_one_bit_of_its_day(action: ValueAction) -> None:
    someone = make.person(ATOM, START)
    services.report_value_action(someone, action, None, make.NOW)
    assert ActivityDay.objects.get(account_id=someone).actions == action


def test_before_signing_in_only_launches_of_a_known_install_that_agreed_are_noted() -> None:
    install = uuid7()
    launch, act = Activity(make.NOW), Activity(make.NOW, READ)

    def reasons() -> list[Reason]:
        return [
            one.reason for one in services.record_activity([launch, act], now=make.NOW, install_uid=install).dropped
        ]

    assert reasons() == [Reason.NOT_SIGNED_IN, Reason.UNKNOWN_INSTALL]
    people.record_first_open(
        install, platform="android", standalone=True, atom_id=None, opened_at=make.NOW, team_code="", now=make.NOW
    )
    services.observe_install(install, standalone=True, atom_id=None, at=make.NOW)
    assert reasons() == [Reason.NOT_SIGNED_IN, Reason.NO_CONSENT]
    people.give_install_consent(install, purpose=people_rules.Purpose.USAGE, wording_version=make.WORDING, now=make.NOW)
    assert reasons() == [Reason.NOT_SIGNED_IN]
    assert InstallState.objects.get(pk=install).last_launch_on == make.TODAY


def test_staff_who_did_not_agree_keep_a_level_and_dates_and_no_days() -> None:
    someone = make.person(ATOM, START, consent=False)
    seat(someone)
    for number in (0, 20, 39):
        at = make.noon(START + timedelta(days=number))
        assert told(someone, at, now=at).accepted == 1
    assert not ActivityDay.objects.exists()
    assert [staff_counted(START + timedelta(days=number)).active_28 for number in (0, 27, 39)] == [1, 1, 1]
    assert counted().active_28 == 0  # among citizens only those are active whose days are known


def test_opening_the_app_again_takes_no_past_day_from_staff_who_did_not_agree() -> None:
    first, since = make.TODAY - timedelta(days=105), make.TODAY - timedelta(days=6)
    someone = make.person(ATOM, first, consent=False)
    seat(someone, since=first)
    for number in (0, 50):
        at = make.noon(first + timedelta(days=number))
        told(someone, at, now=at)
    before = staff_counted(since)
    told(someone, make.NOW)
    services.rebuild_rollups(now=make.NOW)
    after = StaffDay.objects.get(day=since, agency_id=AGENCY)
    assert (before.used, before.lapsed) == (after.used, after.lapsed) == (1, 0)


def test_whoever_left_the_office_is_followed_no_more() -> None:
    someone = make.person(ATOM, START, consent=False)
    seat(someone, until=make.TODAY)
    assert [one.reason for one in told(someone, make.NOW).dropped] == [Reason.NO_CONSENT]


def _closed() -> None:
    services.change_campaign_status("lenh", to=CampaignStatus.CLOSED, actor=make.SYSTEM, now=make.NOW)


@pytest.mark.parametrize("without", [_closed, lambda: Target.objects.all().delete(), lambda: Campaign.objects.update(opens_on=make.TODAY + timedelta(days=1))], ids=["closed", "asks no staff", "not yet"])  # fmt: skip
def test_without_an_order_being_carried_out_there_is_no_ground_to_keep_a_level_on(
    without: Callable[[], object],
) -> None:
    someone = make.person(ATOM, START, consent=False)
    seat(someone)
    assert (told(someone, make.NOW).by_order, selectors.order_on(someone, make.TODAY) is not None) == (True, True)
    without()
    done = told(someone, make.NOW)
    assert ([one.reason for one in done.dropped], done.by_order) == ([Reason.NO_CONSENT], False)
    assert selectors.order_on(someone, make.TODAY) is None


def test_a_persons_number_on_a_roster_is_enough_until_the_link_is_heard_of() -> None:
    agency, phone = staff_make.world().commune_a, "+84912345678"
    services_of_agencies.add_staff([services_of_agencies.NewStaff(agency_id=agency, full_name="Lê An", position="Công chức", phone=phone)], valid_from=START)  # fmt: skip
    someone = people.verify_code(phone, code=people.request_code(phone, address="1", now=make.NOW).shown_code, install_uid=None, address="1", now=make.NOW).pk  # fmt: skip
    notice = selectors.order_on(someone, make.TODAY)
    assert notice is not None
    assert (len(notice.agency_names), notice.document_number) == (1, "01/UBND")
    assert told(someone, make.NOW).by_order
    assert not ActivityDay.objects.exists()
    assert selectors.order_on(make.account(consent=False), make.TODAY) is None


def test_consent_makes_days_again_and_no_level_by_order() -> None:
    someone = make.person(ATOM, START)
    seat(someone)
    assert not told(someone, make.NOW).by_order
    assert ActivityDay.objects.count() == 1


def test_a_gateway_records_many_accounts_as_single_phones_would() -> None:
    agreed, quiet, citizen = (
        make.person(ATOM, START),
        make.person(ATOM, START, consent=False),
        make.account(consent=False),
    )
    seat(quiet)
    done = services.record_activities(
        {one: [Activity(make.NOW, READ)] for one in (agreed, quiet, citizen)}, now=make.NOW
    )
    assert (done.accepted, [one.reason for one in done.dropped]) == (2, [Reason.NO_CONSENT])
    assert list(ActivityDay.objects.values_list("account_id", flat=True)) == [agreed]
    assert Participant.objects.get(pk=quiet).last_used_on == make.TODAY


def test_a_second_phone_is_no_device_by_itself_once_its_person_is_heard_from_it() -> None:
    someone, install = make.person(ATOM, START), uuid7()
    services.observe_install(install, standalone=True, atom_id=ATOM, at=make.noon(START - timedelta(days=3)))
    assert counted(START).devices == 1
    people.bind_install(someone, install_uid=install, now=make.NOW)
    told(someone, make.NOW, install=install)
    told(someone, make.NOW, install=install)
    assert (counted().devices, counted(START).devices) == (0, 1)
    assert counted(START - timedelta(days=1)).installed == 1  # the person's first open is that of any phone they own


@pytest.mark.parametrize("by_activation", [True, False])
def test_browsing_that_becomes_an_app_was_never_plain_browsing(by_activation: bool) -> None:
    install = uuid7()
    services.observe_install(install, standalone=False, atom_id=ATOM, at=make.noon(START))
    assert counted(START + timedelta(days=5)).browsers == 1
    later = START + timedelta(days=10)
    if by_activation:
        make.activate(make.account(), ATOM, later, install_uid=install)
    else:
        services.observe_install(install, standalone=True, atom_id=ATOM, at=make.noon(later))
    services.refresh_rollups(now=make.NOW)
    assert not CitizenDay.objects.filter(browsers__gt=0).exists()
    assert not CitizenDay.objects.filter(day__lt=later).exists()


def test_a_stranger_cannot_claim_an_install_by_naming_it() -> None:
    someone, install = make.person(ATOM, START), uuid7()
    services.observe_install(install, standalone=True, atom_id=ATOM, at=make.noon(START))
    told(someone, make.NOW, install=install)
    assert counted().devices == 1


@pytest.mark.parametrize("first_heard", [0, 1])
def test_an_install_is_its_first_accounts_whichever_is_heard_first(first_heard: int) -> None:
    install, accounts = uuid7(), [make.account(), make.account()]
    services.observe_install(install, standalone=True, atom_id=None, at=make.noon(START - timedelta(days=5)))
    days = [START, START + timedelta(days=10)]
    for number in (first_heard, 1 - first_heard):
        make.activate(accounts[number], ATOM, days[number], install_uid=install)
    found = [Participant.objects.get(pk=account).installed_on for account in accounts]
    assert found == [START - timedelta(days=5), START + timedelta(days=10)]


def test_a_withdrawal_heard_late_and_a_new_consent_count_nobody_twice() -> None:
    someone = make.person(ATOM, START)
    make.use(someone, START + timedelta(days=10))
    services.refresh_rollups(now=make.NOW)
    on = START + timedelta(days=12)
    people.withdraw_consent(someone, purpose=people_rules.Purpose.USAGE, now=make.NOW)
    for _ in range(2):
        services.forget_days(someone, at=make.noon(on))
    assert not ActivityDay.objects.exists()
    people.give_consent(someone, purpose=people_rules.Purpose.USAGE, wording_version=make.WORDING, now=make.NOW)
    again = told(someone, make.noon(on), make.noon(START + timedelta(days=10)), now=make.noon(on))
    assert {one.reason for one in again.dropped} == {Reason.NO_CONSENT}
    told(someone, make.noon(START + timedelta(days=13)), now=make.noon(START + timedelta(days=13)))
    active = {number: counted(START + timedelta(days=number)).active_28 for number in (9, 10, 12, 13, 40)}
    assert active == {9: 0, 10: 1, 12: 1, 13: 1, 40: 1}


def test_withdrawing_takes_no_level_and_no_past_day_from_staff() -> None:
    someone = make.person(ATOM, START)
    seat(someone)
    make.use(someone, START + timedelta(days=2), START + timedelta(days=25))
    days = [START + timedelta(days=number) for number in range(41)]
    columns = ("activated", "used", "reached_3", "reached_4", "retained", "active_28", "lapsed")

    def told_of_staff() -> list[tuple[object, ...]]:
        services.rebuild_rollups(now=make.NOW)
        return list(StaffDay.objects.filter(day__in=days).order_by("day").values_list(*columns))

    before = told_of_staff()
    services.forget_days(someone, at=make.NOW)
    assert told_of_staff() == before


def test_erasure_leaves_every_total_of_every_day_as_it_was() -> None:
    gone = make.person(ATOM, START, team_code=make.team())
    stays = make.person(ATOM, START + timedelta(days=1))
    seat(gone)
    for someone in (gone, stays):
        make.use(someone, START + timedelta(days=3), make.TODAY)
    services.rebuild_rollups(now=make.NOW)
    citizens, staff = list(CitizenDay.objects.order_by("day").values()), list(StaffDay.objects.order_by("day").values())
    people.erase_account(gone, now=make.NOW)
    services.erase_participant(gone, at=make.NOW)
    services.rebuild_rollups(now=make.NOW)
    assert list(CitizenDay.objects.order_by("day").values()) == citizens
    assert list(StaffDay.objects.order_by("day").values()) == staff
    assert not ActivityDay.objects.filter(account_id=gone).exists()
    assert not InstallState.objects.filter(account_id=gone).exists()
    assert not StaffSeat.objects.filter(account_id=gone).exists()
    make.activate(gone, ATOM, make.TODAY)  # heard late
    services.forget_days(gone, at=make.NOW)
    services.mark_test(gone, is_test=True, at=make.NOW)
    services.rebuild_rollups(now=make.NOW)
    assert list(CitizenDay.objects.order_by("day").values()) == citizens


def test_an_erasure_heard_late_ends_activity_from_the_day_after_it() -> None:
    someone = make.person(ATOM, START)
    seat(someone)
    make.use(someone, make.TODAY - timedelta(days=9))
    assert (counted().active_28, staff_counted(make.TODAY).active_28) == (1, 1)
    services.erase_participant(someone, at=make.NOW - timedelta(days=5))
    days = [make.TODAY - timedelta(days=5), make.TODAY - timedelta(days=4)]
    assert [(counted(day).active_28, counted(day).activated) for day in days] == [(1, 1), (0, 1)]
    assert [(staff_counted(day).active_28, staff_counted(day).roster) for day in days] == [(1, 1), (0, 1)]


def test_an_activation_heard_after_the_first_act_still_makes_level_three_for_quiet_staff() -> None:
    quiet = make.account(consent=False)
    seat(quiet)
    told(quiet, make.noon(START), now=make.noon(START))
    make.activate(quiet, ATOM, START)
    assert Participant.objects.get(pk=quiet).used_on == START


def test_an_event_is_in_the_figures_with_the_next_refresh_and_nothing_else_is_counted_again() -> None:
    someone = make.person(ATOM, START)
    services.refresh_rollups(now=make.NOW)
    assert services.refresh_rollups(now=make.NOW).days == 0
    told(someone, make.NOW)
    done = services.refresh_rollups(now=make.NOW)
    assert (done.first, done.last, counted().active_1) == (make.TODAY, make.TODAY, 1)


def test_a_new_day_is_counted_though_nothing_happened() -> None:
    make.person(ATOM, START)
    services.refresh_rollups(now=make.NOW)
    done = services.refresh_rollups(now=make.NOW + timedelta(days=3))
    assert (done.days, CitizenDay.objects.get(day=make.TODAY + timedelta(days=3), atom_id=ATOM).activated) == (3, 1)


@pytest.mark.parametrize("offset", [-3, 0, 4])
def test_one_day_counted_anew_leaves_no_gap(offset: int) -> None:
    make.person(ATOM, START - timedelta(days=10))
    services.rebuild_rollups(now=make.NOW)
    services.refresh_day(make.TODAY + timedelta(days=offset), now=make.NOW)
    days = list(CitizenDay.objects.order_by("day").values_list("day", flat=True))
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert days[-1] == make.TODAY + timedelta(days=max(offset, 0))


def test_a_quarantine_needs_an_auditor_and_is_given_back_whole() -> None:
    someone = make.person(ATOM, START)
    make.use(someone, START)
    before = counted()
    services.quarantine(someone, held=True, reason="nhiều tài khoản một máy", actor=make.SYSTEM, now=make.NOW)
    held = counted()
    assert (held.activated, held.active_28, held.quarantined) == (0, 0, 1)
    services.quarantine(someone, held=False, reason="đã giải trình", actor=make.SYSTEM, now=make.NOW)
    after = counted()
    assert (after.activated, after.quarantined) == (before.activated, before.quarantined) == (1, 0)


@pytest.mark.parametrize("said", [(11, 12), (12, 11)])
def test_of_two_homes_told_of_one_instant_the_same_holds_whichever_is_heard_first(said: tuple[int, int]) -> None:
    account, at = make.person(13, START), make.noon(START + timedelta(days=3))
    for home in said:
        services.move_participant(account, home_id=home, at=at)
    assert (counted(atom=12).activated, Participant.objects.get(pk=account).home_id) == (1, 12)


def test_every_event_of_people_reaches_the_projection() -> None:
    account, install = make.account(), uuid7()
    handlers.on_install_opened(
        events.InstallOpened(
            install_uid=install, platform="android", standalone=True, atom_id=ATOM, at=make.noon(START)
        )
    )
    handlers.on_account_activated(
        events.AccountActivated(
            account_id=account, account_uid=uuid7(), install_uid=install, home_id=ATOM, phone_index_hex="",
            team_code=make.team(), at=make.noon(START + timedelta(days=1)),
        )
    )  # fmt: skip
    handlers.on_home_changed(
        events.HomeChanged(account_id=account, home_id=12, at=make.noon(START + timedelta(days=5)))
    )
    make.use(account, START + timedelta(days=6))
    assert (counted(START + timedelta(days=1)).assisted, counted(atom=12).used) == (1, 1)
    handlers.on_consent_withdrawn(events.ConsentWithdrawn(account_id=account, purpose="push", at=make.NOW))
    assert ActivityDay.objects.filter(account_id=account).exists()
    handlers.on_consent_withdrawn(events.ConsentWithdrawn(account_id=account, purpose="usage", at=make.NOW))
    assert not ActivityDay.objects.filter(account_id=account).exists()
    handlers.on_account_marked_test(events.AccountMarkedTest(account_id=account, is_test=True, at=make.NOW))
    assert (counted(atom=12).test, counted(atom=12).activated) == (1, 0)
    handlers.on_account_erased(events.AccountErased(account_id=account, at=make.NOW))
    assert Participant.objects.get(pk=account).erased_on == make.TODAY
