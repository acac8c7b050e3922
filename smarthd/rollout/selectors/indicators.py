"""Every indicator in words, and from which columns it is made. One list: tables, documents and help read the same."""

from __future__ import annotations

from dataclasses import dataclass

from smarthd.rollout.rules import Measure


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator says, in Vietnamese, and its parts. ``base`` is a column, a Measure, or empty for a plain count."""

    key: str
    name: str
    definition: str
    numerator: str
    base: str
    of: str  # "citizen" or "staff"
    complement: bool = False


_OWNERS, _ADULTS = Measure.SMARTPHONE_OWNERS.value, Measure.ADULTS.value

ALL: tuple[Indicator, ...] = (
    Indicator("installed", "Đã cài đặt", "Người đã mở ứng dụng được cài trên điện thoại và đứng tên một tài khoản đã xác thực, mỗi người tính một lần, trên số người có điện thoại thông minh.", "installed", _OWNERS, "citizen"),
    Indicator("activated", "Đã kích hoạt", "Người có tài khoản đã xác thực gắn với ứng dụng đã cài đặt, trên số người có điện thoại thông minh.", "activated", _OWNERS, "citizen"),
    Indicator("installed_adults", "Đã cài đặt, so với người lớn", "Người đã cài đặt trên số người từ đủ 18 tuổi.", "installed", _ADULTS, "citizen"),
    Indicator("activated_adults", "Đã kích hoạt, so với người lớn", "Người đã kích hoạt trên số người từ đủ 18 tuổi.", "activated", _ADULTS, "citizen"),
    Indicator("used_owners", "Đã cài đặt và sử dụng", "Người đạt mức 3 trở lên trên số người có điện thoại thông minh.", "reached_3", _OWNERS, "citizen"),
    Indicator("use_rate", "Tỷ lệ sử dụng", "Người có ít nhất một hành động hữu ích trong 7 ngày đầu, trên số người đã kích hoạt từ 7 ngày trở lên. Mở ứng dụng hay đăng nhập không tính.", "used_aged", "aged_7", "citizen"),
    Indicator("active_28", "Đang sử dụng (28 ngày)", "Người có hành động hữu ích trong 28 ngày gần nhất, trên số người đã kích hoạt.", "active_28", "activated", "citizen"),
    Indicator("active_7", "Đang sử dụng (7 ngày)", "Người có hành động hữu ích trong 7 ngày gần nhất, trên số người đã kích hoạt.", "active_7", "activated", "citizen"),
    Indicator("dau", "Người dùng trong ngày", "Số người khác nhau có hành động hữu ích trong ngày.", "active_1", "activated", "citizen"),
    Indicator("wau", "Người dùng trong 7 ngày", "Số người khác nhau có hành động hữu ích trong 7 ngày, đếm đúng từng người, không cộng các ngày.", "active_7", "activated", "citizen"),
    Indicator("mau", "Người dùng trong 30 ngày", "Số người khác nhau có hành động hữu ích trong 30 ngày, đếm đúng từng người, không cộng các ngày.", "active_30", "activated", "citizen"),
    Indicator("d7", "Quay lại trong tuần đầu", "Người có ngày sử dụng trong các ngày 1-7 sau kích hoạt, trên số người đã kích hoạt từ 8 ngày trở lên.", "returned_aged", "aged_8", "citizen"),
    Indicator("d30", "Gắn bó sau một tháng", "Người có ngày sử dụng trong các ngày 24-30 sau kích hoạt, trên số người đã kích hoạt từ 31 ngày trở lên.", "retained_aged", "aged_31", "citizen"),
    Indicator("retained", "Sử dụng thường xuyên", "Người đạt mức 5 (có ngày sử dụng trong các ngày 24-30 sau kích hoạt), trên số người đã kích hoạt.", "retained", "activated", "citizen"),
    Indicator("assisted", "Được tổ công nghệ số hướng dẫn", "Người kích hoạt bằng mã của tổ công nghệ số cộng đồng, trên số người đã kích hoạt.", "assisted", "activated", "citizen"),
    Indicator("devices", "Thiết bị chưa có tài khoản", "Ứng dụng đã cài và mở nhưng chưa có ai đăng nhập: đếm thiết bị, không phải người, không cộng vào chỉ tiêu.", "devices", "", "citizen"),
    Indicator("browsers", "Mở bằng trình duyệt", "Lượt thiết bị chỉ mở bằng trình duyệt, chưa cài đặt: theo dõi riêng.", "browsers", "", "citizen"),
    Indicator("test", "Tài khoản thử nghiệm", "Tài khoản thử nghiệm: nêu riêng, không tính vào chỉ tiêu nào.", "test", "", "citizen"),
    Indicator("quarantined", "Đang tạm tách để kiểm tra", "Tài khoản có dấu hiệu bất thường, tạm tách khỏi số liệu và được quyền giải trình.", "quarantined", "", "citizen"),
    Indicator("staff_used", "Cán bộ đã cài đặt và sử dụng", "Cán bộ đạt mức 3 trở lên và có mở ứng dụng trong 60 ngày gần nhất, trên toàn bộ danh sách tại ngày chốt.", "used", "roster", "staff"),
    Indicator("staff_used_net", "Cán bộ đã cài đặt và sử dụng (đã trừ miễn)", "Như trên, không tính người được duyệt miễn ở cả tử số và mẫu số.", "used_net", "roster_net", "staff"),
    Indicator("staff_activated", "Cán bộ đã kích hoạt", "Cán bộ có tài khoản đã xác thực gắn với ứng dụng đã cài đặt, trên danh sách tại ngày chốt.", "activated", "roster", "staff"),
    Indicator("staff_activated_net", "Cán bộ đã kích hoạt (đã trừ miễn)", "Như trên, không tính người được duyệt miễn.", "activated_net", "roster_net", "staff"),
    Indicator("staff_active_28", "Cán bộ đang sử dụng (28 ngày)", "Cán bộ có hành động hữu ích trong 28 ngày gần nhất, trên danh sách tại ngày chốt.", "active_28", "roster", "staff"),
    Indicator("staff_active_28_net", "Cán bộ đang sử dụng (28 ngày, đã trừ miễn)", "Như trên, không tính người được duyệt miễn.", "active_28_net", "roster_net", "staff"),
    Indicator("staff_lapsed", "Cán bộ đã bỏ dùng", "Cán bộ đã kích hoạt nhưng 60 ngày không mở ứng dụng, trên số đã kích hoạt.", "lapsed", "activated", "staff"),
    Indicator("staff_exempt", "Cán bộ được duyệt miễn", "Cán bộ được duyệt miễn có lý do và minh chứng, trên danh sách; vượt 5% thì đánh dấu.", "exempt", "roster", "staff"),
)  # fmt: skip

KEYS = {indicator.key: indicator for indicator in ALL}
CITIZEN = tuple(indicator for indicator in ALL if indicator.of == "citizen")
STAFF = tuple(indicator for indicator in ALL if indicator.of == "staff")


def indicators() -> tuple[Indicator, ...]:
    """Return every indicator with its definition in words."""
    return ALL
