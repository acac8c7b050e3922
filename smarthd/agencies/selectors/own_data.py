"""What agencies keep of one account, for that person's own eyes: their places on rosters, exemptions, roles."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.agencies import phones
from smarthd.agencies.models import Exemption, RoleGrant, Staff
from smarthd.agencies.rules import exemptions, roles
from smarthd.agencies.selectors.agencies import agency_views
from smarthd.kernel import clock
from smarthd.people import exports
from smarthd.people import rules as people_rules


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield rosters with exemptions, and roles; nothing for who never was an agency's."""
    stays = list(Staff.objects.filter(account=account_id).order_by("valid_from"))
    grants = list(RoleGrant.objects.filter(account=account_id).order_by("valid_from"))
    dated = [(stay.agency_id, stay.valid_from) for stay in stays]
    dated += [(grant.agency_id, clock.day_of(grant.valid_from)) for grant in grants]
    names = {view.id: view.name for agency_id, day in dated for view in agency_views([agency_id], day).values()}
    if stays:
        yield exports.Section(
            key="rosters",
            title="Danh sách cán bộ của đơn vị",
            why="Danh sách do đơn vị lập và nộp, làm mẫu số khi báo cáo",
            how_long="Hồ sơ của đơn vị, theo thời hạn lưu trữ của đơn vị; sai thì gửi yêu cầu sửa",
            rows=[_stay(stay, names) for stay in stays],
        )
    if grants:
        yield exports.Section(
            key="roles",
            title="Vai trò được giao",
            why="Để biết ai được làm việc gì trong phần cán bộ",
            how_long="Lưu cùng nhật ký",
            rows=[
                {
                    "Đơn vị": names.get(grant.agency_id, ""),
                    "Vai trò": roles.WORDS[roles.Role(grant.role)],
                    "Từ": grant.valid_from,
                    "Đến": grant.valid_to,
                }
                for grant in grants
            ],
        )


def _stay(stay: Staff, names: dict[int, str]) -> dict[str, exports.Value]:
    number = phones.unsealed(bytes(stay.phone_sealed)) if stay.phone_sealed else ""
    return {
        "Đơn vị": names.get(stay.agency_id, ""),
        "Họ và tên": stay.full_name,
        "Chức vụ": stay.position,
        "Số điện thoại": people_rules.spoken_phone(number) if number else "",
        "Từ ngày": stay.valid_from,
        "Đến ngày": stay.valid_to,
        "Miễn, tính riêng": "; ".join(
            _exempt(row) for row in Exemption.objects.filter(staff=stay).order_by("valid_from")
        ),
    }


def _exempt(row: Exemption) -> str:
    words = exemptions.REASON_WORDS[exemptions.Reason(row.reason)]
    return f"{words}, từ {row.valid_from:%d/%m/%Y}, căn cứ {row.evidence}, {exemptions.STATUS_WORDS[exemptions.Status(row.status)]}"
