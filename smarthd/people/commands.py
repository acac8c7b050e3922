"""``smarthd people``: retention, erasures after a restore, sessions in an emergency, requests that wait."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from smarthd.kernel import actor, clock
from smarthd.people import rules, selectors
from smarthd.people import services as people

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_ACTOR = actor.system("smarthd people")


@click.group("people")
def group() -> None:
    """Tài khoản, phiên đăng nhập, yêu cầu về dữ liệu cá nhân và thời hạn lưu giữ."""


@group.command("retention")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def retention(*, as_json: bool) -> None:
    """Xóa những gì đã hết thời hạn lưu giữ (mỗi đêm hệ thống tự làm)."""
    from dataclasses import asdict

    kept = asdict(people.apply_retention(now=clock.now()))
    if as_json:
        click.echo(json.dumps(kept))
        return
    words = {
        "codes": "mã đăng nhập",
        "attempts": "bộ đếm số lần thử",
        "deliveries": "tin nội bộ đã giao",
        "assistances": "lần giúp mở tài khoản",
        "bindings": "liên hệ tài khoản với điện thoại",
        "installs": "bản cài không dùng",
        "requests": "yêu cầu đã xong quá 5 năm",
        "sessions": "phiên hết hạn",
    }
    for key, count in kept.items():
        click.echo(f"  {count:>8}  {words[key]}")


@group.command("requests")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def requests(*, as_json: bool) -> None:
    """Liệt kê yêu cầu về dữ liệu cá nhân đang chờ, gần hạn trước."""
    views = selectors.open_requests_for(_ACTOR, clock.now())
    if as_json:
        rows = [
            {
                "code": view.code,
                "kind": view.kind,
                "state": view.state,
                "acknowledge_on": view.acknowledge_on.isoformat(),
                "due_on": view.due_on.isoformat(),
                "late": view.late,
            }
            for view in views
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not views:
        click.echo("Không có yêu cầu nào đang chờ.")
    for view in views:
        late = "  QUÁ HẠN" if view.late else ""
        click.echo(f"{view.code}  {view.kind_words}  {view.state_words}  hạn hết {view.due_on:%d/%m/%Y}{late}")


@group.command("end-sessions")
@click.option("--all", "everyone", is_flag=True, help="Mọi tài khoản: dùng khi có sự cố.")
@click.option("--phone", default="", metavar="SỐ", help="Một tài khoản, theo số điện thoại.")
def end_sessions(*, everyone: bool, phone: str) -> None:
    """Kết thúc phiên đăng nhập của một tài khoản hoặc của tất cả."""
    if everyone == bool(phone):
        raise click.UsageError("chọn một trong hai: --all hoặc --phone SỐ")
    if everyone:
        click.echo(f"Đã kết thúc {people.end_everyones_sessions(actor=_ACTOR, now=clock.now())} phiên.")
        return
    account_id = _account_of(phone)
    click.echo(f"Đã kết thúc {people.end_all_sessions(account_id, now=clock.now())} phiên.")


@group.command("mark-test")
@click.argument("phone")
@click.option("--undo", is_flag=True, help="Không còn là tài khoản thử.")
def mark_test(phone: str, *, undo: bool) -> None:
    """Đánh dấu tài khoản thử: số liệu triển khai sẽ tách riêng."""
    people.mark_test_account(_account_of(phone), is_test=not undo, actor=_ACTOR, now=clock.now())
    click.echo("Đã ghi.")


@group.command("erased")
@click.option("--since", type=_DAY, required=True, metavar="NGÀY", help="Từ ngày nào (yyyy-mm-dd).")
def erased(since: datetime) -> None:
    """In mã những tài khoản đã xóa từ một ngày, để giữ ngoài cơ sở dữ liệu."""
    for uid in selectors.erased_since(clock.start_of(since.date())):
        click.echo(str(uid))


@group.command("erase-again")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def erase_again(file: Path) -> None:
    """Sau khi phục hồi bản sao lưu: xóa lại những tài khoản có mã trong tệp."""
    try:
        uids = [UUID(line.strip()) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise click.ClickException(f"{file}: có dòng không phải mã tài khoản ({error}); chưa xóa gì") from None
    count = people.erase_again(uids, now=clock.now())
    click.echo(f"Đã xóa lại {count} tài khoản; {len(uids) - count} mã không có hoặc đã xóa rồi.")


def _account_of(phone: str) -> int:
    try:
        e164 = rules.normalise_phone(phone)
    except rules.NotAPhone as refusal:
        raise click.ClickException(refusal.words) from None
    account_id = selectors.account_id_by_phone_index(people.phone_index(e164))
    if account_id is None:
        raise click.ClickException("Không có tài khoản nào với số này.")
    return account_id
