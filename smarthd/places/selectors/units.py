"""Units by id, uid and code; lists of a day; the way up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from smarthd.kernel import clock
from smarthd.places.errors import UnitNotFound
from smarthd.places.rules import Level
from smarthd.places.selectors import world
from smarthd.places.values import UnitView


def unit_view(unit_id: int, on: date) -> UnitView:
    """Return a unit as it stands on a day; where it does not, its nearest words with ``standing`` false."""
    return world.current().view(unit_id, on)


def views(unit_ids: Iterable[int], on: date) -> dict[int, UnitView]:
    """Return many units by id; unknown ids raise UnitNotFound."""
    now = world.current()
    return {unit_id: now.view(unit_id, on) for unit_id in unit_ids}


def unit_by_code(catalogue: str, code: str) -> UnitView:
    """Return the unit of a code in one catalogue ("2024-04-20"), as it stood on that catalogue's day."""
    now = world.current()
    unit_id = now.by_code.get((catalogue, code))
    if unit_id is None:
        raise UnitNotFound(catalogue=catalogue, code=code)
    as_of = next(as_of for as_of, key in now.catalogues if key == catalogue)
    return now.view(unit_id, as_of)


def unit_by_uid(uid: UUID, on: date | None = None) -> UnitView:
    """Return the unit of a uid, as it stands on a day (today unless given)."""
    now = world.current()
    unit_id = now.by_uid.get(uid)
    if unit_id is None:
        raise UnitNotFound(uid=str(uid))
    return now.view(unit_id, on or clock.today())


def unit_by_key(key: str, on: date | None = None) -> UnitView:
    """Return the unit of a catalogue key ("huyen-nam-sach/xa-quoc-tuan"), as it stands on a day (today unless given)."""
    now = world.current()
    unit_id = now.keys.get(key)
    if unit_id is None:
        raise UnitNotFound(key=key)
    return now.view(unit_id, on or clock.today())


def units_on(day: date, level: str, under: int | None = None) -> list[UnitView]:
    """Return the units of a level that stand on a day, in catalogue order; ``under`` a unit at any depth."""
    now = world.current()
    day = now.epoch(day)
    remembered: tuple[UnitView, ...] | None = now.memo.get(("units", day, level, under))
    if remembered is None:
        found = [now.view(unit, day) for unit in now.standing_on(day) if now.levels[unit] == Level(level)]
        if under is not None:
            found = [view for view in found if any(above.id == under for above in now.path(view.id, day)[:-1])]
        remembered = tuple(sorted(found, key=world.sort_key))
        now.memo["units", day, level, under] = remembered
    return list(remembered)


def path(unit_id: int, on: date) -> list[UnitView]:
    """Return the units from the province down to this one, on a day."""
    return list(world.current().path(unit_id, on))


def catalogues() -> list[tuple[date, str]]:
    """Return (day, key) of every catalogue known, oldest first."""
    return list(world.current().catalogues)


def token() -> UUID | None:
    """Return what tells one state of the units from another: answers remembered under one token hold as long as it stays."""
    return world.current().token
