"""Agencies merge, split, end, change superior or name: on one day, by one document, with their staff and subordinates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from smarthd.agencies import errors, policies
from smarthd.agencies.events import AgencyEventApplied
from smarthd.agencies.models import Agency, AgencyEdge, AgencyEvent, AgencyLineage, AgencyVersion, RoleGrant
from smarthd.agencies.selectors import agency_views, chain_of
from smarthd.agencies.services.agencies import searchable
from smarthd.kernel import audit, clock, events, text
from smarthd.kernel.actor import Actor

_MOVE_STAFF = """
WITH mapping AS (
  SELECT * FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
), own_way AS (
  SELECT * FROM unnest(%(persons)s::bigint[], %(goes_to)s::bigint[]) AS o(staff_id, target)
), gone AS (
  UPDATE agencies_staff s SET valid_to = GREATEST(s.valid_from, %(day)s),
    left_reason = CASE WHEN COALESCE(o.target, m.target) IS NULL THEN 'abolished' ELSE 'merged' END
  FROM mapping m, agencies_staff t LEFT JOIN own_way o ON o.staff_id = t.id
  WHERE s.agency_id = m.source AND t.id = s.id AND (s.valid_to IS NULL OR s.valid_to > %(day)s)
  RETURNING s.*, COALESCE(o.target, m.target) AS target
), entered AS (
  INSERT INTO agencies_staff (uid, agency_id, full_name, name_key, position, phone_sealed, phone_index, account_id, valid_from,
    valid_to, left_reason, previous_id, source_import_id)
  SELECT gen_random_uuid(), target, full_name, name_key, position, phone_sealed, phone_index, account_id,
    GREATEST(valid_from, %(day)s), NULL, '', id, source_import_id
  FROM gone WHERE target IS NOT NULL
  RETURNING id, previous_id
), kept AS (
  INSERT INTO agencies_exemption (uid, staff_id, status, reason, note, evidence, valid_from, valid_to, requested_by_id, requested_at,
    decided_by_id, decided_at, decision_note)
  SELECT gen_random_uuid(), e.id, x.status, x.reason, x.note, x.evidence, GREATEST(x.valid_from, %(day)s), x.valid_to,
    x.requested_by_id, x.requested_at, x.decided_by_id, x.decided_at, x.decision_note
  FROM agencies_exemption x JOIN entered e ON e.previous_id = x.staff_id
  WHERE x.status IN ('requested', 'approved') AND (x.valid_to IS NULL OR x.valid_to > %(day)s)
)
SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an agency's staff and work that goes to another; ``to_id`` None when the agency ends without an heir."""

    from_id: int
    to_id: int | None
    staff_share: float


@dataclass(frozen=True, slots=True)
class Order:
    """By what a reorganisation is ordered: effective day, document, who records it, when."""

    on: date
    legal_document: str
    actor: Actor
    now: datetime


@transaction.atomic
def merge_agencies(
    from_ids: Sequence[int], *, into_id: int, effective_on: date, legal_document: str, actor: Actor, now: datetime
) -> AgencyEvent:
    """End agencies and hand staff, roles' history and subordinates to one that stands. Raises NotAllowed, AgencyEnded."""
    passages = [Passage(source, into_id, 1.0) for source in from_ids]
    return _reorganise("merge", passages, Order(effective_on, legal_document, actor, now))


@transaction.atomic
def split_agency(
    from_id: int,
    *,
    parts: Mapping[int, float],
    effective_on: date,
    legal_document: str,
    actor: Actor,
    now: datetime,
    staff_to: Mapping[int, int] | None = None,
) -> AgencyEvent:
    """End an agency and divide it; ``parts`` are shares of its staff by agency and sum to 1.

    Persons named in ``staff_to`` (staff id → agency id) go there; everyone else, and the subordinates, to the largest part, until the
    receiving agencies' own rosters say better. Raises NotAllowed, AgencyEnded, SharesDoNotSum.
    """
    passages = [Passage(from_id, target, share) for target, share in parts.items()]
    return _reorganise("split", passages, Order(effective_on, legal_document, actor, now), staff_to)


@transaction.atomic
def abolish_agency(
    agency_id: int, *, effective_on: date, legal_document: str, actor: Actor, now: datetime
) -> AgencyEvent:
    """End an agency without an heir; its staff leave the roster. Raises AgencyStillHasSubordinates: those move first."""
    passages = [Passage(agency_id, None, 0.0)]
    return _reorganise("abolish", passages, Order(effective_on, legal_document, actor, now))


