"""What teams achieved: visits, households reached, what members say they helped, and what the platform measured as theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from smarthd.places import selectors as places
from smarthd.rollout.models import (
    Denominator,
    Participant,
    Team,
    TeamCredit,
    TeamExpense,
    TeamMember,
    TeamVillage,
    VillageHouseholds,
    Visit,
    VisitVersion,
)
from smarthd.rollout.rules import Measure, teams
from smarthd.rollout.rules.teams import Certainty, Outcome, VisitState

_COUNTED = Q(rushed=False) | Q(cleared_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Results:
    """Visits and credits over some days. ``households`` counts each once; ``said`` is what members wrote they helped (tự ghi)."""

    visits: int = 0
    households: int = 0
    met: int = 0
    minutes: int = 0
    said: int = 0
    adults: int = 0
    without_phone: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    exact: int = 0
    probable: int = 0
    rushed: int = 0
    households_base: int | None = None
    base_source: str = ""

    @property
    def reach(self) -> float | None:
        """Return households reached ÷ households, or None where nobody has counted them. Over 100% is shown as it is."""
        return self.households / self.households_base if self.households_base else None

    @property
    def no_phone_share(self) -> float | None:
        """Return adults without a smartphone ÷ adults met."""
        return self.without_phone / self.adults if self.adults else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Visits somebody must look at: several contents of one, or several of one household and day."""

    kind: str
    village: str
    household: str
    visited_on: date
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the contents or visits that disagree; ``key`` is a content's hash or a visit's identifier."""

    key: str
    visit_uid: UUID
    outcome: str
    said_at: datetime
    helped: int
    stands: bool


def results_of(team_ids: Iterable[int], first: date, last: date, *, member_id: int | None = None) -> Results:
    """Return what teams, or one member, did from a first to a last day; test and quarantined accounts bring nothing."""
    ids = list(team_ids)
    visits = Visit.objects.filter(
        team_id__in=ids, visited_on__gte=first, visited_on__lte=last, state=VisitState.STANDING
    )
    apart = Participant.objects.filter(Q(is_test=True) | Q(quarantined=True)).values("account_id")
    credits = TeamCredit.objects.filter(team_id__in=ids, on__gte=first, on__lte=last).exclude(account_id__in=apart)
    if member_id is not None:
        visits, credits = visits.filter(member_id=member_id), credits.filter(member_id=member_id)
    sums = visits.aggregate(
        count=Count("uid"), minutes=Sum("minutes"), said=Sum("helped"),
        adults=Sum("adults"), without=Sum("without_phone"),
    )  # fmt: skip
    outcomes = dict(visits.values_list("outcome").annotate(count=Count("uid")))
    reached = visits.filter(outcome__in=list(teams.MET)).exclude(household_key="")
    certain = dict(credits.filter(_COUNTED).values_list("certainty").annotate(count=Count("id")))
    base, source = (None, "") if member_id is not None else _households(ids, last)
    return Results(
        visits=sums["count"],
        households=reached.values("unit_id", "household_key").distinct().count(),
        met=sum(count for outcome, count in outcomes.items() if Outcome(outcome) in teams.MET),
        minutes=sums["minutes"] or 0,
        said=sums["said"] or 0,
        adults=sums["adults"] or 0,
        without_phone=sums["without"] or 0,
        outcomes={outcome: outcomes.get(outcome, 0) for outcome in Outcome},
        exact=certain.get(Certainty.EXACT, 0),
        probable=certain.get(Certainty.PROBABLE, 0),
        rushed=credits.exclude(_COUNTED).count(),
        households_base=base,
        base_source=source,
    )


def _households(team_ids: list[int], day: date) -> tuple[int | None, str]:
    """Return how many households the covered villages have, and who counted; None unless every one is counted."""
    units = set(
        TeamVillage.objects.filter(team_id__in=team_ids, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
        .values_list("unit_id", flat=True)
    )
    newest = _newest_counts(units, day)
    if not units or set(newest) != units:
        return None, ""
    oldest = min(newest.values(), key=lambda count: count.as_of)
    return sum(count.value for count in newest.values()), f"{oldest.source}, {oldest.as_of:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Households:
    """How many households a village had, as who counted on which day."""

    value: int
    source: str
    as_of: date


def households_of(unit_ids: Iterable[int], day: date) -> dict[int, Households]:
    """Return the newest count of households of each village that has one."""
    return _newest_counts(set(unit_ids), day)


def _newest_counts(units: set[int], day: date) -> dict[int, Households]:
    """Return counts by village, those of the figures' bases and those the commune entered for its teams, the newest of both."""
    newest: dict[int, Households] = {}
    bases = Denominator.objects.filter(measure=Measure.HOUSEHOLDS)
    for rows in (bases, VillageHouseholds.objects.all()):
        standing = rows.filter(unit_id__in=units, superseded_at=None, as_of__lte=day).order_by("as_of")
        for unit_id, value, source, as_of in standing.values_list("unit_id", "value", "source", "as_of"):
            if unit_id not in newest or as_of >= newest[unit_id].as_of:
                newest[unit_id] = Households(value, source, as_of)
    return newest


