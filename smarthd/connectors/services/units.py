"""Communes as offices write them, old names too, as they stand on a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from smarthd.connectors.rules.fields import CellFault, Place, Resolve
from smarthd.kernel.errors import NotFound
from smarthd.places import selectors as places
from smarthd.places.values import UnitView


def resolver(on: date, *, before: Callable[[], None] = lambda: None) -> Resolve:
    """Return what finds the commune of a written name on a day; each name is looked up once, ``before`` being called first."""
    known: dict[str, Place | str] = {}

    def resolve(written: str) -> Place:
        found = known.get(written)
        if found is None:
            before()
            found = known[written] = _look_up(written, on)
        if isinstance(found, str):
            raise CellFault(found)
        return found

    return resolve


def _look_up(written: str, on: date) -> Place | str:
    if len(written) > 120:
        return "tên xã, phường quá dài"
    if written.isascii() and written.isdigit():
        return _by_code(written, on)
    named = _named(written, on) or _named(_spelt_out(written), on)
    if not named:
        return f"không có xã, phường nào tên “{written[:60]}”"
    present: dict[int, UnitView] = {}
    for view in named:
        if view.standing:
            present[view.id] = view
            continue
        for choice in places.address_change(view.id, on).choices:
            present[choice.unit.id] = choice.unit
    if len(present) == 1:
        [only] = present.values()
        return Place(only.id, only.full_name)
    could = ", ".join(_with_parent(view, on) for view in list(present.values())[:4])
    return (
        f"“{written[:60]}” có thể là {could}. Xin ghi rõ tên hiện nay"
        if could
        else "đơn vị này không còn, và không rõ nay thuộc đâu"
    )


def _named(written: str, on: date) -> list[UnitView]:
    return [view for view in places.resolve_name(written, on) if view.level == "commune"]


_ASIDE = re.compile(r"\s*\((?:cũ|mới|trước đây|nay là[^)]*)\)\s*$", re.IGNORECASE)
_SHORT = tuple(
    (re.compile(rf"(?<![^\W\d_])(?:{short})\.?\s*(?=[^\W\d_])", re.IGNORECASE), f"{word} ")
    for short, word in (("tp", "thành phố"), ("tx", "thị xã"), (r"h(?=\.)", "huyện"), (r"q(?=\.)", "quận"))
)


def _spelt_out(written: str) -> str:
    """Return a name without "(cũ)", what stands above it spelt out: "Phường Trần Phú, TP. Hải Dương"."""
    own, comma, above = _ASIDE.sub("", written).partition(",")
    for short, word in _SHORT:
        above = short.sub(word, above)
    return f"{own}{comma}{above}"


def _by_code(code: str, on: date) -> Place | str:
    for _as_of, catalogue in reversed(places.catalogues()):
        try:
            view = places.unit_by_code(catalogue, code)
        except NotFound:
            continue
        answer = places.unit_view(view.id, on)
        answer = answer if answer.standing else places.address_change(view.id, on).answer or answer
        if answer.standing and answer.level == "commune":
            return Place(answer.id, answer.full_name)
    return f"không có xã, phường nào mang mã {code}"


def _with_parent(view: UnitView, on: date) -> str:
    above = [one.full_name for one in places.path(view.id, on)[:-1] if one.level == "district"]
    return f"{view.full_name} ({above[-1]})" if above else view.full_name
