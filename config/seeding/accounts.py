"""The demonstration's own accounts: one for every role, with numbers everyone can remember.

The same list plants them, prints them (``smarthd demo-accounts``) and is shown beside the sign-in form of the demonstration. The
secret of the second factor is public on purpose: it guards made-up data only, and a production installation refuses the planting.
"""

from __future__ import annotations

from dataclasses import dataclass

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
)  # fmt: skip


def table(lines: list[tuple[str, str, str, str]]) -> str:
    """Return rows of (role, name, phone, how) as a table for a terminal, columns lined up."""
    heads = ("Vai trò", "Họ và tên", "Số điện thoại", "Cách đăng nhập")
    widths = [max(len(row[column]) for row in [heads, *lines]) for column in range(len(heads))]
    ruled = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *lines)]
    return "\n".join([ruled[0], "  ".join("-" * width for width in widths), *ruled[1:]])
