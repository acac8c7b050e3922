"""Names of units in a roster → agencies of the day, through the history of agencies where a name is an old one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from smarthd.agencies.models import AgencyLineage, AgencyVersion
from smarthd.agencies.rules import headings
from smarthd.agencies.rules.headings import Column
from smarthd.agencies.rules.roster import Message
from smarthd.agencies.rules.unit_names import Named, NameIndex
from smarthd.agencies.selectors import AgencyView, agencies_on


def resolve_units(
    written: Iterable[str], *, under: int, on: date
) -> tuple[dict[str, int | Message], dict[int, AgencyView]]:
    """Return for every text the agency at or below ``under`` that it names on the day, or what to tell the clerk.

    Also returns the agencies in reach, by id. Two queries, four when a name is not one of today's.
    """
    views = {view.id: view for view in agencies_on(on, under=under)}
    today = NameIndex(Named(view.id, view.name, view.short_name, view.code) for view in views.values())
    found: dict[str, int | Message] = {}
    unknown = []
    for text in written:
        ids = today.find(text)
        if ids:
            found[text] = _one(text, ids, views, old=False)
        else:
            unknown.append(text)
    if unknown:
        before, heirs = _former_names(on), _Heirs(on)
        for text in unknown:
            ids = {heir for agency in before.find(text) for heir in heirs(agency)} & views.keys()
            found[text] = _one(text, ids, views, old=True) if ids else _nobody(text)
    return found, views


def _one(text: str, ids: set[int], views: dict[int, AgencyView], *, old: bool) -> int | Message:
    if len(ids) == 1:
        return next(iter(ids))
    named = "; ".join(sorted(views[agency].name for agency in ids)[:4])
    said = f"Đơn vị cũ này nay thuộc nhiều đơn vị: {named}" if old else f"Có nhiều đơn vị cùng tên: {named}"
    return Message(headings.WORDS[Column.UNIT], text, said, "Ghi rõ tên đầy đủ của một đơn vị")


def _nobody(text: str) -> Message:
    return Message(
        headings.WORDS[Column.UNIT], text, "Không tìm thấy đơn vị này trong phạm vi của cơ quan nhập danh sách",
        "Ghi đúng tên đơn vị hiện nay, hoặc nhờ người quản trị thêm đơn vị trước",
    )  # fmt: skip


def _former_names(on: date) -> NameIndex:
    rows = AgencyVersion.objects.filter(valid_to__lte=on)
    return NameIndex(Named(row.agency_id, row.name, row.short_name, "") for row in rows)


class _Heirs:
    """Follows lineage to the agencies that stand on the day."""

    def __init__(self, on: date) -> None:
        living = AgencyVersion.objects.filter(valid_from__lte=on).exclude(valid_to__lte=on)
        self._living = set(living.values_list("agency_id", flat=True))
        self._passed: dict[int, set[int]] = {}
        steps = AgencyLineage.objects.filter(event__effective_on__lte=on, to_agency__isnull=False)
        for source, target in steps.values_list("from_agency_id", "to_agency_id"):
            if target is not None:
                self._passed.setdefault(source, set()).add(target)

    def __call__(self, agency_id: int) -> set[int]:
        found: set[int] = set()
        seen: set[int] = set()
        waiting = [agency_id]
        while waiting:
            agency = waiting.pop()
            if agency in seen:
                continue
            seen.add(agency)
            if agency in self._living:
                found.add(agency)
            waiting += self._passed.get(agency, ())
        return found
