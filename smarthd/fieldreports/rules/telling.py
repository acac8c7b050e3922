"""What people are told of a report, as an official would say it: who holds it, until when, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarthd.agencies.rules.calendar import ZONE
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import DeclineReason, Outcome

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_QUOTED = 280


@dataclass(frozen=True, slots=True)
class Told:
    """A message: its line, and what stands below it."""

    title: str
    body: str


def instant(at: datetime) -> str:
    """Return an instant as it is said: "17 giờ thứ Năm 26/11"."""
    local = at.astimezone(ZONE)
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{local.hour} giờ{minutes} {_WEEKDAYS[local.weekday()]} {local.day}/{local.month}"


def quoted(words: str) -> str:
    """Return words as they are quoted in a message, shortened at a word."""
    one_line = " ".join(words.split())
    if len(one_line) <= _QUOTED:
        return one_line
    return one_line[:_QUOTED].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is made of."""

    code: str
    category: str
    holder: str
    due_at: datetime | None
    words: str
    note: dict[str, object]


def to_sender(act: str, facts: Facts) -> Told | None:
    """Return what who sent or follows a report is told of a step; None for steps that are nobody's news."""
    due = f", trả lời trước {instant(facts.due_at)}" if facts.due_at else ""
    said = quoted(facts.words)
    made = {
        "accepted": (f"{facts.holder} đã tiếp nhận{due}", said),
        "declined": (
            "Phản ánh không được tiếp nhận",
            f"{_reason(facts.note)} {said} {_competent(facts.note)}Nếu chưa đồng ý, có thể đề nghị cấp trên xem lại trong {states.CONTEST_DAYS} ngày làm việc.",
        ),
        "rerouted": (f"Đã chuyển tới {facts.holder}", said),
        "contested": ("Đã gửi đề nghị xem lại tới cấp trên", f"Nơi xem lại: {facts.note.get('to', '')}."),
        "upheld": ("Cấp trên giữ nguyên việc từ chối", said),
        "overturned": (f"Cấp trên yêu cầu {facts.holder} tiếp nhận{due}", said),
        "assigned": (f"Đã chuyển {facts.holder} xử lý{due}", said),
        "handed_back": (f"Chuyển trả về {facts.holder}", said),
        "started": (f"{facts.holder} đã bắt đầu xử lý{due}", said),
        "asked": (f"{facts.holder} cần hỏi thêm", f"{said} Trong lúc chờ, thời hạn tạm dừng."),
        "went_on": (f"{facts.holder} xử lý tiếp{due}", said),
        "answered": (
            f"{facts.holder} đã trả lời: {_outcome(facts.note)}",
            f"{said} Xin xem minh chứng và cho biết đã xong chưa, trong {states.CONFIRM_DAYS} ngày làm việc.",
        ),
        "reopened": (f"Phản ánh được mở lại, {facts.holder} xử lý tiếp{due}", said),
        "confirmed": ("Phản ánh đã được xác nhận là xong", "Mời đánh giá cách xử lý, từ 1 đến 5 sao."),
        "closed": ("Phản ánh đã kết thúc", _ending(facts.note)),
        "merged": (
            f"Phản ánh được gộp vào {facts.note.get('into', '')}",
            "Nhiều người cùng báo một việc nên được xử lý chung. Mọi thông tin về việc ấy vẫn được báo tới đây.",
        ),
        "parted": (f"Phản ánh được tách ra xử lý riêng{due}", said),
        "split": ("Phản ánh được tách thành nhiều việc", "Mỗi việc có mã riêng, xem trong trang của phản ánh."),
        "extended": (f"Gia hạn đến {instant(facts.due_at)}" if facts.due_at else "Gia hạn", said),
        "escalated": ("Phản ánh đã quá hạn, đã báo lên cấp trên", _told_to(facts.note)),
        "hidden": ("Phản ánh tạm ẩn khỏi trang công khai", said),
        "shown": ("Phản ánh được hiện lại", said),
    }.get(act)
    if made is None:
        return None
    title, body = made
    return Told(f"{facts.code}: {title}", f"{facts.category}. {' '.join(body.split())}".strip())


def _reason(note: dict[str, object]) -> str:
    key = str(note.get("reason", ""))
    return f"{states.DECLINE_WORDS[DeclineReason(key)]}." if key in set(DeclineReason) else ""


def _competent(note: dict[str, object]) -> str:
    named = str(note.get("competent", ""))
    return f"Nơi có thẩm quyền: {named}. " if named else ""


def _outcome(note: dict[str, object]) -> str:
    key = str(note.get("outcome", ""))
    return states.OUTCOME_WORDS[Outcome(key)].lower() if key in set(Outcome) else ""


def _ending(note: dict[str, object]) -> str:
    if note.get("ending") == states.Ending.SILENCE:
        return (
            f"Hết hạn xác nhận mà không ai nói khác. Nếu việc chưa xong, mở lại được trong {states.REOPEN_DAYS} ngày."
        )
    return ""


def _told_to(note: dict[str, object]) -> str:
    names = note.get("to")
    return f"Đã báo: {', '.join(str(name) for name in names)}." if isinstance(names, list) and names else ""


def to_handlers(act: str, facts: Facts) -> Told | None:
    """Return what those who work at the holder are told; None for what they did themselves."""
    made = {
        "received": f"Phản ánh mới: {facts.category}",
        "rerouted": f"Phản ánh chuyển tới: {facts.category}",
        "assigned": f"Được giao xử lý: {facts.category}",
        "handed_back": f"Bị chuyển trả: {facts.category}",
        "replied": "Người gửi đã bổ sung, thời hạn chạy tiếp",
        "added": "Người gửi nói thêm",
        "reopened": "Bị mở lại, việc chưa xong",
        "overturned": "Cấp trên yêu cầu tiếp nhận",
        "parted": "Tách ra xử lý riêng",
        "withdrawn": "Người gửi đã rút phản ánh",
        "support_done": "Cơ quan phối hợp đã báo xong phần việc",
    }.get(act)
    if made is None:
        return None
    due = f"Hạn: {instant(facts.due_at)}. " if facts.due_at else ""
    return Told(f"{facts.code}: {made}", f"{due}{quoted(facts.words)}".strip())


def warned(facts: Facts, *, intake: bool) -> Told:
    """Return the reminder before a term."""
    what = "xem và tiếp nhận" if intake else "trả lời"
    until = instant(facts.due_at) if facts.due_at else ""
    return Told(f"{facts.code}: sắp đến hạn {what}, {until}", f"{facts.category}. {quoted(facts.words)}")


def escalated(facts: Facts, level: int) -> Told:
    """Return what a chief, a superior or the top is told after a term."""
    until = instant(facts.due_at) if facts.due_at else ""
    who = {1: "đơn vị", 2: "đơn vị cấp dưới", 3: "đơn vị trong địa bàn"}[level]
    return Told(
        f"{facts.code}: quá hạn từ {until}",
        f"{facts.category}. Nơi đang giữ ({who}): {facts.holder}. {quoted(facts.words)}",
    )
