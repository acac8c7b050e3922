"""What officials see: bulletins, their dispatches, outlets, proof; only of outlets within reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.channels import policies
from smarthd.channels.errors import BulletinUnknown, DispatchUnknown, OutletUnknown
from smarthd.channels.models import Attempt, Bulletin, Dispatch, DispatchProof, Outlet
from smarthd.channels.rules import dispatches as rules
from smarthd.channels.rules.bulletins import Change, Priority, Source, Words
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.selectors.wording import words_of
from smarthd.channels.values import BulletinRow, DispatchView, OutletView, ProofView
from smarthd.kernel import clock, files
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

SHOWN = 60
STANDS = ("tat-ca", "dang-gui", "co-loi")


def outlets_seen(actor: Actor) -> QuerySet[Outlet]:
    """Return the outlets an actor may see."""
    found = Outlet.objects.all()
    return found if actor.system else found.filter(agency_id__in=policies.sees_at(actor))


def dispatches_seen(actor: Actor) -> QuerySet[Dispatch]:
    """Return the dispatches an actor may know of: of outlets within reach, and of bulletins of agencies within reach."""
    reach = policies.sees_at(actor)
    found = Dispatch.objects.all()
    return found if actor.system else found.filter(Q(outlet__agency_id__in=reach) | Q(bulletin__agency_id__in=reach))


def bulletins_seen(actor: Actor) -> QuerySet[Bulletin]:
    """Return the bulletins an actor may see: those that go to an outlet within reach, and those of their own agencies."""
    found = Bulletin.objects.all()
    if actor.system:
        return found
    reach = policies.sees_at(actor)
    return found.filter(
        Q(agency_id__in=reach) | Q(pk__in=Dispatch.objects.filter(outlet__agency_id__in=reach).values("bulletin_id"))
    )


@dataclass(frozen=True, slots=True)
class Board:
    """The first page: bulletins, and how many there are of each stand."""

    rows: tuple[BulletinRow, ...]
    count: int
    waiting: int
    failed: int
    resting: tuple[str, ...]


def board(actor: Actor, *, stand: str, now: datetime, limit: int = SHOWN) -> Board:
    """Return the newest bulletins an actor may see. Five queries."""
    seen = bulletins_seen(actor)
    mine = dispatches_seen(actor)
    waiting = mine.filter(state=State.WAITING).values("bulletin_id")
    failed = mine.filter(state__in=[State.FAILED, State.EXPIRED]).values("bulletin_id")
    counted = seen.aggregate(
        every=Count("id"), waiting=Count("id", filter=Q(pk__in=waiting)), failed=Count("id", filter=Q(pk__in=failed))
    )
    found = {"dang-gui": seen.filter(pk__in=waiting), "co-loi": seen.filter(pk__in=failed)}.get(stand, seen)
    rows = list(found.order_by("-taken_at", "-id")[:limit])
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for bulletin_id, state, count in (
        mine.filter(bulletin__in=rows).values_list("bulletin_id", "state").annotate(count=Count("id"))
    ):
        counts[bulletin_id][state] = count
    resting = (
        outlets_seen(actor).filter(enabled=True, failing__gte=3).order_by("name").values_list("name", flat=True)[:10]
    )
    return Board(
        rows=tuple(_row(row, counts[row.pk], now=now) for row in rows),
        count=counted["every"],
        waiting=counted["waiting"],
        failed=counted["failed"],
        resting=tuple(resting),
    )


def _row(row: Bulletin, counts: dict[str, int], *, now: datetime) -> BulletinRow:
    return BulletinRow(
        uid=row.uid,
        source=Source(row.source),
        title=row.title,
        priority=Priority(row.priority),
        change=Change(row.change),
        drill=row.drill,
        taken_at=row.taken_at,
        valid_until=row.valid_until,
        over=row.ended_at is not None or row.valid_until <= now,
        counts=counts,
    )


@dataclass(frozen=True, slots=True)
class BulletinSeen:
    """One bulletin whole: words, dispatches, proof, what was tried lately."""

    row: BulletinRow
    words: Words
    dispatches: tuple[DispatchView, ...]
    proofs: tuple[ProofView, ...]
    attempts: tuple[tuple[datetime, str, str, str], ...]


def bulletin_for(actor: Actor, uid: UUID, *, now: datetime) -> BulletinSeen:
    """Return one bulletin whole, or raise BulletinUnknown. Of its outlets only those within reach are shown."""
    row = bulletins_seen(actor).filter(uid=uid).first()
    if row is None:
        raise BulletinUnknown
    seen = list(
        dispatches_seen(actor)
        .select_related("outlet", "bulletin")
        .filter(bulletin=row)
        .order_by("outlet__kind", "outlet__name")
    )
    proofs = list(DispatchProof.objects.select_related("dispatch__outlet").filter(dispatch__in=seen).order_by("id"))
    tried = (
        Attempt.objects.filter(dispatch__in=seen)
        .order_by("-id")
        .values_list("at", "dispatch__outlet__name", "outcome", "said")[:40]
    )
    counts: dict[str, int] = defaultdict(int)
    for one in seen:
        counts[one.state] += 1
    shown = _row(row, dict(counts), now=now)
    return BulletinSeen(
        row=shown,
        words=words_of(row),
        dispatches=tuple(_view(one, actor, proofs, over=shown.over) for one in seen),
        proofs=tuple(
            ProofView(
                one.uid, one.dispatch.uid, one.dispatch.outlet.name, one.kind, one.url, one.note, one.size, one.added_at
            )
            for one in proofs
        ),
        attempts=tuple(tried),
    )


def _view(row: Dispatch, actor: Actor, proofs: Iterable[DispatchProof], *, over: bool) -> DispatchView:
    state, works = State(row.state), policies.can_work(actor, row)
    return DispatchView(
        uid=row.uid,
        outlet=row.outlet.name,
        outlet_uid=row.outlet.uid,
        kind=Kind(row.outlet.kind),
        state=state,
        tries=row.tries,
        fault=row.fault,
        receipt=row.receipt,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        received_at=row.received_at,
        proofs=sum(1 for one in proofs if one.dispatch_id == row.pk),
        may_resend=works and not over and rules.RESEND.may_start(state),
        may_prove=works and rules.PROVE.may_start(state),
    )


def bulletin_of(actor: Actor, source: Source, key: str, *, now: datetime) -> BulletinSeen | None:
    """Return what carries something on, whole; None where nothing was carried, or nothing of it is the actor's to see."""
    uid = bulletins_seen(actor).filter(source=source, key=key).values_list("uid", flat=True).first()
    return None if uid is None else bulletin_for(actor, uid, now=now)


