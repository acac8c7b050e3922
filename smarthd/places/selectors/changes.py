"""Changes of units as they were drafted, applied or taken back: for who keeps the map in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from smarthd.places import rules
from smarthd.places.errors import EventUnknown
from smarthd.places.models import Event
from smarthd.places.selectors import world
from smarthd.places.services import plans

KIND_WORDS: dict[rules.EventKind, str] = {
    rules.EventKind.CREATE: "Thành lập",
    rules.EventKind.MERGE: "Sáp nhập",
    rules.EventKind.SPLIT: "Chia tách",
    rules.EventKind.RENAME: "Đổi tên",
    rules.EventKind.TRANSFER: "Chuyển cấp trên",
    rules.EventKind.ABOLISH: "Giải thể",
    rules.EventKind.LEVEL_ABOLISHED: "Bỏ một cấp",
}


@dataclass(frozen=True, slots=True)
class Going:
    """A part of a unit that ends, and where it goes: shares of people and of ground."""

    source: str
    target: str
    people: float
    ground: float


@dataclass(frozen=True, slots=True)
class EventView:
    """A change of units on a day, in words. ``ends``, ``begins`` and ``alters`` are lines to read."""

    uid: UUID
    kind: rules.EventKind
    status: rules.EventStatus
    effective_on: date
    title: str
    document: str
    drafted_at: datetime
    applied_at: datetime | None
    reverted_at: datetime | None
    ends: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    alters: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    goings: tuple[Going, ...] = ()


def unit_events(limit: int = 200) -> list[EventView]:
    """Return the latest changes by effective day, drafts first among those of a day; without their plans."""
    rows = Event.objects.order_by("-effective_on", "-id")[:limit]
    return [_view(row) for row in rows]


def drafts_of(day: date) -> list[EventView]:
    """Return the drafts of one day: they may be carried out together."""
    rows = Event.objects.filter(effective_on=day, status=rules.EventStatus.DRAFT).order_by("id")
    return [_view(row) for row in rows]


def unit_event(uid: UUID) -> EventView:
    """Return one change with all it does, or raise EventUnknown."""
    row = Event.objects.filter(uid=uid).first()
    if row is None:
        raise EventUnknown(uid=str(uid))
    plan = plans.from_json(row.plan, tuple(row.lineage.values_list("from_unit_id", "to_unit_id", "basis", "share")))
    said = _Names(row.effective_on, plan)
    return _view(
        row,
        ends=said.all(plan.ends),
        begins=tuple(said.begun(one) for one in plan.begins),
        alters=tuple(said.altered(one) for one in plan.alters),
        moves=tuple(f"{said.of(child)} → {said.of(to)}" for child, to in plan.moves),
        goings=tuple(said.goings()),
    )


def _view(row: Event, **plan: tuple[object, ...]) -> EventView:
    return EventView(
        row.uid,
        rules.EventKind(row.kind),
        rules.EventStatus(row.status),
        row.effective_on,
        row.title,
        row.document,
        row.drafted_at,
        row.applied_at,
        row.reverted_at,
        **plan,  # type: ignore[arg-type]
    )


class _Names:
    """What units are called the day before a change, and those it begins by its own words."""

    def __init__(self, on: date, plan: rules.Plan) -> None:
        self._on, self._plan, self._world = on, plan, world.current()
        self._new = {one.unit: f"{one.standing.kind} {one.standing.name}" for one in plan.begins}

    def of(self, unit: int) -> str:
        if unit in self._new:
            return self._new[unit]
        view = self._world.view(unit, self._on - timedelta(days=1))
        return f"{view.full_name} ({view.code})" if view.code else view.full_name

    def all(self, units: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.of(unit) for unit in units)

    def begun(self, one: rules.Beginning) -> str:
        code = f", mã {one.code}" if one.code else ""
        above = f", thuộc {self.of(one.standing.parent)}" if one.standing.parent is not None else ""
        return f"{self._new[one.unit]}{code}{above}"

    def altered(self, one: rules.Alteration) -> str:
        said = [self.of(one.unit)]
        if one.name or one.kind:
            said.append(f"nay là {one.kind or ''} {one.name or ''}".strip())
        if one.parent is not None:
            said.append(f"nay thuộc {self.of(one.parent)}")
        return ", ".join(said)

    def goings(self) -> Iterable[Going]:
        people = {(a, b): share for a, b, basis, share in self._plan.shares if basis == rules.Basis.POPULATION}
        ground = {(a, b): share for a, b, basis, share in self._plan.shares if basis == rules.Basis.AREA}
        for source, target in dict.fromkeys([*people, *ground]):
            yield Going(
                self.of(source), self.of(target), people.get((source, target), 0.0), ground.get((source, target), 0.0)
            )
