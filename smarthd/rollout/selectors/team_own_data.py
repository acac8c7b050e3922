"""What teams keep about one account, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.people import exports
from smarthd.rollout.models import TeamCredit, TeamExpense, TeamMember, Visit
from smarthd.rollout.rules import teams


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield membership, work and, of whom a team helped, that it did."""
    stays = TeamMember.objects.filter(account_id=account_id).select_related("team").order_by("valid_from")
    if stays:
        yield exports.Section(
            key="team_membership",
            title="Tham gia tổ công nghệ số cộng đồng",
            why="Quyết định thành lập tổ của Ủy ban nhân dân xã, phường.",
            how_long="Hồ sơ của tổ, như danh sách cán bộ.",
            rows=[
                {
                    "Tổ": stay.team.name,
                    "Từ ngày": stay.valid_from,
                    "Đến ngày": stay.valid_to,
                    "Tổ trưởng": stay.is_leader,
                    "Lần thăm hộ đã ghi": Visit.objects.filter(member=stay).count(),
                    "Khoản chi đã ghi": TeamExpense.objects.filter(member=stay).count(),
                }
                for stay in stays
            ],
        )
    helped = TeamCredit.objects.filter(account_id=account_id).select_related("team").first()
    if helped is not None:
        yield exports.Section(
            key="team_credit",
            title="Được tổ công nghệ số hướng dẫn",
            why="Đếm đúng một lần số người tổ đã giúp.",
            how_long="Đến khi xóa tài khoản; sau đó chỉ còn con số.",
            rows=[
                {
                    "Tổ": helped.team.name,
                    "Ngày": helped.on,
                    "Mức chắc chắn": teams.CERTAINTY_WORDS[teams.Certainty(helped.certainty)],
                }
            ],
        )
