"""Prices, jobs, local products, who sells and who buys."""

from __future__ import annotations

from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import (
    NOT_AFTER_TODAY,
    C,
    D,
    L,
    M,
    N,
    P,
    T,
    Template,
    U,
    between,
    columns,
    in_order,
    one_of,
    ruled,
)

ALL = (
    Template(
        "gia-cho",
        "Giá cả thị trường",
        "Giá thịt, rau, gạo, vật tư tại các chợ, theo ngày.",
        ruled(
            columns(
                [("Mặt hàng", T, "!"), ("Chợ", C, "!?"), ("Ngày", D, "!"), ("Giá", M, "!"), ("Đơn vị tính", T, "")],
                key=("mat_hang", "cho", "ngay"),
            ),
            ngay=NOT_AFTER_TODAY,
            gia=between("100", "100000000"),
        ),
        Publication(Shape.CHART, title="mat_hang", x="ngay", y="gia", series="mat_hang"),
        24 * 3,
        "trend",
    ),
    Template(
        "viec-lam",
        "Việc làm",
        "Doanh nghiệp, hợp tác xã đang tuyển: việc gì, lương bao nhiêu, nộp đến ngày nào.",
        ruled(
            columns(
                [
                    ("Mã tin", T, "!-"), ("Việc", T, "!"), ("Nơi tuyển", T, "!"), ("Xã, phường", U, "?"), ("Lương từ", M, ""), ("Lương đến", M, ""),
                    ("Số người", N, ""), ("Trình độ", C, "?"), ("Hạn nộp", D, "!"), ("Điện thoại", P, ""),
                ],
                key=("ma_tin",),
            ),
            in_order("luong_tu", "luong_den"),
            so_nguoi=between("1", "10000"),
        ),
        Publication(Shape.CARDS, title="viec", until="han_nop"),
        24 * 7,
        "job",
    ),
    Template(
        "ocop",
        "Sản phẩm OCOP",
        "Sản phẩm OCOP của xã, phường: mấy sao, ai làm, mua ở đâu.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Sản phẩm", T, "!"), ("Hạng sao", C, "?"), ("Nhóm", C, "?"), ("Cơ sở", T, ""), ("Xã, phường", U, "!?"),
                    ("Giá", M, ""), ("Đơn vị tính", T, ""), ("Điện thoại", P, ""), ("Trang web", L, ""),
                ],
                key=("ma",),
            ),
            hang_sao=one_of("3 sao = 3, ba sao", "4 sao = 4, bốn sao", "5 sao = 5, năm sao"),
        ),
        Publication(Shape.CARDS, title="san_pham"),
        24 * 120,
        "farm",
    ),
    Template(
        "cung-cau",
        "Cần mua, cần bán nông sản",
        "Bà con cần bán, thương lái cần mua: mặt hàng, số lượng, giá, số gọi.",
        ruled(
            columns(
                [
                    ("Mã tin", T, "!-"), ("Mặt hàng", T, "!"), ("Cần", C, "!?"), ("Số lượng", T, ""), ("Giá", M, ""), ("Xã, phường", U, "!?"),
                    ("Điện thoại", P, "!"), ("Hết hạn", D, "!"),
                ],
                key=("ma_tin",),
            ),
            can=one_of("Cần bán = bán", "Cần mua = mua"),
            gia=between("0", "100000000"),
        ),
        Publication(Shape.CARDS, title="mat_hang", until="het_han"),
        24 * 3,
        "trend",
    ),
)  # fmt: skip
