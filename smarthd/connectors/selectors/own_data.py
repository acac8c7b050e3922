"""What this context keeps about one account: what it follows."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.connectors.models import DossierFollow, Follow
from smarthd.people import exports


def follows_of(account_id: int) -> list[Follow]:
    """Return what an account follows, newest first."""
    return list(
        Follow.objects.filter(account_id=account_id, source__ended_at=None).select_related("source").order_by("-id")
    )


def follow_of(account_id: int, source_id: int, *, row_code: str = "", unit_id: int | None = None) -> Follow | None:
    """Return an account's follow of one thing."""
    found = Follow.objects.filter(account_id=account_id, source_id=source_id, row_code=row_code)
    return (found.filter(unit=None) if unit_id is None else found.filter(unit_id=unit_id)).first()


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield what a person follows, for their own eyes."""
    if followed := list(Follow.objects.filter(account_id=account_id).order_by("since")):
        yield exports.Section(
            key="connectors_followed",
            title="Dữ liệu đang theo dõi",
            why="Theo lựa chọn của người dùng, để báo khi có thay đổi.",
            how_long="Đến khi thôi theo dõi.",
            rows=[{"Theo dõi": one.title, "Từ lúc": one.since} for one in followed],
        )
    if dossiers := list(
        DossierFollow.objects.filter(account_id=account_id).select_related("desk").order_by("consented_at")
    ):
        yield exports.Section(
            key="connectors_dossiers",
            title="Hồ sơ được báo tin",
            why="Theo sự đồng ý của người dùng, để báo khi hồ sơ chuyển bước. Mã hồ sơ được niêm phong; nội dung hồ sơ không được lưu.",
            how_long="Đến khi hồ sơ xong, khi thôi nhận tin, hoặc hết hạn ghi bên cạnh.",
            rows=[
                {"Nơi tra": one.desk.title, "Đồng ý lúc": one.consented_at, "Hết hạn": one.until} for one in dossiers
            ],
        )


def dossiers_of(account_id: int) -> list[DossierFollow]:
    """Return the dossiers an account is told about, newest first."""
    return list(DossierFollow.objects.filter(account_id=account_id).select_related("desk").order_by("-id"))
