"""``smarthd publicapi``: keys of other programs."""

from __future__ import annotations

from typing import Any

import click

from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal
from smarthd.programs import errors
from smarthd.programs import services as keys


class _Refusing(click.Group):
    """Says a refusal in Vietnamese and ends with code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except errors.KeyUnknown as refusal:
            raise click.ClickException(
                "Không có đúng một khóa đang dùng bắt đầu như vậy. Xem: smarthd publicapi key list"
            ) from refusal
        except Refusal as refusal:
            fields = refusal.facts.get("fields")
            said = " ".join(fields.values()) if isinstance(fields, dict) else refusal.name
            raise click.ClickException(f"Chưa cấp khóa. {said}") from refusal


@click.group("publicapi", cls=_Refusing)
def group() -> None:
    """Giao tiếp với phần mềm khác: khóa Open311."""


@group.group("key", cls=_Refusing)
def key() -> None:
    """Khóa của phần mềm được gửi phản ánh qua Open311."""


@key.command("issue")
@click.option("--name", required=True, help="Phần mềm hoặc đơn vị dùng khóa.")
@click.option("--per-hour", type=int, default=keys.PER_HOUR, show_default=True, help="Số lần gửi mỗi giờ.")
@click.option(
    "--media-host", "media_hosts", multiple=True, help="Máy chủ được lấy ảnh theo media_url; ghi nhiều lần được."
)
def issue(*, name: str, per_hour: int, media_hosts: tuple[str, ...]) -> None:
    """Cấp một khóa; khóa chỉ hiện một lần, hệ thống chỉ giữ dấu băm."""
    row, secret = keys.issue(
        name, actor=actor.system("command"), now=clock.now(), per_hour=per_hour, media_hosts=media_hosts
    )
    click.echo(f"Khóa của {row.name}, chỉ hiện lần này:")
    click.echo(secret)


@key.command("list")
def list_command() -> None:
    """Các khóa đã cấp: tên, phần đầu của khóa, còn dùng hay đã thu."""
    rows = keys.all_keys()
    if not rows:
        click.echo("Chưa cấp khóa nào.")
    for row in rows:
        state = f"thu ngày {clock.day_of(row.ended_at):%d/%m/%Y}" if row.ended_at else "đang dùng"
        used = f"dùng lần cuối {row.last_used_on:%d/%m/%Y}" if row.last_used_on else "chưa dùng"
        hosts = f" ảnh từ {', '.join(row.media_hosts)}" if row.media_hosts else ""
        click.echo(f"{row.hint}…  {row.name}  {row.per_hour} lần/giờ  {state}, {used}{hosts}")


@key.command("end")
@click.argument("hint")
def end(*, hint: str) -> None:
    """Thu khóa, nêu bằng phần đầu của khóa (xem lệnh list); từ lúc này khóa không gửi được nữa."""
    row = keys.end(hint, actor=actor.system("command"), now=clock.now())
    click.echo(f"Đã thu khóa của {row.name}.")
