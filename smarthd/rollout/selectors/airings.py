"""Airings for reading: the plan, one with its proof, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, files, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout import rules as figures
from smarthd.rollout.errors import AiringUnknown
from smarthd.rollout.models import Airing, AiringProof
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.rules.airings import Channel, Coverage, Proof, State
from smarthd.rollout.selectors.channel_codes import activations

SHOWN, EXPORTED = 300, 20_000
STANDS: dict[str, frozenset[State]] = {
    "tat-ca": frozenset(State),
    "sap-toi": frozenset({State.PLANNED}),
    "thieu-minh-chung": frozenset({State.AIRED}),
    "co-minh-chung": frozenset({State.PROVEN}),
    "khong-phat": frozenset({State.MISSED}),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What of the plan is asked for; ``first`` and ``last`` bound the planned day, both included."""

    campaign: str = ""
    stand: str = "tat-ca"
    channel: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None
    unmarked: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class AiringRow:
    """One airing as a list shows it; ``activations`` is None where it may not be shown to this reader (1 to 9 persons)."""

    uid: UUID
    campaign_key: str
    agency_id: int
    agency: str
    channel: Channel
    title: str
    planned_at: datetime
    state: State
    aired_at: datetime | None
    reach: int | None
    cost: int | None
    cost_note: str
    reason: str
    code: str
    proofs: int
    activations: int | None
    hidden: bool
    past: bool

    @property
    def unmarked(self) -> bool:
        """Say whether its time has come and nobody has said what became of it."""
        return self.state is State.PLANNED and self.past


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One piece of proof."""

    uid: UUID
    kind: Proof
    url: str
    note: str
    size: int
    content_type: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class AiringSeen:
    """A whole airing."""

    row: AiringRow
    words: str
    proofs: tuple[ProofRow, ...]
    unit_cost: rules.UnitCost
    may_mark: bool
    may_plan: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan shows: rows (the first ones) by time, how many, and how many stand where."""

    rows: tuple[AiringRow, ...]
    count: int
    stands: Mapping[str, int]
    unmarked: int
    ours: int
    coverage: Coverage


def visible(actor: Actor) -> QuerySet[Airing]:
    """Return the airings an actor may read: of agencies within reach."""
    found = Airing.objects.select_related("campaign", "code_row")
    return found if actor.system else found.filter(agency_id__in=policies.sees_airings_of(actor))


def plan(actor: Actor, query: Query, *, now: datetime, limit: int = SHOWN) -> Plan:
    """Return what of the plan an actor asked for, in the order of time. Few queries."""
    base = _filtered(visible(actor), query, now)
    late = Q(state=State.PLANNED, planned_at__lte=now)
    ours = Q(agency_id__in=policies.airs_at(actor))
    counted = base.aggregate(
        **{key.replace("-", "_"): Count("id", filter=Q(state__in=states)) for key, states in STANDS.items()},
        late=Count("id", filter=late),
        mine=Count("id", filter=ours),
        due_planned=Count("id", filter=Q(state=State.PLANNED, planned_at__gt=now)),
        off=Count("id", filter=Q(state=State.CANCELLED)),
    )
    found = base.filter(state__in=STANDS.get(query.stand, frozenset(State)))
    if query.unmarked:
        found = found.filter(late)
    if query.ours:
        found = found.filter(ours)
    rows = _rows(actor, found.order_by("planned_at", "agency_id", "id")[:limit], now)
    narrowed = query.unmarked or query.ours or query.stand not in STANDS
    return Plan(
        rows=tuple(rows),
        count=found.count() if narrowed else counted[query.stand.replace("-", "_")],
        stands={key: counted[key.replace("-", "_")] for key in STANDS},
        unmarked=counted["late"],
        ours=counted["mine"],
        coverage=Coverage(
            planned=counted["tat_ca"] - counted["off"],
            aired=counted["thieu_minh_chung"] + counted["co_minh_chung"],
            proven=counted["co_minh_chung"],
            missed=counted["khong_phat"],
            waiting=counted["due_planned"],
            cancelled=counted["off"],
        ),
    )


