"""Decisions about administrative units, as functions of values.

A unit's identity is its territory: whoever gains or loses ground gets a new identity, whoever is only renamed or given another
superior keeps his. So a fact recorded on a unit always means the same ground (docs/adr/0002-units-in-time.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from smarthd.kernel import lineage
from smarthd.kernel.errors import Conflict, Invalid
from smarthd.kernel.moves import Move


class Level(StrEnum):
    PROVINCE = "province"  # cấp tỉnh
    DISTRICT = "district"  # cấp huyện (đến 30/6/2025)
    COMMUNE = "commune"  # cấp xã
    VILLAGE = "village"  # thôn, khu dân cư


RANK: Mapping[str, int] = {level: rank for rank, level in enumerate(Level)}

KINDS: Mapping[Level, tuple[str, ...]] = {
    Level.PROVINCE: ("Tỉnh", "Thành phố"),
    Level.DISTRICT: ("Thành phố", "Thị xã", "Quận", "Huyện"),
    Level.COMMUNE: ("Phường", "Xã", "Thị trấn", "Đặc khu"),
    Level.VILLAGE: ("Thôn", "Khu dân cư", "Tổ dân phố", "Xóm", "Làng", "Khu phố"),
}


class Basis(StrEnum):
    POPULATION = "population"  # dân số
    STAFF = "staff"  # cán bộ, công chức, viên chức
    SMARTPHONES = "smartphones"  # người có điện thoại thông minh
    HOUSEHOLDS = "households"  # hộ
    AREA = "area"  # diện tích


PEOPLE_BASES = (Basis.POPULATION, Basis.STAFF, Basis.SMARTPHONES, Basis.HOUSEHOLDS)


class Confidence(StrEnum):
    STATED = "stated"  # văn bản nêu rõ
    INFERRED = "inferred"  # suy ra, chưa đối chiếu văn bản
    COMPUTED = "computed"  # tính từ bản đồ hoặc số liệu
    DOUBTFUL = "doubtful"  # nguồn nêu nhưng có dấu hiệu sai
    NONE = "none"  # không có


class EventKind(StrEnum):
    CREATE = "create"  # thành lập
    MERGE = "merge"  # sáp nhập
    SPLIT = "split"  # chia tách
    RENAME = "rename"  # đổi tên
    TRANSFER = "transfer"  # chuyển cấp trên
    ABOLISH = "abolish"  # giải thể
    LEVEL_ABOLISHED = "level_abolished"  # bỏ một cấp


class EventStatus(StrEnum):
    DRAFT = "draft"  # dự thảo
    APPLIED = "applied"  # đã áp dụng
    REVERTED = "reverted"  # đã hoàn lại


APPLY = Move(name="apply", sources=frozenset({EventStatus.DRAFT}), target=EventStatus.APPLIED)
REVERT = Move(name="revert", sources=frozenset({EventStatus.APPLIED}), target=EventStatus.REVERTED)


class SetKind(StrEnum):
    OFFICIAL = "official"  # địa giới có hiệu lực
    WHAT_IF = "what_if"  # phương án giả định


class OrphanedUnits(Conflict):
    """The event would leave units without a superior; ``facts["units"]`` names them."""


class NotStandingThen(Conflict):
    """The event speaks of a unit that does not exist on its day."""


class AlreadyStanding(Conflict):
    """The event would found a unit that exists already on its day."""


class NeverStood(Conflict):
    """A unit would be founded and end on one day: the two events must be drafted as one."""


class SharesDoNotAddUp(Invalid):
    """The parts of a unit that ends do not add up to the whole, for some basis."""


class WrongLevel(Invalid):
    """A superior must be of a higher level, and a kind must belong to its level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit as it stands on a day."""

    level: str
    name: str
    kind: str
    parent: int | None
    lat: float | None = None
    lon: float | None = None
    centre_source: str = ""
    centre_confidence: str = Confidence.NONE
    document: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A unit founded by an event. ``code`` is its code in the catalogue that follows, where it is known."""

    unit: int
    standing: Standing
    code: str = ""


