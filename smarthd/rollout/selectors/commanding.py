"""What the coordinating Department sees: forms and periods of a campaign, who would owe, who is to be called, letters, samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import FormUnknown, SampleUnknown
from smarthd.rollout.models import Campaign, Consolidation, Form, Obligation, Period, SpotCheck, UrgingLetter
from smarthd.rollout.rules import forms, sampling
from smarthd.rollout.rules.reports import HANDED_IN
from smarthd.rollout.selectors.owed import Owed, row_as_owed

CALL_FROM = 2  # working days after the term
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FormView:
    """One form of a campaign: its newest version, whether that is still a draft, which version is in use."""

    key: str
    title: str
    version: int
    draft: bool
    in_use: int | None
    plan: forms.FormPlan
    faults: dict[str, str]


def forms_of(campaign_key: str) -> list[FormView]:
    """Return a campaign's forms, each once, in the order of their keys. One query."""
    newest: dict[str, Form] = {}
    in_use: dict[str, int] = {}
    for form in Form.objects.filter(campaign__key=campaign_key).order_by("key", "version"):
        newest[form.key] = form
        if form.published_at is not None:
            in_use[form.key] = form.version
    return [_form(form, in_use.get(key)) for key, form in newest.items()]


def _form(form: Form, in_use: int | None) -> FormView:
    plan = forms.from_json(form.plan)
    return FormView(form.key, form.title, form.version, form.published_at is None, in_use, plan, forms.faults(plan))


def form_of(campaign_key: str, key: str) -> FormView:
    """Return one form of a campaign, or raise FormUnknown."""
    for form in forms_of(campaign_key):
        if form.key == key:
            return form
    raise FormUnknown(key=key)


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One period with how many obligations it has and how many were handed in."""

    uid: UUID
    number: int
    title: str
    opens_at: datetime
    due_at: datetime
    frozen_at: datetime | None
    owed: int
    exempt: int
    handed_in: int

    @property
    def base(self) -> int:
        """The obligations that count."""
        return self.owed - self.exempt


def periods_counted(campaign_key: str) -> list[PeriodView]:
    """Return a campaign's periods with their counts, the newest first. One query."""
    counted = Period.objects.filter(campaign__key=campaign_key).annotate(
        owed=Count("obligations"),
        exempt=Count("obligations", filter=Q(obligations__exempt_at__isnull=False)),
        handed=Count("obligations", filter=Q(obligations__exempt_at=None, obligations__report__state__in=HANDED_IN)),
    )
    return [
        PeriodView(
            row.uid, row.number, row.title, row.opens_at, row.due_at, row.frozen_at, row.owed, row.exempt, row.handed
        )
        for row in counted.order_by("-number")
    ]


@dataclass(frozen=True, slots=True)
class WouldOwe:
    """What freezing a period would write: agencies by kind, forms, and who would be left out for want of a superior."""

    kinds: tuple[tuple[str, int], ...]
    forms: tuple[str, ...]
    without_superior: tuple[str, ...]

    @property
    def agencies(self) -> int:
        """How many agencies would owe."""
        return sum(count for _, count in self.kinds)

    @property
    def obligations(self) -> int:
        """How many obligations would be written."""
        return self.agencies * len(self.forms)


def would_owe(period: Period, kinds: Sequence[str]) -> WouldOwe:
    """Return what ``services.freeze_period`` would write, without writing it."""
    coordinator = period.campaign.coordinator_id
    bodies = [body for body in agencies.agencies_on(period.cut_off, kinds=list(kinds)) if body.id != coordinator]
    counted = Counter(str(body.kind) for body in bodies if body.parent_id is not None)
    titles = dict(
        Form.objects.filter(campaign=period.campaign)
        .exclude(published_at=None)
        .order_by("version")
        .values_list("key", "title")
    )
    return WouldOwe(
        tuple(sorted(counted.items())),
        tuple(titles[key] for key in sorted(titles)),
        tuple(body.name for body in bodies if body.parent_id is None),
    )


def kinds_on(period: Period) -> dict[str, int]:
    """Return how many agencies of each kind stand on a period's cut-off."""
    return dict(Counter(str(body.kind) for body in agencies.agencies_on(period.cut_off)))


def commanded_by(actor: Actor) -> list[int]:
    """Return the agencies for which the actor may run campaigns."""
    return sorted({grant.agency_id for grant in actor.grants if policies.can_command(actor, grant.agency_id)})


@dataclass(frozen=True, slots=True)
class ToCall:
    """One unit to telephone: what it owes and how many working days it is late."""

    owed: Owed
    days_late: int


def call_list(actor: Actor, *, now: datetime, period: Period | None = None) -> list[ToCall]:
    """Return the units two working days late or more that the actor's Department is to call, the latest first."""
    commanded = commanded_by(actor)
    if not commanded:
        return []
    found = Obligation.objects.filter(
        period__campaign__coordinator__in=commanded, exempt_at=None, due_at__lt=now, due_at__gte=now - LOOK_BACK
    ).exclude(report__state__in=HANDED_IN)
    if period is not None:
        found = found.filter(period=period)
    rows = list(found.select_related("period__campaign", "report__form").order_by("due_at", "name"))
    if not rows:
        return []
    working = calendar.working_calendar()
    late = [ToCall(row_as_owed(row, now), _days_late(row.due_at, now, working)) for row in rows]
    return [one for one in late if one.days_late >= CALL_FROM]


