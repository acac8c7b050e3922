"""The weekly report of the running campaign: a form, five periods round today, and what the communes made of them.

Periods, forms, consolidations, letters and the spot check come through rollout's services. The reports themselves, some hundreds, are
told in memory (``Told``, which writes what the services would have written) and stored in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.seeding import accounts
from config.seeding.chapters.order import ACTOR, NOW
from config.seeding.demo import Stage
from smarthd.agencies import calendar
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock
from smarthd.rollout import services as rollout
from smarthd.rollout.models import Obligation, Period, PeriodicReport, ReportStep, ReportValue, UrgingLetter
from smarthd.rollout.rules import deadlines, forms, reports
from smarthd.rollout.rules.reports import State
from smarthd.rollout.selectors import measures

FORM = "bao-cao-tuan"
TITLE = "Báo cáo tuần"
HARDEST = (
    "Người cao tuổi không có điện thoại thông minh",
    "Sóng yếu, không có mạng",
    "Ngại cung cấp số điện thoại",
    "Không có khó khăn",
)
PLAN = forms.FormPlan(
    (
        forms.Field(key="can_bo", label="Cán bộ, công chức trong danh sách", kind=forms.FieldKind.COUNT, measured="staff.roster"),
        forms.Field(key="can_bo_dung", label="Cán bộ đã cài đặt và sử dụng", kind=forms.FieldKind.COUNT, measured="staff.used"),
        forms.Field(key="nguoi_dan", label="Người dân trên địa bàn đã kích hoạt", kind=forms.FieldKind.COUNT,
                    hint="Số tổ công nghệ số đếm được đến hết ngày chốt.", verified_by="citizen.activated"),
        forms.Field(key="so_buoi", label="Số buổi tuyên truyền trong tuần", kind=forms.FieldKind.COUNT, most=200),
        forms.Field(key="nguoi_du", label="Số lượt người dự", kind=forms.FieldKind.COUNT),
        forms.Field(key="duoc_giup", label="Trong đó được giúp cài đặt tại chỗ", kind=forms.FieldKind.COUNT),
        forms.Field(key="phat_thanh", label="Số lượt phát trên loa truyền thanh", kind=forms.FieldKind.COUNT, most=500),
        forms.Field(key="kho_khan", label="Khó khăn lớn nhất trong tuần", kind=forms.FieldKind.CHOICE, choices=HARDEST),
        forms.Field(key="ghi_chu", label="Ghi chú, kiến nghị", kind=forms.FieldKind.TEXT, required=False),
    ),
    (
        forms.Check(left="duoc_giup", relation=forms.Relation.AT_MOST, right=("nguoi_du",),
                    words="Số người được giúp cài đặt không thể lớn hơn số lượt người dự."),
    ),
)  # fmt: skip
MEASURED = {one.key: one.measured for one in PLAN.fields if one.measured}
WEEK, OPEN_BEFORE = timedelta(days=7), timedelta(days=5)
PAST = 3
WRONG_REASONS = {"nguoi_dan": "Cao hơn nhiều so với số hệ thống đo. Xin đếm lại theo danh sách của tổ công nghệ số."}
SAMPLE_SEED = 48_115


@dataclass
class Told:
    """One report as it is told: every act writes what the service of that act writes."""

    obligation: Obligation
    report: PeriodicReport
    steps: list[ReportStep] = field(default_factory=list)

    def draft(self, values: dict[str, Any], measured: dict[str, int], *, minutes: int, at: datetime) -> None:
        """Keep what has been typed so far."""
        one = self.report
        one.state, one.values, one.measured = State.DRAFT, values, measured
        one.content_hash = reports.content_hash({**measured, **values}, {}, form_version=one.form.version)
        one.edits, one.edited_at, one.minutes = one.edits + 1, at, one.minutes + minutes

    def submit(self, values: dict[str, Any], measured: dict[str, int], *, minutes: int, at: datetime) -> None:
        """Hand it in."""
        one = self.report
        one.state, one.values, one.measured, one.disputes = State.SUBMITTED, values, measured, {}
        one.content_hash = reports.content_hash({**measured, **values}, {}, form_version=one.form.version)
        one.endorsed_at, one.endorsed_hash, one.return_reasons = None, "", {}
        one.minutes += minutes
        one.submitted_at = at
        one.in_time = deadlines.in_time(deadlines.Receipt(at), self.obligation.due_at)
        one.round, one.edits = one.round + 1, one.edits + 1
        if one.first_submitted_at is None:
            one.first_submitted_at, one.first_in_time = at, one.in_time
        self._step("submitted", at)

    def endorse(self, *, at: datetime, silent: bool = False) -> None:
        """Let the superior endorse it, or let it pass by its silence."""
        one = self.report
        one.state, one.endorsed_at, one.endorsed_hash, one.not_reviewed = State.ENDORSED, at, one.content_hash, silent
        self._step("passed" if silent else "endorsed", at)

    def accept(self, *, at: datetime) -> None:
        """Let the Department take it in."""
        self.report.state, self.report.accepted_at = State.ACCEPTED, at
        self._step("accepted", at)

    def give_back(self, reasons: dict[str, str], *, at: datetime) -> None:
        """Send it back with reasons; one working day from then."""
        one = self.report
        one.state, one.endorsed_at, one.endorsed_hash, one.in_time = State.RETURNED, None, "", None
        one.return_reasons, one.returns = reasons, one.returns + 1
        next_day = calendar.add_working_days(clock.day_of(at), 1)
        self.obligation.due_at = max(self.obligation.due_at, calendar.due_on(next_day))
        self._step("returned", at, {"reasons": reasons})

    def _step(self, act: str, at: datetime, note: dict[str, Any] | None = None) -> None:
        one = self.report
        self.steps.append(
            ReportStep(
                report=one,
                number=len(self.steps) + 1,
                act=act,
                state=one.state,
                at=at,
                values={**one.measured, **one.values},
                disputes=one.disputes,
                content_hash=one.content_hash,
                in_time=one.in_time,
                note=note or {},
            )
        )

    def values_in_force(self) -> list[ReportValue]:
        """Return the numbers that are added up; none while it is not handed in."""
        if State(self.report.state) not in reports.HANDED_IN:
            return []
        whole = {**self.report.measured, **self.report.values}
        return [
            ReportValue(
                form_key=self.obligation.form_key,
                period_id=self.obligation.period_id,
                field=one.key,
                agency_id=self.obligation.agency_id,
                value=float(whole[one.key]),
            )
            for one in PLAN.fields
            if one.kind in forms.NUMERIC and isinstance(whole.get(one.key), int | float)
        ]


def store(told: list[Told]) -> None:
    """Write what was told. Reports nothing happened to yet are written anew under their ids, which is far quicker than changing them."""
    changed = [one for one in told if one.report.edits]
    PeriodicReport.objects.filter(pk__in=[one.report.pk for one in changed]).delete()
    PeriodicReport.objects.bulk_create([one.report for one in changed], batch_size=1000)
    for one in changed:
        if one.obligation.due_at != one.obligation.first_due_at:
            Obligation.objects.filter(pk=one.obligation.pk).update(due_at=one.obligation.due_at)
    ReportStep.objects.bulk_create([step for one in told for step in one.steps], batch_size=2000)
    ReportValue.objects.bulk_create([value for one in told for value in one.values_in_force()], batch_size=5000)


def plant(stage: Stage) -> str:
    """Draw up the form, freeze the periods, tell the reports, then consolidate, urge and check the way a Department does."""
    rollout.draft_form(NOW, FORM, title=TITLE, plan=PLAN, actor=ACTOR, now=stage.now)
    rollout.publish_form(NOW, FORM, actor=ACTOR, now=stage.now)
    periods = _periods(stage)
    told: list[Told] = []
    for back, period in enumerate(reversed(periods[: PAST + 1])):
        told += _Teller(stage, period, back).tell()
    store(told)
    _afterwards(stage, periods)
    handed = sum(State(one.report.state) in reports.HANDED_IN for one in told)
    return f"{len(periods)} kỳ, {handed}/{len(told)} báo cáo đã gửi"


def _periods(stage: Stage) -> list[Period]:
    """Return five periods, due a week apart: three over, one due in two working days, one to come."""
    current = calendar.add_working_days(stage.today, 2)
    made = []
    for number in range(-PAST, 2):
        due_at = calendar.due_on(current + WEEK * number)
        due_on = clock.day_of(due_at)
        period = rollout.add_period(
            NOW,
            title=f"Tuần {due_on.isocalendar().week}/{due_on.isocalendar().year}",
            cut_off=min(due_on - timedelta(days=1), stage.today - timedelta(days=1)) if number <= 0 else due_on,
            opens_at=clock.start_of(due_on - OPEN_BEFORE),
            due_at=due_at,
            actor=ACTOR,
            now=stage.now,
        )
        rollout.freeze_period(period.uid, kinds=[Kind.COMMUNE_COMMITTEE], actor=ACTOR, now=stage.now)
        made.append(period)
    return made


class _Teller:
    """Tells one period, ``back`` weeks ago (0: the one running)."""

    def __init__(self, stage: Stage, period: Period, back: int) -> None:
        self.stage, self.period, self.back, self.rng = stage, period, back, stage.rng
        self.working = calendar.working_calendar()
        owed = Obligation.objects.filter(period=period).select_related("report__form").order_by("code")
        self.told = [Told(one, one.report) for one in owed]
        names = {*MEASURED.values(), "citizen.activated"}
        self.counted = measures.for_agencies(names, [one.obligation.agency_id for one in self.told], period.cut_off)

    def tell(self) -> list[Told]:
        """Give every commune its part: the home commune its own, the others by lot."""
        order = self.rng.permutation(len(self.told))
        home = next((n for n, one in enumerate(self.told) if one.obligation.name.endswith(f" {accounts.HOME}")), -1)
        parts = _SHARES[min(self.back, PAST)]
        place = 0
        for part, count in parts:
            taken = 0
            while taken < count and place < len(order):
                number = int(order[place])
                place += 1
                if number != home:
                    getattr(self, f"_{part}")(self.told[number])
                    taken += 1
        if home >= 0:
            getattr(self, f"_{_HOME[min(self.back, PAST)]}")(self.told[home])
        return self.told

    def _values(self, one: Told, *, skew: float = 1.0) -> tuple[dict[str, Any], dict[str, int]]:
        counted = self.counted.get(one.obligation.agency_id, {})
        measured = {key: counted[name] for key, name in MEASURED.items() if name in counted}
        people = round(counted.get("citizen.activated", 0) * skew * float(self.rng.uniform(0.94, 1.06)))
        gatherings = int(self.rng.integers(1, 9))
        attended = int(gatherings * self.rng.integers(12, 45))
        values: dict[str, Any] = {
            "nguoi_dan": people,
            "so_buoi": gatherings,
            "nguoi_du": attended,
            "duoc_giup": int(attended * self.rng.uniform(0.1, 0.5)),
            "phat_thanh": int(self.rng.integers(5, 29)),
            "kho_khan": HARDEST[int(self.rng.integers(0, len(HARDEST)))],
        }
        return values, measured

    def _sent_at(self, *, late: bool = False) -> datetime:
        due = self.period.due_at
        if late:
            return min(due + timedelta(hours=float(self.rng.uniform(1, 30))), self.stage.now - timedelta(minutes=5))
        last = min(due, self.stage.now) - timedelta(minutes=10)
        first = max(self.period.opens_at + timedelta(hours=8), last - timedelta(days=2))
        spread = max((last - first).total_seconds(), 60.0)
        at = first + timedelta(seconds=float(spread * self.rng.beta(4, 1.4)))
        return min(self.working.add_working_hours(at, float(self.rng.uniform(0.1, 0.9))), last)

    def _submitted(self, one: Told, *, late: bool = False, skew: float = 1.0) -> None:
        values, measured = self._values(one, skew=skew)
        one.submit(values, measured, minutes=int(self.rng.integers(3, 12)), at=self._sent_at(late=late))

    def _late(self, one: Told) -> None:
        self._submitted(one, late=True)

    def _skewed(self, one: Told) -> None:
        self._submitted(one, skew=1.24)

    def _absurd(self, one: Told) -> None:
        self._submitted(one, skew=2.6)

    def _later(self, at: datetime | None, hours: float) -> datetime:
        """Return when an office did what takes it that many working hours."""
        return min(self.working.add_working_hours(at or self.stage.now, hours), self.stage.now - timedelta(minutes=1))

    def _endorsed(self, one: Told) -> None:
        self._submitted(one)
        one.endorse(at=self._later(one.report.submitted_at, float(self.rng.uniform(1, 9))))

    def _passed(self, one: Told) -> None:
        self._submitted(one)
        one.endorse(at=self._later(one.report.submitted_at, 17), silent=True)

    def _accepted(self, one: Told) -> None:
        self._endorsed(one)
        one.accept(at=self._later(one.report.endorsed_at, float(self.rng.uniform(1, 8))))

    def _accepted_late(self, one: Told) -> None:
        self._late(one)
        one.endorse(at=self._later(one.report.submitted_at, 3))
        one.accept(at=self._later(one.report.endorsed_at, 4))

    def _corrected(self, one: Told) -> None:
        self._absurd(one)
        one.give_back(WRONG_REASONS, at=self._later(one.report.submitted_at, 2))
        values, measured = self._values(one)
        one.submit(values, measured, minutes=3, at=self._later(one.report.submitted_at, 5))
        one.endorse(at=self._later(one.report.submitted_at, 3))
        one.accept(at=self._later(one.report.endorsed_at, 2))

    def _returned(self, one: Told) -> None:
        self._absurd(one)
        one.give_back(WRONG_REASONS, at=self.stage.now - timedelta(hours=float(self.rng.uniform(1, 3))))

    def _drafting(self, one: Told) -> None:
        values, measured = self._values(one)
        part = dict(list(values.items())[: int(self.rng.integers(1, 5))])
        one.draft(part, measured, minutes=2, at=self.stage.now - timedelta(minutes=float(self.rng.uniform(20, 400))))

    def _silent(self, one: Told) -> None:
        """Nothing came."""


_SHARES: dict[int, tuple[tuple[str, int], ...]] = {
    0: (("submitted", 22), ("skewed", 5), ("absurd", 3), ("endorsed", 9), ("accepted", 6), ("drafting", 17)),
    1: (("accepted", 58), ("accepted_late", 7), ("corrected", 5), ("endorsed", 12), ("passed", 4), ("late", 5), ("returned", 4)),
    2: (("accepted", 88), ("accepted_late", 11), ("corrected", 6), ("passed", 3)),
    3: (("accepted", 92), ("accepted_late", 12), ("corrected", 4)),
}  # fmt: skip
_HOME = {0: "silent", 1: "returned", 2: "accepted", 3: "accepted"}


def _afterwards(stage: Stage, periods: list[Period]) -> None:
    """Exempt one commune, consolidate what is over, urge who is late, go and look at a sample."""
    first, second, third, *_rest = periods
    for period in (second, third):
        late = Obligation.objects.filter(period=period, report__state=State.OPEN).order_by("code").last()
        if late is not None:
            rollout.exempt(late.uid, reason="Bão làm mất điện cả tuần, có công văn của xã", actor=ACTOR, now=stage.now)
    for period in (first, second, third):
        at = period.due_at + timedelta(hours=1)
        for now in (at, stage.now):
            rollout.consolidate(period.uid, FORM, agency_id=_coordinator(period), actor=ACTOR, now=min(now, stage.now))
    rollout.draft_letter(third, now=stage.now)
    signed = rollout.draft_letter(second, now=stage.now)
    if signed is not None:
        UrgingLetter.objects.filter(pk=signed.pk).update(number="41", signed_at=stage.now - timedelta(days=2))
    check = rollout.draw_sample(second.uid, FORM, seed=SAMPLE_SEED, actor=ACTOR, now=stage.now)
    for number, unit in enumerate(check.units.select_related("obligation").order_by("obligation__code")[:9]):
        wrong = number == 4
        rollout.enter_finding(
            check.uid,
            unit.obligation.uid,
            wrong=wrong,
            note="Ghi 6 buổi, sổ của thôn chỉ có 4" if wrong else "",
            actor=ACTOR,
            now=stage.now,
        )


def _coordinator(period: Period) -> int:
    return int(Period.objects.values_list("campaign__coordinator_id", flat=True).get(pk=period.pk))
