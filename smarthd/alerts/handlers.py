"""What this context hears: its own steps, to bring warnings to phones, files and officials; that a person is gone."""

from __future__ import annotations

from smarthd.alerts import events
from smarthd.alerts.selectors import own_data
from smarthd.alerts.services import broadcasting, erasure, issuing, publishing, telling
from smarthd.kernel import clock
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports

exports.register("alerts", own_data.sections)


@subscribe(events.AlertApproved)
def send_out(event: events.AlertApproved) -> None:
    """Send out what the approver's own request did not."""
    issuing.issue_alert(event.alert_uid, now=clock.now())


@subscribe(events.AlertSubmitted)
def tell_approvers(event: events.AlertSubmitted) -> None:
    """Tell who may approve."""
    telling.tell_submitted(event.alert_uid, now=event.at)


@subscribe(events.AlertReturned)
def tell_writers(event: events.AlertReturned) -> None:
    """Tell who wrote it."""
    telling.tell_returned(event.alert_uid, now=event.at)


@subscribe(events.AlertIssued)
def bring_to_phones(event: events.AlertIssued) -> None:
    """Begin the fan-out."""
    broadcasting.bring(event.alert_uid, now=clock.now())


@subscribe(events.AlertIssued)
def publish_files(event: events.AlertIssued) -> None:
    """Write the communes' files."""
    publishing.publish_for(event.alert_uid, now=clock.now())


@subscribe(events.AlertEnded)
def unpublish_files(event: events.AlertEnded) -> None:
    """Write the communes' files without what is over."""
    publishing.publish_for(event.alert_uid, now=clock.now())


@subscribe(events.AlertEnded)
def stop_sending(event: events.AlertEnded) -> None:
    """Stop what was not sent yet of what is over."""
    broadcasting.stop(event.alert_uid, now=clock.now())


@subscribe(events.HelpAsked)
def tell_desk(event: events.HelpAsked) -> None:
    """Tell the commune's duty."""
    telling.tell_help(event.answer_uid, now=event.at)


@subscribe(people_events.AccountErased)
def forget_person(event: people_events.AccountErased) -> None:
    """Destroy what leads to a person who is gone."""
    erasure.erase_traces(event.account_id)