@transaction.atomic
def transfer_agency(
    agency_id: int, *, to_parent_id: int, effective_on: date, legal_document: str, actor: Actor, now: datetime
) -> AgencyEvent:
    """Put an agency under another superior from a day on. Raises NotAllowed, AgencyEnded, ChainWouldCircle."""
    policies.require(policies.can_shape_agencies(actor, [agency_id, to_parent_id]), act="transfer_agency")
    _lock([agency_id, to_parent_id])
    _require_standing({agency_id, to_parent_id}, effective_on)
    if agency_id in {view.id for view in chain_of(to_parent_id, effective_on)}:
        raise errors.ChainWouldCircle(agency_id=agency_id, to_parent_id=to_parent_id)
    rehang({agency_id: to_parent_id}, on=effective_on, legal_document=legal_document)
    return _record("transfer", [], [agency_id, to_parent_id], Order(effective_on, legal_document, actor, now))


@transaction.atomic
def rename_agency(
    agency_id: int,
    *,
    name: str,
    effective_on: date,
    legal_document: str,
    actor: Actor,
    now: datetime,
    short_name: str | None = None,
    code: str | None = None,
) -> AgencyEvent:
    """Give an agency another name (and code) from a day on. Raises NotAllowed, AgencyEnded, AgencyCodeTaken."""
    policies.require(policies.can_shape_agencies(actor, [agency_id]), act="rename_agency")
    _lock([agency_id])
    _require_standing({agency_id}, effective_on)
    old = AgencyVersion.objects.filter(_in_force(effective_on), agency_id=agency_id).get()
    new_code = (code or old.code).strip().lower()
    taken = AgencyVersion.objects.filter(_in_force(effective_on), code=new_code).exclude(agency_id=agency_id)
    if taken.exists():
        raise errors.AgencyCodeTaken(codes=[new_code], on=effective_on.isoformat())
    fresh = Name(name, old.short_name if short_name is None else short_name, new_code)
    give_names({agency_id: fresh}, on=effective_on, legal_document=legal_document)
    return _record("rename", [], [agency_id], Order(effective_on, legal_document, actor, now))


def _reorganise(
    kind: str, passages: Sequence[Passage], order: Order, staff_to: Mapping[int, int] | None = None
) -> AgencyEvent:
    ids = {passage.from_id for passage in passages} | {passage.to_id for passage in passages if passage.to_id}
    policies.require(policies.can_shape_agencies(order.actor, ids), act=f"{kind}_agencies")
    _lock(ids)
    check_shares(passages)
    _require_standing(ids, order.on)
    _refuse_orphans(passages, order.on)
    _refuse_circles(passages, order.on)
    end_agencies({passage.from_id for passage in passages}, on=order.on)
    return pass_on(kind, passages, order, staff_to)


def _refuse_circles(passages: Sequence[Passage], on: date) -> None:
    """Refuse an heir that stands below the agency it inherits: it would become its own superior."""
    for passage in passages:
        above = {view.id for view in chain_of(passage.to_id, on)} if passage.to_id is not None else set()
        if passage.from_id in above and passage.from_id != passage.to_id:
            raise errors.ChainWouldCircle(agency_id=passage.to_id, to_parent_id=passage.from_id)


def check_shares(passages: Iterable[Passage]) -> None:
    """Raise SharesDoNotSum unless the parts of each agency sum to 1, or it ends without an heir."""
    parts: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        parts[passage.from_id].append(passage)
    for source, going in parts.items():
        without_heir = len(going) == 1 and going[0].to_id is None and going[0].staff_share == 0
        total = sum(passage.staff_share for passage in going)
        repeated = len({passage.to_id for passage in going}) < len(going)
        if repeated or (not without_heir and (abs(total - 1) > 1e-6 or any(p.to_id in {None, source} for p in going))):
            raise errors.SharesDoNotSum(agency_id=source, total=total)


def end_agencies(ids: Iterable[int], *, on: date) -> None:
    """Close names, codes, superiors and roles of agencies on a day; their lower edges stay for ``pass_on``."""
    ending = list(ids)
    _close(AgencyVersion, Q(agency_id__in=ending), on)
    _close(AgencyEdge, Q(child_id__in=ending), on)
    until = clock.start_of(on)
    held = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=until), agency_id__in=ending)
    held.filter(valid_from__gt=until).update(valid_to=F("valid_from"))
    held.filter(valid_from__lte=until).update(valid_to=until)