def _filtered(found: QuerySet[Airing], query: Query, now: datetime) -> QuerySet[Airing]:
    exact = {"campaign__key": query.campaign, "channel": query.channel}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if query.first is not None:
        found = found.filter(planned_at__gte=clock.start_of(query.first))
    if query.last is not None:
        found = found.filter(planned_at__lt=clock.start_of(query.last + timedelta(days=1)))
    if text.fold(query.words):
        named = [view.id for view in agencies.search_agencies(query.words, clock.day_of(now), limit=50)]
        found = found.filter(
            Q(title__icontains=query.words) | Q(code_row__code__icontains=query.words) | Q(agency_id__in=named)
        )
    return found


def airing_for(actor: Actor, uid: UUID, *, now: datetime) -> AiringSeen:
    """Return one airing whole, or raise AiringUnknown when there is none or the actor may not see it."""
    airing = visible(actor).filter(uid=uid).first()
    if airing is None:
        raise AiringUnknown
    [row] = _rows(actor, [airing], now)
    proofs = AiringProof.objects.filter(airing=airing).order_by("id")
    return AiringSeen(
        row=row,
        words=airing.words,
        proofs=tuple(
            ProofRow(one.uid, Proof(one.kind), one.url, one.note, one.size, one.content_type, one.added_at)
            for one in proofs
        ),
        unit_cost=rules.cost_each(row.cost, row.activations),
        may_mark=policies.can_mark_airing(actor, airing),
        may_plan=policies.can_plan_airing(actor, airing.agency_id),
    )


def proof_for(actor: Actor, uid: UUID) -> tuple[Path, str, str]:
    """Return where a proof's file lies, its type and a name to hand it out under, or raise AiringUnknown."""
    proof = AiringProof.objects.filter(uid=uid, airing__in=visible(actor)).exclude(sha256="").first()
    if proof is None:
        raise AiringUnknown
    suffix = {"image/jpeg": "jpg", "image/png": "png", "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/mp4": "m4a"}
    ending = suffix.get(proof.content_type, proof.content_type.rpartition("/")[2])
    return files.kept_path(proof.sha256), proof.content_type, f"minh-chung-{proof.pk}.{ending}"


def unproven(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Return how many airings of the actor's own agencies wait to be marked, and how many lack proof. One query."""
    counted = Airing.objects.filter(agency_id__in=policies.airs_at(actor)).aggregate(
        unmarked=Count("id", filter=Q(state=State.PLANNED, planned_at__lte=now)),
        unproven=Count("id", filter=Q(state=State.AIRED)),
    )
    return counted["unmarked"], counted["unproven"]


def _rows(actor: Actor, found: Iterable[Airing], now: datetime) -> list[AiringRow]:
    rows = list(found)
    views = agencies.agency_views({row.agency_id for row in rows}, clock.day_of(now))
    came = activations([row.code_row.code for row in rows])
    proofs = dict(AiringProof.objects.filter(airing__in=rows).values_list("airing_id").annotate(count=Count("id")))
    own = policies.airs_at(actor)
    made = []
    for row in rows:
        count = came.get(row.code_row.code, 0)
        hidden = figures.is_small(count) and row.agency_id not in own and not actor.system
        made.append(
            AiringRow(
                uid=row.uid,
                campaign_key=row.campaign.key,
                agency_id=row.agency_id,
                agency=views[row.agency_id].name if row.agency_id in views else "",
                channel=Channel(row.channel),
                title=row.title,
                planned_at=row.planned_at,
                state=State(row.state),
                aired_at=row.aired_at,
                reach=row.reach,
                cost=row.cost,
                cost_note=row.cost_note,
                reason=row.reason,
                code=row.code_row.code,
                proofs=proofs.get(row.pk, 0),
                activations=None if hidden else count,
                hidden=hidden,
                past=row.planned_at <= now,
            )
        )
    return made
