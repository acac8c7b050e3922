"""The chapters of the demonstration, in the order they happened; bases come last, when it is known what they are too small for."""

from __future__ import annotations

from config.seeding.chapters import (
    agencies_then,
    broadcasts,
    bulletins,
    datasets,
    doubts,
    fieldreports,
    lists,
    order,
    pages,
    reorganisations,
    reporting,
    roles,
    since,
    spring,
    teams,
    troubles,
    units,
    warnings,
    words,
)
from config.seeding.demo import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("places", "Bản đồ hành chính", units.plant_map),
    Chapter("villages", "Thôn, khu dân cư", units.plant_villages),
    Chapter("agencies-2024", "Cơ quan, đơn vị năm 2024", agencies_then.plant),
    Chapter("spring-2024", "Chiến dịch 26/3-20/4/2024", spring.plant),
    Chapter("december-2024", "Sắp xếp cấp xã 1/12/2024", reorganisations.plant_december),
    Chapter("july-2025", "Bỏ cấp huyện, hợp nhất tỉnh 1/7/2025", reorganisations.plant_july),
    Chapter("stayers", "Người dùng từ năm 2024 đến nay", since.plant_stayers),
    Chapter("running", "Chiến dịch đang chạy", since.plant_running),
    Chapter("roles", "Tài khoản dùng thử", roles.plant),
    Chapter("lists", "Danh sách đã nộp, trường hợp miễn", lists.plant),
    Chapter("content", "Thông báo, danh bạ", words.plant),
    Chapter("figures", "Số liệu tổng hợp theo ngày", order.plant_figures),
    Chapter("order-2024", "Lệnh năm 2024, mẫu số", order.plant_then),
    Chapter("order-now", "Lệnh đang chạy, mẫu số", order.plant_now),
    Chapter("troubles", "Khó khăn, vướng mắc", troubles.plant),
    Chapter("broadcasts", "Truyền thông của chiến dịch", broadcasts.plant),
    Chapter("teams", "Tổ công nghệ số cộng đồng", teams.plant),
    Chapter("reporting", "Báo cáo tuần của chiến dịch đang chạy", reporting.plant),
    Chapter("doubts", "Trung thực của số liệu", doubts.plant),
    Chapter("fieldreports", "Phản ánh hiện trường", fieldreports.plant),
    Chapter("warnings", "Cảnh báo, diễn tập", warnings.plant),
    Chapter("bulletins", "Kênh phát: nơi nhận, bản tin", bulletins.plant),
    Chapter("datasets", "Dữ liệu của sở, ngành", datasets.plant),
    Chapter("pages", "Tin tức, thủ tục, trang chủ", pages.plant),
)
