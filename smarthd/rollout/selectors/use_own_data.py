"""What the roll-out keeps of one account's use, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.people import exports
from smarthd.rollout import rules
from smarthd.rollout.models import ActivityDay, InstallState, Participant, Residence, StaffSeat

ACTION_WORDS = {
    rules.ValueAction.READ_NOTICE: "đọc thông báo",
    rules.ValueAction.REPORT_SENT: "gửi phản ánh",
    rules.ValueAction.REPORT_FOLLOWED: "theo dõi phản ánh",
    rules.ValueAction.DOSSIER_LOOKUP: "tra cứu hồ sơ",
    rules.ValueAction.SERVICE_LOOKUP: "tra cứu dịch vụ",
    rules.ValueAction.WARNING_ACKNOWLEDGED: "xác nhận cảnh báo",
    rules.ValueAction.DIRECTORY_USED: "dùng danh bạ",
    rules.ValueAction.ADDRESS_LOOKUP: "tra cứu địa chỉ",
    rules.ValueAction.SURVEY_ANSWERED: "trả lời khảo sát",
    rules.ValueAction.GUIDE_READ: "đọc hướng dẫn",
}


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield the dates of the ladder, the days of use, and the places a person said they live."""
    person = Participant.objects.filter(pk=account_id).first()
    if person is not None:
        yield _ladder(person)
    days = ActivityDay.objects.filter(account_id=account_id).order_by("-day")
    yield exports.Section(
        key="use_days",
        title="Ngày sử dụng",
        why="Đếm việc sử dụng, chỉ khi đã đồng ý",
        how_long="Đến khi rút lại sự đồng ý hoặc xóa tài khoản; sau đó chỉ còn con số",
        rows=[{"Ngày": row.day, "Đã làm": actions_in_words(row.actions), "Mã nơi tính": row.atom_id} for row in days],
    )
    yield exports.Section(
        key="residences",
        title="Nơi ở đã chọn",
        why="Để tính đúng xã, phường của những ngày đã qua",
        how_long="Đến khi xóa tài khoản",
        rows=[
            {"Từ ngày": row.said_on, "Mã nơi ở": row.atom_id}
            for row in Residence.objects.filter(account_id=account_id).order_by("said_on")
        ],
    )


def actions_in_words(actions: int) -> str:
    """Say what was done on a day; opening alone is said as such."""
    done = [words for action, words in ACTION_WORDS.items() if actions & action]
    return ", ".join(done) or "mở ứng dụng"


def _ladder(person: Participant) -> exports.Section:
    staff = StaffSeat.objects.filter(account_id=person.pk).exists()
    return exports.Section(
        key="use_level",
        title="Mức sử dụng",
        why="Báo cáo theo văn bản của cơ quan" if staff else "Đếm số người đã cài và dùng ứng dụng",
        how_long="Đến khi xóa tài khoản; sau đó chỉ còn con số",
        rows=[
            {
                "Đã cài từ": person.installed_on,
                "Có tài khoản từ": person.activated_on,
                "Dùng lần đầu": person.first_used_on,
                "Dùng trong 7 ngày đầu": person.used_on,
                "Quay lại trong tuần": person.returned_on,
                "Còn dùng sau một tháng": person.retained_on,
                "Dùng gần nhất": person.last_used_on,
                "Mở gần nhất": person.last_launch_on,
                "Những ngày được tính là đang sử dụng": _spells(person.active_during),
                "Những ngày được tính là chưa bỏ": _spells(person.kept_during),
                "Số máy đã đếm": InstallState.objects.filter(account_id=person.pk).count(),
                "Đang tách khỏi số liệu": person.quarantined,
            }
        ],
    )


def _spells(days: object) -> str:
    return "; ".join(f"{spell.lower:%d/%m/%Y} đến trước {spell.upper:%d/%m/%Y}" for spell in days or ())  # type: ignore[attr-defined]
