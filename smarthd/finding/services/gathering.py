"""What there is to be found, asked of those who keep it. A part is what is written and compared together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors import public
from smarthd.content.selectors import searching as content
from smarthd.fieldreports.selectors import categories
from smarthd.finding.rules import screens
from smarthd.finding.rules.kinds import PAGES, Kind
from smarthd.finding.values import Thing
from smarthd.kernel import clock, text
from smarthd.places import selectors as places
from smarthd.places.values import Match

LEVELS = ("commune", "district", "province")
_SHORT = {"Thành phố": "tp", "Thị xã": "tx", "Thị trấn": "tt", "Phường": "p", "Xã": "x"}


def pages(now: datetime) -> Iterator[Thing]:
    """Yield the notices and pages that can be read."""
    return (_of_content(one) for one in content.pages(now=now))


def page(kind: str, slug: str, now: datetime) -> Thing | None:
    """Return the page of an address, None where it cannot be read now."""
    return next((_of_content(one) for one in content.pages(now=now, kind=kind, slug=slug)), None)


def directory(now: datetime) -> Iterator[Thing]:
    """Yield numbers to call and officials to ask."""
    return (_of_content(one) for one in content.directory(now=now))


def _of_content(one: content.Document) -> Thing:
    return Thing(
        kind=Kind(one.kind),
        key=one.key,
        title=one.title,
        note=one.summary,
        more=one.words,
        path=one.path,
        numbers=tuple((number.dial, number.shown, number.label) for number in one.numbers),
        unit_ids=one.unit_ids,
        fresh_at=one.published_at,
        shown_until=one.expires_at,
    )


def datasets(now: datetime) -> Iterator[Thing]:
    """Yield the public datasets; their rows are asked beside the index."""
    for one in public.datasets(now=now):
        note = "Nhập mã để tra" if one.publication.shape is Shape.LOOKUP else one.summary
        yield Thing(
            kind=Kind.DATASET,
            key=one.key,
            title=one.title,
            note=note or f"{one.rows} mục",
            more=one.summary,
            path=f"/du-lieu/{one.key}/",
        )


def report_categories(now: datetime) -> Iterator[Thing]:
    """Yield what citizens may report about."""
    for root in categories.tree():
        for leaf in root.children or (root,):
            yield Thing(
                kind=Kind.CATEGORY,
                key=leaf.key,
                title=leaf.name,
                note=leaf.hint,
                more=f"{root.name} {leaf.words} phản ánh báo hỏng",
                path=f"/phan-anh/gui/?linh-vuc={leaf.key}",
            )


def own_screens(now: datetime) -> Iterator[Thing]:
    """Yield the app's own pages."""
    for one in screens.SCREENS:
        yield Thing(kind=Kind.SCREEN, key=one.path, title=one.title, note=one.note, said=one.said, path=one.path)


def names_of_places(now: datetime) -> Iterator[Thing]:
    """Yield units by every name they bear or bore, old ones with what stands there now. Two of one name and fate are one; so are a unit and
    the one of the same name that went into it and nowhere else."""
    matches = list(places.every_name(clock.day_of(now), LEVELS))
    namesakes: dict[int, list[Match]] = {}
    for match in matches:
        if _kept_its_name(match):
            namesakes.setdefault(match.now[0].id, []).append(match)
    seen: set[tuple[str, str]] = set()
    for match in matches:
        earlier = [] if match.old else namesakes.get(match.unit.id, [])
        note = _fate(match, earlier)
        if _kept_its_name(match) or (match.label, note) in seen:
            continue
        seen.add((match.label, note))
        yield _place(match, note, earlier)


def _kept_its_name(match: Match) -> bool:
    return match.old and len(match.now) == 1 and match.now[0].full_name == match.label


def _place(match: Match, note: str, earlier: Sequence[Match]) -> Thing:
    kind = match.label[: -len(match.unit.name)].strip()
    standing = match.now[0] if match.now else match.unit
    above = [name for one in earlier for name in one.parents]
    return Thing(
        kind=Kind.PLACE,
        key=f"{match.unit.uid.hex}.{text.slug(match.label)}",
        title=match.label,
        note=note,
        more=" ".join([_SHORT.get(kind, ""), *(unit.full_name for unit in match.now), *above]),
        path=f"/dia-chi/{match.unit.uid}/",
        unit_ids=tuple(unit.id for unit in match.now) or (match.unit.id,),
        lat=standing.lat,
        lon=standing.lon,
    )


def _fate(match: Match, earlier: Sequence[Match]) -> str:
    """Say what stands there now before where it lay: it is the first line that is read. ``earlier`` bore the same name before it."""
    above = ", ".join(match.parents)
    if not match.old:
        before = ", ".join(earlier[0].parents) if earlier else ""
        return f"{above}. Trước ở {before}" if before and before != above else above
    told = "Tên cũ"
    if len(match.now) == 1:
        told = f"Nay thuộc {match.now[0].full_name}"
    elif match.now:
        told = f"Nay chia về {', '.join(unit.full_name for unit in match.now[:4])}"
    return f"{told}. Trước ở {above}" if above else told


PARTS: dict[str, tuple[frozenset[Kind], Callable[[datetime], Iterator[Thing]]]] = {
    "pages": (PAGES, pages),
    "directory": (frozenset({Kind.HOTLINE, Kind.CONTACT}), directory),
    "datasets": (frozenset({Kind.DATASET}), datasets),
    "categories": (frozenset({Kind.CATEGORY}), report_categories),
    "screens": (frozenset({Kind.SCREEN}), own_screens),
    "places": (frozenset({Kind.PLACE}), names_of_places),
}
