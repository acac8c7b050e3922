"""Public reports as other programs read them: open or over, since when, until when, with the agency's last word. What is hidden is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import ReportUnknown
from smarthd.fieldreports.models import Report, ReportStep
from smarthd.fieldreports.rules import intake, states
from smarthd.fieldreports.rules.states import DeclineReason, Outcome, State, Visibility
from smarthd.fieldreports.selectors import categories, rows
from smarthd.fieldreports.selectors.rows import Row
from smarthd.kernel import clock
from smarthd.places import selectors as places

MOST = 1_000
_ENDS = frozenset({"closed", "confirmed", "declined", "upheld", "merged"})
"""Steps with which nothing is owed any more."""
_WORDED = frozenset({"declined", "upheld", "overturned", "answered", "asked", "extended", "handed_back", "assigned"})
"""Steps whose words are an agency's own and say why things stand as they do."""
_ANYBODYS = Q(visibility=Visibility.PUBLIC) & ~Q(state=State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Shown:
    """One public report. ``updated_at`` is its last public step, or, once it is over, when it came to its end.

    ``why`` is what the agency said of the present state, empty where it said nothing; ``into`` the public report it was merged into.
    """

    row: Row
    over: bool
    updated_at: datetime
    why: str
    into: str
    commune_code: str


def one(code: str, *, now: datetime) -> Shown:
    """Return one public report by its code, or raise ReportUnknown. Merged ones are found by who has their code."""
    found = by_codes([code], now=now)
    if not found:
        raise ReportUnknown
    return found[0]


def by_codes(codes: Sequence[str], *, now: datetime) -> list[Shown]:
    """Return the public reports of some codes, newest first; what is not public is left out. ≤ 5 statements."""
    wanted = {intake.code_of(code) for code in codes}
    return _shown(Report.objects.filter(_ANYBODYS, code__in=wanted), now)


def between(
    since: datetime,
    until: datetime,
    *,
    now: datetime,
    category_keys: Sequence[str] = (),
    over: bool | None = None,
) -> list[Shown]:
    """Return the newest thousand public reports received in a period, its ends included. ≤ 6 statements."""
    found = Report.objects.filter(policies.public_q(), received_at__gte=since, received_at__lte=until)
    if category_keys:
        found = found.filter(category_id__in=_ids(category_keys))
    if over is not None:
        ended = [str(state) for state in sorted(states.OVER)]
        found = found.filter(state__in=ended) if over else found.exclude(state__in=ended)
    return _shown(found, now)


def _ids(keys: Iterable[str]) -> list[int]:
    """Return the ids of categories in use or ended; a group stands for all below it."""
    wanted = set(keys)
    return [
        one.id
        for root in categories.tree(with_ended=True)
        for one in (root, *root.children)
        if one.key in wanted or root.key in wanted
    ]


def code_by_uid(uid: UUID) -> str | None:
    """Return the code of a report to who holds its uid: once an official has looked at it, None until then.

    A hidden report is not there (ReportUnknown), nor is one its sender took back.
    """
    report = Report.objects.filter(uid=uid).only("code", "visibility", "state").first()
    if report is None or report.visibility == Visibility.HIDDEN or report.state == State.WITHDRAWN:
        raise ReportUnknown
    return None if report.state == State.RECEIVED else report.code


def _shown(found: QuerySet[Report], now: datetime) -> list[Shown]:
    page = rows.fetched(found.order_by("-received_at", "-id")[:MOST])
    if not page:
        return []
    made = rows.rows_of(page, inside=False, now=now)
    steps: dict[int, list[ReportStep]] = {}
    for step in ReportStep.objects.filter(report__in=page, public=True).order_by("report_id", "number"):
        steps.setdefault(step.report_id, []).append(step)
    heads = _heads(page)
    codes = {unit.id: unit.code for unit in places.views({row.commune_id for row in made}, clock.day_of(now)).values()}
    return [
        Shown(
            row=row,
            over=row.state in states.OVER,
            updated_at=_updated(row, steps.get(report.pk, [])),
            why=_why(steps.get(report.pk, [])),
            into=heads.get(report.merged_into_id or 0, ""),
            commune_code=codes.get(row.commune_id, ""),
        )
        for row, report in zip(made, page, strict=True)
    ]


def _heads(page: Sequence[Report]) -> dict[int, str]:
    """Return the codes of the public reports that others of the page were merged into. One statement, none without such."""
    ids = {report.merged_into_id for report in page if report.merged_into_id is not None}
    return dict(Report.objects.filter(_ANYBODYS, pk__in=ids).values_list("pk", "code")) if ids else {}


def _updated(row: Row, steps: Sequence[ReportStep]) -> datetime:
    if row.state in states.OVER:
        ends = [step.at for step in steps if step.act in _ENDS]
        return row.ended_at or (ends[-1] if ends else row.received_at)
    return steps[-1].at if steps else row.received_at


def _why(steps: Sequence[ReportStep]) -> str:
    """Return the last words an agency said for everybody, with the reason or outcome it chose."""
    for step in reversed(steps):
        if step.act in states.SPOKEN:
            continue
        if step.act not in _WORDED or not (step.text or step.note.get("reason") or step.note.get("outcome")):
            continue
        chosen = _chosen(str(step.note.get("reason", "")), str(step.note.get("outcome", "")))
        return " ".join(part for part in (chosen, step.text) if part)
    return ""


def _chosen(reason: str, outcome: str) -> str:
    if reason in set(DeclineReason):
        return f"{states.DECLINE_WORDS[DeclineReason(reason)]}."
    return f"{states.OUTCOME_WORDS[Outcome(outcome)]}." if outcome in set(Outcome) else ""
