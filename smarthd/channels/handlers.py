"""What channels hears: warnings that go out, and that are over."""

from __future__ import annotations

from smarthd.alerts.errors import AlertUnknown
from smarthd.alerts.events import AlertEnded, AlertIssued
from smarthd.alerts.selectors import public as alerts
from smarthd.channels.services import warnings
from smarthd.kernel import actor, clock, events


@events.subscribe(AlertIssued)
def carry_on(event: AlertIssued) -> None:
    """Carry a warning on by its approved roads; a test is nobody's but its testers'."""
    try:
        warned = alerts.alert_page(event.code, account_id=None)
    except AlertUnknown:
        return
    warnings.take_warning(
        warned,
        roads=event.channels,
        replaces=event.replaces,
        agency_id=warned.agency_id,
        actor=actor.system("channels"),
        now=clock.now(),
    )


@events.subscribe(AlertEnded)
def stop(event: AlertEnded) -> None:
    """Stop what was not sent yet of a warning that is over."""
    warnings.end_warning(event.alert_uid, now=clock.now())
