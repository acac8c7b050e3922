"""How the units reported: the annex of a Báo cáo and the numbers beside it, as of the end of the cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smarthd.agencies import selectors as agencies
from smarthd.insights import issuers
from smarthd.insights.material import Annex, Cell, Indicator, Line, Reporting
from smarthd.kernel import clock
from smarthd.rollout import selectors as rollout

SOURCE = "Nghĩa vụ báo cáo ghi khi mở kỳ"
MONTH = timedelta(days=30)
COLUMNS = (
    ("report_complete", "handed_in", "due"),
    ("report_on_time", "on_time", "due"),
    ("report_accepted_on_time", "accepted_on_time", "due"),
    ("report_returned", "returned", "ever_handed_in"),
    ("report_not_reviewed", "not_reviewed", "ever_handed_in"),
)
INDICATORS = (
    Indicator("report_complete", "Báo cáo đã gửi", "Đã gửi / phải gửi", "Báo cáo có giá trị tại thời điểm chốt", "nghĩa vụ báo cáo đến hạn, trừ miễn"),
    Indicator("report_on_time", "Báo cáo gửi lần đầu đúng hạn", "Đúng hạn / phải gửi", "Lần gửi đầu tiên đến trước hạn, theo giờ máy chủ nhận", "nghĩa vụ báo cáo đến hạn, trừ miễn"),
    Indicator("report_accepted_on_time", "Báo cáo đúng hạn đã tiếp nhận", "Tiếp nhận / phải gửi", "Bản được tiếp nhận đã gửi đúng hạn", "nghĩa vụ báo cáo đến hạn, trừ miễn"),
    Indicator("report_returned", "Báo cáo từng bị trả lại", "Trả lại / đã gửi", "Báo cáo bị trả lại ít nhất một lần", "báo cáo đã gửi ít nhất một lần"),
    Indicator("report_not_reviewed", "Báo cáo cấp trên không xem xét", "Chưa xem / đã gửi", "Quá 2 ngày làm việc không ý kiến nên được đi tiếp", "báo cáo đã gửi ít nhất một lần"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """The annex ``reports`` (units that were late or missing; the total counts everybody) and what has no row in it."""

    annex: Annex
    numbers: Reporting


def gather(campaign: rollout.CampaignView, *, cut_off: date, unit_id: int | None) -> Reported | None:
    """Return how a campaign's units reported up to the end of a day; None where no report was due yet."""
    at = clock.start_of(cut_off + timedelta(days=1))
    within = under(unit_id, cut_off)
    found = rollout.discipline(campaign.id, at=at, agency_ids=within)
    if not found.sum("due"):
        return None
    return Reported(_annex(found, cut_off), _numbers(campaign, found, at=at, cut_off=cut_off, within=within))


def under(unit_id: int | None, on: date) -> frozenset[int] | None:
    """Return the agencies of a unit, its committee's subordinates included; None for everybody."""
    if unit_id is None:
        return None
    committees = agencies.agencies_of_places([unit_id], on, [kind.value for kind in issuers.COMMITTEES])
    own = [view.id for view in committees]
    return frozenset(own) | agencies.below(own, on)


def _annex(found: rollout.Discipline, cut_off: date) -> Annex:
    lines = tuple(
        Line("", unit.name, unit.code, cells=_cells({name: getattr(unit, name) for name in _NAMES}, cut_off))
        for unit in found.units
        if unit.on_time < unit.due
    )
    total = Line("", "Tổng số", cells=_cells({name: found.sum(name) for name in _NAMES}, cut_off))
    return Annex(
        "", "Đơn vị có báo cáo chậm hoặc chưa gửi", "reports", cut_off, tuple(key for key, *_ in COLUMNS), lines, total,
        "Dòng tổng tính cả các đơn vị gửi đủ và đúng hạn.",
    )  # fmt: skip


_NAMES = tuple(dict.fromkeys(name for _, *names in COLUMNS for name in names))


def _cells(counts: dict[str, int], cut_off: date) -> dict[str, Cell]:
    return {
        key: Cell(
            key,
            counts[part],
            counts[whole],
            counts[part] / counts[whole] if counts[whole] else None,
            SOURCE,
            cut_off,
            flags=() if counts[whole] else ("no_report",),
        )
        for key, part, whole in COLUMNS
    }


def _numbers(
    campaign: rollout.CampaignView,
    found: rollout.Discipline,
    *,
    at: datetime,
    cut_off: date,
    within: frozenset[int] | None,
) -> Reporting:
    burden = rollout.burden(campaign.id, at - MONTH, at)
    compared = rollout.compared(campaign.id, at=at, on=cut_off, agency_ids=within)
    return Reporting(
        periods=found.periods,
        exempt=found.sum("exempt"),
        letters=rollout.letters_signed(campaign.id, before=at, agency_ids=within),
        missing=tuple(unit.name for unit in found.units if unit.handed_in < unit.due),
        late=tuple(unit.name for unit in found.units if unit.handed_in == unit.due and unit.on_time < unit.due),
        minutes=burden.median_minutes,
        reports_a_month=burden.obligations,
        compared_period=compared.period if compared else "",
        factor=compared.factor if compared else None,
        verdicts=compared.verdicts if compared else {},
    )
