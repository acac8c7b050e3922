"""Boundaries: drawn by us where no official polygon is known, and replaced by official ones as they come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import shapely
from django.db import transaction

from smarthd.places.geometry import cells
from smarthd.places.models import Boundary, BoundarySet
from smarthd.places.rules import Basis, Confidence, Level, SetKind
from smarthd.places.selectors import world
from smarthd.places.services import ledger

CARRIED = "hợp hoặc chia địa giới của các đơn vị cũ"
DRAWN = "ô Voronoi quanh tâm các xã, do dự án vẽ"


def points_of(now: world.World, day: date) -> dict[int, list[cells.Point]]:
    """Return the points that stand for each commune of a day: its own centre, and those of communes that went into it whole.

    A doubtful centre is used only where there is no other.
    """
    whole: dict[int, list[int]] = {}
    for passage in now.passages:
        if passage.basis == Basis.POPULATION and passage.share == 1.0:
            whole.setdefault(passage.target, []).append(passage.source)
    points = {}
    for unit, version in now.standing_on(day).items():
        if now.levels[unit] != Level.COMMUNE:
            continue
        inherited = {place for source in whole.get(unit, ()) for place in _points(now, source, whole)}
        own = _centre(version)
        if own is not None and not (inherited and version.centre_confidence == Confidence.DOUBTFUL):
            inherited.add(own)
        points[unit] = sorted(inherited)
    return points


def _points(now: world.World, unit: int, whole: dict[int, list[int]]) -> set[cells.Point]:
    found = {place for source in whole.get(unit, ()) for place in _points(now, source, whole)}
    own = _centre(now.versions[unit][-1])
    if own is not None and not (found and now.versions[unit][-1].centre_confidence == Confidence.DOUBTFUL):
        found.add(own)
    return found


def _centre(version: world.Version) -> cells.Point | None:
    if version.lat is None or version.lon is None:
        return None
    return version.lat, version.lon


@transaction.atomic
def draw_approximate(*, now: datetime) -> int:
    """Draw the ground of every commune that has none, for every day on which units changed; returns how many were drawn."""
    from smarthd.places.services import closure

    ledger.lock()
    units = world.load()
    drawn = 0
    for day in closure.change_days(units):
        missing = _without_ground(units, day)
        if not missing:
            continue
        grounds = cells.draw(points_of(units, day))
        rows = [_row(unit, grounds[unit], units.version_on(unit, day)[0], day) for unit in missing if unit in grounds]
        Boundary.objects.bulk_create(rows)
        drawn += len(rows)
    ledger.touch()
    return drawn


def _without_ground(units: world.World, day: date) -> list[int]:
    have = set(Boundary.objects.filter(ledger.in_force(day)).values_list("unit_id", flat=True))
    return [unit for unit in units.standing_on(day) if units.levels[unit] == Level.COMMUNE and unit not in have]


def _row(unit: int, ground: object, version: world.Version, day: date) -> Boundary:
    return Boundary(
        unit_id=unit,
        geometry=shapely.to_wkb(ground),
        source=DRAWN,
        approximate=True,
        valid_from=min(day, version.valid_from),
        valid_to=version.valid_to,
    )


def redraw_all(*, now: datetime) -> int:
    """Throw away all ground drawn by us and draw it anew, after centres or lineage were corrected."""
    with transaction.atomic():
        ledger.lock()
        Boundary.objects.filter(approximate=True, source=DRAWN).delete()
        return draw_approximate(now=now)


def carry_over(day: date, ended: Iterable[int], begun: Iterable[int], *, now: datetime) -> None:
    """Give units that begin the ground of those they were made of, and end the ground of those that end.

    A whole unit brings its whole ground (as official as it was); of a split one, each heir gets the cells nearest to its centre,
    which is approximate. An heir without a centre gets no ground of a split unit: we do not know which.
    """
    units = world.load()
    passages = [p for p in units.passages if p.on == day and p.basis == Basis.AREA and p.share > 0]
    old = {
        unit: (shapely.from_wkb(bytes(geometry)), approximate)
        for unit, geometry, approximate in Boundary.objects.filter(
            ledger.in_force(day - timedelta(days=1)), unit__in={p.source for p in passages}
        ).values_list("unit_id", "geometry", "approximate")
    }
    pieces: dict[int, list[tuple[object, bool]]] = {}
    points = points_of(units, day)
    for source, (ground, approximate) in old.items():
        heirs = [p.target for p in passages if p.source == source]
        if len(heirs) == 1:
            pieces.setdefault(heirs[0], []).append((ground, approximate))
            continue
        divided = cells.draw({heir: points.get(heir, ())[:1] for heir in heirs}, within=ground)
        for heir, piece in divided.items():
            pieces.setdefault(heir, []).append((piece, True))
    close_at(day, ended)
    Boundary.objects.bulk_create(
        Boundary(
            unit_id=unit,
            geometry=shapely.to_wkb(shapely.union_all([piece for piece, _ in pieces[unit]])),
            source=CARRIED,
            approximate=any(approximate for _, approximate in pieces[unit]),
            valid_from=day,
        )
        for unit in begun
        if unit in pieces
    )
    draw_approximate(now=now)


def mark_sets() -> None:
    """Say of each official set whether any ground of it is drawn by us."""
    for row in BoundarySet.objects.filter(kind=SetKind.OFFICIAL):
        grounds = Boundary.objects.filter(ledger.in_force(row.as_of), unit__level=Level.COMMUNE)
        row.approximate = grounds.filter(approximate=True).exists() or not grounds.exists()
        row.save(update_fields=["approximate"])


def reopen_at(day: date, units: Iterable[int]) -> None:
    """Give back the ground of units whose end on a day was taken back."""
    Boundary.objects.filter(unit__in=list(units), valid_to=day).update(valid_to=None)


def close_at(day: date, units: Iterable[int]) -> None:
    """End the ground of units that end on a day; take away what began on it."""
    ended = list(units)
    Boundary.objects.filter(unit__in=ended, valid_from__gte=day).delete()
    Boundary.objects.filter(unit__in=ended, valid_to=None).update(valid_to=day)