def rushed_days(team_id: int) -> list[tuple[date, int]]:
    """Return the days with credits that came too fast and wait for the commune's head."""
    rows = TeamCredit.objects.filter(team_id=team_id, rushed=True, cleared_at=None)
    return list(rows.values_list("on").annotate(count=Count("id")).order_by("-on"))


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A team with something its commune's head must judge: credits that came too fast, money noted."""

    uid: UUID
    name: str
    rushed: int
    noted: int


def to_judge(agency_ids: Iterable[int]) -> list[ToJudge]:
    """Return the standing teams of agencies with something to judge, by agency and name. One query."""
    rushed = TeamCredit.objects.filter(team=OuterRef("pk"), rushed=True, cleared_at=None)
    noted = TeamExpense.objects.filter(team=OuterRef("pk"), state=teams.ExpenseState.NOTED)
    rows = Team.objects.filter(agency_id__in=list(agency_ids), valid_to=None).annotate(
        rushed_count=_counted(rushed), noted_count=_counted(noted)
    )
    rows = rows.filter(Q(rushed_count__gt=0) | Q(noted_count__gt=0)).order_by("agency_id", "name")
    return [ToJudge(*row) for row in rows.values_list("uid", "name", "rushed_count", "noted_count")]


def _counted(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("team").annotate(count=Count("pk")).values("count")), 0)


def by_member(team_id: int, first: date, last: date) -> list[tuple[TeamMember, Results]]:
    """Return each member's own results, in the order of their numbers; members are not ranked."""
    return [
        (member, results_of([team_id], first, last, member_id=member.pk))
        for member in TeamMember.objects.filter(team_id=team_id, valid_to=None).order_by("number")
    ]


def by_village(team_id: int, first: date, last: date) -> dict[int, int]:
    """Return households reached by village."""
    rows = (
        Visit.objects.filter(
            team_id=team_id, visited_on__gte=first, visited_on__lte=last, state=VisitState.STANDING,
            outcome__in=list(teams.MET),
        )
        .exclude(household_key="")
        .values("unit_id")
        .annotate(count=Count("household_key", distinct=True))
    )  # fmt: skip
    return {row["unit_id"]: row["count"] for row in rows}


def disagreements(team_id: int) -> list[Disagreement]:
    """Return what phones told differently and nobody has decided, oldest day first."""
    return sorted([*_contents(team_id), *_households_twice(team_id)], key=lambda one: one.visited_on)


def _contents(team_id: int) -> list[Disagreement]:
    found: dict[UUID, list[VisitVersion]] = {}
    rows = VisitVersion.objects.select_related("visit").filter(visit__team_id=team_id, visit__decided_at=None)
    for version in rows.order_by("content_hash"):
        found.setdefault(version.visit_id, []).append(version)
    return [
        Disagreement(
            "content", _village(versions[0].visit), versions[0].visit.household, versions[0].visit.visited_on,
            tuple(
                Choice(
                    one.content_hash, one.visit_id, teams.OUTCOME_WORDS[Outcome(one.content["outcome"])],
                    datetime.fromisoformat(one.content["said_at"]), one.content["helped"], one.content_hash == one.visit.content_hash,
                )
                for one in versions
            ),
        )
        for versions in found.values()
    ]  # fmt: skip


def _households_twice(team_id: int) -> list[Disagreement]:
    """Return households that two phones visited on one day; ``devices`` tells a family that was visited twice by one."""
    twice = (
        Visit.objects.filter(team_id=team_id, state=VisitState.STANDING)
        .exclude(household_key="")
        .values("unit_id", "household_key", "visited_on")
        .annotate(devices=Count("device_uid", distinct=True), open=Count("uid", filter=Q(decided_at=None)))
        .filter(devices__gt=1, open__gt=0)
    )
    found = []
    for row in twice:
        same = Visit.objects.filter(
            team_id=team_id, state=VisitState.STANDING, unit_id=row["unit_id"],
            household_key=row["household_key"], visited_on=row["visited_on"],
        ).order_by("said_at", "uid")  # fmt: skip
        found.append(
            Disagreement(
                "household", _village(same[0]), same[0].household, row["visited_on"],
                tuple(
                    Choice(str(one.pk), one.pk, teams.OUTCOME_WORDS[Outcome(one.outcome)], one.said_at,
                           one.helped, stands=True)
                    for one in same
                ),
            )
        )  # fmt: skip
    return found


def _village(visit: Visit) -> str:
    return places.unit_view(visit.unit_id, visit.visited_on).full_name
