"""From the contexts below to one material: which agency speaks, of which units, on which day, under which boundaries.

Everything is read as nobody in particular, so that small cells are hidden whoever makes the document, and nothing depends on the
present moment: the same rows give the same material.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind, kinds
from smarthd.insights import errors, issuers, reporting, rules
from smarthd.insights.material import Aired, Annex, Cell, Indicator, Line, Material, Order, Point, Scope, Troubles
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import selectors as rollout
from smarthd.rollout.selectors import told_in_reports

STAFF = ("staff_used", "staff_used_net", "staff_activated")
CITIZENS = ("activated", "used_owners", "installed")
SAID = ("activated", "used_owners", "use_rate", "assisted")
APART = ("quarantined", "test", "devices")
TREND = ("activated", "activated")  # the indicator, and the column it counts
SPOKEN_KINDS = (
    Kind.PARTY_BODY, Kind.DEPARTMENT, Kind.MASS_ORGANISATION, Kind.FORCE, Kind.PRESS, Kind.ENTERPRISE, Kind.DISTRICT_COMMITTEE,
    Kind.COMMUNE_COMMITTEE,
)  # fmt: skip
BASES = {
    "smartphone_owners": "người có điện thoại thông minh",
    "adults": "người từ đủ 18 tuổi",
    "roster": "danh sách cán bộ tại ngày chốt",
    "roster_net": "danh sách cán bộ tại ngày chốt, trừ người được duyệt miễn",
    "activated": "người đã kích hoạt",
    "aged_7": "người đã kích hoạt từ 7 ngày trở lên",
}
HIDDEN_BELOW = 10


class Reader:
    """Tables as of one cut-off, each read once."""

    def __init__(self, cut_off: date) -> None:
        self.cut_off = cut_off
        self._tables: dict[tuple[str, date], rollout.Table] = {}

    def table(self, level: str, boundaries: date) -> rollout.Table:
        """Return the table of a level under the boundaries of a day."""
        key = (level, boundaries)
        if key not in self._tables:
            self._tables[key] = rollout.table(level, self.cut_off, boundaries)
        return self._tables[key]

    def whole(self, boundaries: date, unit: UnitView | None) -> rollout.Row:
        """Return the row of the unit reported on, or of everybody; ScopeNotFound where the unit did not stand."""
        if unit is None:
            return self.table("commune", boundaries).total
        found = next((row for row in self.table(unit.level, boundaries).rows if row.unit_id == unit.id), None)
        if found is None:
            raise errors.ScopeNotFound(unit=unit.full_name, on=boundaries.isoformat())
        return found


def material(
    campaign: rollout.CampaignView, *, cut_off: date, unit_id: int | None, boundaries: date, issuer_id: int
) -> Material:
    """Return all that a report closed on ``cut_off`` says of the province (``unit_id`` None) or of one unit."""
    unit = places.unit_view(unit_id, boundaries) if unit_id is not None else None
    issuer = agencies.agency_view(issuer_id, cut_off)
    boundary_set = places.boundary_set(boundaries)
    targets = _targets(campaign)
    read = Reader(cut_off)
    reported = reporting.gather(campaign, cut_off=cut_off, unit_id=unit_id)
    annexes = _numbered(
        [
            _agencies(cut_off, None if unit is None else issuer.id),
            *_citizens(read, "district", boundaries, unit),
            *_citizens(read, "commune", boundaries, unit),
            *_communes_today(read, boundaries, unit),
            None if reported is None else reported.annex,
        ]
    )
    whole = read.whole(boundaries, unit)
    return Material(
        campaign_key=campaign.key,
        campaign_title=campaign.title,
        demo=settings.DEMO,
        starts_on=campaign.opens_on,
        ends_on=clock.day_of(campaign.deadline_at),
        cut_off=cut_off,
        boundaries=boundaries,
        boundary_key=boundary_set.key,
        boundary_approximate=boundary_set.approximate,
        scope=_scope(unit, boundaries),
        issuer=issuers.issuer(issuer, cut_off),
        orders=_orders(campaign),
        indicators=(*_indicators(annexes, targets), *(() if reported is None else reporting.INDICATORS)),
        annexes=annexes,
        trend_key=TREND[0],
        trend=_trend(campaign, cut_off, boundaries, unit, whole),
        staff_key="staff_used",
        staff_net_key="staff_used_net",
        citizen_keys=tuple(key for key in SAID if key in whole.values),
        exempted=_exempted(annexes),
        apart=_apart(read, boundaries, unit, whole),
        reporting=None if reported is None else reported.numbers,
        **_carried_out(campaign.key, cut_off, None if unit is None else issuer.id),
    )


def _carried_out(campaign_key: str, cut_off: date, under: int | None) -> dict[str, Any]:
    """Return difficulties and airings as they stood at the end of the cut-off, of everybody or below one agency; none told, none said."""
    at = clock.start_of(cut_off + timedelta(days=1))
    below = None if under is None else agencies.below([under], cut_off)
    troubles = told_in_reports.troubles_at(campaign_key, at=at, agency_ids=below)
    aired = told_in_reports.airings_at(campaign_key, at=at, agency_ids=below)
    return {
        "troubles": Troubles(**asdict(troubles)) if troubles.raised else None,
        "airings": tuple(Aired(**asdict(one)) for one in aired),
    }


def _targets(campaign: rollout.CampaignView) -> dict[str, float]:
    return {
        target.indicator: target.value
        for target in campaign.targets
        if target.unit_id is None and target.agency_id is None
    }


def _orders(campaign: rollout.CampaignView) -> tuple[Order, ...]:
    if not campaign.document_number:
        return ()
    return (Order(campaign.document_number, campaign.document_on, campaign.issued_by, campaign.document_title),)


def _scope(unit: UnitView | None, boundaries: date) -> Scope:
    if unit is not None:
        return Scope(unit.level, unit.full_name, unit.code, unit.catalogue)
    provinces = places.units_on(boundaries, "province")
    name = provinces[0].full_name if provinces else "Toàn tỉnh"
    return Scope("province", name)


def _indicators(annexes: Sequence[Annex], targets: Mapping[str, float]) -> Iterable[Indicator]:
    used = {key for annex in annexes for line in (annex.total, *annex.lines[:1]) for key in line.cells}
    for known in rollout.indicators():
        if known.key in used:
            base = BASES.get(known.base, known.base)
            short = f"{known.name} / {'danh sách' if known.of == 'staff' else 'mẫu số'}"
            yield Indicator(known.key, known.name, short, known.definition, base, targets.get(known.key))


def cell(figure: rollout.Figure) -> Cell:
    """Return a figure of the roll-out as a cell of a document."""
    return Cell(
        figure.key,
        figure.numerator,
        figure.denominator,
        figure.ratio,
        figure.source,
        figure.source_on,
        figure.method,
        figure.estimated_share,
        tuple(sorted(figure.flags)),
    )


def _numbered(drafts: Iterable[Annex | None]) -> tuple[Annex, ...]:
    """Give annexes with lines their Roman numbers and each line its code."""
    numbered = []
    for number, draft in zip(
        rules.ROMAN,
        (draft for draft in drafts if draft is not None and (draft.lines or draft.level == "reports")),
        strict=False,
    ):
        lines = tuple(
            Line(f"{number}.{place}", line.name, line.unit_code, line.kind, line.group, line.cells)
            for place, line in enumerate(draft.lines, start=1)
        )
        total = Line(f"{number}.0", draft.total.name, cells=draft.total.cells)
        numbered.append(
            Annex(number, draft.title, draft.level, draft.boundaries, draft.columns, lines, total, draft.note)
        )
    return tuple(numbered)


# --- staff -----------------------------------------------------------------------------------------------------------
def _agencies(cut_off: date, under: int | None) -> Annex:
    table = rollout.staff_table(cut_off, kinds=tuple(SPOKEN_KINDS), under=under)
    present = [kind for kind in SPOKEN_KINDS if table.groups.get(kind)]
    if under is None and Kind.DISTRICT_COMMITTEE in present and Kind.COMMUNE_COMMITTEE in present:
        present.remove(Kind.COMMUNE_COMMITTEE)  # counted within their district's line
    lines = [
        Line(
            "",
            row.name,
            row.code,
            kind,
            kinds.WORDS[kind],
            {key: cell(row.values[key]) for key in (*STAFF, "staff_exempt")},
        )
        for kind in present
        for row in sorted(table.groups[kind], key=lambda row: row.name)
        if (row.values["staff_used"].denominator or 0) > 0
    ]
    total = _staff_total(cut_off, under, table)
    return Annex(
        "", "Kết quả theo cơ quan, đơn vị", "agency", cut_off, STAFF, tuple(lines), Line("", "Tổng số", cells=total),
        "Mỗi dòng gồm cả các đơn vị trực thuộc.",
    )  # fmt: skip


def _staff_total(cut_off: date, under: int | None, table: rollout.StaffTable) -> dict[str, Cell]:
    if under is None:
        return {key: cell(table.total[key]) for key in (*STAFF, "staff_exempt")}
    own = next((row for rows in table.groups.values() for row in rows if row.agency_id == under), None)
    return {key: cell(own.values[key]) for key in (*STAFF, "staff_exempt")} if own is not None else {}


def _exempted(annexes: Sequence[Annex]) -> float | None:
    first = next((annex for annex in annexes if annex.level == "agency"), None)
    exempt = first.total.cells.get("staff_exempt") if first is not None else None
    return exempt.numerator if exempt is not None else None


def _staff_cell(counts: Mapping[str, float], cut_off: date) -> Cell:
    used, roster = counts["used"], counts["roster"]
    source = "Danh sách cán bộ do đơn vị xác nhận"
    if 0 < used < HIDDEN_BELOW:
        return Cell("staff_used", None, roster, None, source, cut_off, flags=("hidden",))
    if not roster:
        return Cell("staff_used", used, None, None, source, cut_off, flags=("no_base",))
    return Cell("staff_used", used, roster, used / roster, source, cut_off)


# --- citizens --------------------------------------------------------------------------------------------------------
def _under(rows: Sequence[rollout.Row], unit: UnitView | None, level: str, boundaries: date) -> list[rollout.Row]:
    if unit is None:
        return list(rows)
    members = {view.id for view in places.units_on(boundaries, level, unit.id)} | {unit.id}
    return [row for row in rows if row.unit_id in members]


def _citizens(read: Reader, level: str, boundaries: date, unit: UnitView | None) -> list[Annex]:
    cut_off = read.cut_off
    table = read.table(level, boundaries)
    rows = _under(table.rows, unit, level, boundaries)
    if not rows or (unit is not None and [row.unit_id for row in rows] == [unit.id]):
        return []
    staff = rollout.staff_by_unit(level, cut_off, boundaries) if level == "district" else {}
    columns = ("staff_used", *CITIZENS) if staff else CITIZENS
    lines = [
        Line(
            "",
            row.name,
            row.code,
            row.kind,
            row.parent_name if level == "commune" else "",
            {key: cell(row.values[key]) for key in CITIZENS}
            | ({"staff_used": _staff_cell(staff[row.unit_id], cut_off)} if row.unit_id in staff else {}),
        )
        for row in sorted(rows, key=lambda row: (row.parent_name, row.kind, row.name))
    ]
    whole = read.whole(boundaries, unit)
    total = {key: cell(whole.values[key]) for key in dict.fromkeys((*CITIZENS, *SAID))}
    key_of_staff = 0 if unit is None else unit.id
    if key_of_staff in staff:
        total["staff_used"] = _staff_cell(staff[key_of_staff], cut_off)
    place = {"district": "cấp huyện", "commune": "cấp xã"}[level]
    day = f"{boundaries.day}/{boundaries.month}/{boundaries.year}"
    return [
        Annex(
            "",
            f"Kết quả theo địa bàn {place} (địa giới ngày {day})",
            level,
            boundaries,
            columns,
            tuple(lines),
            Line("", "Tổng số", cells=total),
            "Dòng tổng tính cả người chưa rõ địa bàn." if unit is None else "",
        )
    ]


def _communes_today(read: Reader, boundaries: date, unit: UnitView | None) -> list[Annex]:
    """Return the communes again under the newest official boundaries, where they differ from those of the report."""
    official = [view for view in places.boundary_sets() if view.kind == "official"]
    newest = official[-1]
    if unit is not None or newest.as_of == places.boundary_set(boundaries).as_of:
        return []
    return _citizens(read, "commune", newest.as_of, None)


def _trend(
    campaign: rollout.CampaignView, cut_off: date, boundaries: date, unit: UnitView | None, whole: rollout.Row
) -> tuple[Point, ...]:
    """Return the share of each day on the base of the cut-off, from the campaign's first day."""
    key, column = TREND
    base = whole.values[key].denominator
    days = rollout.trend(campaign.opens_on, cut_off, boundaries, unit.id if unit else None, (column,))
    return tuple(
        Point(point.day, count / base if base and count is not None else None, count, base)
        for point in days
        for count in [point.counts[column]]
    )


def _apart(read: Reader, boundaries: date, unit: UnitView | None, whole: rollout.Row) -> dict[str, float]:
    apart = {key: whole.values[key].numerator or 0.0 for key in APART if whole.values[key].numerator is not None}
    if unit is None:
        unplaced = read.table("commune", boundaries).unplaced
        if unplaced is not None and unplaced.values["activated"].numerator:
            apart["unplaced"] = unplaced.values["activated"].numerator
    return apart
