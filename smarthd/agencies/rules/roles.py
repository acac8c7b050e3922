"""Roles are held at an agency; their reach is that agency and all below it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Roles, with the Vietnamese word beside."""

    HEAD = "head"  # thủ trưởng đơn vị
    DELEGATE = "delegate"  # người được thủ trưởng ủy quyền
    CLERK = "clerk"  # văn thư, cán bộ nhập liệu
    DISPATCHER = "dispatcher"  # cán bộ điều phối
    EDITOR = "editor"  # biên tập viên
    ALERT_AUTHOR = "alert_author"  # người soạn cảnh báo
    ALERT_APPROVER = "alert_approver"  # người duyệt cảnh báo
    TEAM_LEADER = "team_leader"  # tổ trưởng tổ công nghệ số cộng đồng
    AUDITOR = "auditor"  # kiểm tra, giám sát (chỉ xem)
    ADMINISTRATOR = "administrator"  # quản trị


WORDS: dict[Role, str] = {
    Role.HEAD: "Thủ trưởng đơn vị",
    Role.DELEGATE: "Người được ủy quyền",
    Role.CLERK: "Cán bộ nhập liệu",
    Role.DISPATCHER: "Cán bộ điều phối",
    Role.EDITOR: "Biên tập viên",
    Role.ALERT_AUTHOR: "Người soạn cảnh báo",
    Role.ALERT_APPROVER: "Người duyệt cảnh báo",
    Role.TEAM_LEADER: "Tổ trưởng tổ công nghệ số cộng đồng",
    Role.AUDITOR: "Người kiểm tra, giám sát",
    Role.ADMINISTRATOR: "Quản trị",
}

# An auditor only looks, whatever else they hold must be held apart: the two are not given at one agency to one account.
INCOMPATIBLE: frozenset[frozenset[Role]] = frozenset(
    {frozenset({Role.ALERT_AUTHOR, Role.ALERT_APPROVER})}
    | {frozenset({Role.AUDITOR, other}) for other in Role if other is not Role.AUDITOR}
)


def may_grant(*, holds_administrator_over_agency: bool, to_oneself: bool) -> bool:
    """An administrator of the same agency or of a superior one grants; nobody grants a role to themselves."""
    return holds_administrator_over_agency and not to_oneself


def clashes(role: Role, held: frozenset[Role]) -> frozenset[Role]:
    """Return the roles already held that may not be held together with ``role`` at the same agency."""
    return frozenset(other for other in held if frozenset({role, other}) in INCOMPATIBLE)
