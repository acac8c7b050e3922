"""A row as a person looks at it: the sum, the hour, whether it is open, the number to call; then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.utils.translation import gettext as _

from smarthd.agencies import calendar
from smarthd.agencies.calendar import ScheduleLine
from smarthd.agencies.rules.calendar import DayKind
from smarthd.connectors.rules import opening
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import ordered
from smarthd.connectors.selectors.public import Dataset, RowView
from smarthd.kernel import clock
from smarthd.ui import words

FACTS = 2
"""Lines of a row in a list, below what matters first."""
PER, MEASURE = "don_vi_tinh", "don_vi_do"
HOURS = "gio_mo_cua"
_YES, _NO = "Có", "Không"
_WHERE = frozenset({Kind.UNIT, Kind.CHOICE})
_UNITS = (PER, MEASURE)
_TIED = "\u00a0"
"""Between a sum and its unit, so that no line ends between them."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A state in words; ``kind`` is a component's: ok, warn, bad, plain."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A row in a list. ``figure`` is its sum with its unit, ``kinds`` its commune and classes in one line, ``facts`` the first others."""

    row: RowView
    figure: str
    when: str
    stand: Stand | None
    kinds: str
    phone: str
    phone_said: str
    facts: tuple[tuple[Field, str], ...]


def told(shown: Dataset, row: RowView, *, now: datetime, most: int = FACTS) -> Told:
    """Return a row as a list shows it."""
    sums = figure_fields(shown)
    spoken = {one.key for one in sums} | {
        *(_UNITS if sums else ()),
        shown.publication.begins,
        shown.publication.until,
        HOURS,
    }
    filled = [one for one in shown.shown if one.key not in spoken and row.values.get(one.key) not in {None, ""}]
    facts = [one for one in filled if one.kind not in {*_WHERE, Kind.PHONE, Kind.URL}]
    return Told(
        row=row,
        figure=figure(shown, row),
        when=when(shown, row, now=now),
        stand=stand(shown, row, now=now),
        kinds=" · ".join(filter(None, (_class(one, str(row.values[one.key])) for one in filled if one.kind in _WHERE))),
        phone=phone_of(shown, row),
        phone_said=said(Kind.PHONE, phone_of(shown, row)),
        facts=tuple((one, said(one.kind, row.values[one.key])) for one in facts[:most]),
    )


def _class(field: Field, value: str) -> str:
    """Return a class as it is said among others: a mere yes by its field's name, a mere no not at all."""
    if value == _NO:
        return ""
    return field.label if value == _YES else value


def phone_of(shown: Dataset, row: RowView) -> str:
    """Return the first number to call."""
    found = (row.values.get(one.key) for one in shown.shown if one.kind is Kind.PHONE)
    return next((str(value) for value in found if value), "")


def said_whole(shown: Dataset) -> frozenset[str]:
    """Return the fields that are said whole before the rest: the sum with its unit, the first number to call."""
    sums = figure_fields(shown)
    phones = [one.key for one in shown.shown if one.kind is Kind.PHONE][:1]
    return frozenset([*(one.key for one in sums), *(_UNITS if sums else ()), *phones])


# --- the sum -------------------------------------------------------------------------------------------------------
def figure_fields(shown: Dataset) -> list[Field]:
    """Return the fields of the sum one looks for: one of money, or two where the second ends what the first begins (từ … đến …)."""
    sums = [one for one in shown.shown if one.kind is Kind.MONEY]
    if not sums and shown.publication.shape is Shape.CHART:
        return [one for one in shown.shown if one.key == shown.publication.y]
    if len(sums) > 1 and _begins(sums[0], sums[1]):
        return sums[:2]
    return sums[:1]


def _begins(first: Field, second: Field) -> bool:
    stem, _found, _rest = first.key.rpartition("_tu")
    return bool(stem) and second.key == f"{stem}_den"


def figure(shown: Dataset, row: RowView) -> str:
    """Return the sum with its unit: 4.000.000 – 6.000.000 đ · 45.000 đ một hộp; nothing where the row has none."""
    values = [(one, row.values.get(one.key)) for one in figure_fields(shown)]
    filled = [(one, value) for one, value in values if value is not None]
    if not filled:
        return ""
    first, *_rest = [said(one.kind, value) for one, value in filled]
    last = said(filled[-1][0].kind, filled[-1][1])
    if filled[0][0].kind is Kind.MONEY and filled[0][1] == 0 and last == first:
        return _("Miễn phí")
    spoken = last if first == last else f"{first.removesuffix(' đ')} – {last}"
    measure, per = (str(row.values.get(key) or "") for key in (MEASURE, PER))
    spoken = (f"{spoken} {measure}" if measure else spoken).replace(" đ", f"{_TIED}đ")
    return f"{spoken}{_TIED}/ {per.removeprefix('một ')}" if per else spoken


