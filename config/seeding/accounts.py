"""The demonstration's own accounts: one for every role, with numbers everyone can remember.

The same list plants them, prints them (``smarthd demo-accounts``) and is shown beside the sign-in form of the demonstration. The
secret of the second factor is public on purpose: it guards made-up data only, and a production installation refuses the planting.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from config.seeding import phones

HOME = "Thành Đông"  # phường Thành Đông, after 1/7/2025
COORDINATOR_NOW, CITY = "hp-skhcn", "ubnd-tp"
SECOND_FACTOR_SECRET = "SMARTHAIDUONGDUNGTHUSMARTHAIDUON"  # noqa: S105 - base32, public on purpose


@dataclass(frozen=True)
class DemoAccount:
    """One account to sign in with. ``agency`` is an agency's code, or ``commune`` for the demonstration's own commune."""

    number: int
    words: str
    full_name: str
    agency: str = ""
    role: str = ""
    position: str = ""

    @property
    def phone(self) -> str:
        """The number as +84…"""
        return phones.role_phone(self.number)

    @property
    def official(self) -> bool:
        """Say whether the account holds a role, and so signs in with a second factor."""
        return bool(self.role)


ACCOUNTS = (
    DemoAccount(1, "Người dân", "Phạm Thị Hòa"),
    DemoAccount(2, "Cán bộ nhập liệu của phường", "Vũ Thị Thanh Nga", "commune", "clerk", "Công chức Văn phòng - thống kê"),
    DemoAccount(3, "Chủ tịch phường (thủ trưởng đơn vị)", "Nguyễn Văn Thắng", "commune", "head", "Chủ tịch"),
    DemoAccount(4, "Người được chủ tịch phường ủy quyền", "Trần Thị Hồng Vân", "commune", "delegate", "Phó Chủ tịch"),
    DemoAccount(5, "Quản trị tại Sở điều phối", "Đỗ Minh Tuấn", COORDINATOR_NOW, "administrator", "Trưởng phòng Chuyển đổi số"),
    DemoAccount(6, "Lãnh đạo Ủy ban nhân dân thành phố", "Lê Quang Hải", CITY, "head", "Phó Chủ tịch"),
    DemoAccount(7, "Biên tập viên", "Bùi Thu Trang", COORDINATOR_NOW, "editor", "Chuyên viên"),
    DemoAccount(8, "Người soạn cảnh báo", "Hoàng Đức Mạnh", "hp-snnmt", "alert_author", "Chuyên viên"),
    DemoAccount(9, "Người duyệt cảnh báo", "Đặng Xuân Bình", "hp-snnmt", "alert_approver", "Chi cục trưởng"),
    DemoAccount(10, "Tổ trưởng tổ công nghệ số cộng đồng", "Đoàn Văn Khoa", "commune", "team_leader", "Bí thư chi đoàn"),
    DemoAccount(11, "Người kiểm tra, giám sát", "Lương Thị Bích Hạnh", CITY, "auditor", "Thanh tra viên"),
    DemoAccount(12, "Cán bộ điều phối phản ánh", "Phan Duy Long", "commune", "dispatcher", "Chuyên viên"),
    DemoAccount(13, "Giám đốc Sở điều phối", "Phạm Quốc Cường", COORDINATOR_NOW, "head", "Giám đốc"),
)  # fmt: skip


def current_second_factor(now: datetime) -> str:
    """Return the six figures an authenticator shows at ``now`` for the public secret (RFC 6238: HMAC-SHA-1, 30 s)."""
    key = base64.b32decode(SECOND_FACTOR_SECRET)
    mac = hmac.new(key, int(now.timestamp() // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def how_to_sign_in(account: DemoAccount) -> str:
    """Return in words what the person does after giving the number."""
    return "mã hiện trên trang, rồi mã lớp thứ hai" if account.official else "mã hiện trên trang"


def as_table(now: datetime) -> str:
    """Return the accounts as a table for a terminal, and the second code of this half minute."""
    rows = [
        (account.words, account.full_name, phones.spoken(account.phone), how_to_sign_in(account))
        for account in ACCOUNTS
    ]
    heads = ("Vai trò", "Họ và tên", "Số điện thoại", "Cách đăng nhập")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    ]
    return "\n".join(
        [
            "Tài khoản dùng thử (người và số điện thoại đều không có thật):",
            "",
            lines[0],
            "  ".join("-" * width for width in widths),
            *lines[1:],
            "",
            f"Mã lớp thứ hai lúc này: {current_second_factor(now)} (đổi sau mỗi 30 giây; khóa cho ứng dụng xác thực: {SECOND_FACTOR_SECRET})",
        ]
    )


def as_json(now: datetime) -> str:
    """Return the accounts as JSON, for journeys and scripts."""
    return json.dumps(
        {
            "accounts": [
                {"role": account.role or "citizen", "words": account.words, "full_name": account.full_name,
                 "phone": account.phone, "second_factor": account.official}
                for account in ACCOUNTS
            ],
            "second_factor_secret": SECOND_FACTOR_SECRET,
            "second_factor_now": current_second_factor(now),
        },
        ensure_ascii=False,
    )  # fmt: skip
