"""``smarthd fieldreports``: learn, import, figures, categories, the map, retention."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from smarthd.fieldreports.rules import exchanging as exchanging_rules
from smarthd.fieldreports.rules.refusals import WORDS
from smarthd.fieldreports.selectors import routing, statistics, suggestions
from smarthd.fieldreports.services import categories, exchanging, importing, mapping, retention, training
from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal

_DAY = click.DateTime(["%Y-%m-%d"])


class _Refusing(click.Group):
    """Says a refusal in Vietnamese and ends with code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            title, body, _status = WORDS.get(refusal.name, (refusal.name, "", None))
            facts = refusal.facts.get("words") or (f"({refusal.facts})" if refusal.facts else "")
            raise click.ClickException(f"{title}. {body} {facts}".strip()) from refusal


@click.group("fieldreports", cls=_Refusing)
def group() -> None:
    """Phản ánh hiện trường: học gợi ý, nhập từ hệ thống khác, số liệu, bản đồ."""


@group.command("train")
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def train(*, as_json: bool) -> None:
    """Học gợi ý lĩnh vực từ các phản ánh đã chốt; in số đo trên phần mới nhất mà mô hình chưa thấy."""
    from django.conf import settings

    figures = training.train(now=clock.now(), demonstration=settings.DEMO)
    if as_json:
        click.echo(json.dumps(suggestions.figures(), ensure_ascii=False, indent=1))
        return
    click.echo(f"Học từ {figures.learned_from} phản ánh, {figures.categories} lĩnh vực, {figures.features} đặc trưng.")
    click.echo(f"Đo trên {figures.held_out} phản ánh mới nhất ({figures.held_out_from} - {figures.held_out_until}):")
    click.echo(f"  đúng ngay ý thứ nhất    {_share(figures.right_first)}")
    click.echo(f"  đúng trong ba ý đầu     {_share(figures.right_in_three)}")
    click.echo(f"  chỉ đoán loại nhiều nhất {_share(figures.commonest)}")
    if figures.sure_right is None:
        click.echo("  chưa có mức chắc chắn nào đúng từ 90%: luôn hỏi người gửi")
    else:
        click.echo(
            f"  không hỏi khi chắc từ {_share(figures.threshold)}: khi ấy đúng {_share(figures.sure_right)}, "
            f"còn {_share(figures.asked)} vẫn hỏi"
        )
    if figures.demonstration:
        click.echo("Dữ liệu dùng thử do chúng tôi đặt ra: số đo này không nói gì về phản ánh thật.")


def _share(value: float) -> str:
    return f"{value * 100:.1f}%".replace(".", ",")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Tên hệ thống cũ; mã của hệ thống ấy chỉ nhập một lần.")
@click.option("--commune-id", type=int, default=None, help="Xã, phường cho dòng không ghi nơi nào.")
def import_command(*, file: Path, source: str, commune_id: int | None) -> None:
    """Nhập phản ánh từ tệp CSV (UTF-8) của hệ thống khác; nhập lại cùng tệp không tạo thêm."""
    done = importing.import_reports(
        file.read_bytes(), source=source, actor=actor.system("command"), now=clock.now(), default_commune=commune_id
    )
    _told(done, "dòng")


def _told(done: importing.Imported, what: str) -> None:
    click.echo(f"{done.lines} {what}: {done.made} phản ánh mới, {done.known} đã có, {len(done.faults)} {what} sai.")
    for fault in done.faults[:50]:
        click.echo(f"  {fault}", err=True)
    if len(done.faults) > 50:
        click.echo(f"  và {len(done.faults) - 50} {what} nữa", err=True)


@group.command("import-open311")
@click.argument("url")
@click.option("--jurisdiction", default="", help="jurisdiction_id, nếu máy chủ ấy phục vụ nhiều địa phương.")
@click.option("--source", default="", help="Tên hệ thống ấy (mặc định: tên máy chủ); mỗi mã chỉ nhập một lần.")
@click.option("--from", "first", type=_DAY, default=None, help="Gửi từ ngày (mặc định: 90 ngày trước).")
@click.option("--to", "last", type=_DAY, default=None, help="Gửi đến hết ngày (mặc định: đến lúc này).")
@click.option(
    "--format", "suffix", type=click.Choice(["xml", "json"]), default="xml", show_default=True, help="Định dạng."
)
@click.option(
    "--most",
    type=click.IntRange(2, 100_000),
    default=exchanging_rules.MOST,
    show_default=True,
    help="Máy chủ ấy trả nhiều nhất bao nhiêu mục một lần.",
)
@click.option("--commune-id", type=int, default=None, help="Xã, phường cho mục không rõ nơi.")
def import_open311(
    *,
    url: str,
    jurisdiction: str,
    source: str,
    first: datetime | None,
    last: datetime | None,
    suffix: str,
    most: int,
    commune_id: int | None,
) -> None:
    """Nhập phản ánh từ máy chủ Open311 (URL là địa chỉ gốc, ví dụ https://may-chu/open311/v2); chỉ từ OPEN311_SOURCES."""
    from django.conf import settings

    now = clock.now()
    until = min(now, clock.start_of(last.date() + timedelta(days=1))) if last else now
    since = clock.start_of(first.date()) if first else until - timedelta(days=90)
    done = exchanging.import_from(
        url,
        since=since,
        until=until,
        hosts=settings.OPEN311_SOURCES,
        actor=actor.system("command"),
        now=now,
        jurisdiction=jurisdiction,
        source=source,
        suffix=suffix,
        most=most,
        default_commune=commune_id,
    )
    _told(done, "mục")


