"""Reports told in bulk are the reports the services would have written for the same acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.seeding.chapters import reporting as chapter
from config.seeding.chapters.reporting import Told
from smarthd.kernel import clock
from smarthd.rollout import services
from smarthd.rollout.models import Obligation, PeriodicReport, ReportStep, ReportValue
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import NOW, Desk

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "nguoi_dan": 40, "so_buoi": 3, "nguoi_du": 90, "duoc_giup": 12, "phat_thanh": 7, "kho_khan": chapter.HARDEST[0],
}  # fmt: skip
TYPED = {key: str(value) for key, value in VALUES.items()}
SYSTEM = reporting.SYSTEM
LEFT_OUT = {"id", "uid", "obligation_id", "report_id"}


@pytest.fixture
def desk() -> Desk:
    return reporting.desk(plan=chapter.PLAN)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def by_services(desk: Desk) -> dict[str, Callable[[], object]]:
    """Return the acts upon the second commune's report, by the services."""
    uid = desk.owed_by(desk.world.commune_b)

    def report() -> PeriodicReport:
        return PeriodicReport.objects.get(obligation__uid=uid)

    return {
        "draft": lambda: services.save_draft(
            uid, typed=TYPED, disputes={}, seen_edits=0, minutes=2, actor=SYSTEM, now=at(0)
        ),
        "submit": lambda: services.submit_report(uid, typed=TYPED, disputes={}, minutes=4, actor=SYSTEM, now=at(1)),
        "give_back": lambda: services.return_report(
            report().uid, reasons=chapter.WRONG_REASONS, actor=SYSTEM, now=at(2)
        ),
        "again": lambda: services.submit_report(uid, typed=TYPED, disputes={}, minutes=3, actor=SYSTEM, now=at(3)),
        "endorse": lambda: services.endorse_report(
            report().uid, seen_hash=report().content_hash, actor=SYSTEM, now=at(4)
        ),
        "accept": lambda: services.accept_report(
            report().uid, seen_hash=report().content_hash, actor=SYSTEM, now=at(5)
        ),
    }


def by_telling(told: Told) -> dict[str, Callable[[], object]]:
    """Return the same acts as they are told."""
    return {
        "draft": lambda: told.draft(dict(VALUES), {}, minutes=2, at=at(0)),
        "submit": lambda: told.submit(dict(VALUES), {}, minutes=4, at=at(1)),
        "give_back": lambda: told.give_back(chapter.WRONG_REASONS, at=at(2)),
        "again": lambda: told.submit(dict(VALUES), {}, minutes=3, at=at(3)),
        "endorse": lambda: told.endorse(at=at(4)),
        "accept": lambda: told.accept(at=at(5)),
    }


@pytest.mark.parametrize(
    "story",
    [
        ("draft",),
        ("submit",),
        ("draft", "submit", "endorse"),
        ("submit", "give_back"),
        ("submit", "give_back", "again", "endorse", "accept"),
    ],
    ids="-".join,
)
def test_a_told_report_is_the_one_the_services_would_have_written(desk: Desk, story: tuple[str, ...]) -> None:
    clock.set_now(NOW)
    row = Obligation.objects.select_related("report__form").get(uid=desk.owed_by(desk.world.commune_a))
    told = Told(row, row.report)
    real, tale = by_services(desk), by_telling(told)
    for act in story:
        real[act]()
        tale[act]()
    chapter.store([told])
    clock.set_now(None)
    a, b = desk.world.commune_a, desk.world.commune_b
    for model, path in ((PeriodicReport, "obligation__agency_id"), (ReportStep, "report__obligation__agency_id")):
        rows = {
            agency: [
                {key: value for key, value in row.items() if key not in LEFT_OUT}
                for row in model.objects.filter(**{path: agency}).order_by("id").values()
            ]
            for agency in (a, b)
        }
        assert rows[a] == rows[b]
    assert Obligation.objects.get(agency_id=a).due_at == Obligation.objects.get(agency_id=b).due_at
    in_force = [dict(ReportValue.objects.filter(agency_id=one).values_list("field", "value")) for one in (a, b)]
    assert in_force[0] == in_force[1]