# --- the hour ------------------------------------------------------------------------------------------------------
def when(shown: Dataset, row: RowView, *, now: datetime) -> str:
    """Return from when until when: 08:00–11:00 hôm nay · hạn thứ Sáu 4/12, còn 4 ngày."""
    told_ = shown.publication
    if told_.shape in {Shape.TIMETABLE, Shape.CALENDAR}:
        return ""
    begin, end = _instant(row.values.get(told_.begins)), _instant(row.values.get(told_.until))
    today = clock.day_of(now)
    if begin is not None and end is not None and shown.until_kind is Kind.MOMENT:
        if end.date() == begin.date():
            return f"{begin:%H:%M}–{end:%H:%M}, {words.day_in_words(begin.date(), today)}"
        return f"{_moment(begin, today)} – {_moment(end, today)}"
    if end is not None and shown.until_kind is Kind.DAY:
        left = (end.date() - today).days
        day = words.day_in_words(end.date(), today)
        return f"{_label(shown, told_.until)}: {day}" + (
            _(", còn %(count)d ngày") % {"count": left} if left > 1 else ""
        )
    return f"{_label(shown, told_.begins)}: {_moment(begin, today)}" if begin is not None else ""


def _label(shown: Dataset, key: str) -> str:
    return next((one.label for one in shown.mapping.fields if one.key == key), "")


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None


def _moment(at: datetime, today: date) -> str:
    day = words.day_in_words(at.date(), today)
    return day if at.time() == time(0) else f"{at:%H:%M} {day}"


# --- where it stands -----------------------------------------------------------------------------------------------
def stand(shown: Dataset, row: RowView, *, now: datetime) -> Stand | None:
    """Return whether it is open by its own hours, or going on just now; None where neither can be said."""
    local = now.astimezone(clock.ZONE).replace(tzinfo=None)
    hours = str(row.values.get(HOURS) or "")
    if hours and any(one.key == HOURS for one in shown.shown):
        days_off = calendar.days_off()
        found = opening.stands(hours, local, days_off.keys())
        if found is not None and found.off is not None:
            return _hangs_on(days_off[found.off], local.date(), phone=phone_of(shown, row))
        return _opening(found) if found else None
    begin, end = _instant(row.values.get(shown.publication.begins)), _instant(row.values.get(shown.publication.until))
    if begin and end and shown.until_kind is Kind.MOMENT and begin <= local <= end:
        return Stand("warn", _("Đang diễn ra"))
    return None


def _opening(found: opening.Opening) -> Stand:
    if found.within:
        if not found.turns_at:
            return Stand("ok", _("Mở cả ngày đêm"))
        return Stand("ok", _("Đang giờ mở cửa, đến %(hour)s") % {"hour": found.turns_at})
    if found.tomorrow:
        return Stand("plain", _("Ngoài giờ, mở lại %(hour)s ngày mai") % {"hour": found.turns_at})
    return Stand("plain", _("Ngoài giờ, mở lúc %(hour)s") % {"hour": found.turns_at})


def _hangs_on(line: ScheduleLine, today: date, *, phone: str) -> Stand:
    """Return that nobody knows: hours are written for days that are worked."""
    day = _("ngày lễ (%(name)s)") if line.kind is DayKind.HOLIDAY else _("ngày nghỉ (%(name)s)")
    told_ = {"day": day % {"name": line.name.partition(" (")[0]}}
    if line.day < today:
        spoken = _("Hôm qua là %(day)s, giờ có thể khác") % told_
    elif line.day > today:
        spoken = _("Ngoài giờ; ngày mai là %(day)s, giờ có thể khác") % told_
    else:
        spoken = _("Hôm nay là %(day)s, giờ có thể khác") % told_
    return Stand("warn", f"{spoken}: {_('gọi trước khi đến') if phone else _('hỏi trước khi đến')}")


# --- by day --------------------------------------------------------------------------------------------------------
def by_day(shown: Dataset, rows: Sequence[Told], *, today: date) -> list[tuple[str, list[Told]]]:
    """Return rows under the day they begin on, as ``Hôm nay, 30/11``; under one empty heading where a dataset is not ordered by days."""
    order = ordered.field_of(shown)
    if order is None or order[1] or not shown.publication.until:
        return [("", list(rows))]
    return [(heading, list(found)) for heading, found in groupby(rows, lambda one: _heading(shown, one.row, today))]


def _heading(shown: Dataset, row: RowView, today: date) -> str:
    begin = _instant(row.values.get(shown.publication.begins))
    if begin is None:
        return _("Chưa rõ ngày")
    if begin.date() <= today:
        return _("Hôm nay, %(day)s") % {"day": f"{today.day}/{today.month}"}
    spoken = words.day_in_words(begin.date(), today)
    near = f", {begin.day}/{begin.month}" if (begin.date() - today).days == 1 else ""
    return f"{spoken[:1].upper()}{spoken[1:]}{near}"


def all_told(shown: Dataset, rows: Iterable[RowView], *, now: datetime) -> list[Told]:
    """Return rows as a list shows them."""
    return [told(shown, one, now=now) for one in rows]