def bulletins_of(actor: Actor, source: Source, keys: Iterable[str]) -> dict[str, UUID]:
    """Return the bulletins an actor may see that came of some keys of a source, by key. One query."""
    found = bulletins_seen(actor).filter(source=source, key__in=list(keys))
    return dict(found.values_list("key", "uid"))


def failed_count(actor: Actor, *, now: datetime) -> int:
    """Return how many dispatches of bulletins in force ended without being taken, that the actor may send again. One query."""
    reach = policies.works_at(actor)
    if not reach:
        return 0
    mine = Q(outlet__agency_id__in=reach) | Q(bulletin__agency_id__in=reach)
    in_force = Dispatch.objects.filter(bulletin__ended_at=None, bulletin__valid_until__gt=now)
    return in_force.filter(mine, state__in=[State.FAILED, State.EXPIRED]).count()


def words_for(actor: Actor, uid: UUID) -> Words:
    """Return the words of a bulletin an actor may see, or raise BulletinUnknown."""
    row = bulletins_seen(actor).filter(uid=uid).first()
    if row is None:
        raise BulletinUnknown
    return words_of(row)


def outlets_for(actor: Actor, *, now: datetime) -> list[OutletView]:
    """Return the outlets an actor may see, by kind and name."""
    return _outlets(outlets_seen(actor).order_by("kind", "name"), now=now)


def outlet_for(actor: Actor, uid: UUID, *, now: datetime) -> OutletView:
    """Return one outlet, or raise OutletUnknown."""
    found = _outlets(outlets_seen(actor).filter(uid=uid), now=now)
    if not found:
        raise OutletUnknown
    return found[0]


def embed_key_of(actor: Actor, uid: UUID) -> str:
    """Return the key of a portal's frame, or raise OutletUnknown."""
    key = outlets_seen(actor).filter(uid=uid, kind=Kind.PORTAL).values_list("embed_key", flat=True).first()
    if key is None:
        raise OutletUnknown
    return key


def _outlets(found: QuerySet[Outlet], *, now: datetime) -> list[OutletView]:
    rows, day = list(found), clock.day_of(now)
    owners = agencies.agency_views({row.agency_id for row in rows}, day)
    communes = places.views({row.commune_id for row in rows if row.commune_id is not None}, day)
    return [
        OutletView(
            uid=row.uid,
            name=row.name,
            kind=Kind(row.kind),
            address=row.address,
            agency_id=row.agency_id,
            agency=owners[row.agency_id].name if row.agency_id in owners else "",
            commune_id=row.commune_id,
            commune=communes[row.commune_id].full_name if row.commune_id in communes else "",
            enabled=row.enabled,
            drills=row.drills,
            has_secret=row.secret_sealed is not None,
            failing=row.failing,
            last_sent_at=row.last_sent_at,
        )
        for row in rows
    ]


def proof_for(actor: Actor, uid: UUID) -> tuple[Path, str, str]:
    """Return where a proof's file lies, its type and a name to hand it out under, or raise DispatchUnknown."""
    proof = DispatchProof.objects.filter(uid=uid, dispatch__in=dispatches_seen(actor)).exclude(sha256="").first()
    if proof is None:
        raise DispatchUnknown
    suffix = {
        "image/jpeg": "jpg",
        "image/png": "png",
        "audio/mpeg": "mp3",
        "audio/ogg": "ogg",
        "audio/mp4": "m4a",
        "application/pdf": "pdf",
    }
    ending = suffix.get(proof.content_type, "bin")
    return files.kept_path(proof.sha256), proof.content_type, f"minh-chung-phat-{proof.pk}.{ending}"


def may_send_at(actor: Actor) -> frozenset[int]:
    """Return the agencies in whose name an actor may send."""
    return policies.sends_at(actor)
