"""What reports keep about one account, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.fieldreports.models import Follow, Report, Sender
from smarthd.fieldreports.rules import intake, states
from smarthd.fieldreports.rules.states import State
from smarthd.people import exports


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield what was sent, what is followed, and what was written down for others as an official."""
    sent = Report.objects.filter(sender__account_id=account_id).select_related("category").order_by("received_at")
    if sent:
        yield exports.Section(
            key="fieldreports_sent",
            title="Phản ánh đã gửi",
            why="Để xử lý phản ánh và báo kết quả cho người gửi.",
            how_long="Nội dung: hồ sơ của cơ quan. Liên hệ, ảnh gốc, ghi âm: 12 tháng sau khi kết thúc.",
            rows=[
                {
                    "Mã": report.code,
                    "Lĩnh vực": report.category.name,
                    "Nội dung": report.text,
                    "Địa chỉ": report.address,
                    "Vĩ độ": report.lat,
                    "Kinh độ": report.lon,
                    "Đường gửi": intake.CHANNEL_WORDS[intake.Channel(report.channel)],
                    "Không nêu tên với nơi xử lý": report.anonymous,
                    "Trạng thái": states.STATE_WORDS[State(report.state)],
                    "Gửi lúc": report.received_at,
                    "Số ảnh": report.photos,
                    "Đánh giá": report.stars,
                }
                for report in sent
            ],
        )
    followed = Follow.objects.filter(account_id=account_id).select_related("report").order_by("since")
    if followed:
        yield exports.Section(
            key="fieldreports_followed",
            title="Phản ánh, địa bàn đang theo dõi",
            why="Theo lựa chọn của người dùng, để báo tin.",
            how_long="Đến khi thôi theo dõi.",
            rows=[
                {
                    "Phản ánh": follow.report.code if follow.report else "",
                    "Đường, khu vực": follow.street_words,
                    "Từ lúc": follow.since,
                }
                for follow in followed
            ],
        )
    taken = Sender.objects.filter(taken_by=account_id).count()
    if taken:
        yield exports.Section(
            key="fieldreports_taken",
            title="Phản ánh ghi hộ người khác",
            why="Biết cán bộ nào đã ghi hộ.",
            how_long="Hồ sơ của cơ quan.",
            rows=[{"Số phản ánh": taken}],
        )
