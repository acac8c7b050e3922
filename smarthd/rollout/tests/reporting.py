"""Builders: a campaign with a form and an open period in a small province of agencies, reached through services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.tests import make as agencies
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.rollout import services
from smarthd.rollout.models import Obligation, Period, PeriodicReport
from smarthd.rollout.rules import forms

NOW = datetime(2024, 4, 8, 2, tzinfo=UTC)  # Monday 8/4/2024, 09:00 in Hải Dương
DUE = clock.at_local(date(2024, 4, 12), 17)  # Friday
SYSTEM = actors.system("test")
PLAN = forms.FormPlan(
    (
        forms.Field(key="gatherings", label="Số buổi tuyên truyền", kind=forms.FieldKind.COUNT, most=500),
        forms.Field(key="reached", label="Số lượt người được tuyên truyền", kind=forms.FieldKind.COUNT),
        forms.Field(key="attended", label="Trong đó số người có mặt", kind=forms.FieldKind.COUNT, required=False),
        forms.Field(key="remarks", label="Ghi chú", kind=forms.FieldKind.TEXT, required=False),
    ),
    (
        forms.Check(
            left="attended",
            relation=forms.Relation.AT_MOST,
            right=("reached",),
            words="Số người có mặt không thể lớn hơn số lượt người được tuyên truyền.",
        ),
    ),
)
TYPED = {"gatherings": "3", "reached": "1.250", "attended": "1.100"}


@dataclass(frozen=True)
class Desk:
    """Agencies, one officer for each part, an open period."""

    world: agencies.World
    period: Period
    clerk: actors.Actor
    head: actors.Actor
    district: actors.Actor
    department: actors.Actor
    department_chief: actors.Actor

    def owed_by(self, agency_id: int) -> UUID:
        """Return the uid of what an agency owes for the period."""
        return Obligation.objects.get(period=self.period, agency_id=agency_id).uid

    def report_of(self, agency_id: int) -> PeriodicReport:
        """Return an agency's report as it stands."""
        return PeriodicReport.objects.get(obligation__period=self.period, obligation__agency_id=agency_id)


def desk(*, plan: forms.FormPlan = PLAN) -> Desk:
    """Open a campaign coordinated by the Department, publish a form, freeze a period for committees of districts and communes."""
    world = agencies.world()
    services.open_campaign(
        "lenh",
        title="Cài đặt và sử dụng",
        opens_on=date(2024, 3, 26),
        deadline_at=clock.at_local(date(2024, 4, 19), 17),
        coordinator_id=world.department,
        actor=SYSTEM,
        now=NOW,
    )
    services.draft_form("lenh", "tuan", title="Báo cáo tuần", plan=plan, actor=SYSTEM, now=NOW)
    services.publish_form("lenh", "tuan", actor=SYSTEM, now=NOW)
    return Desk(
        world=world,
        period=open_period(),
        clerk=agencies.officer(world.commune_a, Role.CLERK),
        head=agencies.officer(world.commune_a, Role.HEAD),
        district=agencies.officer(world.district, Role.HEAD),
        department=agencies.officer(world.department, Role.ADMINISTRATOR),
        department_chief=agencies.officer(world.department, Role.HEAD),
    )


def open_period(*, due_at: datetime = DUE, title: str = "Tuần 15/2024") -> Period:
    """Add a period and freeze its obligations."""
    period = services.add_period(
        "lenh",
        title=title,
        cut_off=clock.day_of(due_at) - timedelta(days=1),
        opens_at=due_at - timedelta(days=5),
        due_at=due_at,
        actor=SYSTEM,
        now=NOW,
    )
    kinds = (Kind.DISTRICT_COMMITTEE, Kind.COMMUNE_COMMITTEE)
    services.freeze_period(period.uid, kinds=kinds, actor=SYSTEM, now=NOW)
    period.refresh_from_db()
    return period


def submitted(
    desk: Desk, *, agency_id: int | None = None, actor: actors.Actor | None = None, now: datetime = NOW, **typed: str
) -> PeriodicReport:
    """Hand in a commune's report, the first commune's by its clerk unless told otherwise."""
    return services.submit_report(
        desk.owed_by(agency_id or desk.world.commune_a),
        typed={**TYPED, **typed},
        disputes={},
        actor=actor or (desk.clerk if agency_id in {None, desk.world.commune_a} else SYSTEM),
        now=now,
    )


def endorsed(desk: Desk, *, now: datetime = NOW) -> PeriodicReport:
    """Hand in and endorse the first commune's report."""
    report = submitted(desk, now=now)
    return services.endorse_report(report.uid, seen_hash=report.content_hash, actor=desk.district, now=now)
