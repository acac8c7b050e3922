"""``smarthd rollout``: tables, roll-ups, definitions."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal
from smarthd.rollout import selectors, services
from smarthd.rollout.selectors import figuring

_DAY = click.DateTime(["%Y-%m-%d"])
_WORDS = {
    "NothingMeasured": "Chưa có số liệu nào được đếm đến ngày này. Chạy: smarthd rollout rebuild",
    "NoBoundariesThen": "Chưa có địa giới cho ngày này. Chạy: smarthd places import-units",
    "CampaignUnknown": "Không có đợt triển khai mang khóa này.",
}


class _Refusing(click.Group):
    """Says a refusal in Vietnamese and ends with code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(_WORDS.get(refusal.name, f"{refusal.name}: {refusal.facts}")) from refusal


@click.group("rollout", cls=_Refusing)
def group() -> None:
    """Số liệu triển khai: bảng theo địa bàn, tổng hợp lại, định nghĩa chỉ tiêu."""


@group.command("table")
@click.option(
    "--level", type=click.Choice(["province", "district", "commune"]), required=True, help="Cấp: tỉnh, huyện, xã."
)
@click.option("--as-of", "as_of", type=_DAY, required=True, help="Ngày chốt số liệu, ví dụ 2024-04-19.")
@click.option("--boundaries", type=_DAY, required=True, help="Theo địa giới của ngày nào.")
@click.option("--campaign", default=None, help="Khóa đợt triển khai, để kèm chỉ tiêu.")
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def table(*, level: str, as_of: datetime, boundaries: datetime, campaign: str | None, as_json: bool) -> None:
    """Bảng số liệu mọi đơn vị của một cấp: tử số, mẫu số, nguồn và ngày của từng chỉ tiêu."""
    found = selectors.table(level, as_of.date(), boundaries.date(), campaign, actor=actor.system("command"))
    staff = selectors.staff_by_unit(level, as_of.date(), boundaries.date())
    if as_json:
        click.echo(json.dumps(_as_json(found, staff), ensure_ascii=False, indent=1))
        return
    click.echo(f"Số liệu đến hết ngày {found.as_of:%d/%m/%Y}, theo địa giới ngày {found.boundaries:%d/%m/%Y}")
    if not found.rows:
        click.echo("Ngày này không có đơn vị nào của cấp đã chọn (từ 1/7/2025 không còn cấp huyện).")
    for row in [*found.rows, *([found.unplaced] if found.unplaced else []), found.total]:
        click.echo(
            f"{row.code:>6} {row.name:<32} {_cell(row.values['activated']):>24} {_cell(row.values['used_owners']):>24}"
        )


def _cell(figure: selectors.Figure) -> str:
    share = "chưa có mẫu số" if figure.ratio is None else f"{figure.ratio * 100:.1f}%".replace(".", ",")
    return f"{figure.numerator or 0:.0f}/{figure.denominator or 0:.0f} ({share})"


def _as_json(found: selectors.Table, staff: dict[int, dict[str, float]]) -> dict[str, Any]:
    return {
        "level": found.level,
        "as_of": found.as_of.isoformat(),
        "boundaries": found.boundaries.isoformat(),
        "approximate": found.approximate,
        "measured_at": found.measured_at.isoformat() if found.measured_at else None,
        "targets": found.targets,
        "rows": [_row(row, staff.get(row.unit_id), found.as_of) for row in found.rows],
        "unplaced": _row(found.unplaced, None, found.as_of) if found.unplaced else None,
        "total": _row(found.total, staff.get(0), found.as_of),
    }


def _row(row: selectors.Row, staff: dict[str, float] | None, day: date) -> dict[str, Any]:
    figures = row.values | (figuring.staff_figures(staff, day=day) if staff else {})
    return {
        "unit_id": row.unit_id,
        "uid": str(row.uid) if row.uid else None,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "parent": row.parent_name,
        "values": {key: _figure(figure) for key, figure in figures.items()},
    }


def _figure(figure: selectors.Figure) -> dict[str, Any]:
    return {
        "numerator": _number(figure.numerator),
        "denominator": _number(figure.denominator),
        "ratio": figure.ratio,
        "source": figure.source,
        "date": figure.source_on.isoformat() if figure.source_on else None,
        "method": figure.method,
        "estimated_share": figure.estimated_share,
        "flags": sorted(figure.flags),
    }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


@group.command("rebuild")
def rebuild() -> None:
    """Đếm lại mọi ngày từ dữ liệu gốc."""
    done = services.rebuild_rollups(now=clock.now())
    click.echo(f"Đã đếm lại {done.days} ngày ({_span(done)})." if done.days else "Chưa có dữ liệu nào để đếm.")


@group.command("refresh")
def refresh() -> None:
    """Đếm lại những ngày vừa thay đổi."""
    done = services.refresh_rollups(now=clock.now())
    click.echo(f"Đã đếm lại {done.days} ngày ({_span(done)})." if done.days else "Không có gì thay đổi từ lần trước.")


def _span(done: services.Refreshed) -> str:
    return f"{done.first:%d/%m/%Y} - {done.last:%d/%m/%Y}"


@group.command("indicators")
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def indicators(*, as_json: bool) -> None:
    """Định nghĩa từng chỉ tiêu bằng lời."""
    known = selectors.indicators()
    if as_json:
        rows = [
            {
                "key": one.key,
                "name": one.name,
                "definition": one.definition,
                "numerator": one.numerator,
                "base": one.base,
                "of": one.of,
            }
            for one in known
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in known:
        click.echo(f"{one.key:<22} {one.name}\n{'':<22} {one.definition}")
