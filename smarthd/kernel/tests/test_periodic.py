"""What the queue does by the clock falls at the hours of Vietnam: lines of the queue are reckoned in UTC, whatever the server's zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from procrastinate.periodic import PeriodicDeferrer

from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily

DIGESTS = "smarthd.rollout.tasks.send_digests"


def hours(task: str) -> list[str]:
    """Return the hours of one day in Vietnam at which the queue would put a task on its way."""
    app.perform_import_paths()
    [periodic] = [one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == task]
    since = datetime(2024, 4, 14, 17, tzinfo=UTC).timestamp() - 1  # the eve of Monday 15/4/2024, local midnight
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    found = deferrer.get_timestamps(periodic_task=periodic, since=round(since), until=since + 24 * 3600)
    return [f"{datetime.fromtimestamp(at, UTC).astimezone(clock.ZONE):%H:%M}" for at in found]


def test_superiors_digests_go_out_at_half_past_seven_and_twice_more_for_what_failed() -> None:
    assert hours(DIGESTS) == ["07:30", "07:40", "07:50"]


@pytest.mark.parametrize(
    ("task", "at"),
    [
        ("smarthd.rollout.tasks.sync_all_seats", "00:05"),
        ("smarthd.rollout.tasks.sweep_reports", "01:40"),
        ("smarthd.messaging.tasks.forget_deliveries", "02:20"),
    ],
)
def test_nightly_work_is_done_at_night(task: str, at: str) -> None:
    assert hours(task) == [at]


def test_the_ladder_is_looked_at_every_five_minutes() -> None:
    assert len(hours("smarthd.rollout.tasks.remind")) == 24 * 12


@pytest.mark.parametrize(("hour", "line"), [(7, "0 0 * * *"), (6, "0 23 * * *"), (0, "0 17 * * *")])
def test_an_hour_of_vietnam_is_seven_ahead_of_the_queues(hour: int, line: str) -> None:
    assert daily(hour) == line