@group.command("stats")
@click.option("--from", "first", type=_DAY, default=None, help="Từ ngày (mặc định: 90 ngày trước).")
@click.option("--to", "last", type=_DAY, default=None, help="Đến ngày (mặc định: hôm nay).")
@click.option("--json", "as_json", is_flag=True, help="Trả lời bằng JSON.")
def stats(*, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Số liệu từng cơ quan: đúng hạn gốc, đúng hạn sau gia hạn, số ngày giữa, hài lòng kèm số người đánh giá."""
    until = last.date() if last else clock.today()
    since = first.date() if first else until - timedelta(days=90)
    found = statistics.by_agency(since, until, now=clock.now())
    if as_json:
        told = [
            {name: getattr(one, name) for name in (*one.__slots__, "rate_first", "rate_extended", "satisfaction")}
            for one in found
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"Phản ánh nhận từ {since:%d/%m/%Y} đến {until:%d/%m/%Y}")
    if not found:
        click.echo("Chưa có phản ánh nào trong khoảng này.")
    for one in found:
        click.echo(
            f"{one.agency[:44]:<44} {one.received:>6} nhận {one.open:>5} đang mở   hạn gốc {_of(one.in_time_first, one.due)}"
            f"   sau gia hạn {_of(one.in_time_extended, one.due)}   giữa {_days(one.median_days)}   {_stars(one)}"
        )


def _of(part: int, base: int) -> str:
    return f"{part}/{base} ({_share(part / base)})" if base else "chưa có"


def _days(value: float | None) -> str:
    return "chưa có" if value is None else f"{value:.1f} ngày".replace(".", ",")


def _stars(one: statistics.UnitFigures) -> str:
    return f"{one.satisfied}/{one.rated} hài lòng" if one.rated else "chưa ai đánh giá"


@group.command("seed-categories")
def seed_categories() -> None:
    """Đưa vào các lĩnh vực kèm bản phát hành; lĩnh vực đã sửa giữ nguyên."""
    made = categories.seed_categories(actor=actor.system("command"), now=clock.now())
    click.echo(f"Thêm {made} lĩnh vực.")


@group.command("where")
@click.option("--lat", type=float, default=None, help="Vĩ độ.")
@click.option("--lon", type=float, default=None, help="Kinh độ.")
@click.option("--commune-id", type=int, default=None, help="Hoặc mã trong của xã, phường.")
@click.option("--category", "category_key", required=True, help="Khóa lĩnh vực, ví dụ den-duong.")
def where(*, lat: float | None, lon: float | None, commune_id: int | None, category_key: str) -> None:
    """Phản ánh ở đây, lĩnh vực này thì về đâu, theo quy tắc nào."""
    found = routing.where_would_this_go(
        actor=actor.system("command"),
        category_key=category_key,
        at=clock.now(),
        lat=lat,
        lon=lon,
        commune_id=commune_id,
    )
    click.echo(f"{found.commune.full_name}: {found.agency.name}")
    click.echo(f"  theo quy tắc: {found.rule.name}" if found.rule else f"  {found.fallback}")


@group.command("rebuild-map")
def rebuild_map() -> None:
    """Đếm lại các ô của bản đồ từ chính các phản ánh."""
    click.echo(f"Đã đếm lại {mapping.rebuild()} phản ánh có vị trí.")


@group.command("retention")
def retention_command() -> None:
    """Hủy ảnh gốc, liên hệ, tệp dở dang đã hết thời hạn giữ."""
    gone = retention.apply_retention(now=clock.now())
    click.echo(
        f"Đã hủy {gone.originals} bản gốc, {gone.contacts} liên hệ, {gone.tokens} mã theo dõi, "
        f"{gone.uploads} lượt gửi dở, {gone.loose} tệp không gắn phản ánh."
    )
