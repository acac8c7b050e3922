"""Water, rain, air, and where to go when it comes to the worst."""

from __future__ import annotations

from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import POINT, C, N, P, T, Template, U, W, columns


def _readings() -> Mapping:
    return columns(
        [
            ("Trạm", C, "!?"),
            ("Lúc đo", W, "!"),
            ("Giá trị", N, "!"),
            ("Đại lượng", C, "?"),
            ("Đơn vị đo", T, ""),
            *POINT,
        ],
        key=("tram", "luc_do", "dai_luong"),
    )


_LINES = Publication(Shape.CHART, title="tram", x="luc_do", y="gia_tri", series="tram")
ALL = (
    Template(
        "muc-nuoc-mua",
        "Mực nước sông",
        "Mực nước từng trạm theo giờ, vẽ thành biểu đồ cùng mức báo động.",
        _readings(),
        _LINES,
        3,
        "water",
    ),
    Template("luong-mua", "Lượng mưa", "Mưa đo được tại từng trạm trong mỗi giờ.", _readings(), _LINES, 3, "water"),
    Template(
        "khong-khi", "Chất lượng không khí", "Chỉ số bụi mịn PM2.5 tại từng trạm theo giờ.", _readings(), _LINES, 3, "sun"
    ),
    Template(
        "noi-tranh-tru",
        "Điểm sơ tán, nơi tránh trú",
        "Nơi đến khi bão, lũ: nhà văn hóa, trường học kiên cố, sức chứa, ai giữ chìa khóa.",
        columns(
            [
                ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Địa chỉ", T, ""), ("Sức chứa", N, ""),
                ("Điện thoại", P, ""), *POINT,
            ],
            key=("ma",),
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 120,
        "house",
    ),
)  # fmt: skip
