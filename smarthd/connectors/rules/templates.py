"""Datasets every province has, ready to fill: their columns, their key, how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smarthd.connectors.rules.fields import Field, Kind, key_of_label
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication, Shape


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of dataset; ``promise_hours`` is what is usual."""

    key: str
    title: str
    summary: str
    mapping: Mapping
    publication: Publication
    promise_hours: int
    icon: str = "table"


def _fields(lines: Iterable[tuple[str, Kind, str]]) -> tuple[Field, ...]:
    """Return fields from (heading, kind, marks): ``!`` required, ``-`` not shown, ``?`` filtered by."""
    made: list[Field] = []
    for label, kind, marks in lines:
        key = key_of_label(label, frozenset(one.key for one in made))
        made.append(
            Field(
                key=key,
                label=label,
                header=label,
                kind=kind,
                required="!" in marks,
                shown="-" not in marks,
                filtered="?" in marks,
            )
        )
    return tuple(made)


_POINT = (("Vĩ độ", Kind.LATITUDE, "-"), ("Kinh độ", Kind.LONGITUDE, "-"))
_T, _N, _M, _D, _I, _P, _U, _L, _C = (
    Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.MOMENT, Kind.PHONE, Kind.UNIT, Kind.URL, Kind.CHOICE,
)  # fmt: skip

_ALL = (
    Template(
        "truong-hoc",
        "Trường học và tuyển sinh",
        "Trường mầm non, tiểu học, trung học: địa chỉ, điện thoại, chỉ tiêu tuyển sinh.",
        Mapping(
            _fields(
                [
                    ("Mã trường", _T, "!-"), ("Tên trường", _T, "!"), ("Cấp học", _C, "?"), ("Xã, phường", _U, "!?"),
                    ("Địa chỉ", _T, ""), ("Điện thoại", _P, ""), ("Chỉ tiêu tuyển sinh", _N, ""),
                    ("Hạn nộp hồ sơ", _D, ""), ("Trang web", _L, ""), *_POINT,
                ]
            ),
            ("ma_truong",),
        ),
        Publication(Shape.LIST, title="ten_truong"),
        24 * 120,
        "school",
    ),
    Template(
        "nha-thuoc",
        "Phòng khám, nhà thuốc và lịch trực",
        "Phòng khám, trạm y tế, nhà thuốc: giờ mở cửa, trực đêm, điện thoại, trên bản đồ.",
        Mapping(
            _fields(
                [
                    ("Mã", _T, "!-"), ("Tên", _T, "!"), ("Loại", _C, "?"), ("Xã, phường", _U, "!?"), ("Địa chỉ", _T, ""),
                    ("Điện thoại", _P, ""), ("Giờ mở cửa", _T, ""), ("Trực đêm", _C, "?"), *_POINT,
                ]
            ),
            ("ma",),
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 7,
        "hospital",
    ),
    Template(
        "cat-dien-nuoc",
        "Lịch cắt điện, nước",
        "Cắt điện, nước theo kế hoạch của từng xã, phường: từ lúc nào, đến lúc nào, vì sao.",
        Mapping(
            _fields(
                [
                    ("Mã lịch", _T, "!-"), ("Khu vực", _T, "!"), ("Loại", _C, "!?"), ("Xã, phường", _U, "!?"), ("Từ", _I, "!"),
                    ("Đến", _I, "!"), ("Lý do", _T, ""), ("Điện thoại", _P, ""),
                ]
            ),
            ("ma_lich",),
        ),
        Publication(Shape.CARDS, title="khu_vuc", until="den"),
        48,
        "bolt",
    ),
    Template(
        "bang-gia-dat",
        "Bảng giá đất",
        "Giá đất theo đường, đoạn, vị trí: tra trong vài giây.",
        Mapping(
            _fields(
                [
                    ("Xã, phường", _U, "!?"), ("Đường", _T, "!"), ("Đoạn", _T, ""), ("Vị trí", _C, "?"), ("Loại đất", _C, "?"),
                    ("Giá", _M, "!"), ("Văn bản", _T, ""),
                ]
            ),
            ("xa_phuong", "duong", "doan", "vi_tri", "loai_dat"),
        ),
        Publication(Shape.TABLE, title="duong"),
        24 * 366,
        "house",
    ),
    Template(
        "ho-so",
        "Tra cứu tình trạng hồ sơ",
        "Nhập mã hồ sơ để biết hồ sơ đang ở đâu. Không có tên người nộp.",
        Mapping(
            _fields(
                [
                    ("Mã hồ sơ", _T, "!"), ("Thủ tục", _T, "!"), ("Tình trạng", _C, "!"), ("Ngày nhận", _D, ""),
                    ("Hẹn trả", _D, ""), ("Nơi xử lý", _T, ""),
                ]
            ),
            ("ma_ho_so",),
        ),
        Publication(Shape.LOOKUP, title="ma_ho_so", lookup="ma_ho_so"),
        24,
        "dossier",
    ),
    Template(
        "gia-cho",
        "Giá cả thị trường",
        "Giá thịt, rau, gạo, vật tư tại các chợ, theo ngày.",
        Mapping(
            _fields(
                [
                    ("Mặt hàng", _T, "!"), ("Chợ", _C, "!?"), ("Ngày", _D, "!"), ("Giá", _M, "!"), ("Đơn vị tính", _T, ""),
                ]
            ),
            ("mat_hang", "cho", "ngay"),
        ),
        Publication(Shape.CHART, title="mat_hang", x="ngay", y="gia", series="mat_hang"),
        24 * 3,
        "trend",
    ),
    Template(
        "tuyen-xe-buyt",
        "Tuyến xe buýt, giờ chạy",
        "Chuyến xe sắp tới tại từng điểm dừng, đọc từ tệp GTFS.",
        Mapping(
            _fields(
                [
                    ("Mã", _T, "!-"), ("Điểm dừng", _T, "!"), ("Tuyến", _C, "!?"), ("Hướng", _T, ""), ("Giờ chạy", Kind.TIME, "!"),
                    ("Ngày chạy", _T, ""), *_POINT,
                ]
            ),
            ("ma",),
        ),
        Publication(Shape.LIST, title="diem_dung", until="gio_chay"),
        24 * 60,
        "bus",
    ),
    Template(
        "muc-nuoc-mua",
        "Mực nước sông, lượng mưa",
        "Số đo của trạm theo giờ, vẽ thành biểu đồ.",
        Mapping(
            _fields(
                [
                    ("Trạm", _C, "!?"), ("Lúc đo", _I, "!"), ("Giá trị", _N, "!"), ("Đại lượng", _C, "?"), ("Đơn vị đo", _T, ""),
                    *_POINT,
                ]
            ),
            ("tram", "luc_do", "dai_luong"),
        ),
        Publication(Shape.CHART, title="tram", x="luc_do", y="gia_tri", series="tram"),
        3,
        "water",
    ),
)  # fmt: skip
TEMPLATES: dict[str, Template] = {one.key: one for one in _ALL}
