"""Obligations and reports as the desk shows them: terms in words, states as icon and word, values as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smarthd.agencies import calendar
from smarthd.agencies.rules import kinds
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel import clock
from smarthd.rollout.rules import forms, reports, verification
from smarthd.rollout.rules.reports import HANDED_IN, Standing
from smarthd.rollout.rules.verification import Verdict
from smarthd.rollout.selectors import Owed
from smarthd.ui import words

Text = str | Promise
SOON_DAYS = 1

STANDING_LOOKS: dict[Standing, tuple[str, str]] = {
    Standing.NOT_DUE: ("plain", "clock"),
    Standing.OPEN: ("plain", "minus"),
    Standing.DRAFT: ("info", "edit"),
    Standing.OVERDUE: ("bad", "warning"),
    Standing.SUBMITTED: ("info", "send"),
    Standing.RETURNED: ("warn", "undo"),
    Standing.ENDORSED: ("ok", "check"),
    Standing.ACCEPTED: ("ok", "check-circle"),
    Standing.EXEMPT: ("plain", "shield"),
}
VERDICT_LOOKS: dict[Verdict, tuple[str, str]] = {
    Verdict.NOTHING_TO_COMPARE: ("plain", "minus"),
    Verdict.ACCEPTED: ("ok", "check"),
    Verdict.EXPLAIN: ("warn", "help"),
    Verdict.RETURN: ("bad", "warning"),
}
STEP_WORDS: dict[str, Text] = {
    "submitted": gettext_lazy("Đơn vị gửi báo cáo"),
    "withdrawn": gettext_lazy("Đơn vị rút về để sửa"),
    "returned": gettext_lazy("Trả lại, kèm lý do"),
    "endorsed": gettext_lazy("Cấp trên xác nhận"),
    "passed": gettext_lazy("Quá hai ngày làm việc cấp trên chưa xem: tự chuyển, ghi “chưa được xem”"),
    "accepted": gettext_lazy("Sở tiếp nhận"),
    "amended": gettext_lazy("Đơn vị đính chính"),
    "judged": gettext_lazy("Có sự cố hệ thống: tính lại là đúng hạn hay chậm"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation on a list: how it stands, and its term in words."""

    owed: Owed
    standing: str
    tone: str
    icon: str
    term: str
    urgent: bool
    days: int

    @property
    def moved(self) -> str:
        """Say why the term is not the first one; empty when it is."""
        if not self.owed.extended:
            return ""
        return _("hạn sửa sau khi trả lại") if self.owed.returns else _("đã gia hạn")

    @property
    def handed_in(self) -> bool:
        """Say whether the report is with somebody else now."""
        return self.owed.state in HANDED_IN


def lines(rows: Iterable[Owed], now: datetime) -> list[Line]:
    """Return obligations as lines of a list."""
    working = calendar.working_calendar()
    return [line(one, now, working) for one in rows]


def line(owed: Owed, now: datetime, working: WorkingCalendar | None = None) -> Line:
    """Return one obligation as a line of a list."""
    working = working or calendar.working_calendar()
    tone, icon = STANDING_LOOKS[owed.standing]
    days = working.working_days_between(clock.day_of(now), clock.day_of(owed.due_at))
    term, urgent = _term(owed, days, now)
    return Line(owed, reports.STANDING_WORDS[owed.standing], tone, icon, term, urgent, days)


def _term(owed: Owed, days: int, now: datetime) -> tuple[str, bool]:
    if owed.standing is Standing.EXEMPT:
        return _("được miễn: %(reason)s") % {"reason": owed.exempt_reason}, False
    if owed.state in HANDED_IN:
        sent = words.moment_in_words(owed.submitted_at, now)
        return (_("gửi %(at)s, đúng hạn") if owed.in_time else _("gửi %(at)s, sau hạn")) % {"at": sent}, False
    if owed.due_at < now:
        return (words.working_days_left(days) if days < 0 else _("vừa quá hạn hôm nay")), True
    if days == 0:
        return _("hạn %(hour)s hôm nay") % {"hour": words.hour_in_words(owed.due_at)}, True
    return words.working_days_left(days), days <= SOON_DAYS


def shown(field: forms.Field, value: Any) -> str:
    """Return a value as it is read."""
    if value is None or value == "":
        return words.NOTHING
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, int | float):
        return words.number(value, 0 if float(value).is_integer() else 2)
    if field.kind is forms.FieldKind.DAY:
        year, month, day = str(value).split("-")
        return f"{day}/{month}/{year}"
    return str(value)


def typed(field: forms.Field, value: Any) -> str:
    """Return a value as the page's own field holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | float):
        return words.number(value, 0 if float(value).is_integer() else 2)
    return str(value)


def difference(value: Any, previous: Any) -> str:
    """Return how a number differs from the last period's, in words; empty where there is nothing to compare."""
    numbers = [one for one in (value, previous) if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != 2:
        return ""
    change = numbers[0] - numbers[1]
    if change == 0:
        return _("bằng kỳ trước")
    size = words.number(abs(change), 0 if float(change).is_integer() else 2)
    return (_("tăng %(size)s") if change > 0 else _("giảm %(size)s")) % {"size": size}


@dataclass(frozen=True, slots=True)
class Compared:
    """A reported number beside the measured one: verdict as icon and words, the numbers, the factor."""

    tone: str
    icon: str
    words: str
    detail: str


def compared(found: verification.Verification) -> Compared:
    """Return a verification as it is shown."""
    tone, icon = VERDICT_LOOKS[found.verdict]
    verdict = verification.WORDS[found.verdict]
    if found.verdict is Verdict.NOTHING_TO_COMPARE:
        return Compared(tone, icon, verdict, "")
    detail = _("hệ thống đo %(measured)s, đơn vị báo %(reported)s") % {
        "measured": words.number(found.measured),
        "reported": words.number(found.reported),
    }
    if found.factor is not None:
        detail += _(", hệ số %(factor)s") % {"factor": words.number(found.factor, 2)}
    return Compared(tone, icon, verdict, detail)


def difference_in_words(diff: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """Return what changed between two versions of a consolidation, a sentence each."""
    said = [
        _("%(label)s (%(kind)s): từ %(before)s thành %(after)s.")
        % {
            "label": labels.get(key, key),
            "kind": kinds.WORDS[kinds.Kind(kind)],
            "before": words.number(before if before is not None else 0),
            "after": words.number(after),
        }
        for kind, moved in sorted(diff.get("totals", {}).items())
        for key, (before, after) in sorted(moved.items())
    ]
    said += _named(_("Thêm báo cáo của %(count)s đơn vị: %(names)s."), diff.get("came", ()))
    said += _named(_("Không còn báo cáo của %(count)s đơn vị: %(names)s."), diff.get("left", ()))
    said += _named(_("%(count)s đơn vị sửa số: %(names)s."), [one["name"] for one in diff.get("changed", ())])
    said += _named(_("%(count)s báo cáo sang bước sau: %(names)s."), [one["name"] for one in diff.get("moved_on", ())])
    return said


MOST_NAMED = 8


def _named(sentence: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    listed = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    if more > 0:
        listed += _(" và %(count)s đơn vị khác") % {"count": words.number(more)}
    return [sentence % {"count": words.number(len(names)), "names": listed}]
