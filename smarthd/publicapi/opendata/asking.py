"""What a call asks of rows, from its parameters: filters, CQL2, box, nearness, time, order, page. Wrong ones are refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict

from smarthd.connectors.rules import asking as ask
from smarthd.connectors.rules.asking import Asked, Condition, Period
from smarthd.connectors.rules.fields import Field
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.kernel.errors import Invalid
from smarthd.kernel.paging import BadCursor, decode_cursor
from smarthd.publicapi.opendata import cql

MOST_ROWS = 1_000
USUAL_ROWS = 100
MOST_RADIUS = 50_000
_BOUNDS = {"min": ask.Comparison.AT_LEAST, "max": ask.Comparison.AT_MOST}


class AskFaulty(Invalid):
    """A call asks for what cannot be; facts: fields, by parameter."""


def faulty(name: str, words: str) -> AskFaulty:
    """Return the refusal of one parameter."""
    return AskFaulty(fields={name: words})


@dataclass(frozen=True, slots=True)
class Names:
    """The parameters of a door beside the fields of the dataset."""

    known: frozenset[str]
    most: int = MOST_ROWS


ROWS = Names(
    frozenset({"limit", "cursor", "sort", "bbox", "near", "radius", "datetime", "filter", "filter-lang", "token"})
)


def asked(params: QueryDict, shown: Dataset, names: Names = ROWS) -> Asked:
    """Return what a call asks. Raises AskFaulty."""
    fields = ask.by_key(open_data.fields_of(shown))
    conditions = [*field_conditions(params, fields, names.known)]
    if box := params.get("bbox"):
        conditions.append(box_of(shown, box))
    if when := params.get("datetime"):
        conditions.append(period_of(when))
    if told := params.get("filter"):
        conditions.append(cql_condition(told, params.get("filter-lang", "cql2-text"), fields))
    near = near_of(shown, params)
    order = order_of(shown, params.get("sort", ""), fields)
    if near is not None and (order is not None or params.get("cursor")):
        raise faulty("near", "Gần một điểm thì xếp theo khoảng cách và chỉ có một trang: bỏ sort và cursor.")
    return Asked(tuple(conditions), near, order, limit_of(params, names.most), after_of(params.get("cursor", "")))


def limit_of(params: QueryDict, most: int = MOST_ROWS) -> int:
    """Return how many are asked for, 100 when nothing is said, never more than is given at once."""
    written = params.get("limit", "")
    if not written:
        return USUAL_ROWS
    if not (written.isascii() and written.isdigit()) or len(written) > 9 or int(written) < 1:
        raise faulty("limit", f"Phải là số nguyên từ 1 đến {most}.")
    return min(int(written), most)


def after_of(cursor: str) -> tuple[str | int, int] | None:
    """Return where a page begins. Raises AskFaulty."""
    if not cursor:
        return None
    try:
        sort, pk = decode_cursor(cursor, length=2)
    except BadCursor:
        raise faulty("cursor", "Chỉ dùng nguyên giá trị trong liên kết next của trang trước.") from None
    return (sort, pk if isinstance(pk, int) else 0)


def field_conditions(params: QueryDict, fields: Mapping[str, Field], known: frozenset[str]) -> list[Condition]:
    """Return the conditions on fields: ``key=value``, and ``key.min``, ``key.max`` for numbers, days and instants."""
    found: list[Condition] = []
    for name, values in params.lists():
        if name in known:
            if len(values) > 1:
                raise faulty(name, "Chỉ ghi một lần.")
            continue
        key, _dot, bound = name.partition(".")
        field = fields.get(key)
        if field is None or (bound and bound not in _BOUNDS):
            raise faulty(name[:60], f"Không có tham số này. Các trường lọc được: {', '.join(fields)}.")
        if len(values) > 1 and bound:
            raise faulty(name, "Chỉ ghi một lần.")
        if bound:
            found.append(ask.Compare(field, _BOUNDS[bound], scalar(field, values[0], name)))
        else:
            found.append(ask.OneOf(field, tuple(scalar(field, one, name) for one in values[:20])))
    return found


def scalar(field: Field, written: str, name: str) -> ask.Scalar:
    """Return a value as the field holds it. Raises AskFaulty."""
    if "\0" in written or len(written) > 400:
        raise faulty(name, "Giá trị dài quá 400 chữ hoặc có ký tự không hợp lệ.")
    if field.kind not in ask.NUMERIC:
        return written
    try:
        number = float(written)
    except ValueError:
        raise faulty(name, f"“{field.label}” là số, ví dụ 12.5.") from None
    if not math.isfinite(number):
        raise faulty(name, f"“{field.label}” là số, ví dụ 12.5.")
    return number


_NUMBERS = {
    (1,): "Phải là một số, ví dụ 2000.",
    (2,): "Cần 2 số, cách nhau bởi dấu phẩy: kinh độ, vĩ độ, ví dụ 106.33,20.94.",
    (4, 6): "Cần 4 hoặc 6 số, cách nhau bởi dấu phẩy, ví dụ 106.2,20.8,106.5,21.0.",
}


def numbers(name: str, written: str, counts: tuple[int, ...]) -> list[float]:
    """Return comma-separated numbers of a parameter."""
    try:
        found = [float(one) for one in written.split(",")]
    except ValueError:
        found = []
    if len(found) not in counts or not all(map(math.isfinite, found)):
        raise faulty(name, _NUMBERS[counts])
    return found


def box_of(shown: Dataset, written: str, *, latitude_first: bool = False) -> ask.Box:
    """Return the box of ``west,south,east,north`` (heights of a box of six are passed over)."""
    found = numbers("bbox", written, (4, 6))
    if len(found) == 6:
        found = [found[0], found[1], found[3], found[4]]
    west, south, east, north = (found[1], found[0], found[3], found[2]) if latitude_first else found
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise faulty("bbox", "Thứ tự là kinh độ tây, vĩ độ nam, kinh độ đông, vĩ độ bắc, tính bằng độ.")
    if not shown.has_map:
        raise faulty("bbox", "Bộ dữ liệu này không có tọa độ.")
    return ask.Box(west, south, east, north)


def near_of(shown: Dataset, params: QueryDict) -> ask.Near | None:
    """Return the point rows are wanted around: ``near=lon,lat``, ``radius`` in metres."""
    if not params.get("near"):
        if params.get("radius"):
            raise faulty("radius", "Chỉ dùng cùng near.")
        return None
    lon, lat = numbers("near", params.get("near", ""), (2,))
    [radius] = numbers("radius", params.get("radius") or "2000", (1,))
    if not shown.has_map:
        raise faulty("near", "Bộ dữ liệu này không có tọa độ.")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise faulty("near", "Thứ tự là kinh độ, vĩ độ, tính bằng độ.")
    if not 1 <= radius <= MOST_RADIUS:
        raise faulty("radius", f"Bán kính từ 1 đến {MOST_RADIUS} mét.")
    return ask.Near(lat, lon, radius)


def order_of(shown: Dataset, written: str, fields: Mapping[str, Field]) -> ask.Order | None:
    """Return the order of ``sort=key`` or ``sort=-key``."""
    if not written:
        return None
    field = fields.get(written.removeprefix("-"))
    if field is None:
        raise faulty("sort", f"Xếp theo một trong: {', '.join(fields)}; thêm dấu - để xếp ngược.")
    if shown.rows > open_data.MOST_SORTED:
        raise faulty("sort", f"Bộ dữ liệu trên {open_data.MOST_SORTED} mục không xếp theo ý muốn; xin tải tệp cả bộ.")
    return ask.Order(field, descending=written.startswith("-"))


def cql_condition(told: str, language: str, fields: Mapping[str, Field]) -> Condition:
    """Return the condition of a CQL2 filter."""
    if language not in {"cql2-text", "cql2-json"}:
        raise faulty("filter-lang", "Nhận cql2-text hoặc cql2-json.")
    try:
        return cql.condition(told, fields, as_json=language == "cql2-json")
    except cql.FilterFault as fault:
        raise faulty("filter", str(fault)) from None


def period_of(written: str) -> Period:
    """Return the period of RFC 3339: an instant, a day, or ``begin/end`` with ``..`` or nothing for an open end."""
    begin, slash, end = written.partition("/")
    if not slash:
        return Period(_instant(begin, end=False), _instant(begin, end=True))
    since = None if begin in {"", ".."} else _instant(begin, end=False)
    until = None if end in {"", ".."} else _instant(end, end=True)
    if (since is None and until is None and ".." not in {begin, end}) or (since and until and since > until):
        raise faulty("datetime", "Đầu phải trước cuối, ví dụ 2026-11-01T00:00:00Z/2026-11-30T23:59:59Z.")
    return Period(since, until)


def _instant(written: str, *, end: bool) -> datetime:
    wrong = faulty("datetime", "Theo RFC 3339, ví dụ 2026-11-24T08:30:00+07:00 hoặc ../2026-11-30T00:00:00Z.")
    try:
        if len(written) == 10:
            day = datetime.combine(date.fromisoformat(written), time.min, tzinfo=clock.ZONE)
            return day + timedelta(days=1, seconds=-1) if end else day
        found = datetime.fromisoformat(written.upper().replace("Z", "+00:00"))
        if found.tzinfo is None or "T" not in written.upper():
            raise wrong
        return found.astimezone(clock.ZONE)
    except (ValueError, OverflowError):
        raise wrong from None
