"""What the roll-out hears: facts of people and of agencies become the projections figures are made from."""

from __future__ import annotations

from smarthd.agencies import events as agency_events
from smarthd.kernel import clock
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports
from smarthd.people import rules as people_rules
from smarthd.rollout import events as own_events
from smarthd.rollout import services
from smarthd.rollout.rules.reminders import Step
from smarthd.rollout.selectors import team_own_data, use_own_data
from smarthd.rollout.services import teams_setup

exports.register("rollout.teams", team_own_data.sections)
exports.register("rollout.use", use_own_data.sections)


@subscribe(people_events.InstallOpened)
def on_install_opened(event: people_events.InstallOpened) -> None:
    services.observe_install(event.install_uid, standalone=event.standalone, atom_id=event.atom_id, at=event.at)


@subscribe(people_events.AccountActivated)
def on_account_activated(event: people_events.AccountActivated) -> None:
    services.activate_participant(
        event.account_id,
        install_uid=event.install_uid,
        home_id=event.home_id,
        team_code=event.team_code,
        at=event.at,
    )
    services.trace_activation(
        event.account_id,
        opened_at=event.opened_at,
        at=event.at,
        team_code=event.team_code,
        neighbour=event.neighbour,
    )
    teams_setup.link_member(event.account_id, phone_index=bytes.fromhex(event.phone_index_hex), now=event.at)


@subscribe(people_events.PhoneChanged)
def on_phone_changed(event: people_events.PhoneChanged) -> None:
    teams_setup.link_member(event.account_id, phone_index=bytes.fromhex(event.phone_index_hex), now=event.at)


@subscribe(people_events.InstallBound)
def on_install_bound(event: people_events.InstallBound) -> None:
    services.trace_binding(event.install_uid, account_id=event.account_id, at=event.at)


@subscribe(people_events.HomeChanged)
def on_home_changed(event: people_events.HomeChanged) -> None:
    services.move_participant(event.account_id, home_id=event.home_id, at=event.at)


@subscribe(people_events.ConsentWithdrawn)
def on_consent_withdrawn(event: people_events.ConsentWithdrawn) -> None:
    if event.purpose == people_rules.Purpose.USAGE:
        services.forget_days(event.account_id, at=event.at)


@subscribe(people_events.AccountErased)
def on_account_erased(event: people_events.AccountErased) -> None:
    services.erase_participant(event.account_id, at=event.at)
    services.forget_traces_of(event.account_id)


@subscribe(people_events.AccountMarkedTest)
def on_account_marked_test(event: people_events.AccountMarkedTest) -> None:
    services.mark_test(event.account_id, is_test=event.is_test, at=event.at)


@subscribe(agency_events.StaffLinked)
def on_staff_linked(event: agency_events.StaffLinked) -> None:
    services.link_staff(event.staff_id, account_id=event.account_id, agency_id=event.agency_id, at=event.at)


@subscribe(agency_events.RosterConfirmed)
def on_roster_confirmed(event: agency_events.RosterConfirmed) -> None:
    services.sync_seats(event.agency_ids, day=event.as_of, now=clock.now())


@subscribe(agency_events.StaffLeft)
def on_staff_left(event: agency_events.StaffLeft) -> None:
    services.sync_seats([event.agency_id], day=event.left_on, now=clock.now())


@subscribe(agency_events.AgencyEventApplied)
def on_agency_event_applied(event: agency_events.AgencyEventApplied) -> None:
    services.sync_seats(event.agency_ids, day=event.effective_on, now=clock.now())
    services.follow_agencies(now=clock.now())


@subscribe(agency_events.ExemptionDecided)
def on_exemption_decided(event: agency_events.ExemptionDecided) -> None:
    services.sync_seats([event.agency_id], day=event.valid_from, now=clock.now())


@subscribe(own_events.ReportReturned)
def on_report_returned(event: own_events.ReportReturned) -> None:
    services.tell_return(event.obligation_uid, at=event.at)


@subscribe(own_events.ReminderTaken)
def on_reminder_taken(event: own_events.ReminderTaken) -> None:
    services.tell_reminder(event.obligation_uid, step=Step(event.step), account_ids=event.account_ids, now=event.at)