def pass_on(
    kind: str, passages: Sequence[Passage], order: Order, staff_to: Mapping[int, int] | None = None
) -> AgencyEvent:
    """Hand subordinates and staff of ended agencies to their main heirs, and record the lineage; bulk statements only."""
    heirs = main_heirs(passages)
    below = AgencyEdge.objects.filter(_in_force(order.on), parent_id__in=heirs, hierarchy="reporting")
    rehang(
        {edge.child_id: heir for edge in below if (heir := heirs[edge.parent_id]) is not None},
        on=order.on,
        legal_document=order.legal_document,
    )
    own_way = staff_to or {}
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE_STAFF,
            {
                "sources": list(heirs),
                "targets": list(heirs.values()),
                "persons": list(own_way),
                "goes_to": list(own_way.values()),
                "day": order.on,
            },
        )
    touched = {*heirs, *(passage.to_id for passage in passages if passage.to_id)}
    Agency.objects.filter(id__in=touched).update(roster_version=F("roster_version") + 1)
    return _record(kind, passages, sorted(touched), order)


def main_heirs(passages: Iterable[Passage]) -> dict[int, int | None]:
    """Return for each ended agency the one that takes most of it (the lower id when equal), or None."""
    best: dict[int, Passage] = {}
    for passage in passages:
        rival = best.get(passage.from_id)
        if rival is None or (passage.staff_share, -(passage.to_id or 0)) > (rival.staff_share, -(rival.to_id or 0)):
            best[passage.from_id] = passage
    return {source: passage.to_id for source, passage in best.items()}


@dataclass(frozen=True, slots=True)
class Name:
    """What an agency is called."""

    name: str
    short_name: str
    code: str


def give_names(names: Mapping[int, Name], *, on: date, legal_document: str) -> None:
    """Call agencies otherwise from a day on, in bulk."""
    _close(AgencyVersion, Q(agency_id__in=list(names)), on)
    AgencyVersion.objects.bulk_create(
        AgencyVersion(
            agency_id=agency_id,
            name=text.nfc(fresh.name),
            short_name=text.nfc(fresh.short_name),
            folded=searchable(fresh.name, fresh.short_name),
            code=fresh.code.strip().lower(),
            legal_document=legal_document,
            valid_from=on,
        )
        for agency_id, fresh in names.items()
    )


def rehang(parents: Mapping[int, int], *, on: date, legal_document: str) -> None:
    """Put agencies under new superiors from a day on, in bulk."""
    _close(AgencyEdge, Q(child_id__in=list(parents), hierarchy="reporting"), on)
    AgencyEdge.objects.bulk_create(
        AgencyEdge(child_id=child, parent_id=parent, legal_document=legal_document, valid_from=on)
        for child, parent in parents.items()
    )


def _close(model: Any, which: Q, on: date) -> None:
    """End dated rows on a day; one that would have begun that day or later was never in force and goes."""
    rows = model.objects.filter(which, Q(valid_to=None) | Q(valid_to__gt=on))
    rows.filter(valid_from__gte=on).delete()
    rows.filter(valid_from__lt=on).update(valid_to=on)


def _lock(ids: Iterable[int]) -> None:
    list(Agency.objects.select_for_update().filter(id__in=list(ids)).order_by("id").values_list("id"))


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def _require_standing(ids: set[int], on: date) -> None:
    missing = ids - agency_views(ids, on).keys()
    if missing:
        raise errors.AgencyEnded(agency_ids=sorted(missing), on=on.isoformat())


def _refuse_orphans(passages: Sequence[Passage], on: date) -> None:
    heirless = [source for source, heir in main_heirs(passages).items() if heir is None]
    orphans = AgencyEdge.objects.filter(_in_force(on), parent_id__in=heirless, hierarchy="reporting").exclude(
        child_id__in={passage.from_id for passage in passages}
    )
    if ids := sorted(orphans.values_list("child_id", flat=True)):
        raise errors.AgencyStillHasSubordinates(agency_ids=ids)


def _record(kind: str, passages: Sequence[Passage], agency_ids: Sequence[int], order: Order) -> AgencyEvent:
    event = AgencyEvent.objects.create(
        kind=kind, effective_on=order.on, legal_document=order.legal_document, recorded_at=order.now
    )
    AgencyLineage.objects.bulk_create(
        AgencyLineage(
            event=event,
            from_agency_id=passage.from_id,
            to_agency_id=passage.to_id,
            staff_share=passage.staff_share,
        )
        for passage in passages
    )
    audit.record(order.actor, f"agencies.{kind}_applied", event, at=order.now, agencies=len(agency_ids))
    events.announce(
        AgencyEventApplied(
            event_uid=event.uid, kind=kind, agency_ids=tuple(agency_ids), effective_on=order.on, at=order.now
        )
    )
    return event
