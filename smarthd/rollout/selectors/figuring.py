"""From counts and bases to figures: ratios are made here, from parts already added up, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from smarthd.rollout import rules
from smarthd.rollout.selectors.bases import Base
from smarthd.rollout.selectors.indicators import CITIZEN, STAFF, Indicator
from smarthd.rollout.selectors.values import Figure, Row

MEASURED = "Hệ thống đo"
ROSTER = "Danh sách cán bộ do đơn vị xác nhận"
MOST_EXEMPT = 0.05


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


def conceal(rows: Sequence[Row], *, inside: Callable[[int], bool], order: Sequence[int]) -> list[Row]:
    """Return the rows as one reader may see them: small cells of units outside theirs hidden, each with a complement.

    Cells are grouped by the unit above; ``order`` (unit ids) names the complement, the same whatever the counts of the day.
    """
    hidden: dict[int, set[str]] = {}
    for group in _groups(rows):
        members = {row.unit_id for row in group}
        ranked = [unit_id for unit_id in order if unit_id in members]
        for key in group[0].values:
            cells = rules.spare_cells({row.unit_id: row.values[key].numerator for row in group}, ranked)
            for unit_id in cells:
                hidden.setdefault(unit_id, set()).add(key)
    return [row if inside(row.unit_id) else _concealed(row, hidden.get(row.unit_id, set())) for row in rows]


def conceal_row(row: Row, *, inside: Callable[[int], bool]) -> Row:
    """Return a single row with its own small cells hidden."""
    small = {key for key, figure in row.values.items() if rules.is_small(figure.numerator)}
    return row if inside(row.unit_id) else _concealed(row, small)


def _concealed(row: Row, keys: Iterable[str]) -> Row:
    chosen = set(keys)
    if not chosen:
        return row
    return replace(
        row, values={key: figure.concealed() if key in chosen else figure for key, figure in row.values.items()}
    )


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    groups: dict[int | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.parent_id, []).append(row)
    return list(groups.values())
