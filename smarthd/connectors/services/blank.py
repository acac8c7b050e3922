"""An empty workbook with a source's own columns, to be filled in: cells of the right kind, lists to choose from, a guide beside."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from uuid import UUID

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from smarthd.connectors.errors import NothingRead
from smarthd.connectors.rules import fields
from smarthd.connectors.rules.demands import CheckName
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.selectors import sources
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

ROWS = 2_000
"""Lines that are made ready; more may be written below."""
_LONGEST_LIST = 255
"""Excel's own limit of a list to choose from that is written in place."""
_HOW: dict[Kind, str] = {
    Kind.NUMBER: "số, như 1.234,5",
    Kind.MONEY: "số tiền, như 1.250.000",
    Kind.DAY: "ngày/tháng/năm, như 24/11/2026",
    Kind.MOMENT: "ngày và giờ, như 24/11/2026 08:30",
    Kind.TIME: "giờ, như 08:30",
    Kind.PHONE: "một số điện thoại, đủ số 0 ở đầu",
    Kind.UNIT: "tên xã, phường; chọn trong danh sách",
    Kind.LATITUDE: "vĩ độ, như 20,9401",
    Kind.LONGITUDE: "kinh độ, như 106,3331",
    Kind.URL: "liên kết, viết đủ https://…",
}
_FORMATS = {
    Kind.DAY: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
    Kind.TIME: "hh:mm",
    Kind.NUMBER: "General",
    Kind.MONEY: "#,##0",
}
_FIGURES = frozenset({*_FORMATS, Kind.LATITUDE, Kind.LONGITUDE})


def workbook(*, uid: UUID, actor: Actor) -> bytes:
    """Return an xlsx with the columns a file of this source needs. Raises DataSourceUnknown, NothingRead where no columns are named yet."""
    source = sources.source_for(actor, uid)
    listed = [one for one in mapping_of(source.mapping).fields if one.header]
    if not listed:
        raise NothingRead(key=source.key)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, guide, lists = (book.add_worksheet(name) for name in ("Dữ liệu", "Cách điền", "Danh mục"))
        lists.hide()
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3EFEF", "border": 1})
        texts = book.add_format({"num_format": "@"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": told}) for kind, told in _FORMATS.items()}
        for at, header in enumerate(_headers(listed)):
            one = next((field for field in listed if field.header == header), None)
            page.write_string(0, at, header, head)
            kind = one.kind if one else Kind.TEXT
            page.set_column(at, at, 22, formats.get(kind) if kind in _FIGURES else texts)
            if one is not None:
                _choices(page, lists, at, one)
        page.freeze_panes(1, 0)
        guide.write_row(0, 0, ["Cột", "Cách điền"], head)
        for at, one in enumerate(listed, start=1):
            guide.write_string(at, 0, one.header, wrap)
            guide.write_string(at, 1, how(one), wrap)
        guide.set_column(0, 0, 28)
        guide.set_column(1, 1, 80)
    return out.getvalue()


def _headers(listed: Sequence[Field]) -> Iterator[str]:
    yield from dict.fromkeys(header for one in listed for header in (one.header, *one.making.joined))


def how(field: Field) -> str:
    """Return how a column is filled in, as its clerk reads it."""
    told = [_HOW.get(field.kind, fields.WORDS[field.kind].lower())]
    if values := _values(field):
        told = [f"một trong: {', '.join(values)}"]
    return f"{'Cần có' if field.required else 'Có thể để trống'}; {told[0]}."


def _values(field: Field) -> list[str]:
    return [
        told.partition("=")[0].strip()
        for check in field.checks
        if check.name is CheckName.VALUES
        for told in check.options
    ]


def _choices(page: Worksheet, lists: Worksheet, at: int, field: Field) -> None:
    """Let a cell be chosen from a list; another value is warned of and may stay: it is the check that decides."""
    values = _values(field)
    told: object = values if values and len(",".join(values)) <= _LONGEST_LIST else None
    if field.kind is Kind.UNIT:
        names = sorted(view.full_name for view in places.units_on(clock.today(), "commune"))
        lists.write_column(0, 0, names)
        told = f"='Danh mục'!$A$1:$A${len(names)}" if names else None
    if told is not None:
        words = {
            "error_type": "warning",
            "error_title": "Không có trong danh sách",
            "error_message": "Xin xem lại, hoặc cứ giữ nếu đúng.",
        }
        page.data_validation(1, at, ROWS, at, {"validate": "list", "source": told, **words})
