"""What a reminder and a superior's digest say, as an official would say it: Vietnamese, absolute days, no promise the clock has broken.

How long is left is reckoned when it is told, not when the step fell: a reminder that waited for the morning must not be a day wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.rollout.rules.reminders import DIGEST_AT, ZONE

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
NAMED = 12  # how many units a digest names; the rest are counted


@dataclass(frozen=True, slots=True)
class Told:
    """A message: its line, and what stands below it."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one superior, or is late below it: units by name with the report in question."""

    to_review: tuple[str, ...] = ()
    to_accept: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.to_review or self.to_accept or self.late)


def report_name(form: str, period: str) -> str:
    """Return a report's name for one period, a word they share said once: "Báo cáo tuần", "Tuần 15/2024" → "Báo cáo tuần 15/2024"."""
    head, _space, tail = period.partition(" ")
    if tail and form.lower().endswith(f" {head.lower()}"):
        return f"{form} {tail}"
    return f"{form}, {period[:1].lower()}{period[1:]}"


def instant(at: datetime) -> str:
    """Return an instant as it is said: "17 giờ thứ Sáu 12/4"; the year only where it is not plain."""
    local = at.astimezone(ZONE)
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{local.hour} giờ{minutes} {WEEKDAYS[local.weekday()]} {local.day}/{local.month}"


def time_left(*, due_at: datetime, now: datetime, calendar: WorkingCalendar) -> str:
    """Return how much time is left, or how long it is over: "còn 1 ngày làm việc", "còn 4 giờ", "quá hạn 2 ngày làm việc"."""
    today, term = now.astimezone(ZONE).date(), due_at.astimezone(ZONE).date()
    if now >= due_at:
        days = calendar.working_days_between(term, today)
        return f"quá hạn {days} ngày làm việc" if days else "đã đến hạn"
    days = calendar.working_days_between(today, term)
    if today != term and days:
        return f"còn {days} ngày làm việc"
    hours = (due_at - now) // timedelta(hours=1)
    return f"còn {hours} giờ" if hours else "còn chưa đầy 1 giờ"


def reminder(
    *, form: str, period: str, agency: str, due_at: datetime, now: datetime, calendar: WorkingCalendar
) -> Told:
    """Return the reminder of one report that is owed."""
    name, left = report_name(form, period), time_left(due_at=due_at, now=now, calendar=calendar)
    over = now >= due_at
    what = "Báo cáo vẫn gửi được và được ghi là gửi chậm." if over else "Gửi xong thì không nhắc nữa."
    return Told(
        title=f"{name}: {left}, hạn {instant(due_at)}",
        body=f"{agency} chưa gửi {name[:1].lower()}{name[1:]}. Hạn gửi: {instant(due_at)}. {what}",
    )


def sent_back(*, form: str, period: str, due_at: datetime, fields: Sequence[str]) -> Told:
    """Return what a unit reads when its report was sent back: which answers, and until when it may mend them."""
    name = report_name(form, period)
    return Told(
        title=f"{name} bị trả lại, sửa và gửi lại trước {instant(due_at)}",
        body=f"Cần xem lại: {'; '.join(fields)}. Mở báo cáo để đọc lý do tại từng mục.",
    )


def digest(waiting: Waiting, *, now: datetime) -> Told:
    """Return a superior's digest of one morning."""
    local = now.astimezone(ZONE)
    counted = [
        f"{len(units)} {words}"
        for units, words in (
            (waiting.to_review, "báo cáo chờ xác nhận"),
            (waiting.to_accept, "báo cáo chờ tiếp nhận"),
            (waiting.late, "báo cáo quá hạn"),
        )
        if units
    ]
    blocks = [
        f"{head}:\n{_named(units)}"
        for head, units in (
            ("Chờ xác nhận", waiting.to_review),
            ("Chờ tiếp nhận", waiting.to_accept),
            ("Quá hạn", waiting.late),
        )
        if units
    ]
    hour = f"{DIGEST_AT.hour} giờ {DIGEST_AT.minute:02d}"
    return Told(
        title=f"Việc báo cáo {hour} ngày {local.day}/{local.month}: {', '.join(counted)}", body="\n\n".join(blocks)
    )


def _named(units: Sequence[str]) -> str:
    lines = [f"- {unit}" for unit in units[:NAMED]]
    if len(units) > NAMED:
        lines.append(f"- và {len(units) - NAMED} đơn vị khác")
    return "\n".join(lines)


def mail_body(told: Told, *, origin: str, href: str) -> str:
    """Return a message as the body of an e-mail to an office, with where to go."""
    return f"{told.title}\n\n{told.body}\n\nMở bàn làm việc: {origin}{href}\n\nThư này do hệ thống gửi, xin không trả lời vào thư.\n"
