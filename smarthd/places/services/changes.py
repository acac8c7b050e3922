"""Events of units: drafted, applied, reverted. What a day's events amount to does not depend on the order they were applied in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit, events, policies
from smarthd.kernel.actor import Actor
from smarthd.kernel.text import nfc
from smarthd.places import rules
from smarthd.places.errors import DayNotExplained, DifferentDays, EventUnknown
from smarthd.places.events import UnitEventApplied, UnitEventReverted
from smarthd.places.models import Catalogue, Event, Lineage, Unit, UnitCode
from smarthd.places.policies import can_change_units
from smarthd.places.services import boundaries, closure, ledger, plans


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit an event founds. ``ref`` is how the parts and moves of the same draft call it; ``parent`` is a unit id."""

    ref: str
    level: str
    kind: str
    name: str
    parent: int | None
    code: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of a unit that ends which goes to a new one (``to``: its ref). ``share`` of people may be 0: only ground goes."""

    source: int
    to: str
    share: float
    area_share: float | None = None
    confidence: str = rules.Confidence.STATED
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is drafted. ``moves`` sends children of units that end to a new unit (ref) or a standing one (id)."""

    kind: rules.EventKind
    effective_on: date
    title: str
    document: str = ""
    ends: tuple[int, ...] = ()
    begins: tuple[NewUnit, ...] = ()
    parts: tuple[Part, ...] = ()
    alters: tuple[rules.Alteration, ...] = ()
    moves: tuple[tuple[int, str | int], ...] = ()
    upward: bool = False


def merge(units: Sequence[int], into: NewUnit, *, on: date, document: str = "") -> Change:
    """Describe a merger of whole units into one."""
    return Change(
        kind=rules.EventKind.MERGE,
        effective_on=on,
        title=f"{into.kind} {into.name}",
        document=document,
        ends=tuple(units),
        begins=(into,),
        parts=tuple(Part(source=unit, to=into.ref, share=1.0) for unit in units),
    )


def split(
    unit: int,
    parts: Sequence[tuple[NewUnit, float]],
    *,
    on: date,
    document: str = "",
    moves: Sequence[tuple[int, str]] = (),
) -> Change:
    """Describe a split of one unit; ``moves`` assigns its villages (or, of a district, its communes) to the new ones by ref."""
    return Change(
        kind=rules.EventKind.SPLIT,
        effective_on=on,
        title=", ".join(f"{new.kind} {new.name}" for new, _ in parts),
        document=document,
        ends=(unit,),
        begins=tuple(new for new, _ in parts),
        parts=tuple(Part(source=unit, to=new.ref, share=share) for new, share in parts),
        moves=tuple(moves),
    )


def rename(unit: int, *, name: str, on: date, kind: str | None = None, document: str = "") -> Change:
    """Describe a new name (and kind) of a unit that goes on."""
    change = rules.Alteration(unit, name=nfc(name), kind=kind)
    return Change(kind=rules.EventKind.RENAME, effective_on=on, title=nfc(name), document=document, alters=(change,))


def transfer(unit: int, *, to: int, on: date, document: str = "") -> Change:
    """Describe a unit's going over to another superior."""
    change = rules.Alteration(unit, parent=to)
    return Change(kind=rules.EventKind.TRANSFER, effective_on=on, title="", document=document, alters=(change,))


def abolish(unit: int, *, on: date, moves: Sequence[tuple[int, int]] = (), document: str = "") -> Change:
    """Describe the end of a unit; its children must be sent to standing superiors, or the event is refused."""
    return Change(
        kind=rules.EventKind.ABOLISH, effective_on=on, title="", document=document, ends=(unit,), moves=tuple(moves)
    )


def abolish_level(level: rules.Level, *, on: date, document: str = "") -> Change:
    """Describe the end of a whole level on a day: the children of its units go to the superiors' superiors."""
    plan = rules.supersede_level(ledger.state_on(on), level)
    return Change(
        kind=rules.EventKind.LEVEL_ABOLISHED,
        effective_on=on,
        title=level,
        document=document,
        ends=plan.ends,
        upward=plan.upward,
    )


