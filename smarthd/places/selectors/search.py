"""Finding units by name: as one types, with or without the kind, by old names too; and names in rosters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from smarthd.kernel import text
from smarthd.places import names
from smarthd.places.rules import RANK, Level
from smarthd.places.selectors import kin, world
from smarthd.places.values import Match, UnitView


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name a unit bears or bore; ``context`` holds the folded names above it, for "hong phong nam sach"."""

    unit: int
    day: date
    ends: date | None
    name: str
    kind: str
    folded: str
    toned: str
    context: str
    level: str


def _entries(now: world.World) -> list[_Entry]:
    """Return every name of every unit in every period, made once a state of the tables."""
    entries: list[_Entry] | None = now.memo.get("names")
    if entries is None:
        entries = []
        for unit, versions in now.versions.items():
            for version in versions:
                above = now.path(unit, version.valid_from)[:-1]
                entries.append(
                    _Entry(
                        unit,
                        version.valid_from,
                        version.valid_to,
                        version.name,
                        version.kind,
                        version.folded,
                        text.tone_free_key(version.name),
                        " ".join(f"{text.fold(view.full_name)} {text.fold(view.name)}" for view in reversed(above)),
                        now.levels[unit],
                    )
                )
        now.memo["names"] = entries
    return entries


def _rank(wanted: names.Wanted, entry: _Entry, on: date) -> tuple[int, ...] | None:
    """Return a sort key of how well an entry answers, or None; smaller is better."""
    like = names.likeness(wanted, entry.folded)
    narrowed = 0
    if like is None:
        like, narrowed = _with_context(wanted, entry), 1
    if like is None:
        return None
    other_kind = int(bool(wanted.kinds) and entry.kind not in wanted.kinds)
    old = int(not (entry.day <= on and (entry.ends is None or on < entry.ends)))
    other_tone = int(not entry.toned.startswith(wanted.toned)) if wanted.toned != wanted.folded else 0
    village = int(entry.level == Level.VILLAGE)
    return like, other_kind, old, narrowed, other_tone, village, RANK[entry.level], len(entry.folded)


def _with_context(wanted: names.Wanted, entry: _Entry) -> int | None:
    """Match "name, superior" typed in one breath: the first words are the name, the rest stands above it."""
    count = len(entry.folded.split())
    if len(wanted.words) <= count or " ".join(wanted.words[:count]) != entry.folded:
        return None
    rest = wanted.words[count:]
    context = f" {entry.context}"
    return names.STARTS if all(f" {word}" in context for word in rest) else None


def search(query: str, on: date, limit: int = 10, levels: tuple[str, ...] = ()) -> list[Match]:
    """Return units whose present or old name begins as typed, best first; empty for an empty query.

    An old name of a unit that no longer stands leads to those that stand now (``now``), unless these matched themselves.
    """
    now = world.current()
    readings = names.take_apart(query[:120])
    best: dict[int, tuple[tuple[int, ...], _Entry]] = {}
    for wanted in readings:
        for entry in _entries(now):
            if levels and entry.level not in levels:
                continue
            rank = _rank(wanted, entry, on)
            if rank is not None and (entry.unit not in best or rank < best[entry.unit][0]):
                best[entry.unit] = (rank, entry)
    ordered = sorted(best.values(), key=lambda item: (item[0], item[1].folded, item[1].day, item[1].unit))
    return [_match(now, entry, on) for _, entry in ordered[:limit]]


def _match(now: world.World, entry: _Entry, on: date) -> Match:
    view = now.view(entry.unit, on)
    old_name = not (entry.day <= on and (entry.ends is None or on < entry.ends))
    above = now.path(entry.unit, entry.day)[:-1]
    successors: tuple[UnitView, ...] = ()
    if not view.standing:
        successors = tuple(kin.standing_heirs(now, entry.unit, on))
    elif old_name:
        successors = (view,)
    return Match(
        unit=view,
        label=f"{entry.kind} {entry.name}",
        parents=tuple(parent.full_name for parent in reversed(above)),
        old=old_name,
        now=successors,
    )


def every_name(on: date, levels: tuple[str, ...]) -> Iterator[Match]:
    """Yield every name units of some levels bear on a day or bore before, old ones with what stands there now: for an index of names."""
    now = world.current()
    for entry in _entries(now):
        if entry.level in levels and entry.day <= on:
            yield _match(now, entry, on)


def resolve_name(name: str, on: date, under: int | None = None) -> list[UnitView]:
    """Return the units a roster's text can mean on a day: exact names first by spelling, then folded; old names last.

    ``under`` keeps those below one unit on the day (for an old name: below it then, or whose heirs are). One answer is certain;
    several are a question for the clerk; none means that nobody ever bore the name here.
    """
    now = world.current()
    found: dict[int, tuple[int, ...]] = {}
    entries = _entries(now)
    for wanted in names.take_apart(name):
        for entry in entries:
            if entry.folded != wanted.folded and _with_context(wanted, entry) is None:
                continue
            if wanted.kinds and entry.kind not in wanted.kinds:
                continue
            old = int(
                not now.stands(entry.unit, on) or not (entry.day <= on and (entry.ends is None or on < entry.ends))
            )
            rank = (old, int(entry.toned != wanted.toned), RANK[entry.level] != RANK[Level.COMMUNE])
            if under is not None and not _below(now, entry, on, under):
                continue
            if entry.unit not in found or rank < found[entry.unit]:
                found[entry.unit] = rank
    if not found:
        return []
    best = min(rank[0] for rank in found.values())
    spelt = [unit for unit, rank in found.items() if rank[0] == best]
    exact = [unit for unit in spelt if found[unit][1] == 0]
    return sorted((now.view(unit, on) for unit in exact or spelt), key=world.sort_key)


def _below(now: world.World, entry: _Entry, on: date, under: int) -> bool:
    if any(view.id == under for view in now.path(entry.unit, on)[:-1]):
        return True
    if any(view.id == under for view in now.path(entry.unit, entry.day)[:-1]):
        return True
    heirs = kin.standing_heirs(now, entry.unit, on)
    return any(view.id == under for heir in heirs for view in now.path(heir.id, on))
