"""Schools, clinics, pharmacies on duty, hours of medical stations."""

from __future__ import annotations

from smarthd.connectors.rules.demands import RowRule, RuleName
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import (
    IN_ITS_COMMUNE,
    OPENING_HOURS,
    POINT,
    C,
    D,
    L,
    N,
    P,
    T,
    Template,
    U,
    W,
    between,
    columns,
    in_order,
    one_of,
    ruled,
)

ALL = (
    Template(
        "truong-hoc",
        "Trường học và tuyển sinh",
        "Trường mầm non, tiểu học, trung học: địa chỉ, điện thoại, chỉ tiêu tuyển sinh.",
        ruled(
            columns(
                [
                    ("Mã trường", T, "!-"), ("Tên trường", T, "!"), ("Cấp học", C, "?"), ("Xã, phường", U, "!?"),
                    ("Địa chỉ", T, ""), ("Điện thoại", P, ""), ("Chỉ tiêu tuyển sinh", N, ""),
                    ("Hạn nộp hồ sơ", D, ""), ("Trang web", L, ""), *POINT,
                ],
                key=("ma_truong",),
            ),
            IN_ITS_COMMUNE,
            cap_hoc=one_of("Mầm non = mẫu giáo, nhà trẻ", "Tiểu học = cấp 1", "THCS = trung học cơ sở, cấp 2", "THPT = trung học phổ thông, cấp 3", "Liên cấp", "GDTX = giáo dục thường xuyên"),
            chi_tieu_tuyen_sinh=between("0", "5000"),
        ),
        Publication(Shape.LIST, title="ten_truong"),
        24 * 120,
        "school",
    ),
    Template(
        "nha-thuoc",
        "Phòng khám, nhà thuốc và lịch trực",
        "Phòng khám, trạm y tế, nhà thuốc: giờ mở cửa, trực đêm, điện thoại, trên bản đồ.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Địa chỉ", T, ""),
                    ("Điện thoại", P, ""), ("Giờ mở cửa", T, ""), ("Trực đêm", C, "?"), *POINT,
                ],
                key=("ma",),
            ),
            RowRule(RuleName.NEEDED, ("dien_thoai", "loai"), ("Nhà thuốc", "Quầy thuốc")),
            IN_ITS_COMMUNE,
            loai=one_of("Nhà thuốc", "Quầy thuốc", "Phòng khám", "Trạm y tế", "Bệnh viện"),
            gio_mo_cua=OPENING_HOURS,
            truc_dem=one_of("Có = x, trực", "Không"),
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 7,
        "hospital",
    ),
    Template(
        "nha-thuoc-truc",
        "Nhà thuốc trực theo lịch",
        "Nhà thuốc nào trực đêm nay, đến mấy giờ. Lịch trực đã hết tự ẩn.",
        ruled(
            columns(
                [
                    ("Mã lịch", T, "!-"), ("Nhà thuốc", T, "!"), ("Trực từ", W, "!"), ("Trực đến", W, "!"), ("Xã, phường", U, "!?"),
                    ("Địa chỉ", T, ""), ("Điện thoại", P, ""), *POINT,
                ],
                key=("ma_lich",),
            ),
            in_order("truc_tu", "truc_den"),
            RowRule(RuleName.EITHER, ("dien_thoai", "dia_chi")),
            IN_ITS_COMMUNE,
        ),
        Publication(Shape.MAP, title="nha_thuoc", begins="truc_tu", until="truc_den"),
        24,
        "hospital",
    ),
    Template(
        "gio-tram-y-te",
        "Giờ làm việc trạm y tế",
        "Trạm y tế xã, phường mở cửa lúc nào, tiêm chủng ngày nào, gọi số nào.",
        ruled(
            columns(
                [
                    ("Mã trạm", T, "!-"), ("Trạm", T, "!"), ("Xã, phường", U, "!?"), ("Sáng", T, ""), ("Chiều", T, ""), ("Cuối tuần", T, ""),
                    ("Tiêm chủng", T, ""), ("Điện thoại", P, ""), *POINT,
                ],
                key=("ma_tram",),
            ),
            IN_ITS_COMMUNE,
            sang=OPENING_HOURS,
            chieu=OPENING_HOURS,
        ),
        Publication(Shape.LIST, title="tram"),
        24 * 90,
        "hospital",
    ),
)  # fmt: skip
