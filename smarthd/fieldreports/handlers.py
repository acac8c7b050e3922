"""What this context hears: its own steps, to tell people; that a person is gone; and what a person may see of their own data."""

from __future__ import annotations

from smarthd.fieldreports import events
from smarthd.fieldreports.rules import mailing
from smarthd.fieldreports.selectors import own_data
from smarthd.fieldreports.services import erasure, mail_links, telling
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports

exports.register("fieldreports", own_data.sections)


@subscribe(people_events.AccountErased)
def on_account_erased(event: people_events.AccountErased) -> None:
    erasure.erase_traces(event.account_id, at=event.at)


@subscribe(events.ReportReceived)
def on_report_received(event: events.ReportReceived) -> None:
    telling.tell_received(event.report_uid, now=event.at)
    mail_links.write(event.report_uid, step=1, now=event.at)


@subscribe(events.ReportStepped)
def on_report_stepped(event: events.ReportStepped) -> None:
    telling.tell_step(event.report_uid, event.number, now=event.at)
    if event.act in mailing.WRITTEN_ON:
        mail_links.write(event.report_uid, step=event.number, now=event.at)


@subscribe(events.DeadlineWarned)
def on_deadline_warned(event: events.DeadlineWarned) -> None:
    telling.tell_warned(event.report_uid, intake=event.intake, due_at=event.due_at, now=event.at)


@subscribe(events.DeadlineEscalated)
def on_deadline_escalated(event: events.DeadlineEscalated) -> None:
    telling.tell_escalated(
        event.report_uid, level=event.level, told_ids=event.told_ids, due_at=event.due_at, now=event.at
    )
