"""Land prices, planning, fines, fees, dossiers."""

from __future__ import annotations

from smarthd.connectors.rules.demands import Check, CheckName
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import (
    IN_ITS_COMMUNE,
    NOT_AFTER_TODAY,
    POINT,
    C,
    D,
    L,
    M,
    T,
    Template,
    U,
    between,
    columns,
    in_order,
    ruled,
)

ALL = (
    Template(
        "bang-gia-dat",
        "Bảng giá đất",
        "Giá đất theo đường, đoạn, vị trí: tra trong vài giây.",
        ruled(
            columns(
                [
                    ("Xã, phường", U, "!?"), ("Đường", T, "!"), ("Đoạn", T, ""), ("Vị trí", C, "?"), ("Loại đất", C, "?"),
                    ("Giá", M, "!"), ("Văn bản", T, ""),
                ],
                key=("xa_phuong", "duong", "doan", "vi_tri", "loai_dat"),
            ),
            gia=between("1000", "1000000000"),
        ),
        Publication(Shape.TABLE, title="duong"),
        24 * 366,
        "house",
    ),
    Template(
        "quy-hoach",
        "Hồ sơ quy hoạch",
        "Đồ án quy hoạch đã duyệt và đang lấy ý kiến: nơi nào, văn bản nào, xem ở đâu.",
        ruled(
            columns(
                [
                    ("Số văn bản", T, "!"), ("Tên đồ án", T, "!"), ("Loại", C, "?"), ("Tình trạng", C, "?"), ("Xã, phường", U, "?"),
                    ("Ngày ban hành", D, ""), ("Lấy ý kiến đến", D, ""), ("Tài liệu", L, ""), *POINT,
                ],
                key=("so_van_ban",),
            ),
            IN_ITS_COMMUNE,
            so_van_ban=Check(CheckName.FORM, ("so-van-ban",), notice=True),
            ngay_ban_hanh=NOT_AFTER_TODAY,
        ),
        Publication(Shape.LIST, title="ten_do_an"),
        24 * 90,
        "map",
    ),
    Template(
        "muc-phat",
        "Tra cứu mức phạt",
        "Hành vi nào, phạt bao nhiêu, theo văn bản nào.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Hành vi", T, "!"), ("Phạt từ", M, ""), ("Phạt đến", M, ""), ("Lĩnh vực", C, "?"), ("Đối tượng", C, "?"),
                    ("Hình thức khác", T, ""), ("Căn cứ", T, "!"),
                ],
                key=("ma",),
            ),
            in_order("phat_tu", "phat_den"),
        ),
        Publication(Shape.LIST, title="hanh_vi"),
        24 * 366,
        "police",
    ),
    Template(
        "phi-le-phi",
        "Tra cứu phí, lệ phí",
        "Thủ tục nào, thu bao nhiêu, ai được miễn, theo văn bản nào.",
        columns(
            [
                ("Mã", T, "!-"), ("Khoản thu", T, "!"), ("Mức thu", M, ""), ("Đơn vị tính", T, ""), ("Nộp tại", T, ""), ("Lĩnh vực", C, "?"),
                ("Miễn, giảm", T, ""), ("Căn cứ", T, "!"),
            ],
            key=("ma",),
        ),
        Publication(Shape.TABLE, title="khoan_thu"),
        24 * 366,
        "document",
    ),
    Template(
        "ho-so",
        "Tra cứu tình trạng hồ sơ",
        "Nhập mã hồ sơ để biết hồ sơ đang ở đâu. Không có tên người nộp.",
        ruled(
            columns(
                [
                    ("Mã hồ sơ", T, "!"), ("Thủ tục", T, "!"), ("Tình trạng", C, "!"), ("Ngày nhận", D, ""),
                    ("Hẹn trả", D, ""), ("Nơi xử lý", T, ""),
                ],
                key=("ma_ho_so",),
            ),
            in_order("ngay_nhan", "hen_tra"),
            ngay_nhan=NOT_AFTER_TODAY,
        ),
        Publication(Shape.LOOKUP, title="ma_ho_so", lookup="ma_ho_so"),
        24,
        "dossier",
    ),
)  # fmt: skip