def _days_late(due_at: datetime, now: datetime, working: WorkingCalendar) -> int:
    return working.working_days_between(clock.day_of(due_at), clock.day_of(now))


@dataclass(frozen=True, slots=True)
class Letter:
    """One urging letter: who is late, how often before, whether it is signed."""

    uid: UUID
    campaign: str
    period: str
    period_uid: UUID
    agency_id: int
    drafted_at: datetime
    late: tuple[Mapping[str, Any], ...]
    number: str
    signed_at: datetime | None
    may_sign: bool


def letters_for(actor: Actor, *, limit: int = 50) -> list[Letter]:
    """Return the letters of Departments the actor commands for, those to be signed first. One query."""
    rows = UrgingLetter.objects.filter(agency_id__in=commanded_by(actor)).select_related("period__campaign")
    found = sorted(rows.order_by("-drafted_at")[:limit], key=lambda row: row.signed_at is not None)
    return [
        Letter(
            uid=row.uid,
            campaign=row.period.campaign.title,
            period=row.period.title,
            period_uid=row.period.uid,
            agency_id=row.agency_id,
            drafted_at=row.drafted_at,
            late=tuple(row.late),
            number=row.number,
            signed_at=row.signed_at,
            may_sign=row.signed_at is None and policies.can_sign_for(actor, row.agency_id),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit of a sample and what was found there."""

    obligation_uid: UUID
    name: str
    code: str
    wrong: bool | None
    note: str
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A spot check: its plan, its seed, its units, what follows so far."""

    uid: UUID
    seed: int
    lot: int
    plan: sampling.LotPlan
    good: float
    bad: float
    drawn_at: datetime
    units: tuple[Drawn, ...]
    reproduces: bool

    @property
    def looked_at(self) -> int:
        """How many units were looked at."""
        return sum(one.wrong is not None for one in self.units)

    @property
    def wrong(self) -> int:
        """How many were found wrong."""
        return sum(one.wrong is True for one in self.units)

    @property
    def passes(self) -> bool | None:
        """Whether the lot passes; None while it cannot be told yet."""
        if self.wrong > self.plan.allowed:
            return False
        return True if self.looked_at == len(self.units) else None


def sample_of(period: Period, form_key: str) -> Sample | None:
    """Return the sample of a period and form, or nothing while none was drawn. Two queries."""
    row = SpotCheck.objects.filter(period=period, form_key=form_key).first()
    if row is None:
        return None
    units = list(row.units.select_related("obligation").order_by("obligation__name"))
    return Sample(
        uid=row.uid,
        seed=row.seed,
        lot=len(row.lot),
        plan=sampling.LotPlan(row.size, row.allowed),
        good=row.good,
        bad=row.bad,
        drawn_at=row.drawn_at,
        units=tuple(
            Drawn(one.obligation.uid, one.obligation.name, one.obligation.code, one.wrong, one.note, one.entered_at)
            for one in units
        ),
        reproduces=sampling.draw(row.lot, row.size, seed=row.seed) == sorted(one.obligation_id for one in units),
    )


def sample_for(actor: Actor, uid: UUID) -> tuple[Period, str]:
    """Return the period and form a sample belongs to, or raise SampleUnknown for who does not command there."""
    row = SpotCheck.objects.select_related("period__campaign").filter(uid=uid).first()
    if row is None or not policies.can_command(actor, row.period.campaign.coordinator_id):
        raise SampleUnknown
    return row.period, row.form_key


def form_keys_of(period: Period) -> list[tuple[str, str]]:
    """Return (key, title) of the forms a period's obligations ask for. One query."""
    rows = Obligation.objects.filter(period=period).order_by("form_key").distinct("form_key")
    return list(rows.values_list("form_key", "report__form__title"))


def plan_of(period: Period, form_key: str) -> forms.FormPlan:
    """Return the form a period's obligations are answered by: the newest version among their reports. One query."""
    rows = Obligation.objects.filter(period=period, form_key=form_key).order_by("-report__form__version")
    kept = rows.values_list("report__form__plan", flat=True).first()
    return forms.from_json(kept) if kept is not None else forms.FormPlan(())


def consolidation_for(actor: Actor, uid: UUID) -> Consolidation:
    """Return one version of a consolidation, or raise NotFound for who may not read it."""
    from smarthd.rollout.errors import PeriodUnknown

    row = Consolidation.objects.select_related("period__campaign").filter(uid=uid).first()
    if row is None or not (
        policies.can_command(actor, row.period.campaign.coordinator_id) or policies.can_review(actor, row.agency_id)
    ):
        raise PeriodUnknown
    return row


def campaigns_of(actor: Actor) -> frozenset[str]:
    """Return the keys of the campaigns the actor may run. One query."""
    rows = Campaign.objects.filter(coordinator__in=commanded_by(actor))
    return frozenset(rows.values_list("key", flat=True))