@transaction.atomic
def draft_event(change: Change, *, actor: Actor, now: datetime) -> UUID:
    """Keep a change as a draft; nothing stands otherwise until it is applied. Returns the event's uid."""
    policies.require(can_change_units(actor))
    ids = {new.ref: Unit.objects.create(level=new.level).pk for new in change.begins}
    plan = _plan(change, ids)
    rules.check_shares(plan)
    event = Event.objects.create(
        kind=change.kind,
        effective_on=change.effective_on,
        title=change.title[:300],
        document=change.document,
        plan=plans.to_json(plan),
        drafted_at=now,
    )
    confidences = {(part.source, ids[part.to]): part for part in change.parts}
    Lineage.objects.bulk_create(
        Lineage(
            event=event,
            from_unit_id=source,
            to_unit_id=target,
            basis=basis,
            share=share,
            source=(confidences[source, target].origin or change.document)[:300],
            confidence=confidences[source, target].confidence,
        )
        for source, target, basis, share in plan.shares
    )
    audit.record(actor, "places.event_drafted", event, at=now, kind=change.kind)
    return event.uid


def _plan(change: Change, ids: dict[str, int]) -> rules.Plan:
    beginnings = tuple(
        rules.Beginning(
            ids[new.ref],
            rules.Standing(
                level=new.level,
                name=nfc(new.name),
                kind=new.kind,
                parent=new.parent,
                lat=new.lat,
                lon=new.lon,
                centre_confidence=rules.Confidence.NONE if new.lat is None else rules.Confidence.STATED,
                document=change.document,
            ),
            code=new.code,
        )
        for new in change.begins
    )
    shares = tuple(
        (part.source, ids[part.to], basis, _share(part, basis)) for part in change.parts for basis in rules.Basis
    )
    moves = tuple((child, ids[to] if isinstance(to, str) else to) for child, to in change.moves)
    return rules.Plan(
        ends=change.ends, begins=beginnings, alters=change.alters, moves=moves, shares=shares, upward=change.upward
    )


def _share(part: Part, basis: rules.Basis) -> float:
    ground = part.share if part.area_share is None else part.area_share
    return ground if basis == rules.Basis.AREA else part.share


def apply_event(uid: UUID, *, actor: Actor, now: datetime) -> set[int]:
    """Carry out one draft; returns the units that changed. Refused by name where it would leave orphans or later events stand."""
    return apply_events([uid], actor=actor, now=now)


@transaction.atomic
def apply_events(uids: Sequence[UUID], *, actor: Actor, now: datetime) -> set[int]:
    """Carry out drafts of one day together, those that lean on one another included; the order given does not matter."""
    ledger.lock()
    drafted = _locked(uids)
    policies.require(can_change_units(actor))
    for event in drafted:
        event.status = rules.APPLY.apply(rules.EventStatus(event.status))
        event.applied_at = now
    changed = _carry_out(drafted[0].effective_on, plus=drafted, minus=())
    for event in drafted:
        event.save(update_fields=["status", "applied_at"])
        _give_codes(event, now=now)
    _settle(drafted[0].effective_on, drafted, now=now)
    for event in drafted:
        audit.record(actor, "places.event_applied", event, at=now, kind=event.kind)
        events.announce(
            UnitEventApplied(
                event_uid=event.uid, kind=event.kind, effective_on=event.effective_on, unit_ids=sorted(changed), at=now
            )
        )
    return changed