@dataclass(frozen=True, slots=True)
class Alteration:
    """What an event changes in a unit that goes on; ``None`` leaves as it is."""

    unit: int
    name: str | None = None
    kind: str | None = None
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an event does: units that end, begin, change; children that go to a named superior; parts of those that end."""

    ends: tuple[int, ...] = ()
    begins: tuple[Beginning, ...] = ()
    alters: tuple[Alteration, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()
    shares: tuple[tuple[int, int, str, float], ...] = ()
    upward: bool = False  # children of units that end go to the superior's superior, where nothing else is said


State = Mapping[int, Standing]

_ORDER = {kind: place for place, kind in enumerate(EventKind)}


def in_order(plans: Iterable[tuple[str, int, Plan]]) -> list[Plan]:
    """Return the plans of one day (kind, event id, plan) in the one order they are carried out, however they came in."""
    return [plan for _, _, plan in sorted(plans, key=lambda item: (_ORDER[EventKind(item[0])], item[1]))]


def carry_out(state: State, plan: Plan) -> dict[int, Standing]:
    """Return the units after one event; superiors are looked at when the day is done (``carry_out_day``)."""
    check_shares(plan)
    after = dict(state)
    missing = [unit for unit in (*plan.ends, *(a.unit for a in plan.alters)) if unit not in state]
    if missing:
        raise NotStandingThen(units=missing)
    for beginning in plan.begins:
        if beginning.unit in after:
            raise AlreadyStanding(units=[beginning.unit])
        after[beginning.unit] = beginning.standing
    for change in plan.alters:
        was = after[change.unit]
        after[change.unit] = replace(
            was,
            name=was.name if change.name is None else change.name,
            kind=was.kind if change.kind is None else change.kind,
            parent=was.parent if change.parent is None else change.parent,
        )
    _rehome(after, plan)
    for ended in plan.ends:
        del after[ended]
    return after


def carry_out_day(state: State, plans: Sequence[Plan]) -> dict[int, Standing]:
    """Return the units after all events of one day, or refuse by name: nobody may be left without a superior.

    The order is that of ``in_order``, so the outcome depends on which events a day has, not on which was applied first.
    """
    after = dict(state)
    for plan in plans:
        after = carry_out(after, plan)
    if fleeting := [begun.unit for plan in plans for begun in plan.begins if begun.unit not in after]:
        raise NeverStood(units=fleeting)
    check_superiors(after)
    return after


def _rehome(after: dict[int, Standing], plan: Plan) -> None:
    """Children of units that end go where the event says; with a unit that goes over whole, they go along."""
    named = dict(plan.moves)
    if lost := [child for child in named if child not in after]:
        raise NotStandingThen(units=lost)
    heirs = whole_heirs(plan)
    ending = frozenset(plan.ends)
    for child, standing in list(after.items()):
        if child in named:
            after[child] = replace(standing, parent=named[child])
        elif standing.parent in ending and child not in ending:
            heir = heirs.get(standing.parent)
            if heir is None and plan.upward:
                heir = after[standing.parent].parent
            if heir is not None:
                after[child] = replace(standing, parent=heir)
            elif standing.level == Level.VILLAGE:
                # Which part a village fell to is often unknown on the day: its weight stays an estimate until assigned.
                after[child] = replace(standing, parent=None)


def whole_heirs(plan: Plan) -> dict[int, int]:
    """Return the one heir of each ending unit whose people went over whole."""
    return {
        source: target for source, target, basis, share in plan.shares if basis == Basis.POPULATION and share == 1.0
    }


def check_superiors(state: State) -> None:
    """Refuse a state with orphans, kinds of another level, or superiors that are not above."""
    orphans = [
        unit
        for unit, standing in state.items()
        if (standing.parent is None and standing.level not in (Level.PROVINCE, Level.VILLAGE))
        or (standing.parent is not None and standing.parent not in state)
    ]
    if orphans:
        orphans.sort()
        raise OrphanedUnits(units=orphans, names=sorted(f"{state[unit].kind} {state[unit].name}" for unit in orphans))
    for unit, standing in state.items():
        if standing.kind not in KINDS[Level(standing.level)]:
            raise WrongLevel(unit=unit, kind=standing.kind, level=standing.level)
        if standing.parent is not None and RANK[state[standing.parent].level] >= RANK[standing.level]:
            raise WrongLevel(unit=unit, level=standing.level, superior=state[standing.parent].level)


def check_shares(plan: Plan) -> None:
    """Refuse a plan whose parts do not add up to the whole, for each ending unit that has heirs and each basis named."""
    by_basis: dict[str, list[lineage.Share[int]]] = {}
    for source, target, basis, share in plan.shares:
        by_basis.setdefault(basis, []).append(lineage.Share(source, target, share))
    for basis, shares in by_basis.items():
        if wrong := lineage.unbalanced(shares):
            raise SharesDoNotAddUp(basis=basis, sums=wrong)


def supersede_level(state: State, level: str) -> Plan:
    """Return the plan that abolishes a whole level: its units end, their children go to the superior's superior."""
    ending = sorted(unit for unit, standing in state.items() if standing.level == level)
    return Plan(ends=tuple(ending), upward=True)


def expected_parts(count: int) -> tuple[float, float]:
    """Return (share of the main part, share of each other) where only "main" and "part" are known.

    The expectation of a stick broken at random into ``count`` pieces, of which the longest is the main one: 0.75 and 0.25 for
    two, 11/18 and 7/36 for three. An assumption, kept as such (confidence ``inferred``).
    """
    main = sum(1 / piece for piece in range(1, count + 1)) / count
    return main, (1 - main) / (count - 1) if count > 1 else 0.0


def kind_of_change(sources: Collection[int], targets: Collection[int], parts: Collection[float]) -> EventKind:
    """Name the event that leads from some units to others: a split as soon as one of them went in parts."""
    if any(part < 1.0 for part in parts):
        return EventKind.SPLIT
    return EventKind.MERGE if sources and targets else EventKind.CREATE
