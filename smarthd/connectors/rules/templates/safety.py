"""Water, rain, air, and where to go when it comes to the worst."""

from __future__ import annotations

from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import (
    IN_ITS_COMMUNE,
    NOT_AFTER_TODAY,
    POINT,
    C,
    N,
    P,
    T,
    Template,
    U,
    W,
    between,
    columns,
    ruled,
)


def _readings(least: str, most: str) -> Mapping:
    mapping = columns(
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
    return ruled(mapping, luc_do=NOT_AFTER_TODAY, gia_tri=between(least, most))


_LINES = Publication(Shape.CHART, title="tram", x="luc_do", y="gia_tri", series="tram")
ALL = (
    Template(
        "muc-nuoc-mua",
        "Mực nước sông",
        "Mực nước từng trạm theo giờ, vẽ thành biểu đồ cùng mức báo động.",
        _readings("-1000", "10000"),
        _LINES,
        3,
        "water",
    ),
    Template("luong-mua", "Lượng mưa", "Mưa đo được tại từng trạm trong mỗi giờ.", _readings("0", "1000"), _LINES, 3, "water"),
    Template(
        "khong-khi", "Chất lượng không khí", "Chỉ số bụi mịn PM2.5 tại từng trạm theo giờ.", _readings("0", "2000"), _LINES, 3, "sun"
    ),
    Template(
        "noi-tranh-tru",
        "Điểm sơ tán, nơi tránh trú",
        "Nơi đến khi bão, lũ: nhà văn hóa, trường học kiên cố, sức chứa, ai giữ chìa khóa.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Địa chỉ", T, ""), ("Sức chứa", N, ""),
                    ("Điện thoại", P, ""), *POINT,
                ],
                key=("ma",),
            ),
            IN_ITS_COMMUNE,
            suc_chua=between("1", "100000"),
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 120,
        "house",
    ),
)  # fmt: skip
