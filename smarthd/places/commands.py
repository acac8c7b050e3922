"""``smarthd places``: catalogues, lineage, boundaries; where is a point; search."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal
from smarthd.places import words
from smarthd.places.values import UnitView

P = ParamSpec("P")
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ACTOR = actor.system("smarthd places")


def _refusals_in_words(command: Callable[P, None]) -> Callable[P, None]:
    """Answer a refusal with its sentence on stderr and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            for line in words.lines(refusal):
                click.echo(line, err=True)
            sys.exit(2)

    return run


def _day(value: datetime | None) -> date:
    return value.date() if value else clock.today()


def _say(as_json: bool, answer: object, sentence: str) -> None:  # noqa: FBT001 - the command's own flag
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else sentence)


_json = click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")


@click.group(name="places", context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Đơn vị hành chính theo thời gian: danh mục, kế thừa, địa giới, tra vị trí và tên."""


@group.command("import-all")
@_json
@_refusals_in_words
def import_all(*, as_json: bool) -> None:
    """Nhập các danh mục đi kèm (20/4/2024, 1/12/2024, 1/7/2025); đã nhập rồi thì thôi."""
    from smarthd.places import selectors, services

    start = time.perf_counter()
    fresh = services.import_all(actor=_ACTOR, now=clock.now())
    counts = {
        str(day): {level: len(selectors.units_on(day, level)) for level in ("province", "district", "commune")}
        for day, _ in selectors.catalogues()
    }
    took = round(time.perf_counter() - start, 2)
    listing = "; ".join(f"{day}: {found['commune']} xã" for day, found in counts.items())
    state = "Đã nhập" if fresh else "Đã có sẵn"
    _say(
        as_json,
        {"imported": fresh, "units": counts, "seconds": took},
        f"{state} danh mục ({listing}) trong {took} giây.",
    )


@group.command("import-units")
@click.argument("path", metavar="TỆP", type=_FILE)
@click.option("--as-of", type=_DAY, required=True, help="Ngày của danh mục, ví dụ 2024-12-01.")
@click.option("--source", default="", help="Nguồn của danh mục, ghi kèm để tra lại.")
@_json
@_refusals_in_words
def import_units(*, path: Path, as_of: datetime, source: str, as_json: bool) -> None:
    """Nhập danh mục đơn vị hành chính của một ngày (CSV); đơn vị vắng mặt coi như kết thúc ngày ấy."""
    from smarthd.places import services

    done = services.import_units(path, as_of=as_of.date(), source=source, actor=_ACTOR, now=clock.now())
    services.draw_approximate(now=clock.now())
    services.build_official_sets(now=clock.now())
    answer = {"rows": done.rows, "new": done.new, "changed": done.changed, "centres_mended": done.mended}
    _say(
        as_json,
        answer,
        f"Đã đọc {done.rows} dòng: {done.new} đơn vị mới, {done.changed} thay đổi, sửa {done.mended} điểm tâm.",
    )


@group.command("import-lineage")
@click.argument("path", metavar="TỆP", type=_FILE)
@click.option("--effective-on", type=_DAY, required=True, help="Ngày có hiệu lực, ví dụ 2025-07-01.")
@click.option("--document", default="", help="Số, ký hiệu văn bản.")
@_json
@_refusals_in_words
def import_lineage(*, path: Path, effective_on: datetime, document: str, as_json: bool) -> None:
    """Nhập bảng kế thừa (đơn vị cũ thành đơn vị nào, phần bao nhiêu) của một ngày."""
    from smarthd.places import services

    rows = services.import_lineage(
        path, effective_on=effective_on.date(), document=document, actor=_ACTOR, now=clock.now()
    )
    services.redraw_all(now=clock.now())
    services.build_official_sets(now=clock.now())
    _say(as_json, {"rows": rows}, f"Đã ghi {rows} dòng kế thừa và tính lại cách cộng số liệu.")


@group.command("import-boundaries")
@click.argument("path", metavar="TỆP", type=_FILE)
@click.option("--on", type=_DAY, required=True, help="Địa giới của ngày nào, ví dụ 2025-07-01.")
@click.option(
    "--level", type=click.Choice(["commune", "district", "province"]), default="commune", show_default=True, help="Cấp."
)
@click.option("--source", default="", help="Nguồn của địa giới; bỏ trống thì ghi tên tệp.")
@_json
@_refusals_in_words
def import_boundaries(*, path: Path, on: datetime, level: str, source: str, as_json: bool) -> None:
    """Nhập địa giới chính thức từ GeoJSON (WGS 84, kinh độ trước); khớp theo mã hoặc theo tên."""
    from smarthd.places import services

    done = services.import_boundaries(path, on=on.date(), level=level, source=source, actor=_ACTOR, now=clock.now())
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    click.echo(f"Đã đọc {done.features} đối tượng, {done.matched} đơn vị có địa giới chính thức.")
    for title, rows in (
        ("Đã sửa hình", done.repaired),
        ("Bỏ qua", done.skipped),
        ("Không khớp đơn vị nào", done.unmatched),
        ("Mã và tên không khớp nhau, lấy theo tên", done.disagreeing),
    ):
        for number, what in rows:
            click.echo(f"  {title}: đối tượng {number}: {words.fault(what)}")
    if done.without:
        click.echo(f"  Còn {len(done.without)} đơn vị chưa có địa giới chính thức: {', '.join(done.without[:20])}")


@group.command("rebuild")
@_json
@_refusals_in_words
def rebuild(*, as_json: bool) -> None:
    """Vẽ lại địa giới gần đúng và tính lại cách cộng số liệu theo địa giới mọi ngày."""
    from smarthd.places import services

    start = time.perf_counter()
    drawn = services.redraw_all(now=clock.now())
    built = services.build_official_sets(now=clock.now())
    took = round(time.perf_counter() - start, 2)
    _say(
        as_json,
        {"drawn": drawn, "sets": len(built), "seconds": took},
        f"Đã vẽ {drawn} địa giới gần đúng, tính lại {len(built)} bộ địa giới trong {took} giây.",
    )


@group.command("locate")
@click.argument("lat", metavar="VĨ_ĐỘ", type=float)
@click.argument("lon", metavar="KINH_ĐỘ", type=float)
@click.option("--on", type=_DAY, default=None, help="Theo địa giới ngày nào; bỏ trống là hôm nay.")
@_json
@_refusals_in_words
def locate(*, lat: float, lon: float, on: datetime | None, as_json: bool) -> None:
    """Điểm này thuộc xã, phường nào vào ngày ấy."""
    from smarthd.places import selectors

    day = _day(on)
    located = selectors.locate(lat, lon, day)
    if located is None:
        click.echo(f"Điểm {lat}, {lon} nằm ngoài các xã, phường đã biết ngày {words.day(day)}.", err=True)
        sys.exit(1)
    unit = located.unit
    answer: dict[str, Any] = {
        "code": unit.code,
        "catalogue": unit.catalogue,
        "name": unit.name,
        "kind": unit.kind,
        "path": [view.full_name for view in located.path],
        "approximate": located.approximate,
    }
    roughly = " (địa giới gần đúng)" if located.approximate else ""
    names = ", ".join(view.full_name for view in reversed(located.path))
    _say(as_json, answer, f"{names}; mã {unit.code} theo danh mục {unit.catalogue}{roughly}")


@group.command("search")
@click.argument("text", metavar="TÊN", nargs=-1, required=True)
@click.option("--on", type=_DAY, default=None, help="Theo ngày nào; bỏ trống là hôm nay.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Số kết quả nhiều nhất.")
@_json
@_refusals_in_words
def search(*, text: tuple[str, ...], on: datetime | None, limit: int, as_json: bool) -> None:
    """Tìm đơn vị theo tên, gõ có dấu hay không, tên cũ cũng được."""
    from smarthd.places import selectors

    matches = selectors.search(" ".join(text), _day(on), limit)
    if as_json:
        click.echo(json.dumps([_match(match) for match in matches], ensure_ascii=False))
        return
    for match in matches:
        now = f" → nay: {', '.join(unit.full_name for unit in match.now)}" if match.old else ""
        click.echo(", ".join([match.label, *match.parents]) + now)
    if not matches:
        click.echo("Không tìm thấy đơn vị nào tên như vậy.", err=True)
        sys.exit(1)


def _match(match: Any) -> dict[str, object]:
    return {
        **_unit(match.unit),
        "label": match.label,
        "parents": list(match.parents),
        "old": match.old,
        "now": [_unit(unit) for unit in match.now],
    }


def _unit(unit: UnitView) -> dict[str, object]:
    return {
        "uid": str(unit.uid),
        "code": unit.code,
        "catalogue": unit.catalogue,
        "name": unit.name,
        "kind": unit.kind,
        "level": unit.level,
    }
