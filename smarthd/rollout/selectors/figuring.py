"""From counts and bases to figures: ratios are made here, from parts already added up, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from smarthd.rollout import rules
from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors.bases import Base
from smarthd.rollout.selectors.indicators import CITIZEN, KEYS, STAFF, Indicator
from smarthd.rollout.selectors.values import Figure, Row

MEASURED = "Hệ thống đo"
ROSTER = "Danh sách cán bộ do đơn vị xác nhận"
MOST_EXEMPT = 0.05
APART = 0
"""The id of the row of persons who are in no unit of a table."""


def citizen_figures(
    counts: Mapping[str, float], bases: Mapping[str, Base], *, day: date, estimated_share: float
) -> dict[str, Figure]:
    """Return every citizen figure of one unit."""
    return {
        indicator.key: _figure(indicator, counts, bases, day=day, estimated_share=estimated_share)
        for indicator in CITIZEN
    }


def staff_figures(counts: Mapping[str, float], *, day: date) -> dict[str, Figure]:
    """Return every staff figure of one agency or group; ``roster_net`` is made of roster and exemptions."""
    whole = {**counts, "roster_net": counts["roster"] - counts["exempt"]}
    figures = {
        indicator.key: _figure(indicator, whole, {}, day=day, estimated_share=0.0, base_source=ROSTER)
        for indicator in STAFF
    }
    exempt = figures["staff_exempt"]
    if exempt.ratio is not None and exempt.ratio > MOST_EXEMPT:
        figures["staff_exempt"] = replace(exempt, flags=exempt.flags | {rules.Flag.MANY_EXEMPT})
    return figures


def _figure(
    indicator: Indicator,
    counts: Mapping[str, float],
    bases: Mapping[str, Base],
    *,
    day: date,
    estimated_share: float,
    base_source: str = MEASURED,
) -> Figure:
    numerator = counts.get(indicator.numerator, 0.0)
    flags: set[str] = {rules.Flag.ESTIMATED} if estimated_share > 0 and numerator else set()
    if not indicator.base:
        return Figure(indicator.key, numerator, None, None, MEASURED, day, "", estimated_share, frozenset(flags))
    base = bases.get(indicator.base)
    if indicator.base in counts:
        denominator, source, on, method = counts[indicator.base], base_source, day, ""
    elif base is not None:
        denominator, source, on, method = base.value, base.source, base.as_of, base.method
        flags |= {rules.Flag.PARTIAL_BASE} if base.partial else set()
        flags |= {rules.Flag.ESTIMATED} if base.estimated_share > 0 else set()
    else:
        denominator, source, on, method = 0.0, "", None, ""
    if not denominator:
        flags.add(rules.Flag.NO_BASE)
        return Figure(indicator.key, numerator, None, None, source, on, method, estimated_share, frozenset(flags))
    ratio = numerator / denominator
    if ratio > 1 + 1e-9:
        flags.add(rules.Flag.OVER_100)
    return Figure(indicator.key, numerator, denominator, ratio, source, on, method, estimated_share, frozenset(flags))


def conceal(
    rows: Sequence[Row], *, inside: Callable[[int], bool], order: Sequence[int], apart: Row | None = None
) -> list[Row]:
    """Return the rows as one reader may see them: small cells of units outside theirs hidden, each with a complement.

    A cell is one column of one unit; a figure is hidden with any of its cells, so that no base betrays what a numerator hides. Cells
    are grouped by the unit above, and all rows with ``apart`` (who is in none of them) once more, because their total is shown.
    ``order`` (unit ids) names the complement, the same whatever the counts of the day.
    """
    cells = _cells([*rows, apart] if apart else rows)
    hidden: dict[int, set[str]] = {}
    for column, counts in cells.items():
        chosen: set[int] = {APART} if rules.is_small(counts.get(APART)) else set()
        for group in _groups(rows):
            ranked = [unit_id for unit_id in order if unit_id in group]
            chosen |= rules.spare_cells({unit_id: counts.get(unit_id) for unit_id in group}, ranked)
        for unit_id in chosen | rules.complement(chosen, counts, [*order, APART]):
            hidden.setdefault(unit_id, set()).add(column)
    return [
        row if inside(row.unit_id) else _concealed(row, hidden.get(row.unit_id, set()))
        for row in ([*rows, apart] if apart else rows)
    ]


def conceal_row(row: Row, *, inside: Callable[[int], bool]) -> Row:
    """Return a single row with its own small cells hidden."""
    small = {column for column, counts in _cells([row]).items() if rules.is_small(counts[row.unit_id])}
    return row if inside(row.unit_id) else _concealed(row, small)


def _measured_base(indicator: Indicator) -> str:
    """Return the column of persons that an indicator's base shows, or nothing: a roster and a counted base are no secret."""
    if indicator.base == "roster_net":
        return "exempt"
    return indicator.base if indicator.base in metrics.CITIZEN else ""


def _cells(rows: Sequence[Row]) -> dict[str, dict[int, float]]:
    """Return the persons of each column by unit, as the figures of the rows show them."""
    cells: dict[str, dict[int, float]] = {}
    for row in rows:
        for key, figure in row.values.items():
            cells.setdefault(KEYS[key].numerator, {})[row.unit_id] = figure.numerator or 0.0
            if KEYS[key].base in metrics.CITIZEN:
                cells.setdefault(KEYS[key].base, {})[row.unit_id] = figure.denominator or 0.0
    return cells


def _concealed(row: Row, columns: Collection[str]) -> Row:
    values = dict(row.values)
    for key, figure in row.values.items():
        base = _measured_base(KEYS[key])
        if KEYS[key].numerator in columns or base in columns:
            values[key] = replace(figure.concealed(), denominator=None) if base else figure.concealed()
    return replace(row, values=values)


def _groups(rows: Sequence[Row]) -> list[set[int]]:
    groups: dict[int | None, set[int]] = {}
    for row in rows:
        groups.setdefault(row.parent_id, set()).add(row.unit_id)
    return list(groups.values())
