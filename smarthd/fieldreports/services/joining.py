"""Forty reports of one pothole become one; a report of three things becomes three. Everybody is told, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from smarthd.fieldreports.errors import BadSplit, NothingToJoin
from smarthd.fieldreports.events import ReportsMerged
from smarthd.fieldreports.models import Report, ReportStep, Sender
from smarthd.fieldreports.rules import deadlines, intake, states
from smarthd.fieldreports.rules.states import Part, State, Visibility
from smarthd.fieldreports.selectors import categories, routing
from smarthd.fieldreports.services import handling, steps
from smarthd.fieldreports.services import intake as taking
from smarthd.fieldreports.services.steps import Held
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, events, ids
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.policies import require

MOST_AT_ONCE = 200


@transaction.atomic
def merge(codes: Sequence[str], *, into: str, words: str, caller: Caller, now: datetime) -> Report:
    """Handle several as one from now on. What was merged into them comes along; every sender may confirm, reopen and follow the one.

    Who directs each of them may merge it. The senders' clock is that of the oldest: merging never makes a promise longer.
    """
    found = {held.report.code: held for held in steps.lock_many({into, *codes}, caller=caller, now=now)}
    head = found.pop(intake.code_of(into))
    others = list(found.values())
    if not others or len(others) > MOST_AT_ONCE or head.state not in states.OPEN or head.state is State.CONTESTED:
        raise NothingToJoin
    require(states.may(states.MERGE, head.standing.parts, head.state), move="merge")
    for other in others:
        _merge_one(other, head.report, words)
    rows = Report.objects.filter(merged_into__in=[other.report for other in others])
    rows.update(merged_into=head.report)
    report = head.report
    report.merged_count = Report.objects.filter(merged_into=report).count()
    report.due_at = min([report.due_at, *(other.report.due_at for other in others)])
    promised = [one.original_due_at for one in (report, *(other.report for other in others)) if one.original_due_at]
    report.original_due_at = min(promised) if report.original_due_at else None
    report.involved = sorted({*report.involved, *(one for other in others for one in other.report.involved)})
    steps.write(head, "received_merged", words.strip(), note={"codes": [other.report.code for other in others]})
    events.announce(ReportsMerged(into_uid=report.uid, report_uids=tuple(other.report.uid for other in others), at=now))
    return report


def _merge_one(held: Held, head: Report, words: str) -> None:
    steps.move(held, states.MERGE)
    report = held.report
    if report.paused_at is not None:
        steps.resume(report, held.now)
    report.merged_into = head
    report.accepted_at = report.accepted_at or held.now
    steps.write(held, "merged", words.strip(), note={"into": head.code})


@transaction.atomic
def part(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Take a report out of the one it was merged into: it is handled by itself again, its own promise counted from its own first day."""
    held = steps.lock(code, caller=caller, now=now)
    report = held.report
    if report.merged_into_id is None:
        raise IllegalMove(move=states.PART.name, state=report.state)
    head = Report.objects.select_for_update().get(pk=report.merged_into_id)
    kept = steps.said(words)
    report.holder_id = head.holder_id  # who directs the head may part from it
    asked = steps.hold_for(report, caller=caller, now=now)
    steps.move(asked, states.PART)
    steps.hold(report, head.holder_id, now)
    report.merged_into = None
    handling.promise(asked)
    steps.write(asked, "parted", kept, note={"from": head.code})
    Report.objects.filter(pk=head.pk).update(merged_count=Report.objects.filter(merged_into=head).count())
    return report


@dataclass(frozen=True, slots=True)
class NewPart:
    """One of the things a report tells of: in words of its own, its category, and who is to do it (None: as routed)."""

    words: str
    category_key: str
    agency_id: int | None = None


@transaction.atomic
def split(code: str, *, parts: Sequence[NewPart], caller: Caller, now: datetime) -> list[Report]:
    """Make a report of several things into reports of one each; the first stays the parent and is answered when its parts are over.

    Parts keep the parent's day of receipt, sender and place, so that splitting makes nothing later and nobody is forgotten.
    """
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(*states.DIRECTORS, Part.SUPERIOR, Part.SYSTEM), act="split")
    if held.state not in states.WORKING or held.report.parent_id is not None:
        raise BadSplit
    if not 2 <= len(parts) <= 10:
        raise BadSplit
    made = [_child(held, one) for one in parts]
    steps.write(held, "split", note={"codes": [child.code for child in made]})
    return made


def _child(held: Held, new: NewPart) -> Report:
    parent, now = held.report, held.now
    words = steps.said(new.words, shortest=intake.SHORTEST)
    category = categories.leaf(new.category_key)
    if new.agency_id is not None:
        holder_id = handling.standing_agency(new.agency_id, now).id
    else:
        holder_id = routing.route(commune_id=parent.commune_id, category=category, at=now).agency.id
    child = Report(
        code=f"{intake.CODE_PREFIX}{ids.spoken_code(7)}",
        channel=parent.channel,
        category=category,
        urgent=parent.urgent,
        anonymous=parent.anonymous,
        text=words,
        lat=parent.lat,
        lon=parent.lon,
        mx=parent.mx,
        my=parent.my,
        place_source=parent.place_source,
        address=parent.address,
        commune_id=parent.commune_id,
        visibility=Visibility.PRIVATE if category.sensitive else parent.visibility,
        published_at=parent.published_at or now,
        state=State.ACCEPTED,
        intake_id=parent.intake_id,
        holder_id=holder_id,
        involved=sorted({parent.holder_id, parent.intake_id, holder_id}),
        held_since=now,
        received_at=parent.received_at,
        accepted_at=now,
        intake_due_at=parent.intake_due_at,
        parent=parent,
        steps_count=1,
    )
    terms = deadlines.terms(parent.received_at, steps.hours_of(child), steps.working())
    child.original_due_at = child.due_at = terms.due_at
    child.folded = taking.folded_words(child.code, child.address, words)
    child.save(force_insert=True)
    sender = Sender.objects.filter(report=parent).first()
    if sender is not None:
        sender.report = child
        sender.save(force_insert=True)
    ReportStep.objects.create(
        report=child, number=1, act="accepted", state=child.state, at=now, by=held.caller.actor.account_id,
        by_agency_id=held.standing.agency_id, holder_id=holder_id, due_at=child.due_at, note={"parent": parent.code},
    )  # fmt: skip
    audit.record(held.caller.actor, "fieldreports.split_off", child, at=now, parent=parent.code)
    return child