@transaction.atomic
def revert_event(uid: UUID, *, actor: Actor, now: datetime) -> set[int]:
    """Take back an applied event: the rows are as if it had never been; facts on units it founded count for their origins."""
    ledger.lock()
    (event,) = _locked([uid])
    policies.require(can_change_units(actor))
    event.status = rules.REVERT.apply(rules.EventStatus(event.status))
    event.reverted_at = now
    changed = _carry_out(event.effective_on, plus=(), minus=(event,))
    event.save(update_fields=["status", "reverted_at"])
    UnitCode.objects.filter(unit__in=_begun([event])).delete()
    boundaries.close_at(event.effective_on, _begun([event]))
    boundaries.reopen_at(event.effective_on, closure.plan_of(event).ends)
    closure.build_official_sets(now=now)
    audit.record(actor, "places.event_reverted", event, at=now, kind=event.kind)
    events.announce(
        UnitEventReverted(
            event_uid=event.uid, kind=event.kind, effective_on=event.effective_on, unit_ids=sorted(changed), at=now
        )
    )
    return changed


def _locked(uids: Sequence[UUID]) -> list[Event]:
    found = list(Event.objects.select_for_update().filter(uid__in=list(uids)).order_by("id"))
    if not found or len(found) != len(set(uids)):
        raise EventUnknown(events=[str(uid) for uid in uids])
    if len({event.effective_on for event in found}) > 1:
        raise DifferentDays(days=sorted({event.effective_on for event in found}))
    return found


def _begun(drafted: Collection[Event]) -> list[int]:
    return [begun.unit for event in drafted for begun in closure.plan_of(event).begins]


def _carry_out(day: date, *, plus: Collection[Event], minus: Collection[Event]) -> set[int]:
    """Make the day's rows those of its applied events, with some more or some fewer."""
    before = ledger.state_on(day - timedelta(days=1))
    current = ledger.state_on(day)
    applied = list(Event.objects.filter(effective_on=day, status=rules.EventStatus.APPLIED))
    wanted = [*(event for event in applied if event not in minus), *plus]
    was, will = _outcome(before, applied), _outcome(before, wanted)
    _refuse_unexplained(day, was, current)
    return ledger.write(day, current, _with_villages(will, was, current))


def _outcome(before: rules.State, applied: Collection[Event]) -> dict[int, rules.Standing]:
    ordered = rules.in_order((event.kind, event.pk, closure.plan_of(event)) for event in applied)
    return rules.carry_out_day(before, ordered)


def _refuse_unexplained(day: date, was: rules.State, current: rules.State) -> None:
    """Refuse to touch a day whose rows are not those of its events (a catalogue was imported without its lineage)."""
    strange = [
        unit
        for unit in {*was, *current}
        if rules.Level.VILLAGE not in (state[unit].level for state in (was, current) if unit in state)
        and not (unit in was and unit in current and ledger.same(was[unit], current[unit]))
    ]
    if strange:
        raise DayNotExplained(on=day, units=sorted(strange))


def _with_villages(will: rules.State, was: rules.State, current: rules.State) -> dict[int, rules.Standing]:
    """Keep what people said of villages on the day itself: those added then, and those assigned by hand."""
    kept = dict(will)
    for unit, standing in current.items():
        if standing.level != rules.Level.VILLAGE or standing.parent not in will:
            continue
        if unit not in was or was[unit].parent != standing.parent:
            kept[unit] = standing
    return kept


def _give_codes(event: Event, *, now: datetime) -> None:
    coded = [begun for begun in closure.plan_of(event).begins if begun.code]
    if not coded:
        return
    catalogue, _ = Catalogue.objects.get_or_create(
        as_of=event.effective_on,
        defaults={"key": event.effective_on.isoformat(), "source": event.document, "imported_at": now},
    )
    taken = UnitCode.objects.filter(catalogue=catalogue, code__in=[begun.code for begun in coded])
    if taken.exists():
        raise rules.AlreadyStanding(codes=list(taken.values_list("code", flat=True)))
    UnitCode.objects.bulk_create(UnitCode(catalogue=catalogue, unit_id=begun.unit, code=begun.code) for begun in coded)


def _settle(day: date, drafted: Collection[Event], *, now: datetime) -> None:
    """Give new units their ground and count every fact under the units as they now stand."""
    ended = {unit for event in drafted for unit in closure.plan_of(event).ends}
    boundaries.carry_over(day, ended, _begun(drafted), now=now)
    closure.build_official_sets(now=now)
