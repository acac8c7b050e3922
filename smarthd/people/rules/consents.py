"""Consent by purpose. Law 91/2025/QH15: explicit, specific, verifiable, withdrawable; silence is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from smarthd.kernel.errors import Conflict, Invalid


class Purpose(StrEnum):
    """What a person can agree to, one by one. None of them is needed to use the app."""

    USAGE = "usage"  # đo việc sử dụng ứng dụng
    PUSH = "push"  # nhận thông báo trên điện thoại
    LOCATION = "location"  # dùng vị trí để biết xã, phường
    ASSISTED = "assisted"  # được tổ công nghệ số cộng đồng giúp mở tài khoản


class Means(StrEnum):
    """How the agreement was expressed: part of the evidence."""

    OWN_PHONE = "own_phone"  # tự đánh dấu trên điện thoại của mình
    SPOKEN = "spoken"  # nói đồng ý trước mặt người giúp


MEANS_WORDS = {
    Means.OWN_PHONE: "tự đánh dấu trên điện thoại của mình",
    Means.SPOKEN: "nói đồng ý trước mặt người giúp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The exact words a person agreed to. A change of words is a new version; old ones are kept for evidence."""

    purpose: Purpose
    version: int
    in_force_from: date
    title: str
    text: str


class UnknownWording(Invalid):
    """The version agreed to is not the one in force: the words on the screen were old."""


class NoConsentToWithdraw(Conflict):
    """There is no standing agreement to this purpose."""


WORDINGS: tuple[Wording, ...] = (
    Wording(
        purpose=Purpose.USAGE,
        version=1,
        in_force_from=date(2024, 3, 1),
        title="Đếm việc sử dụng để tỉnh biết ứng dụng có ích không",
        text="Tôi đồng ý để ứng dụng ghi lại ngày nào tôi dùng và dùng việc gì (đọc thông báo, gửi phản ánh, tra cứu hồ sơ, "
        "tra danh bạ, xác nhận cảnh báo), theo từng ngày và theo xã, phường nơi tôi ở. Không ghi nội dung tôi đọc, không ghi "
        "đường đi, không đưa cho bên thứ ba. Tôi rút lại lúc nào cũng được và vẫn dùng được đầy đủ ứng dụng.",
    ),
    Wording(
        purpose=Purpose.PUSH,
        version=1,
        in_force_from=date(2024, 3, 1),
        title="Nhận thông báo trên điện thoại",
        text="Tôi đồng ý nhận thông báo của xã, phường và của tỉnh trên điện thoại này. Từ 21 giờ đến 7 giờ chỉ có cảnh báo khẩn cấp. "
        "Tôi tắt lúc nào cũng được.",
    ),
    Wording(
        purpose=Purpose.LOCATION,
        version=1,
        in_force_from=date(2024, 3, 1),
        title="Dùng vị trí để biết tôi ở xã, phường nào",
        text="Tôi đồng ý để ứng dụng dùng vị trí của điện thoại một lần, chỉ để tìm ra xã, phường. Vị trí không được lưu lại; "
        "chỉ tên xã, phường được lưu. Tôi có thể tự chọn xã, phường thay cho việc này.",
    ),
    Wording(
        purpose=Purpose.ASSISTED,
        version=1,
        in_force_from=date(2024, 3, 1),
        title="Được thành viên tổ công nghệ số cộng đồng giúp mở tài khoản",
        text="Tôi đồng ý để người đang ở trước mặt giúp tôi mở tài khoản bằng số điện thoại của tôi. Mã xác nhận chỉ gửi về điện "
        "thoại của tôi và tôi tự nhập. Người giúp không xem được mã, không xem được dữ liệu của tôi sau đó; việc giúp tự kết "
        "thúc sau 30 phút.",
    ),
)


def wording_in_force(purpose: Purpose, on: date) -> Wording:
    """Return the words in force on a day."""
    standing = [words for words in WORDINGS if words.purpose == purpose and words.in_force_from <= on]
    if not standing:
        raise UnknownWording(purpose=purpose)
    return max(standing, key=lambda words: words.version)


def require_wording(purpose: Purpose, version: int, on: date) -> Wording:
    """Return the wording agreed to, or raise UnknownWording when it is not the one in force."""
    words = wording_in_force(purpose, on)
    if words.version != version:
        raise UnknownWording(purpose=purpose, given=version, in_force=words.version)
    return words


def purpose_title(purpose: Purpose) -> str:
    """Return the latest title of a purpose."""
    return max((words for words in WORDINGS if words.purpose == purpose), key=lambda words: words.version).title
